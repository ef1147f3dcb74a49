/** The board without a mouse: arrows go from card to card, with Shift they move the card, m asks where to. */
import { move, stageOf } from "./board.js";
import { openPage } from "./dialog.js";
import { say } from "./toast.js";

const columns = () => [...document.querySelectorAll(".column")];
const cardsOf = (column) => [...column.querySelectorAll(".card")];

function focus(card) {
  const link = card?.querySelector(".card-link");
  link?.focus();
  card?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function beside(card, by) {
  const all = columns();
  const at = all.indexOf(card.closest(".column"));
  const row = cardsOf(all[at]).indexOf(card);
  for (let to = at + by; to >= 0 && to < all.length; to += by) {
    const cards = cardsOf(all[to]);
    if (cards.length) return focus(cards[Math.min(row, cards.length - 1)]);
  }
}

function along(card, by) {
  const cards = cardsOf(card.closest(".column"));
  focus(cards[cards.indexOf(card) + by]);
}

function shift(card, by) {
  const all = columns();
  const to = all[all.indexOf(card.closest(".column")) + by];
  if (to) move(card, stageOf(card), stageOf(to));
  else say("There is no stage beyond this one.", "info");
}

/** Left and right are the reader's: mirrored where the page runs from right to left. */
function step(key) {
  const forward = document.dir === "rtl" ? -1 : 1;
  return key === "ArrowRight" ? forward : -forward;
}

function press(event) {
  const card = event.target.closest?.(".card");
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  const { key } = event;
  if (key === "ArrowLeft" || key === "ArrowRight") (event.shiftKey ? shift : beside)(card, step(key));
  else if (key === "ArrowUp") along(card, -1);
  else if (key === "ArrowDown") along(card, 1);
  else if (key === "m") openPage(card.querySelector(".card-menu").href, card.querySelector(".card-link"));
  else return;
  event.preventDefault();
}

export function startKeys() {
  document.getElementById("main").addEventListener("keydown", press);
}

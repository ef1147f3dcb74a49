/** The board: what drag, keys, refresh and the phone's one-column view have in common. */
import { startDragging } from "./board-drag.js";
import { startKeys } from "./board-keys.js";
import { startRefreshing } from "./board-refresh.js";
import { startStages } from "./board-stages.js";
import { openPage } from "./dialog.js";
import { ask, problemOf } from "./http.js";
import { keepingFocus, morph, refresh } from "./landing.js";
import { adopt, say } from "./toast.js";

/** Moves that are on their way; the board doesn't refresh under them. */
export const underway = new Set();

export const stageOf = (element) => element?.closest("[data-stage]")?.dataset.stage;

function refuse(card) {
  card.classList.add("is-refused");
  setTimeout(() => card.classList.remove("is-refused"), 900);
}

/** The tabs of the phone count along. */
function recount(column) {
  const tab = document.querySelector(`.stage-tabs [data-column="${column.dataset.stage}"] b`);
  if (tab) tab.textContent = column.querySelector(".count").textContent;
}

/** The answer to a drop is the freshly drawn columns, each of which finds its place by its id. */
async function redraw(text, id) {
  const page = new DOMParser().parseFromString(text, "text/html");
  adopt(page);
  await keepingFocus(async () => {
    for (const fresh of page.querySelectorAll(".column[id]")) {
      await morph(document.getElementById(fresh.id), fresh);
      recount(fresh);
    }
  });
  const card = document.getElementById(`card-${id}`);
  card?.classList.add("is-new");
  setTimeout(() => card?.classList.remove("is-new"), 900);
}

async function judge(response, card, stage) {
  const text = await response.text();
  const id = card.dataset.id;
  if (response.redirected) return void location.assign(response.url);
  if (response.ok) return redraw(text, id);
  const problem = problemOf(response, text);
  if (problem.needs?.length) return openPage(`/contacts/${id}/move?to=${stage}`, document.getElementById(`open-${id}`));
  refuse(card);
  say(problem.sentence, "error");
  // Somebody else moved it, in another tab perhaps: show what is true.
  if (response.status === 409 || response.status === 404) await refresh();
}

/** Asks the server to move a card; it stands in its old column until the server says yes. */
export async function move(card, was, stage) {
  const fields = new URLSearchParams({ stage, was });
  card.setAttribute("aria-busy", "true");
  underway.add(card);
  try {
    const response = await ask(`/contacts/${card.dataset.id}/stage`, { method: "POST", body: fields, target: "board" });
    await judge(response, card, stage);
  } catch (trouble) {
    refuse(card);
    say(trouble.message, "error");
  } finally {
    underway.delete(card);
    card.removeAttribute("aria-busy");
  }
}

export function startBoard() {
  startDragging();
  startKeys();
  startRefreshing();
  startStages();
}

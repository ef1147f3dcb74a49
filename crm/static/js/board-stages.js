/** One column at a time on the phone: the tabs above follow the finger, and lead to a column. */
import { onContent } from "./content.js";
import { tab } from "./store.js";

const KEY = "fika-column";
const frame = () => document.getElementById("columns");
const narrow = matchMedia("(max-width: 800px)");

function mark(stage) {
  for (const link of document.querySelectorAll(".stage-tabs [data-column]")) {
    if (link.dataset.column === stage) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function current() {
  const middle = frame().getBoundingClientRect().left + frame().clientWidth / 2;
  const columns = [...frame().querySelectorAll(".column")];
  const distance = (column) => {
    const box = column.getBoundingClientRect();
    return Math.abs((box.left + box.right) / 2 - middle);
  };
  return columns.reduce((best, column) => (distance(column) < distance(best) ? column : best)).dataset.stage;
}

function follow() {
  if (!narrow.matches) return;
  mark(current());
}

function remember() {
  follow();
  if (narrow.matches) tab.setItem(KEY, current());
}

function show(stage, behavior = "auto") {
  const column = document.getElementById(`column-${stage}`);
  if (!column) return;
  // Not scrollIntoView: it would scroll the page down as well.
  frame().scrollTo({ left: column.offsetLeft - frame().offsetLeft, behavior });
  mark(stage);
}

function lead(event) {
  const link = event.target.closest?.("[data-column]");
  if (!link || !narrow.matches) return;
  event.preventDefault();
  show(link.dataset.column);
  const top = document.getElementById("board").getBoundingClientRect().top + window.scrollY;
  if (window.scrollY > top) window.scrollTo({ top: top - 60 });
}

export function startStages() {
  document.getElementById("main").addEventListener("click", lead);
  onContent("#columns", (columns) => columns.addEventListener("scroll", remember, { passive: true }));
  onContent(".stage-tabs", follow);
  if (narrow.matches && tab.getItem(KEY)) show(tab.getItem(KEY), "instant");
}

/** Dragging with mouse and touch. The order inside a column is the server's, so only the column counts. */
import "../vendor/sortable-1.15.7.min.js";
import { move, stageOf, underway } from "./board.js";
import { onContent } from "./content.js";

const { Sortable } = self;
const columns = () => document.getElementById("columns");

function point(event) {
  return event.changedTouches?.[0] ?? event;
}

/** On the phone the other columns are out of sight: a card may be let go over a stage's tab. */
function tabUnder(event) {
  const { clientX, clientY } = point(event);
  const hit = document.elementsFromPoint(clientX ?? -1, clientY ?? -1);
  return hit.map((element) => element.closest(".stage-tabs [data-column]")).find(Boolean)?.dataset.column;
}

function begin(event) {
  underway.add(event.item);
  columns().classList.add("is-dragging");
}

/** The card goes back to where it was; it moves when the server has said yes. */
function end(event) {
  underway.delete(event.item);
  columns().classList.remove("is-dragging");
  const was = stageOf(event.from);
  const stage = tabUnder(event.originalEvent) ?? stageOf(event.to);
  event.from.insertBefore(event.item, event.from.querySelectorAll(":scope > .card")[event.oldDraggableIndex] ?? null);
  if (stage !== was) move(event.item, was, stage);
}

const options = {
  group: "board",
  draggable: ".card",
  sort: false,
  filter: ".card-menu",
  preventOnFilter: false,
  animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 150,
  // A touch has to rest before it drags, or the page could not be scrolled.
  delay: 220,
  delayOnTouchOnly: true,
  touchStartThreshold: 6,
  // The browser's own dragging shows a half-transparent picture and no touch; this is the same everywhere.
  forceFallback: true,
  fallbackOnBody: true,
  fallbackTolerance: 6,
  ghostClass: "card-ghost",
  dragClass: "card-held",
  scrollSensitivity: 70,
  scrollSpeed: 14,
  onStart: begin,
  onEnd: end,
};

export function startDragging() {
  onContent("[data-cards]", (cards) => new Sortable(cards, options));
  columns().dataset.ready = "";
}

/** Keeps the board true, unless somebody is at work on it. */
import { underway } from "./board.js";
import { morph } from "./landing.js";
import { lookAgain, newer } from "./returning.js";

const board = () => document.getElementById("board");

function disturbed() {
  return underway.size > 0 || document.hidden || document.querySelector("dialog[open]") !== null;
}

async function renew() {
  if (!board() || disturbed()) return;
  const address = board().dataset.refresh;
  const fresh = await newer(board(), address, () => location.reload());
  // What began while we waited (a drag, a dialog) is worth more than the news; the next round brings them.
  if (!fresh || disturbed() || board().dataset.refresh !== address) return;
  await morph(board(), fresh);
}

export function startRefreshing() {
  lookAgain(renew);
}

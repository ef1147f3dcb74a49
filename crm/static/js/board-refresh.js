/** Keeps the board true: asks every ten seconds, and when somebody comes back to the tab, whether it has changed. */
import { underway } from "./board.js";
import { ask } from "./http.js";
import { morph } from "./landing.js";
import { lookAgain } from "./returning.js";

const PERIOD = 10000;
const board = () => document.getElementById("board");
let asking = false;

function disturbed() {
  return asking || underway.size > 0 || document.hidden || document.querySelector("dialog[open]") !== null;
}

async function renew() {
  const { refresh, version } = board().dataset;
  const response = await ask(refresh, { target: "board", headers: { "If-None-Match": `"${version}"` } });
  if (response.redirected) return location.reload();
  if (response.status !== 200) return;
  const text = await response.text();
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("board");
  // What began while we waited (a drag, a dialog) is worth more than the news; the next round brings them.
  asking = false;
  if (!fresh || disturbed() || board().dataset.refresh !== refresh) return;
  await morph(board(), fresh);
}

async function look() {
  if (!board() || disturbed()) return;
  asking = true;
  try {
    await renew();
  } catch (trouble) {
    // The strip at the top says already that there is no connection; the next round tries again.
    console.warn(trouble.message);
  } finally {
    asking = false;
  }
}

export function startRefreshing() {
  lookAgain(PERIOD, look);
}

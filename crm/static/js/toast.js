/** Short messages at the foot of the page; they leave by themselves, errors stay until they are closed. */
import { tab } from "./store.js";

const CARRIED = "fika-toasts";
const QUIET_SECONDS = 7;

function region() {
  return document.getElementById("toasts");
}

/** A modal dialog makes the rest of the page inert, so the messages move into it while it is open. */
function place() {
  const home = document.querySelector("dialog[open]") ?? document.body;
  const toasts = region();
  if (toasts.parentElement !== home) home.append(toasts);
  return toasts;
}

function leave(toast) {
  toast.classList.add("is-leaving");
  setTimeout(() => toast.remove(), 160);
}

/** An undo has a deadline of its own; everything else waits while somebody reads or points at it. */
function expire(toast) {
  const wait = toast.matches(":hover, :focus-within") && !("deadline" in toast.dataset);
  if (wait) setTimeout(() => expire(toast), 2000);
  else leave(toast);
}

function start(toast) {
  const seconds = Number(toast.dataset.seconds) || (toast.classList.contains("toast-error") ? 0 : QUIET_SECONDS);
  if (toast.dataset.seconds) toast.style.setProperty("--seconds", `${seconds}s`);
  toast.querySelector(".toast-close")?.addEventListener("click", () => leave(toast));
  // What was taken back cannot be taken back again.
  toast.addEventListener("fika:accepted", () => leave(toast));
  if (seconds) setTimeout(() => expire(toast), seconds * 1000);
}

/** Good news ends old trouble, and three messages are as many as anybody reads. */
function makeRoom(toast) {
  if (!toast.classList.contains("toast-error")) region().querySelectorAll(".toast-error").forEach(leave);
  [...region().children].slice(0, -2).forEach(leave);
}

function show(toast) {
  makeRoom(toast);
  place().append(toast);
  start(toast);
}

/** Says a sentence; kind is "ok", "error" or "info". */
export function say(sentence, kind = "ok") {
  const pattern = document.querySelector(`template[data-toast-of="${kind}"]`);
  const toast = pattern.content.firstElementChild.cloneNode(true);
  toast.querySelector("p").textContent = sentence;
  for (const old of region().querySelectorAll(`.toast-${kind}`)) {
    if (old.textContent.trim() === toast.textContent.trim()) old.remove();
  }
  show(toast);
}

/** Shows the messages that another page came with. */
export function adopt(page) {
  for (const toast of page.querySelectorAll("#toasts > [data-toast]")) show(document.importNode(toast, true));
}

/** Keeps a page's messages for the page that we go to next. */
export function carry(page) {
  const html = [...page.querySelectorAll("#toasts > [data-toast]")].map((toast) => toast.outerHTML).join("");
  if (html) tab.setItem(CARRIED, `<div id="toasts">${html}</div>`);
}

/** What stood on the page when it loaded is put in again, since readers announce only what changes. */
export function startToasts() {
  if (!region()) return;
  const here = [...region().children];
  region().replaceChildren();
  setTimeout(() => here.forEach(show), 60);
  const carried = tab.getItem(CARRIED);
  if (!carried) return;
  tab.removeItem(CARRIED);
  adopt(new DOMParser().parseFromString(carried, "text/html"));
}

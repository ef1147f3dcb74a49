/** The bell: its count follows what comes due, in all tabs, and it opens a panel with the latest. */
import { arrived } from "./content.js";
import { ask, problemOf } from "./http.js";
import { morph, refresh } from "./landing.js";
import { lookAgain, newer } from "./returning.js";
import { device } from "./store.js";
import { say } from "./toast.js";

const KEY = "fika-bell";
const bell = () => document.getElementById("bell");
const panel = () => document.getElementById("news");
const isOpen = () => panel().matches(":popover-open");
let pressedOpen = false;

/** The other tabs hear of what this one knows. */
const tell = () => device.setItem(KEY, bell().dataset.version);

const parse = (text) => new DOMParser().parseFromString(text, "text/html");

async function renew() {
  const fresh = bell() && (await newer(bell(), bell().dataset.bell));
  if (!fresh) return;
  await morph(bell(), fresh);
  mark();
  tell();
  if (isOpen()) await fill();
  // The page that lists them shows the new one, unless somebody is at work on it.
  if (document.querySelector("[data-news]") && !document.querySelector("dialog[open]")) await refresh();
}

async function fill() {
  const response = await ask("/notifications/latest", { target: "news" });
  const text = await response.text();
  if (response.redirected || !response.ok) throw new Error(problemOf(response, text).sentence);
  panel().replaceChildren(...parse(text).body.childNodes);
  arrived(panel());
}

function mark() {
  document.getElementById("bell-link").setAttribute("aria-expanded", String(isOpen()));
}

async function open() {
  try {
    await fill();
    panel().showPopover();
    panel().focus();
  } catch (trouble) {
    say(trouble.message, "error");
  }
}

function press(event) {
  const plainClick = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!event.target.closest?.("#bell-link") || !plainClick || !panel()?.showPopover) return;
  event.preventDefault();
  // A press beside the panel closes it, on the bell too: that was the wish.
  if (pressedOpen) pressedOpen = false;
  else if (isOpen()) panel().hidePopover();
  else open();
}

/** Clicked where the system shows it: the worker cannot tell the server, since it has no token. */
function seen(tag, look) {
  const id = /^notification-(\d+)$/.exec(tag ?? "")?.[1];
  if (id) ask(`/notifications/${id}/seen`, { method: "POST" }).then(look, look);
}

export function startBell() {
  if (!bell()) return;
  tell();
  const look = lookAgain(renew);
  document.addEventListener("fika:landed", tell);
  window.addEventListener("storage", (event) => event.key === KEY && event.newValue !== bell().dataset.version && look());
  document.addEventListener("click", press);
  document.addEventListener("fika:accepted", (event) => panel().contains(event.target) && panel().hidePopover());
  panel().addEventListener("toggle", mark);
  document.addEventListener("pointerdown", (event) => {
    pressedOpen = isOpen() && event.target.closest?.("#bell-link") !== null;
  });
  navigator.serviceWorker?.addEventListener("message", ({ data }) => (data.seen ? seen(data.seen, look) : look()));
}

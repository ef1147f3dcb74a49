/** Single keys and pairs of keys: an element names its own, data-key="g b". Help lists them; they can be switched off. */
import { onContent } from "./content.js";
import { device } from "./store.js";

const KEY = "fika-shortcuts";
const PAUSE = 1200;
let first = "";
let timer = 0;

const on = () => device.getItem(KEY) !== "off";

function typing(target) {
  return target.isContentEditable || target.matches?.("input, textarea, select");
}

function reach(keys) {
  const found = [...document.querySelectorAll(`[data-key="${CSS.escape(keys)}"]`)];
  return found.findLast((element) => element.checkVisibility?.() ?? true) ?? found[0];
}

function go(element) {
  if (element.matches("input")) element.focus();
  else element.click();
}

function press(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
  if (!on() || typing(event.target) || document.querySelector("dialog[open]")) return;
  const keys = first ? `${first} ${event.key}` : event.key;
  const element = reach(keys);
  clearTimeout(timer);
  first = "";
  if (element) {
    event.preventDefault();
    go(element);
  } else if (document.querySelector(`[data-key^="${CSS.escape(event.key)} "]`)) {
    first = event.key;
    timer = setTimeout(() => { first = ""; }, PAUSE);
  }
}

export function startShortcuts() {
  document.addEventListener("keydown", press);
  onContent("[data-shortcuts-switch]", (box) => {
    box.checked = on();
    box.addEventListener("change", () => device.setItem(KEY, box.checked ? "on" : "off"));
  });
}

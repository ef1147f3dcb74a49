/** What happens after a form was accepted: the page that the server led to becomes the page that is shown. */
import htmx from "../vendor/htmx-4.0.1.min.js";
import { arrived } from "./content.js";
import { ask } from "./http.js";
import { adopt, carry } from "./toast.js";

const PARTS = ["#main", ".top nav", "#bell", ".tabbar"];

function parse(text) {
  return new DOMParser().parseFromString(text, "text/html");
}

const rows = () => [...document.querySelectorAll("[data-row]")];

/** What takes the place of a row that is gone: the row that follows, else the last one, else the page. */
function neighbour(place) {
  const left = rows();
  return left[Math.min(place, left.length - 1)]?.querySelector("a, button") ?? document.getElementById("main");
}

/** Does `work`, and puts the focus back on what had it, even where that was drawn anew in another place. */
export async function keepingFocus(work) {
  const focused = document.activeElement?.id;
  const row = document.activeElement?.closest("[data-row]");
  const place = rows().indexOf(row);
  await work();
  if (focused && document.activeElement?.id === focused) return;
  const gone = row && !document.getElementById(row.id);
  const again = gone ? neighbour(place) : document.getElementById(focused);
  again?.focus({ preventScroll: true });
  again?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

/** Changes `target` into `element`, keeping what is the same. */
export async function morph(target, element) {
  await keepingFocus(() =>
    htmx.swap({ text: element.outerHTML, target, swap: "outerMorph", sourceElement: document.body }),
  );
  arrived();
}

async function become(page, url) {
  for (const part of PARTS) {
    const fresh = page.querySelector(part);
    const old = document.querySelector(part);
    if (fresh && old) await morph(old, fresh);
  }
  document.title = page.title;
  if (url !== location.href) history.replaceState(history.state, "", url);
  adopt(page);
  document.dispatchEvent(new CustomEvent("fika:landed"));
}

/** Asks for the page that is shown once more. */
export async function refresh() {
  const response = await ask(location.href);
  const page = parse(await response.text());
  if (response.ok && page.querySelector("main")) await become(page, location.href);
  else location.reload();
}

function leaveFor(url, page) {
  if (page) carry(page);
  if (url === location.href) location.reload();
  else location.assign(url);
}

/** Shows what an accepted form led to: in place where it is this very page, else by going there. */
export async function land(response, text) {
  const elsewhere = response.headers.get("HX-Redirect");
  if (elsewhere) return leaveFor(new URL(elsewhere, location.href).href);
  const page = parse(text);
  if (!page.querySelector("main")) {
    adopt(page);
    return refresh();
  }
  if (new URL(response.url).pathname !== location.pathname) return leaveFor(response.url, page);
  return become(page, response.url);
}

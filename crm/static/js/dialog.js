/** Pages that open in a dialog: any link with data-dialog. Without script it is a link like any other. */
import htmx from "../vendor/htmx-4.0.1.min.js";
import { arrived } from "./content.js";
import { ask, post, problemOf } from "./http.js";
import { once } from "./inplace.js";
import { land } from "./landing.js";
import { adopt, say } from "./toast.js";

const dialog = () => document.getElementById("dialog");
const body = () => dialog().querySelector(".dialog-body");
let opener = null;

function focusFirst() {
  const wanted =
    body().querySelector("[aria-invalid=true], [autofocus]") ??
    body().querySelector("input:not([type=hidden]):not([disabled]), select, textarea, button") ??
    body();
  // Of several to choose from the chosen one, as with the tab key.
  const chosen = wanted.type === "radio" && body().querySelector(`[name="${wanted.name}"]:checked`);
  (chosen || wanted).focus();
}

function fill(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  adopt(page);
  page.getElementById("toasts")?.remove();
  const content = page.querySelector("main") ?? page.body;
  body().replaceChildren(...[...content.childNodes].map((node) => document.importNode(node, true)));
  const heading = body().querySelector("h1, h2");
  if (heading) heading.id = "dialog-title";
  htmx.process(body());
  arrived(body());
}

/** Opens the page at `url` in the dialog; `from` gets the focus back at the end. */
export async function openPage(url, from = document.activeElement) {
  try {
    const response = await ask(url, { target: "dialog" });
    const text = await response.text();
    if (response.redirected) return void location.assign(response.url);
    if (!response.ok) return say(problemOf(response, text).sentence, "error");
    opener = from;
    fill(text);
    if (!dialog().open) dialog().showModal();
    focusFirst();
  } catch (trouble) {
    say(trouble.message, "error");
  }
}

async function submit(form, submitter) {
  const response = await post(form, submitter, "dialog");
  const text = await response.text();
  if (response.ok) {
    form.dispatchEvent(new CustomEvent("fika:accepted", { bubbles: true }));
    dialog().close();
    return land(response, text);
  }
  const html = response.headers.get("Content-Type")?.includes("html");
  if (response.status === 422 && html) {
    fill(text);
    return focusFirst();
  }
  say(problemOf(response, text).sentence, "error");
}

function follow(event) {
  const link = event.target.closest?.("a[data-dialog]");
  const plainClick = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plainClick || event.defaultPrevented || !dialog()) return;
  event.preventDefault();
  const inside = dialog().contains(link);
  openPage(link.href, inside ? opener : link);
}

function press(event) {
  const opens = event.target.closest?.("[data-opens]");
  if (opens) document.getElementById(opens.dataset.opens)?.showModal();
  if (opens) document.getElementById("menu")?.hidePopover();
  if (event.target.closest?.("[data-closes]")) event.target.closest("dialog").close();
}

function closed() {
  const back = opener?.isConnected ? opener : document.getElementById(opener?.id ?? "");
  back?.focus({ preventScroll: true });
  document.body.append(document.getElementById("toasts"));
  // What is left here would share its ids with the page.
  body().replaceChildren();
}

export function startDialogs() {
  document.addEventListener("click", follow);
  document.addEventListener("click", press);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!dialog()?.contains(form) || form.method !== "post") return;
    if (event.defaultPrevented || form.matches("[data-inplace], [hx-boost], [hx-post]")) return;
    event.preventDefault();
    once(form, event.submitter, () => submit(form, event.submitter));
  });
  dialog()?.addEventListener("close", closed);
}

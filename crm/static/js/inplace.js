/** Forms that don't leave the page (data-inplace), and the guard against pressing twice on those that do. */
import { post, problemOf } from "./http.js";
import { land, morph } from "./landing.js";
import { say } from "./toast.js";

const busy = new WeakSet();

/** Runs `work` unless the form is already at it. */
export async function once(form, submitter, work) {
  if (busy.has(form)) return;
  busy.add(form);
  submitter?.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (trouble) {
    say(trouble.message, "error");
  } finally {
    busy.delete(form);
    submitter?.removeAttribute("aria-busy");
  }
}

const FIELDS = "[aria-invalid=true], input:not([type=hidden], [disabled]), select, textarea";

/** Where the focus goes when what had it is gone: data-then names an element, or the form whose first field it is. */
export function focusNext(selector) {
  if (!selector || document.activeElement !== document.body) return;
  const next = document.querySelector(selector);
  const wanted = next?.querySelector("[aria-invalid=true]") ?? (next?.matches("form") ? next.querySelector(FIELDS) : next);
  wanted?.focus();
}

async function submit(form, submitter) {
  const response = await post(form, submitter);
  const text = await response.text();
  if (response.ok) {
    form.dispatchEvent(new CustomEvent("fika:accepted", { bubbles: true }));
    // What was typed has arrived; drawing the page anew would keep it in the field.
    form.reset();
    await land(response, text);
    return focusNext(form.dataset.then);
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  const main = page.querySelector("#main.page");
  if (response.status !== 422 || !main) return say(problemOf(response, text).sentence, "error");
  await morph(document.getElementById("main"), main);
  document.querySelector("#main [aria-invalid=true]")?.focus();
}

function plain(form, event) {
  if (busy.has(form)) return event.preventDefault();
  if (form.method !== "post") return;
  busy.add(form);
  event.submitter?.setAttribute("aria-busy", "true");
}

export function startInplace() {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (!("inplace" in form.dataset)) return plain(form, event);
    event.preventDefault();
    once(form, event.submitter, () => submit(form, event.submitter));
  });
  // A page that comes back out of the browser's cache may be sent again.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    for (const form of document.forms) busy.delete(form);
    for (const button of document.querySelectorAll('button[aria-busy="true"]')) button.removeAttribute("aria-busy");
  });
}

/** Filter bars: <form data-autosubmit="#results"> renews that part of the page while one types or chooses. */
import { onContent } from "./content.js";
import { ask, problemOf } from "./http.js";
import { morph } from "./landing.js";
import { say } from "./toast.js";

const PAUSE = 280;
const latest = new WeakMap();

function addressOf(form) {
  const url = new URL(form.getAttribute("action") || location.pathname, location.href);
  for (const [name, value] of new FormData(form)) if (value) url.searchParams.append(name, value);
  return url;
}

async function renew(form) {
  const url = addressOf(form);
  const turn = Symbol("turn");
  latest.set(form, turn);
  const response = await ask(url, { target: form.dataset.autosubmit.slice(1) });
  const text = await response.text();
  // A slower answer to an earlier letter must not overtake this one.
  if (latest.get(form) !== turn) return;
  if (!response.ok) return say(problemOf(response, text).sentence, "error");
  const fresh = new DOMParser().parseFromString(text, "text/html").querySelector(form.dataset.autosubmit);
  if (!fresh) return location.assign(url);
  history.replaceState(history.state, "", url);
  await morph(document.querySelector(form.dataset.autosubmit), fresh);
}

function start(form) {
  let timer = 0;
  const soon = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(() => renew(form).catch((trouble) => say(trouble.message, "error")), wait);
  };
  form.addEventListener("input", (event) => soon(event.target.matches("[type=search], [type=text]") ? PAUSE : 0));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    soon(0);
  });
}

export function startAutosubmit() {
  onContent("form[data-autosubmit]", start);
}

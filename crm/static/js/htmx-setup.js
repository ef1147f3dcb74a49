/** htmx with our token, and with errors as sentences instead of pages inside of pages. */
import { arrived } from "./content.js";
import { SILENT, connected, problemOf, token } from "./http.js";
import { focusNext } from "./inplace.js";
import { carry, say } from "./toast.js";

const polls = (element) => element?.closest?.("[data-poll]");

function prepare(event) {
  const { ctx } = event.detail;
  ctx.request.headers["X-CSRFToken"] = token();
  // Kept here, since the swap may take the element away.
  ctx.then = ctx.sourceElement?.dataset?.then;
}

/** A form with mistakes (422) is shown again; any other refusal is said and leaves the page as it is. */
function judge(event) {
  const { ctx } = event.detail;
  const { raw, status } = ctx.response;
  connected(true);
  if (raw.redirected && new URL(raw.url).pathname !== location.pathname) {
    event.preventDefault();
    if (polls(ctx.sourceElement)) return;
    carry(new DOMParser().parseFromString(ctx.text, "text/html"));
    location.assign(raw.url);
  } else if (status >= 400 && status !== 422) {
    event.preventDefault();
    if (!polls(ctx.sourceElement)) say(problemOf(raw, ctx.text).sentence, "error");
  }
}

function fail(event) {
  const { ctx, error } = event.detail;
  // Only what never reached the server is a lost connection; a mistake of ours belongs into the console, where htmx wrote it.
  if (!(error instanceof TypeError) || ctx?.response) return;
  connected(false);
  if (!polls(ctx?.sourceElement)) say(SILENT, "error");
}

export function startHtmx() {
  document.addEventListener("htmx:config:request", prepare);
  document.addEventListener("htmx:after:request", judge);
  document.addEventListener("htmx:error", fail);
  document.addEventListener("htmx:after:swap", (event) => {
    arrived();
    focusNext(event.detail.ctx?.then);
  });
}

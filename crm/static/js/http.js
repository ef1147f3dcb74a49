/** Requests to our own server, and the sentence in what it answers. */
export const SILENT = "Fika does not answer. Nothing is lost: try again in a moment.";

export function token() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** Shows or hides the strip that says that the server is not there. */
export function connected(yes) {
  const strip = document.getElementById("connection");
  if (strip) strip.hidden = yes;
}

/** Like fetch, with our headers; `target` tells the server which part of the page asks. */
export async function ask(url, { method = "GET", body = null, target = "", headers = {} } = {}) {
  const own = { "X-CSRFToken": token(), "HX-Request": "true", "HX-Current-URL": location.href };
  if (target) own["HX-Target"] = target;
  try {
    const response = await fetch(url, { method, body, headers: { ...own, ...headers }, credentials: "same-origin" });
    connected(true);
    return response;
  } catch (trouble) {
    connected(false);
    throw new Error(SILENT, { cause: trouble });
  }
}

/** Posts a form as the browser would, the pressed button included. */
export function post(form, submitter, target = "") {
  const fields = new FormData(form, submitter);
  const address = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? location.href;
  const body = form.enctype === "multipart/form-data" ? fields : new URLSearchParams(fields);
  return ask(address || location.href, { method: "POST", body, target });
}

function fromJson(text) {
  const problem = JSON.parse(text);
  const fields = Object.values(problem.errors ?? {}).flat();
  return { ...problem, sentence: fields.length ? fields.join(" ") : problem.detail };
}

function fromPage(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const said = page.querySelector("[data-sentence], .error, [data-failed] p");
  return { sentence: said?.textContent.trim() };
}

/** What went wrong, as {sentence, needs, …}; understands problem+json and our error pages. */
export function problemOf(response, text) {
  const json = response.headers.get("Content-Type")?.includes("json");
  const problem = json ? fromJson(text) : fromPage(text);
  return { ...problem, sentence: problem.sentence || `That did not work (${response.status}). Try again in a moment.` };
}

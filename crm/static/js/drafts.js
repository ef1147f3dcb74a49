/** What is typed into a form with data-draft="name" is kept in this tab until the server has accepted it. */
import { onContent } from "./content.js";
import { tab } from "./store.js";

const TEXT = 'textarea, input:not([type]), input[type="text"], input[type="email"], input[type="tel"], input[type="url"]';
const SENT = "fika-draft-sent";
const key = (form) => `fika-draft:${location.pathname}:${form.dataset.draft}`;
const texts = (form) => [...form.querySelectorAll(TEXT)].filter((field) => field.name && !field.readOnly);

function keep(form) {
  const typed = texts(form).filter((field) => field.value !== field.defaultValue);
  const draft = Object.fromEntries(typed.map((field) => [field.name, field.value]));
  if (typed.length) tab.setItem(key(form), JSON.stringify(draft));
  else tab.removeItem(key(form));
}

function restore(form) {
  const draft = JSON.parse(tab.getItem(key(form)) ?? "{}");
  for (const field of texts(form)) {
    if (field.name in draft && field.value === field.defaultValue) field.value = draft[field.name];
  }
}

/** After a plain post: a page that is neither an error nor the sign-in means that the form was accepted. */
function settle() {
  const sent = tab.getItem(SENT);
  tab.removeItem(SENT);
  const refused = ["error", "signed-out"].includes(document.body.dataset.page) || document.querySelector("[data-failed]");
  if (sent && !refused) tab.removeItem(sent);
}

export function startDrafts() {
  settle();
  onContent("form[data-draft]", (form) => {
    restore(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("submit", () => tab.setItem(SENT, key(form)));
    form.addEventListener("fika:accepted", () => tab.removeItem(key(form)));
  });
}

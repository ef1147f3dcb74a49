/** The switch between light, dark and what the system says. */
import { device } from "./store.js";

const KEY = "fika-theme";

function apply(choice) {
  if (choice === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = choice;
  for (const button of document.querySelectorAll("[data-theme-choice]")) {
    button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
  }
}

function choose(choice) {
  if (choice === "system") device.removeItem(KEY);
  else device.setItem(KEY, choice);
  apply(choice);
}

export function startTheme() {
  apply(device.getItem(KEY) ?? "system");
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-theme-choice]");
    if (button) choose(button.dataset.themeChoice);
  });
  // Another tab has chosen.
  window.addEventListener("storage", (event) => {
    if (event.key === KEY) apply(event.newValue ?? "system");
  });
}

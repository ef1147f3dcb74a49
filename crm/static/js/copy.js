/** Copies what a field holds; selects it where the clipboard is closed to us. */
import { onContent } from "./content.js";
import { say } from "./toast.js";

async function copy(button) {
  const field = document.querySelector(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    say("Copied.");
  } catch {
    // Only secure pages may write to the clipboard; the text is selected, so the keyboard does it.
    say("Selected: press Ctrl+C (⌘C on a Mac) to copy it.", "info");
  }
}

export function startCopy() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (button) copy(button);
  });
  onContent("[data-select]", (field) => field.addEventListener("focus", () => field.select()));
}

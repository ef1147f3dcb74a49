/** A place to drop a file on, around a field that does the same by hand. */
import { onContent } from "./content.js";
import { say } from "./toast.js";

function take(field, files) {
  if (files.length !== 1) return say("One list at a time, please.", "error");
  field.files = files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

/** The server says the same, but only after all of it was sent. */
function weigh(field) {
  const most = Number(field.dataset.most);
  if (!most || !field.files[0] || field.files[0].size <= most) return;
  field.value = "";
  say(`This file is too large: at most ${Math.floor(most / 1024 ** 2)} MB can be imported at once. Divide the list.`, "error");
}

export function startDropzones() {
  onContent("[data-dropzone]", (zone) => {
    const field = zone.querySelector('input[type="file"]');
    const mark = (is) => zone.classList.toggle("is-over", is);
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      mark(true);
    });
    zone.addEventListener("dragleave", (event) => mark(zone.contains(event.relatedTarget)));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      mark(false);
      take(field, event.dataTransfer.files);
    });
    field.addEventListener("change", () => weigh(field));
  });
}

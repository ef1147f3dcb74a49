/** Looks again every so often while somebody sees the page, and at once when they come back to it. */
export function lookAgain(period, look) {
  setInterval(() => !document.hidden && look(), period);
  document.addEventListener("visibilitychange", () => !document.hidden && look());
  window.addEventListener("focus", look);
  window.addEventListener("online", look);
  window.addEventListener("pageshow", (event) => event.persisted && look());
}

// Runs before anything is drawn, so that a page never flashes in the other theme. Not a module: those run later.
document.documentElement.classList.add("js");
try {
  const theme = localStorage.getItem("fika-theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden by the browser's settings; then the system's theme is right.
}

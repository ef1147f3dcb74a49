/** Wires up elements that are there now, and those that arrive later with a swap or in a dialog. */
const wired = [];

function wire({ selector, start, seen }, root) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.unshift(root);
  for (const element of found) {
    if (seen.has(element)) continue;
    seen.add(element);
    start(element);
  }
}

/** Calls `start` once for every element that matches, whenever it arrives. */
export function onContent(selector, start) {
  const entry = { selector, start, seen: new WeakSet() };
  wired.push(entry);
  wire(entry, document);
}

/** Says that something new stands below `root`. */
export function arrived(root = document) {
  for (const entry of wired) wire(entry, root);
}

/** The browser's two stores, where they may be used: both can be forbidden, and then the page works without. */
function guarded(name) {
  try {
    const store = window[name];
    store.getItem("fika");
    return store;
  } catch {
    const kept = new Map();
    return {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => void kept.set(key, value),
      removeItem: (key) => void kept.delete(key),
    };
  }
}

/** Kept on this device. */
export const device = guarded("localStorage");

/** Kept while this tab is open. */
export const tab = guarded("sessionStorage");

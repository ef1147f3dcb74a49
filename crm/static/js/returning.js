/** Keeps a part of the page true: looks again while somebody sees the page, and at once when they come back to it. */
import { ask } from "./http.js";

const PERIOD = 10000;

/** Calls `renew` every ten seconds, never twice at a time; answers what looks at once. */
export function lookAgain(renew) {
  let asking = false;
  async function look() {
    if (asking) return;
    asking = true;
    try {
      await renew();
    } catch (trouble) {
      // The strip at the top says already that there is no connection; the next round tries again.
      console.warn(trouble.message);
    } finally {
      asking = false;
    }
  }
  setInterval(() => !document.hidden && look(), PERIOD);
  document.addEventListener("visibilitychange", () => !document.hidden && look());
  window.addEventListener("focus", look);
  window.addEventListener("online", look);
  window.addEventListener("pageshow", (event) => event.persisted && look());
  return look;
}

/** `part` as the server has it now; null where it is what we have, and where somebody is signed out. */
export async function newer(part, address, signedOut = () => {}) {
  const { version } = part.dataset;
  const response = await ask(address, { target: part.id, headers: { "If-None-Match": `"${version}"` } });
  if (response.redirected) signedOut();
  if (response.redirected || response.status !== 200) return null;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.getElementById(part.id);
  return fresh?.dataset.version === version ? null : fresh;
}

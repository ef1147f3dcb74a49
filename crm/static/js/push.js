/** Turns notifications on for this browser: permission, service worker, an address at its push service. */
import { onContent } from "./content.js";
import { post, problemOf } from "./http.js";
import { land } from "./landing.js";
import { say } from "./toast.js";

const NOT_NOW = "Nothing was turned on: the browser did not allow it.";
const NO_SERVICE = "This browser did not reach its push service. Try again later, or with another browser.";
const BROWSERS = [["Edg", "Edge"], ["OPR", "Opera"], ["Firefox", "Firefox"], ["FxiOS", "Firefox"], ["CriOS", "Chrome"],
  ["Chrome", "Chrome"], ["Safari", "Safari"]];
const SYSTEMS = [["Android", "Android"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Windows", "Windows"],
  ["Mac OS", "Mac"], ["CrOS", "ChromeOS"], ["Linux", "Linux"]];

const frame = () => document.querySelector("[data-push]");
const known = (table) => table.find(([sign]) => navigator.userAgent.includes(sign))?.[1];

function callMyself() {
  const [browser, system] = [known(BROWSERS), known(SYSTEMS)];
  return browser && system ? `${browser} on ${system}` : browser || system || "A browser";
}

const base64url = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

const supported = () => "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

async function subscription() {
  const registration = await navigator.serviceWorker.getRegistration("/");
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** What the server calls a subscription: a hash of its address. */
async function nameOf(found) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(found.endpoint));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function mine() {
  const found = await subscription();
  return found && document.querySelector(`[data-device="${await nameOf(found)}"]`);
}

async function stateOf() {
  if (!window.isSecureContext) return "insecure";
  if (!supported()) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  return Notification.permission === "granted" && (await mine()) ? "on" : "off";
}

async function paint() {
  if (!frame()) return;
  const state = await stateOf();
  for (const part of frame().querySelectorAll("[data-push-state]")) part.hidden = part.dataset.pushState !== state;
  const here = state === "on" && (await mine());
  if (here) here.querySelector("[data-this]").hidden = false;
}

/** A subscription that is there may be another key's, or one that the push service has given up: it is made anew. */
async function subscribe(key) {
  const registration = await navigator.serviceWorker.register("/sw.js", { scope: "/" });
  await navigator.serviceWorker.ready;
  await (await registration.pushManager.getSubscription())?.unsubscribe();
  return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

async function send(form, found) {
  form.elements.name.value = callMyself();
  form.elements.endpoint.value = found.endpoint;
  for (const key of ["p256dh", "auth"]) form.elements[key].value = base64url(found.getKey(key));
  const response = await post(form);
  const text = await response.text();
  if (response.ok) return land(response, text);
  await found.unsubscribe();
  say(problemOf(response, text).sentence, "error");
}

async function turnOn(button) {
  button.setAttribute("aria-busy", "true");
  try {
    if ((await Notification.requestPermission()) !== "granted") return say(NOT_NOW, "info");
    await send(button.form, await subscribe(frame().dataset.push));
  } catch (trouble) {
    say(trouble instanceof DOMException ? NO_SERVICE : trouble.message, "error");
  } finally {
    button.removeAttribute("aria-busy");
    await paint();
  }
}

export function startPush() {
  onContent("[data-push]", paint);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-push-on]");
    if (button && button.getAttribute("aria-busy") !== "true") turnOn(button);
  });
  // What is removed from the list needs no address any more.
  document.addEventListener("submit", async (event) => {
    if (event.target.closest("[data-device]") && event.target.closest("[data-device]") === (await mine())) {
      await (await subscription()).unsubscribe();
    }
  });
  // Another form of this page was answered in place, and all of it drawn anew.
  document.addEventListener("fika:landed", paint);
}

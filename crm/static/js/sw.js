/* Shows what is due even while no page is open. It keeps nothing, and answers no page's requests. */
const ICON = "/icon.png";
const PLAIN = { title: "Fika", body: "Something is due.", path: "/notifications", tag: "fika" };

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const pages = () => self.clients.matchAll({ type: "window", includeUncontrolled: true });

function read(data) {
  try {
    return { ...PLAIN, ...data.json() };
  } catch {
    return PLAIN;
  }
}

/** The tag makes one of two that are the same. */
async function show({ title, body, path, tag }) {
  await self.registration.showNotification(title, { body, tag, icon: ICON, data: { path, tag } });
  for (const page of await pages()) page.postMessage({ news: tag });
}

/** A page that is there already, else a new one: what is typed in other pages stays. */
async function open({ path, tag }) {
  const url = new URL(path, self.location.origin);
  if (url.origin !== self.location.origin) return;
  const there = (await pages()).find((page) => new URL(page.url).pathname === url.pathname);
  const page = there ? await there.focus() : await self.clients.openWindow(url.href);
  page?.postMessage({ seen: tag });
}

/** The push service gave this browser another address: whoever knows the old one may say the new one. */
async function renew({ oldSubscription: old, newSubscription }) {
  if (!old) return;
  const fresh = newSubscription ?? (await self.registration.pushManager.subscribe(old.options));
  const { endpoint, keys } = fresh.toJSON();
  const body = new URLSearchParams({ old: old.endpoint, endpoint, p256dh: keys.p256dh, auth: keys.auth });
  await fetch("/settings/notifications/renewed", { method: "POST", body });
}

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
self.addEventListener("push", (event) => event.waitUntil(show(read(event.data))));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

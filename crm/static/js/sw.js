/* Shows what is due even while no page is open. It keeps nothing, and answers no page's requests. */
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
  await self.registration.showNotification(title, { body, tag, data: { path, tag } });
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

self.addEventListener("push", (event) => event.waitUntil(show(read(event.data))));
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data));
});

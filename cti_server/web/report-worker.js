// The worker of reporting and following: without a network it gives the page by which a report is filled in and kept, or
// the one that shows what this tab has seen. It keeps these two with their styles and scripts, and nothing that is
// anybody's: no other page, no answer, no appeal.

const CACHE = "offline-3";
const REPORT = "/report/offline";
const SEEN = "/my/offline";
const A_DAY_MS = 86_400_000;
const worker = /** @type {any} */ (self);
/** One worker for each scope: that of reports, and those of appeals and matters. */
const SCOPE = new URL(worker.registration.scope).pathname;
const OFFLINE = SCOPE === "/report" ? REPORT : SEEN;
const PARTS =
  OFFLINE === REPORT
    ? ["/static/public.css", "/static/report.js"]
    : ["public.css", "page.css", "answers.css", "offline.js", "theme.js", "page.js", "following.js"].map((name) => `/static/${name}`);

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll([OFFLINE, ...PARTS])));
  worker.skipWaiting();
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name))))
      .then(() => worker.clients.claim()),
  );
});

/** Fetches the kept page anew once a day: its form is taken for two weeks. */
async function renew() {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(OFFLINE);
  if (kept && Date.now() - Date.parse(kept.headers.get("Date") ?? "") < A_DAY_MS) return;
  const fresh = await fetch(OFFLINE);
  if (fresh.ok) await cache.put(OFFLINE, fresh);
}

/** The page as the server has it; without a network as it was kept. @param {Request} request */
async function page(request) {
  try {
    const answer = await fetch(request);
    renew().catch(() => undefined);
    return answer;
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error();
  }
}

/** A script or style, of which the latest build is kept, whatever build the page names. @param {Request} request @param {string} pathname */
async function part(request, pathname) {
  try {
    const answer = await fetch(request);
    if (answer.ok) (await caches.open(CACHE)).put(pathname, answer.clone());
    return answer;
  } catch {
    return (await caches.match(pathname)) ?? Response.error();
  }
}

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (request.method !== "GET" || origin !== worker.location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === SCOPE || pathname.startsWith(`${SCOPE}/`)) event.respondWith(page(request));
  } else if (PARTS.includes(pathname)) event.respondWith(part(request, pathname));
});

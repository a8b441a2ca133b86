// The city's page: fetches what has changed, counts the longest wait on, and says when its figures are old.
import { Idiomorph } from "idiomorph";

const SILENCE_MS = 12_000;
const TICK_MS = 1_000;

const city = document.getElementById("city");
const query = city?.dataset.query ?? "";
const stale = document.getElementById("city-stale");
let heard = Date.now();
let ahead = 0; // by how much this browser's clock is ahead of the hotline's

/** What is open stays open, and the focus where it is. @param {Element} here @param {Element} then */
function change(here, then) {
  for (const one of here.querySelectorAll("details[open]")) then.querySelector(`#${one.id}`)?.setAttribute("open", "");
  Idiomorph.morph(here, then);
}

/** @param {string} path @param {string} id */
async function renew(path, id) {
  const answer = await fetch(path + query, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.status === 401) location.reload();
  if (!answer?.ok) return;
  const part = document.createElement("template");
  part.innerHTML = await answer.text();
  const here = document.getElementById(id);
  const then = part.content.getElementById(id);
  if (here && then) change(here, then);
  tick();
}

/** Each part is fetched once at a time; what changes meanwhile is fetched once more. @param {string} path @param {string} id */
function renewing(path, id) {
  let busy = false;
  let again = false;
  return async () => {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    do {
      again = false;
      await renew(path, id);
    } while (again);
    busy = false;
  };
}

const parts = {
  line: renewing("/city/line", "city-line"),
  rest: renewing("/city/rest", "city-rest"),
  told: renewing("/on-now", "on-now"),
};

function tick() {
  const line = document.getElementById("city-line");
  const now = Date.parse(line?.dataset.now ?? "");
  if (line && line.dataset.seen !== line.dataset.now) {
    line.dataset.seen = line.dataset.now;
    ahead = Date.now() - now;
  }
  for (const one of document.querySelectorAll(".city-wait")) {
    const since = Date.parse(/** @type {HTMLElement} */ (one).dataset.since ?? "");
    const seconds = Math.max(0, Math.floor((Date.now() - ahead - since) / 1000));
    one.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }
  if (!stale) return;
  const old = Date.now() - heard > SILENCE_MS;
  if (old && stale.hidden) stale.textContent = stale.dataset.text ?? "";
  stale.hidden = !old;
}

function hear() {
  heard = Date.now();
  if (stale) stale.hidden = true;
}

if (city) {
  const stream = new EventSource("/city/changes");
  let before = false;
  stream.addEventListener("open", () => {
    hear();
    if (before) for (const one of Object.values(parts)) one(); // what changed meanwhile was told to nobody
    before = true;
  });
  stream.addEventListener("alive", hear);
  for (const [name, fetchAnew] of Object.entries(parts)) {
    stream.addEventListener(name, () => {
      hear();
      fetchAnew();
    });
  }
  stream.addEventListener("error", () => {
    // After a refusal the browser does not try again by itself: the session may be over, or the hotline starts.
    if (stream.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), SILENCE_MS);
  });
  setInterval(tick, TICK_MS);
  tick();
}

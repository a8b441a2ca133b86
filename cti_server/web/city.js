// The city's page: fetches what has changed, counts the longest wait on, and says when its figures are old.
import { Idiomorph } from "idiomorph";

const SILENCE_MS = 12_000;
const AGAIN_MS = 2_000;
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

/** @param {string} path @returns {Promise<string | null>} null when it cannot be read now */
async function read(path) {
  try {
    const answer = await fetch(path, { headers: { "HX-Request": "true" } });
    if (answer.status === 401) location.reload();
    return answer.ok ? await answer.text() : null;
  } catch {
    return null;
  }
}

/** @param {string} path @param {string} id @returns {Promise<boolean>} whether it is as it should be */
async function renew(path, id) {
  const text = await read(path + query);
  if (text === null) return false;
  const part = document.createElement("template");
  part.innerHTML = text;
  const here = document.getElementById(id);
  const then = part.content.getElementById(id);
  if (here && then) change(here, then);
  tick();
  return true;
}

/** Each part is fetched once at a time; once more what changed meanwhile or did not come. @param {string} path @param {string} id */
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
      if (!(await renew(path, id))) {
        await new Promise((done) => setTimeout(done, AGAIN_MS));
        again = true;
      }
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

/** Load the page anew once the hotline answers: what a proxy says meanwhile would stay on the wall for good. */
async function comeBack() {
  const answer = await fetch("/on-now", { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer && answer.status < 500) location.reload();
  else setTimeout(comeBack, SILENCE_MS);
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
    if (stream.readyState === EventSource.CLOSED) setTimeout(comeBack, SILENCE_MS);
  });
  setInterval(tick, TICK_MS);
  tick();
}

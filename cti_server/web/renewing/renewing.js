// Parts of a page that are fetched anew as soon as the hotline tells that they have changed.
import { Idiomorph } from "idiomorph";
import { everySecond } from "../look/clock.js";

const SILENCE_MS = 12_000;
const AGAIN_MS = 2_000;

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
  const text = await read(path);
  if (text === null) return false;
  const part = document.createElement("template");
  part.innerHTML = text;
  const here = document.getElementById(id);
  const then = part.content.getElementById(id);
  if (here && then) change(here, then);
  return true;
}

/** Each part is fetched once at a time; once more what changed meanwhile or did not come. @param {string} path @param {string} id @param {() => void} after */
function renewing(path, id, after) {
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
      if (await renew(path, id)) after();
      else {
        await new Promise((done) => setTimeout(done, AGAIN_MS));
        again = true;
      }
    } while (again);
    busy = false;
  };
}

/** Load the page anew once the hotline answers: what a proxy says meanwhile would stay on the wall for good. */
async function comeBack() {
  const answer = await fetch("/on-now", { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer && answer.status < 500) location.reload();
  else setTimeout(comeBack, SILENCE_MS);
}

/**
 * Keep the page as it stands at the hotline. `parts`: by the name in the stream, the path and the element's id.
 * `stale` shows when nothing was heard for a while; `tick` runs each second that somebody sees, and after each change.
 * @param {{stream: string, parts: Record<string, [string, string]>, stale: HTMLElement | null, tick: () => void}} page
 */
export function keepRenewed({ stream: address, parts, stale, tick }) {
  let heard = Date.now();
  const fetched = Object.entries(parts).map(([name, [path, id]]) => /** @type {const} */ ([name, renewing(path, id, tick)]));

  function hear() {
    heard = Date.now();
    if (stale) stale.hidden = true;
  }

  function look() {
    tick();
    if (!stale) return;
    const old = Date.now() - heard > SILENCE_MS;
    if (old && stale.hidden) stale.textContent = stale.dataset.text ?? "";
    stale.hidden = !old;
  }

  const stream = new EventSource(address);
  let before = false;
  stream.addEventListener("open", () => {
    hear();
    if (before) for (const [, fetchAnew] of fetched) fetchAnew(); // what changed meanwhile was told to nobody
    before = true;
  });
  stream.addEventListener("alive", hear);
  for (const [name, fetchAnew] of fetched) {
    stream.addEventListener(name, () => {
      hear();
      fetchAnew();
    });
  }
  stream.addEventListener("error", () => {
    // After a refusal the browser does not try again by itself: the session may be over, or the hotline starts.
    if (stream.readyState === EventSource.CLOSED) setTimeout(comeBack, SILENCE_MS);
  });
  everySecond(look);
}

/** Write minutes and seconds since its moment into each clock, by the hotline's clock. @param {string} clocks @param {number} ahead this browser's clock before the hotline's */
export function showPassed(clocks, ahead) {
  for (const clock of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(clocks))) {
    const seconds = Math.max(0, Math.floor((Date.now() - ahead - Date.parse(clock.dataset.since ?? "")) / 1000));
    const text = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (clock.textContent !== text) clock.textContent = text;
  }
}

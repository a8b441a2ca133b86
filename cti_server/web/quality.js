// A talk is assessed: the draft saves itself, a remark takes its moment from the player, a moment is heard when pressed.
import { written } from "./look/clock.js";

const SOON_MS = 800;
const AGAIN_MS = 3000;
const GONE = [403, 404, 409];

const sound = /** @type {HTMLAudioElement | null} */ (document.querySelector("[data-player] audio"));
const form = /** @type {HTMLFormElement | null} */ (document.querySelector("form[data-draft]"));

for (const button of document.querySelectorAll("[data-seek]")) {
  button.addEventListener("click", () => {
    if (!sound || !(button instanceof HTMLElement)) return;
    sound.currentTime = Number(button.dataset.seek);
    sound.play().catch(() => {}); // a pause before the sound has come is no fault
  });
}

function mark() {
  const moment = /** @type {HTMLInputElement | null} */ (document.getElementById("moment"));
  if (!sound || !moment) return;
  moment.value = written(Math.floor(sound.currentTime));
  moment.dispatchEvent(new Event("input", { bubbles: true }));
  document.getElementById("comment")?.focus();
}
document.querySelector("[data-mark]")?.addEventListener("click", mark);
// The key by its place: the same in both alphabets.
document.querySelector("[data-player]")?.addEventListener("keydown", (event) => {
  if (!(event instanceof KeyboardEvent) || event.code !== "KeyC" || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  mark();
});

/** Saves the draft a moment after the last change; what did not arrive is sent again. @param {HTMLFormElement} form */
function saving(form) {
  const told = /** @type {HTMLOutputElement} */ (document.getElementById("saved"));
  let [waiting, changed, sending, lost] = [0, false, false, false];

  /** @param {number} delay */
  const later = (delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(send, delay);
  };

  async function send() {
    if (sending || lost) return;
    [changed, sending] = [false, true];
    try {
      const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
      const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      if (GONE.includes(answer.status)) return end();
      if (!answer.ok) throw new Error(String(answer.status));
      const { saved, percent } = await answer.json();
      const sofar = percent === null ? "" : ` · ${told.dataset.sofar?.replace("{}", percent)}`;
      told.textContent = `${told.dataset.saved?.replace("{}", saved)}${sofar}`;
    } catch {
      changed = true;
      told.textContent = told.dataset.unsaved ?? "";
      later(AGAIN_MS);
    } finally {
      sending = false;
      if (changed && !lost) later(AGAIN_MS);
    }
  }

  function end() {
    lost = true;
    told.textContent = told.dataset.lost ?? "";
    told.classList.add("quality-fault");
  }

  for (const event of ["input", "change"]) {
    form.addEventListener(event, (happened) => {
      const of = happened.target;
      if (of instanceof HTMLElement && of.closest("[data-player]")) return;
      changed = true;
      later(SOON_MS);
    });
  }
  form.addEventListener("submit", () => clearTimeout(waiting));
  window.addEventListener("pagehide", () => {
    if (!changed || lost) return;
    const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" }, keepalive: true });
  });
}
if (form) saving(form);

/** @type {HTMLElement | null} */ (document.querySelector("[data-focus]"))?.focus();

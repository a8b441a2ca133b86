// Notes are sent as they are typed; what could not be sent is sent again.
import { desk, post } from "./posting.js";

const SAVE_AFTER_MS = 300;
const AGAIN_AFTER_MS = 3000;
const PATIENCE_MS = 5000;

/** @type {Map<HTMLTextAreaElement, ReturnType<typeof setTimeout>>} */
const unsaved = new Map();

/**
 * Send the notes of a call as they stand.
 * @param {HTMLTextAreaElement} notes
 */
export async function save(notes) {
  clearTimeout(unsaved.get(notes));
  unsaved.delete(notes);
  const answer = post(notes.dataset.notes ?? "", { text: notes.value }, PATIENCE_MS);
  const saved = await answer.then((one) => one.ok, () => false);
  const status = document.getElementById(notes.id.replace("notes-", "saved-"));
  if (status) status.textContent = (saved ? desk.dataset.saved : desk.dataset.unsaved) ?? "";
  document.dispatchEvent(new CustomEvent("typed:kept", { detail: { what: notes.id, kept: saved || !notes.isConnected } }));
  if (!saved && notes.isConnected) later(notes, AGAIN_AFTER_MS);
}

/** @param {HTMLTextAreaElement} notes @param {number} ms */
function later(notes, ms) {
  clearTimeout(unsaved.get(notes));
  unsaved.set(notes, setTimeout(() => save(notes), ms));
}

/** Listen for what is typed, and send the rest when the page goes. */
export function keepNotes() {
  desk.addEventListener("input", (event) => {
    if (event.target instanceof HTMLTextAreaElement && event.target.dataset.notes) later(event.target, SAVE_AFTER_MS);
  });
  document.addEventListener("notes:wanted", (event) => {
    for (const notes of [...unsaved.keys()]) /** @type {CustomEvent} */ (event).detail.push(save(notes));
  });
  window.addEventListener("pagehide", () => {
    for (const notes of unsaved.keys()) {
      const body = new URLSearchParams({ text: notes.value, csrf: desk.dataset.csrf ?? "" });
      navigator.sendBeacon(notes.dataset.notes ?? "", body);
    }
  });
}

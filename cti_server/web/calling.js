// Numbers on pages without a softphone: the hotline rings the desk's own phone, wherever it is open, and says here
// what it does.
import { clickedElsewhere, followNumbers } from "./softphone/links.js";
import { post, word } from "./softphone/outside.js";

/** @param {HTMLElement} link @param {string} text */
function say(link, text) {
  let note = /** @type {HTMLElement | null} */ (link.nextElementSibling);
  if (!note?.matches(".number-note")) {
    note = document.createElement("span");
    note.className = "number-note ms-2 fw-normal small";
    note.setAttribute("role", "status");
    link.after(note);
  }
  note.textContent = text;
}

if (!document.querySelector("[data-softphone]")) {
  const windows = clickedElsewhere();
  const token = /** @type {HTMLInputElement | null} */ (document.querySelector('form[action="/sign-out"] input'));
  followNumbers(async (number, { missed = "", about = "" }, link) => {
    const clicked = word();
    windows.postMessage(clicked);
    const { ok, body } = await post("/desk/call-out", token?.value ?? "", { number, missed, about, clicked });
    say(link, (ok ? body.call?.words : body.message) ?? "");
  });
}

// The question before something is thrown away: our own dialog, which stops neither a call nor the page's sockets.
//
// `data-sure="…?"` on a form or a button asks before it is sent or pressed; `data-sure-yes` names the act, else the
// button's own words do. Esc and "Not now" change nothing, and the keyboard is then where it was.

const dialog = () => /** @type {HTMLDialogElement | null} */ (document.getElementById("sure"));
/** What is done by "yes". @type {(() => void) | null} */
let act = null;
/** What was said yes to, while it is done. @type {Element | null} */
let said = null;

/** @param {HTMLElement} of @param {string} yes @param {() => void} then */
function ask(of, yes, then) {
  const asked = dialog();
  if (!asked || asked.open) return;
  const [question, button] = [asked.querySelector("h2"), asked.querySelector("[value=yes]")];
  if (question) question.textContent = of.dataset.sure ?? "";
  if (button) button.textContent = of.dataset.sureYes ?? yes;
  act = () => {
    said = of;
    then();
    said = null;
  };
  asked.returnValue = "";
  asked.showModal();
  /** @type {HTMLElement | null} */ (asked.querySelector("[value='']"))?.focus(); // a hand that goes on loses nothing
}

/** Whether the event has to wait for the answer. @param {Event} event @param {HTMLElement | null} of */
function waits(event, of) {
  if (!of || of === said) return false;
  event.preventDefault();
  event.stopImmediatePropagation();
  return true;
}

document.addEventListener("click", (event) => {
  const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("button[data-sure]"));
  if (button && waits(event, button)) ask(button, button.innerText, () => button.click());
}, { capture: true });

document.addEventListener("submit", (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  const by = /** @type {HTMLElement | null} */ (event.submitter);
  if (form.dataset.sure === undefined || !waits(event, form)) return;
  ask(form, by?.innerText ?? "", () => form.requestSubmit(by));
}, { capture: true });

dialog()?.addEventListener("click", ({ target }) => {
  const button = /** @type {HTMLButtonElement | null} */ (/** @type {Element} */ (target).closest("button"));
  if (button) dialog()?.close(button.value);
});
dialog()?.addEventListener("close", () => {
  const then = act;
  act = null;
  if (dialog()?.returnValue === "yes") then?.();
});

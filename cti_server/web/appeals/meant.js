// Which call a key means. The page says it to the hotline, which never guesses, and refuses what cannot be.

/** The call that rings here. */
const ringing = () => document.getElementById("pop")?.dataset.call ?? "";

/** The call that is talked on, whose card is there as soon as the one that rang goes. */
export const talking = () =>
  document.querySelector("#cards [data-talking]")?.closest("article")?.dataset.call ?? "";

/** Where the cursor is, or was when a key took it to the button that it presses. @type {Element | null} */
let cursor = null;
document.addEventListener("focusin", ({ target }) => {
  if (target instanceof Element && !target.matches("button[data-form]")) cursor = target;
});
document.addEventListener("focusout", ({ relatedTarget }) => {
  if (!relatedTarget) cursor = null;
});

/** The call whose card or form is in sight, of those that have tabs on the desk. */
const inSight = () => document.getElementById("tasks")?.dataset.task;

/** The call whose card or form the cursor is in. */
const pointedAt = () => {
  const within = cursor?.checkVisibility() ? cursor.closest("#cards > article, #appeal-form") : null;
  return /** @type {HTMLElement | null} */ (within)?.dataset.call;
};

/** The latest call that is not put aside. */
const latest = () => /** @type {HTMLElement | null} */ (document.querySelector("#cards > article"))?.dataset.call;

/** Whoever is on the line comes first; then the card where the cursor is, the one in sight, the latest; empty without any. */
export const callMeant = () => ringing() || talking() || (pointedAt() ?? inSight() ?? latest() ?? "");

// What is typed and not saved, since the hotline does not answer: said over the whole desk, until it is saved.

/** The notes and forms that are not saved. @type {Set<string>} */
const unkept = new Set();

/** Follow what is said of them (`typed:kept`). */
export function tellUnkept() {
  document.addEventListener("typed:kept", (event) => {
    const { what, kept } = /** @type {CustomEvent} */ (event).detail;
    if (kept) unkept.delete(what);
    else unkept.add(what);
    const said = document.getElementById("desk-unsaved");
    if (said) said.hidden = unkept.size === 0;
  });
}

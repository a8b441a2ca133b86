// The keys of what is on the desk show while Shift, Ctrl or Alt is held a moment: one looks them up, and types in peace.

const HELD_MS = 500;
const HOLDS = new Set(["Shift", "Control", "Alt"]);

/** Show and hide them. */
export function showKeysWhileHeld() {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let waiting;
  const hide = () => {
    clearTimeout(waiting);
    delete document.body.dataset.keys;
  };
  document.addEventListener("keydown", ({ key, repeat }) => {
    if (repeat && HOLDS.has(key)) return;
    hide();
    if (HOLDS.has(key)) waiting = setTimeout(() => void (document.body.dataset.keys = ""), HELD_MS);
  });
  document.addEventListener("keyup", hide);
  document.addEventListener("pointerdown", hide);
  window.addEventListener("blur", hide);
}

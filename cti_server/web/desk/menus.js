// A menu of the desk closes when something of it was chosen, by Escape, by a click elsewhere and when the keyboard goes on.

const open = () => /** @type {HTMLDetailsElement | null} */ (document.querySelector(".desk-menu[open]"));

/** @param {HTMLDetailsElement} menu */
function close(menu) {
  const here = menu.contains(document.activeElement);
  menu.open = false;
  if (here) menu.querySelector("summary")?.focus();
}

/** Listen for all of these. */
export function closeMenus() {
  document.addEventListener("click", ({ target }) => {
    const menu = open();
    if (menu && target instanceof Element && (!menu.contains(target) || target.closest("button"))) close(menu);
  });
  document.addEventListener("keydown", (event) => {
    const menu = open();
    if (!menu || event.key !== "Escape") return;
    event.stopImmediatePropagation();
    close(menu);
  }, { capture: true });
  document.addEventListener("focusin", ({ target }) => {
    const menu = open();
    if (menu && target instanceof Node && !menu.contains(target)) menu.open = false;
  });
}

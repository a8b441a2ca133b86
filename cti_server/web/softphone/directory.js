// The directory under the number field: found by typing, walked by arrows; what is chosen is dialled.
//
// A combobox with a list (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/): the focus stays in the field. The list
// lies over the page in the browser's top layer, as the column that it belongs to scrolls.

const TYPING_MS = 120;
const LOOK_AGAIN_MS = 2000;
const WIDEST = 420;
const GAP = 8;
const LOWEST = 240;
const HAS_LETTERS = /\p{L}/u;

export class Directory {
  /**
   * @param {HTMLInputElement} field
   * @param {HTMLElement} panel
   * @param {HTMLElement} said where it is told aloud that nobody was found
   * @param {(transfer: boolean) => void} dial told when the field has the number of whom was chosen
   */
  constructor(field, panel, said, dial) {
    this.field = field;
    this.panel = panel;
    this.said = said;
    this.list = /** @type {HTMLElement} */ (panel.querySelector("[role=listbox]"));
    this.dial = dial;
    this.typing = 0;
    this.again = 0;
    this.asked = 0;
    field.addEventListener("input", () => this.#soon());
    field.addEventListener("click", () => this.#look());
    field.addEventListener("blur", () => this.close());
    field.addEventListener("keydown", (event) => this.#pressed(event));
    panel.addEventListener("mousedown", (event) => this.#picked(event)); // before the field would lose the focus
    addEventListener("resize", () => this.#open && this.#place());
  }

  /** Go to the field, and show whom one can call. */
  open() {
    this.field.focus();
    this.field.select();
    this.#look();
  }

  close() {
    clearTimeout(this.typing);
    clearTimeout(this.again);
    this.asked += 1;
    this.#mark(null);
    this.said.textContent = "";
    this.field.setAttribute("aria-expanded", "false");
    if (this.#open) this.panel.hidePopover();
  }

  get #open() {
    return this.panel.matches(":popover-open");
  }

  get #options() {
    return /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("[role=option]")]);
  }

  get #active() {
    return this.#options.find((one) => one.getAttribute("aria-selected") === "true");
  }

  #soon() {
    clearTimeout(this.typing);
    this.#mark(null); // what Enter means is what is typed, until the list has followed
    this.typing = window.setTimeout(() => this.#look(), TYPING_MS);
  }

  async #look() {
    clearTimeout(this.again);
    const asked = (this.asked += 1);
    const typed = this.field.value.trim();
    const text = await read(typed);
    if (asked !== this.asked || document.activeElement !== this.field) return;
    if (text !== null) this.#show(text, typed);
    this.again = window.setTimeout(() => this.#look(), LOOK_AGAIN_MS); // colleagues come and go
  }

  /** @param {string} text @param {string} typed */
  #show(text, typed) {
    const before = this.#active?.dataset.number;
    this.list.innerHTML = text;
    const said = this.list.querySelector(".directory-nothing")?.textContent ?? "";
    if (this.said.textContent !== said) this.said.textContent = said; // else it were said at each look
    const empty = !this.list.childElementCount;
    if (empty) return this.close();
    if (!this.#open) this.panel.showPopover();
    this.field.setAttribute("aria-expanded", "true");
    this.#place();
    const same = this.#options.find((one) => one.dataset.number === before);
    this.#mark(same ?? (HAS_LETTERS.test(typed) ? this.#options[0] ?? null : null));
  }

  /** Under the form where there is room, so that its buttons stay free; else beside the field, or above it. */
  #place() {
    const { style } = this.panel;
    const form = /** @type {HTMLElement} */ (this.field.form).getBoundingClientRect();
    const box = this.field.getBoundingClientRect();
    const [above, below] = [box.top - 2 * GAP, innerHeight - form.bottom - 2 * GAP];
    const beside = below < LOWEST && innerWidth - form.right - 2 * GAP >= WIDEST;
    const under = below >= Math.min(above, LOWEST);
    style.width = `${Math.min(WIDEST, innerWidth - 2 * GAP)}px`;
    style.maxHeight = `${beside ? innerHeight - 2 * GAP : Math.max(under ? below : above, LOWEST)}px`;
    style.left = `${beside ? form.right + GAP : Math.min(box.left, innerWidth - this.panel.offsetWidth - GAP)}px`;
    const height = this.panel.offsetHeight;
    const top = beside ? Math.min(box.top, innerHeight - height - GAP) : under ? form.bottom + GAP : box.top - GAP - height;
    style.top = `${Math.max(top, GAP)}px`;
  }

  /** @param {HTMLElement | null} option */
  #mark(option) {
    for (const one of this.#options) one.setAttribute("aria-selected", String(one === option));
    if (option) this.field.setAttribute("aria-activedescendant", option.id);
    else this.field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    if (event.key === "ArrowDown") this.#walk(1);
    else if (event.key === "ArrowUp") this.#walk(-1);
    else if (event.key === "Escape" && this.#open) this.close();
    else if (event.key !== "Enter") return;
    else if (this.#isMeant(event)) this.#choose(event.ctrlKey);
    else return this.close(); // the form dials what was typed
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} step */
  #walk(step) {
    if (!this.#open) return void this.#look();
    const all = this.#options;
    const at = all.findIndex((one) => one === this.#active);
    const next = at + step;
    this.#mark(next < 0 ? null : all[Math.min(next, all.length - 1)]);
  }

  /** Whether Enter means one of the list; else what was typed is dialled. @param {KeyboardEvent} event */
  #isMeant(event) {
    return event.ctrlKey || Boolean(this.#active) || HAS_LETTERS.test(this.field.value);
  }

  /** Choose the marked one; who types a name faster than the list follows means its first. @param {boolean} transfer */
  async #choose(transfer) {
    clearTimeout(this.typing);
    if (!this.#active && HAS_LETTERS.test(this.field.value)) {
      await this.#look();
      if (!this.#active) return;
    }
    this.field.value = this.#active?.dataset.number ?? this.field.value;
    this.close();
    this.dial(transfer);
  }

  /** A click only fills the number in: the buttons below say what is done with it. @param {MouseEvent} event */
  #picked(event) {
    event.preventDefault();
    const option = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[role=option]"));
    if (!option) return;
    this.field.value = option.dataset.number ?? "";
    this.close();
  }
}

/** @param {string} typed @returns {Promise<string | null>} the options; null when they cannot be read now */
async function read(typed) {
  try {
    const answer = await fetch(`/desk/directory?q=${encodeURIComponent(typed)}`, { redirect: "error" });
    return answer.ok ? (await answer.text()).trim() : null;
  } catch {
    return null; // no network: numbers can be typed all the same
  }
}

// A field with a list of what may be meant (https://www.w3.org/WAI/ARIA/apg/patterns/combobox/): the hotline is asked while
// one types, the cursor stays in the field.
//
// `data-search`: where the list is asked for, by the field's name. With a <select> inside, the choice is kept there and
// words that were not chosen are none; `data-first` goes to the first one found at once. Without a <select> the
// field's own text is what counts. An option has `data-text` for the field, `data-value` for the <select>, and `data-more`
// when more follows it. Without scripts the <select> or the plain field is shown alone.

const TYPING_MS = 120;

class ComboBox extends HTMLElement {
  #turn = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** What is being asked for just now. @type {Promise<void> | null} */
  #asking = null;

  connectedCallback() {
    if (this.field) return; // its form was out of sight for a while
    this.field = /** @type {HTMLInputElement} */ (this.querySelector("[role=combobox]"));
    this.popup = /** @type {HTMLElement} */ (this.querySelector("[data-combo-popup]"));
    this.said = /** @type {HTMLElement} */ (this.querySelector("[data-combo-said]"));
    this.choice = this.querySelector("select");
    const chosen = this.choice?.value ? this.choice.selectedOptions[0]?.text : "";
    if (chosen) this.field.value = chosen;
    this.field.addEventListener("input", () => this.#typed());
    this.field.addEventListener("keydown", (event) => this.#pressed(event));
    this.field.addEventListener("click", () => this.#look());
    this.field.addEventListener("focus", () => void (this.#unresolved && this.#look()));
    this.field.addEventListener("blur", () => this.#left());
    this.popup.addEventListener("mousedown", (event) => event.preventDefault()); // the cursor stays in the field
    this.popup.addEventListener("click", (event) => {
      const option = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[role=option]"));
      if (option) this.#choose(option);
    });
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }

  /** Take this one of the <select>. @param {string} value */
  take(value) {
    if (!this.choice || !this.field) return;
    this.choice.value = value;
    this.field.value = this.choice.selectedOptions[0]?.text ?? "";
    this.close();
    this.choice.dispatchEvent(new Event("change", { bubbles: true }));
  }

  close() {
    clearTimeout(this.#timer);
    this.#turn += 1;
    if (this.popup) this.popup.hidden = true;
    this.field?.setAttribute("aria-expanded", "false");
    this.#goTo(null);
  }

  /** Words that stand for nothing yet. */
  get #unresolved() {
    return this.choice && !this.choice.value && this.field?.value.trim();
  }

  /** Whether the list for what was typed has not come yet. */
  get #late() {
    return this.#timer !== undefined || this.#asking !== null;
  }

  get #options() {
    return /** @type {HTMLElement[]} */ ([...(this.popup?.querySelectorAll("[role=option]") ?? [])]);
  }

  get #active() {
    return this.popup?.hidden ? null : /** @type {HTMLElement | null} */ (this.popup?.querySelector("[aria-selected=true]"));
  }

  #typed() {
    if (this.choice?.value) {
      this.choice.value = "";
      this.choice.dispatchEvent(new Event("change", { bubbles: true }));
    }
    this.#goTo(null); // it was found for other words
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), TYPING_MS);
  }

  /** Ask what may be meant by what stands in the field, or by nothing, and show it. */
  #look() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const asking = this.#ask(++this.#turn).finally(() => void (this.#asking === asking && (this.#asking = null)));
    this.#asking = asking;
    return asking;
  }

  /** @param {number} turn */
  async #ask(turn) {
    const { field, popup } = this;
    if (!field || !popup) return;
    const meant = this.choice?.value ? "" : field.value; // one that is chosen is changed among all of them
    const text = await this.#answer(meant);
    if (turn !== this.#turn || document.activeElement !== field) return;
    popup.innerHTML = text;
    this.#show(meant);
  }

  /** @param {string} typed */
  async #answer(typed) {
    const asked = new URLSearchParams({ [this.field?.name ?? ""]: typed });
    const answer = await fetch(`${this.dataset.search}?${asked}`, { redirect: "manual" }).catch(() => null);
    return answer?.ok ? answer.text() : "";
  }

  /** @param {string} typed */
  #show(typed) {
    const list = /** @type {HTMLElement | null | undefined} */ (this.popup?.querySelector("[role=listbox]"));
    const options = this.#options;
    if (!list || !this.popup || (!options.length && !list.dataset.said)) return this.close();
    this.popup.hidden = false;
    this.field?.setAttribute("aria-expanded", String(options.length > 0));
    if (this.said) this.said.textContent = list.dataset.said ?? "";
    const chosen = options.find((one) => this.choice?.value && one.dataset.value === this.choice.value);
    const first = this.dataset.first !== undefined && list.dataset.found !== undefined && typed.trim();
    this.popup.scrollIntoView({ block: "nearest" }); // the form may be lower than its list
    this.#goTo(chosen ?? (first ? options[0] ?? null : null));
  }

  /** @param {HTMLElement | null} option */
  #goTo(option) {
    for (const one of this.#options) one.setAttribute("aria-selected", String(one === option));
    if (option) this.field?.setAttribute("aria-activedescendant", option.id);
    else this.field?.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  /** @param {HTMLElement} option */
  #choose(option) {
    if (!this.field) return;
    if (this.choice) return this.take(option.dataset.value ?? "");
    this.field.value = option.dataset.text ?? "";
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
    this.close();
    if (option.dataset.more !== undefined) this.#look();
  }

  /** @param {KeyboardEvent} event */
  async #pressed(event) {
    const { key } = event;
    if (key === "Escape" && this.popup && !this.popup.hidden) {
      event.stopPropagation();
      event.preventDefault();
      return this.close();
    }
    if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      return this.#step(key === "ArrowDown" ? 1 : -1);
    }
    if (key === "Tab" || (key === "Enter" && event.ctrlKey)) return this.#leave(false);
    if (key !== "Enter") return;
    if (this.choice && (!this.choice.value || this.#active)) return this.#enter(event);
    if (this.#active) {
      event.preventDefault();
      this.#choose(this.#active);
    } else if (this.#late || this.#options.length) this.#halt(event);
  }

  /** Enter while a list is there or on its way sends nothing: it goes to the first of the list, which the next one takes. @param {KeyboardEvent} event */
  async #halt(event) {
    if (!this.#late && this.popup?.hidden) return;
    event.preventDefault();
    if (this.#late) await (this.#timer === undefined ? this.#asking : this.#look());
    const first = this.popup?.hidden ? undefined : this.#options[0];
    if (first) this.#goTo(first);
    else this.field?.form?.requestSubmit();
  }

  /** Enter in a field that must be chosen for: what is highlighted, else what is proposed, else the list opens. @param {KeyboardEvent} event */
  async #enter(event) {
    event.preventDefault();
    if (this.#late) await (this.#timer === undefined ? this.#asking : this.#look());
    if (this.#active) return this.#choose(this.#active);
    /** @type {Promise<boolean>[]} */
    const taking = [];
    if (!this.field?.value.trim()) this.dispatchEvent(new CustomEvent("combo:empty", { bubbles: true, detail: taking }));
    if (!(await Promise.all(taking)).some(Boolean)) await this.#look();
  }

  /** @param {number} by */
  async #step(by) {
    if (this.popup?.hidden) return void (await this.#look());
    const options = this.#options;
    const at = options.indexOf(/** @type {HTMLElement} */ (this.#active));
    const to = at < 0 && by < 0 ? options.length - 1 : (at + by + options.length) % options.length;
    this.#goTo(options[to] ?? null);
  }

  /** Leaving by a key takes what was found first for the words, and so does any other way what was found alone. @param {boolean} alone */
  async #leave(alone) {
    const typed = this.field?.value ?? "";
    if (!this.#unresolved || !this.popup) return;
    const late = this.#late;
    if (!late && this.popup.hidden) return; // Escape said that none of them is meant
    clearTimeout(this.#timer);
    this.#timer = undefined;
    /** @type {ParentNode} */
    let found = this.popup;
    if (late) found = new DOMParser().parseFromString(await this.#answer(typed), "text/html");
    const options = /** @type {NodeListOf<HTMLElement>} */ (found.querySelectorAll("[data-found] [role=option]"));
    const meant = alone ? (options.length === 1 ? options[0] : null) : this.#active ?? options[0];
    if (meant && this.#unresolved && this.field?.value === typed) this.#choose(meant);
  }

  #left() {
    void this.#leave(true);
    this.close();
  }
}

customElements.define("combo-box", ComboBox);

/** The combobox of a field. @param {string} id @returns {ComboBox | null} */
export const comboOf = (id) => /** @type {ComboBox | null} */ (document.getElementById(id)?.closest("combo-box") ?? null);

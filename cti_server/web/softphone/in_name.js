// In whose name a number that is typed is called: another city's, while the card of a call for that city is in sight,
// unless the dispatcher takes the mark away; else our own.

export class InName {
  /** @param {HTMLElement} place @param {HTMLElement} form @param {string} words with `%(city)s` in them */
  constructor(place, form, words) {
    this.place = place;
    this.words = words;
    this.of = "";
    this.mark = /** @type {HTMLInputElement} */ (place.querySelector("input"));
    for (const touch of ["focusin", "input"]) form.addEventListener(touch, () => this.draw());
    const who = document.getElementById("who")?.parentElement;
    if (who) new MutationObserver(() => this.draw()).observe(who, { childList: true, subtree: true, attributeFilter: ["data-call", "data-for"] });
  }

  /** The call in whose city's name it is called; empty: in ours. */
  get call() {
    this.draw();
    return this.mark.checked ? this.of : "";
  }

  draw() {
    const who = document.getElementById("who");
    const { call = "", for: city = "" } = (!who?.hidden && who?.dataset) || {};
    const of = city ? call : "";
    if (of === this.of) return;
    this.of = of;
    this.mark.checked = Boolean(of);
    const said = /** @type {HTMLElement} */ (this.place.querySelector("span"));
    said.textContent = of ? this.words.replace("%(city)s", city) : "";
    this.place.hidden = !of;
  }
}

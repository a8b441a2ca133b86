// Numbers that are shown can be called: `<a href="tel:…" data-call="…">`, by a click or by Enter.

/** @typedef {{missed?: string, about?: string}} Why the missed call that is called back; the call in whose city's name it is made */

/** @param {(number: string, why: Why, link: HTMLElement) => void} call */
export function followNumbers(call) {
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element)) return;
    const link = event.target.closest("a[data-call]");
    if (!(link instanceof HTMLElement)) return;
    event.preventDefault();
    const { call: number = "", missed = "", about = "" } = link.dataset;
    call(number, { missed, about }, link);
  });
}

/** The channel by which a page without a phone tells the desk's page, in another window, what it has asked for. */
export function clickedElsewhere() {
  return new BroadcastChannel("hotline.clicked");
}

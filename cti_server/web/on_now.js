// What callers of the whole city are told, on pages that are never left: there the bar is fetched anew.
const EVERY_MS = 20_000;

/** Other pages are turned now and then, and must not keep a session open by asking. */
if (document.getElementById("desk")) {
  setInterval(async () => {
    const answer = await fetch("/on-now").catch(() => null);
    const bar = document.getElementById("on-now");
    if (!answer?.ok || answer.redirected || !bar) return;
    const then = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("on-now");
    if (then && then.innerHTML !== bar.innerHTML) bar.replaceChildren(...then.childNodes); // it is a live region, which says what is new in it
  }, EVERY_MS);
}

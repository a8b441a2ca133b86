// Pages that were opened in this tab, to be looked at again while there is no network. They lie in the tab's own storage:
// gone with the tab, and of no use to whoever opens another in the same browser. An old state is never shown as a new one.

const SEEN = "hotline:seen";
const MOST = 4;
const page = () => location.pathname + location.search;
const root = document.documentElement;

/** By address, the oldest first. @returns {[string, string][]} */
function all() {
  try {
    return JSON.parse(sessionStorage.getItem(SEEN) ?? "[]");
  } catch {
    return []; // nobody of ours wrote it
  }
}

/** Keep the page as the hotline sent it: called before any script changes it. */
export function remember() {
  const others = all().filter(([address]) => address !== page()).slice(1 - MOST);
  for (const pages of [[...others, [page(), root.outerHTML]], []]) {
    try {
      return sessionStorage.setItem(SEEN, JSON.stringify(pages));
    } catch {
      // Too much for the browser: then none is kept.
    }
  }
}

/** Forget them all: somebody leaves. */
export const forgetSeen = () => sessionStorage.removeItem(SEEN);

export const isRestored = () => document.documentElement.dataset.restored !== undefined;

/** Put the page of this address back as it was opened last, with its scripts; false where this tab has not opened it. */
export function restore() {
  const found = all().find(([address]) => address === page())?.[1];
  if (!found) return false;
  const kept = new DOMParser().parseFromString(found, "text/html").documentElement;
  kept.dataset.restored = "";
  kept.querySelector("#air-raid")?.remove(); // it would be that of then
  root.replaceWith(kept);
  for (const old of document.querySelectorAll("script[src]")) {
    const script = document.createElement("script"); // what a parser made without a page never runs
    script.src = /** @type {HTMLScriptElement} */ (old).src;
    script.type = /** @type {HTMLScriptElement} */ (old).type;
    script.async = false;
    old.replaceWith(script);
  }
  return true;
}

/** Say of when this page is. */
export function sayAsOf() {
  const said = document.getElementById("as-of");
  if (!said?.hidden) return;
  said.setAttribute("role", "status"); // before it is shown: only then it is read aloud
  said.hidden = false;
}

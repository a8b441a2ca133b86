// A page with a telephone is not left by the way: what it links to opens in a window beside it, always the same
// one, and leaving the page in a call asks first. A call lives in its page and ends with it.

const BESIDE = "hotline-beside";
const HOMES = new Set(["/desk", "/desk/phone"]);

/** @param {HTMLAnchorElement} link */
function leads(link) {
  if (link.target || link.hasAttribute("download") || link.dataset.call !== undefined) return false;
  if (link.origin !== location.origin || HOMES.has(link.pathname)) return false;
  return link.pathname !== location.pathname || link.search !== location.search;
}

/** @param {{calls: unknown[]}} phone @param {{pending: boolean}} outside */
export function stay(phone, outside) {
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.shiftKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link?.href || !leads(link)) return;
    event.preventDefault();
    window.open(link.href, BESIDE)?.focus();
  });
  addEventListener("beforeunload", (event) => {
    if (phone.calls.length > 0 || outside.pending) event.preventDefault();
  });
}

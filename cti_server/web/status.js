// The first page tells anew how things stand, without a reload that would take the place and the focus away.
const EVERY_MS = 10000;

async function renew() {
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok) return; // what stands there stays until the hotline answers again
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const now of document.querySelectorAll("[data-live]")) {
    const then = page.getElementById(now.id);
    if (then && then.innerHTML !== now.innerHTML) now.replaceWith(then);
  }
}

setInterval(renew, EVERY_MS);

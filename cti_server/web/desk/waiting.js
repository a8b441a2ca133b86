// How many appeals wait for a person: asked for again and again; what is no answer leaves the number as it is.

const AGAIN_AFTER_MS = 15_000;

async function ask() {
  const answer = await fetch("/todo/count", { redirect: "manual" }).catch(() => undefined);
  const here = document.getElementById("todo-count");
  if (!answer?.ok || !here) return;
  const text = await answer.text();
  if (document.activeElement !== here) here.outerHTML = text;
}

/** Keep the number up to date. */
export function keepCount() {
  ask();
  setInterval(ask, AGAIN_AFTER_MS);
}

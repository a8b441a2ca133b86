// What the desk's parts say to the hotline.

export const desk = /** @type {HTMLElement} */ (document.getElementById("desk"));

/**
 * POST to the hotline; the answer says what has changed on the page.
 * @param {string} address
 * @param {Record<string, string> | URLSearchParams} fields
 * @param {number} [withinMs] an answer that comes later is none
 */
export async function post(address, fields, withinMs) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "X-CSRF-Token": desk.dataset.csrf ?? "", Accept: "text/html" },
    body: new URLSearchParams(fields),
    redirect: "manual",
    ...(withinMs && { signal: AbortSignal.timeout(withinMs) }),
  });
  if (answer.type === "opaqueredirect") location.reload(); // the session is over: sign in and come back
  return answer;
}

/**
 * Say why something was not done; an answer that is well takes the words away.
 * @param {Response} answer
 */
export async function explain(answer) {
  const refused = /** @type {HTMLElement} */ (document.getElementById("desk-refused"));
  refused.hidden = answer.ok;
  if (answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  refused.textContent = page.querySelector("h1")?.textContent ?? answer.statusText;
}

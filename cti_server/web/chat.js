// The resident's chat: what is sent and what is new is shown without leaving the page, which works without it too.

/** Shows the page that the server has made, and keeps what is being typed and chosen. @param {string} text */
function show(text) {
  const made = new DOMParser().parseFromString(text, "text/html").getElementById("chat");
  const chat = document.getElementById("chat");
  if (!made || !chat) throw new Error("the answer is no page of a chat");
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById("text"));
  const photo = /** @type {HTMLInputElement | null} */ (document.getElementById("photo"));
  const typed = field?.value ?? "";
  const writing = document.activeElement === field;
  chat.replaceWith(made);
  const next = /** @type {HTMLInputElement | null} */ (document.getElementById("text"));
  if (next && !next.value) next.value = typed;
  if (writing) next?.focus();
  if (photo) document.getElementById("photo")?.replaceWith(photo); // its window for choosing may be open
  document.getElementById("last")?.scrollIntoView({ block: "nearest" });
  listen(); // no more, once it is over
}

/** How many answers to what was sent are shown: a page that was asked for before the last of them is older. */
let sent = 0;

async function renew() {
  const before = sent;
  try {
    const answer = await fetch("/chat");
    const text = await answer.text();
    if (sent !== before) await renew();
    else if (answer.ok) show(text);
  } catch {
    // Without a network, or the service, the stream begins anew by itself, and tells then.
  }
}

document.addEventListener("submit", async (event) => {
  const form = /** @type {HTMLFormElement} */ (event.target);
  if (!form.closest("#chat")) return;
  event.preventDefault();
  const field = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("text"));
  const typed = new FormData(form, event.submitter);
  if (field) field.value = "";
  const photo = /** @type {HTMLInputElement | null} */ (form.elements.namedItem("file"));
  if (photo) photo.value = "";
  try {
    const body = photo ? typed : new URLSearchParams(/** @type {any} */ (typed));
    const answer = await fetch(form.action, { method: "POST", body });
    const text = await answer.text();
    sent += 1;
    show(text);
  } catch {
    if (field) field.value = String(typed.get("text") ?? ""); // nothing that was typed is lost
  }
});

/** @type {EventSource | null} */
let news = null;

function listen() {
  const path = document.getElementById("chat")?.dataset.news;
  if (!path) {
    news?.close();
    news = null;
  } else if (!news) {
    news = new EventSource(path);
    news.addEventListener("lines", renew);
    news.addEventListener("open", renew); // what came while there was no connection
  }
}

listen();

// Offers addresses of the register while one types on the public pages, which work without it as well.
const AFTER_MS = 200;
const SHORTEST = 2;

/** @param {HTMLInputElement} field */
function offer(field) {
  const list = document.createElement("datalist");
  list.id = `${field.id}-offered`;
  field.after(list);
  field.setAttribute("list", list.id);
  field.autocomplete = "off"; // else the browser's own addresses cover ours
  let asked = "";
  let timer = 0;

  async function ask() {
    const typed = field.value.trim();
    if (typed === asked || typed.length < SHORTEST) return;
    asked = typed;
    try {
      const answer = await fetch(`${field.dataset.offered}?${new URLSearchParams({ address: typed })}`);
      if (!answer.ok || typed !== asked) return;
      const texts = /** @type {string[]} */ (await answer.json());
      list.replaceChildren(...texts.map((text) => new Option(text, text)));
    } catch {
      // Without a network nothing is offered; what is typed is looked up by the server.
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, AFTER_MS);
  });
}

for (const field of document.querySelectorAll("input[data-offered]")) offer(/** @type {HTMLInputElement} */ (field));

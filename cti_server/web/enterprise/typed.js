// What is typed outlives the page: a telephone that opens its camera may throw the page away.

const PREFIX = "typed:";

/** @param {HTMLFormElement} form */
const fields = (form) => /** @type {(HTMLTextAreaElement | HTMLInputElement)[]} */ ([...form.querySelectorAll("textarea, input[data-date]")]);

/** @param {HTMLFormElement} form @param {string} name */
const key = (form, name) => `${PREFIX}${form.dataset.typed}:${name}`;

/** @param {HTMLFormElement} form */
function bringBack(form) {
  for (const field of fields(form)) {
    const kept = sessionStorage.getItem(key(form, field.name));
    if (!kept || field.value) continue;
    field.value = kept;
    field.closest("details")?.setAttribute("open", "");
  }
}

export function keepWhatIsTyped() {
  const done = document.querySelector("[data-done]");
  if (done instanceof HTMLElement) {
    for (const name of Object.keys(sessionStorage)) {
      if (name.startsWith(`${PREFIX}${done.dataset.done}:`)) sessionStorage.removeItem(name);
    }
  }
  for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("form[data-typed]"))) {
    bringBack(form);
    form.addEventListener("input", (event) => {
      const field = event.target;
      if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) || !fields(form).includes(field)) return;
      if (field.value) sessionStorage.setItem(key(form, field.name), field.value);
      else sessionStorage.removeItem(key(form, field.name));
    });
  }
  for (const form of document.querySelectorAll("form[action='/sign-out']")) {
    form.addEventListener("submit", () => sessionStorage.clear());
  }
}

// How many characters a field with a limit has: <textarea data-counted="ID" data-most="134">, and beside it an element
// of that id whose data-of is such as "{typed} of {most} characters". Nothing is cut off: who pastes too much shortens it.

/** @param {EventTarget | null} field */
function count(field) {
  if (!(field instanceof HTMLTextAreaElement) || !field.dataset.counted) return;
  const shown = document.getElementById(field.dataset.counted);
  if (!shown) return;
  const most = Number(field.dataset.most);
  const words = shown.dataset.of ?? "";
  shown.textContent = words.replace("{typed}", String(field.value.length)).replace("{most}", String(most));
  shown.classList.toggle("too-long", field.value.length > most);
}

document.addEventListener("input", ({ target }) => count(target));
for (const field of document.querySelectorAll("textarea[data-counted]")) count(field);

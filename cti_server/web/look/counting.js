// How many characters a field with a limit has: <textarea maxlength="134" data-counted="ID">, and beside it an
// element of that id whose data-of is such as "{typed} of {most} characters".

/** @param {EventTarget | null} field */
function count(field) {
  if (!(field instanceof HTMLTextAreaElement) || !field.dataset.counted) return;
  const shown = document.getElementById(field.dataset.counted);
  if (!shown) return;
  const words = shown.dataset.of ?? "";
  shown.textContent = words.replace("{typed}", String(field.value.length)).replace("{most}", String(field.maxLength));
}

document.addEventListener("input", ({ target }) => count(target));
for (const field of document.querySelectorAll("textarea[data-counted]")) count(field);

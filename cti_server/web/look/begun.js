// Whether somebody has begun to fill a form in: it differs from how it came.

/** @param {HTMLSelectElement} list */
function chosen(list) {
  const came = [...list.options].findIndex((one) => one.defaultSelected);
  return list.selectedIndex !== Math.max(came, 0);
}

/** What is typed to find an entry of a list is judged by the list. @param {HTMLInputElement} field */
const searches = (field) => Boolean(field.closest("combo-box")?.querySelector("select"));

/** @param {HTMLFormElement} form */
export function begun(form) {
  return [...form.elements].some((one) => {
    if (one instanceof HTMLSelectElement) return chosen(one);
    if (one instanceof HTMLTextAreaElement) return one.value !== one.defaultValue;
    if (!(one instanceof HTMLInputElement) || searches(one)) return false;
    return ["checkbox", "radio"].includes(one.type) ? one.checked !== one.defaultChecked : one.value !== one.defaultValue;
  });
}

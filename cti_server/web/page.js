// What every page does in the browser: htmx, the menu on a narrow screen, the switch of light and dark.
import "htmx.org";

const root = document.documentElement;

/** Choose a theme without leaving the page: a call may be going on in it. */
function chooseTheme(form, event) {
  const theme = event.submitter?.value;
  if (!theme) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  fetch(form.action, { method: "POST", body, redirect: "manual" });
  root.dataset.theme = theme;
  root.dispatchEvent(new Event("hotline:theme"));
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
}

for (const form of document.querySelectorAll("form[data-theme-switch]")) {
  form.addEventListener("submit", (event) => chooseTheme(form, event));
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const source = document.getElementById(button.dataset.copy);
    navigator.clipboard.writeText(source.textContent.trim());
  });
}

// The first field that was filled in wrongly is where the person goes on.
document.querySelector("[aria-invalid=true]")?.focus();

// The question before an act: a dialog that the server sent (cti_server/frame/asking.html.jinja2) is opened once
// it stands on the page. Esc and "Not now" close it; the keyboard is then where it was.
document.addEventListener("htmx:after:swap", () => {
  const asked = document.querySelector("dialog.asking:not([open])");
  if (asked instanceof HTMLDialogElement && !asked.dataset.asked) {
    asked.dataset.asked = "";
    asked.showModal();
  }
});

// A form whose sending takes a while says so (<form data-busy="Being spoken…">), and is not sent a second time.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset.busy) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    return;
  }
  form.setAttribute("aria-busy", "true");
  const said = document.createElement("p");
  said.className = "busy-said";
  said.setAttribute("role", "status");
  form.append(said);
  said.textContent = form.dataset.busy; // put in after it stands there: only then it is read aloud
});

// Whoever comes back finds the form as it was before it was sent.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy]")) {
    form.removeAttribute("aria-busy");
    form.querySelector(".busy-said")?.remove();
  }
});

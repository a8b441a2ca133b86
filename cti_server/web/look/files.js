// What was chosen stands beside our own button for files.
document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.type !== "file") return;
  const name = target.closest(".file")?.querySelector(".file-name");
  if (!(name instanceof HTMLElement)) return;
  name.textContent = [...(target.files ?? [])].map((one) => one.name).join(", ") || (name.dataset.none ?? "");
});

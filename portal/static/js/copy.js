// Copies the text of another element and says so; buttons that come later are shown by who brings them.
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.getElementById(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent);
  const words = button.querySelector("span");
  button.dataset.before ??= words.textContent;
  words.textContent = button.dataset.done;
  setTimeout(() => {
    words.textContent = button.dataset.before;
  }, 2000);
});

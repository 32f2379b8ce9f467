// Says how many characters are left under a field with a limit.
function count(field) {
  const words = document.querySelector(`[data-counter="${field.id}"]`);
  const left = Number(field.dataset.limit) - field.value.length;
  words.textContent = (left < 0 ? words.dataset.overWords : words.dataset.left).replace("{n}", Math.abs(left));
  words.toggleAttribute("data-over", left < 0);
}

for (const field of document.querySelectorAll("[data-limit]")) count(field);
document.addEventListener("input", (event) => {
  if (event.target.dataset?.limit) count(event.target);
});

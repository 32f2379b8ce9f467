// The error summary takes the focus, so that it is the first thing heard; its links focus the field, not only scroll to it.
document.querySelector("[data-takes-focus]")?.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest('.p-summary a[href^="#"]');
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  history.replaceState(null, "", link.hash);
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
});

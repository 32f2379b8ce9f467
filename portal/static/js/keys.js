// Single keys for a reviewer: inside [data-keys], an element with data-press="a" is pressed by that key, j and k go from
// one [data-stop] to the next. Never while something is typed, and [data-keys-switch] turns them off for good.
const desk = document.querySelector("[data-keys]");
const choice = document.querySelector("[data-keys-switch]");
const typing = (element) => element.closest("input:not([type=radio], [type=checkbox]), textarea, select");

function step(by) {
  const stops = [...desk.querySelectorAll("[data-stop]")];
  const at = stops.indexOf(document.activeElement.closest("[data-stop]"));
  const next = stops[Math.min(Math.max(at + by, 0), stops.length - 1)];
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "start" });
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !choice?.checked) return;
  if (event.key === "j" || event.key === "k") return step(event.key === "j" ? 1 : -1);
  const here = document.activeElement.closest("[data-stop]") ?? desk;
  const pressed = `[data-press="${CSS.escape(event.key)}"]`;
  const target = here.querySelector(pressed) ?? desk.querySelector(`${pressed}:not([data-stop] *)`);
  if (!target) return;
  event.preventDefault();
  target.focus();
  target.click();
}

if (desk && choice) {
  choice.checked = localStorage.getItem("keys") !== "off";
  choice.addEventListener("change", () => localStorage.setItem("keys", choice.checked ? "on" : "off"));
  document.addEventListener("keydown", press);
}

// Keeps the page of a run up to date while it goes on: asks with the version that is shown, redraws only the steps that changed,
// so that what was opened stays open, and stops when the run is over.
const FIRST = 700;
const SLOWEST = 8000;

const part = document.querySelector("[data-run]");
let shown = part ? sources(part) : [];
let pause = FIRST;

function sources(of) {
  return [...of.querySelectorAll(".p-steps > .p-step")].map((step) => step.className + step.textContent);
}

async function news() {
  const url = new URL(part.dataset.run, location.href);
  url.searchParams.set("version", part.dataset.version);
  const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
  if (answer.redirected || answer.status !== 200) return null;
  const box = document.createElement("template");
  box.innerHTML = await answer.text();
  return box.content.querySelector("[data-run]");
}

function redraw(fresh) {
  const list = part.querySelector(".p-steps");
  const steps = [...fresh.querySelectorAll(".p-steps > .p-step")];
  const next = sources(fresh);
  steps.forEach((step, n) => {
    if (next[n] === shown[n]) return;
    for (const button of step.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
    if (list.children[n]) list.children[n].replaceWith(step);
    else list.append(step);
  });
  while (list.children.length > steps.length) list.lastElementChild.remove();
  shown = next;
  swap(fresh, ".p-run-state > *");
  swap(fresh, "[data-run-turn]");
  swap(fresh, "aside");
  swap(fresh, "[data-run-actions]");
  part.dataset.version = fresh.dataset.version;
  part.dataset.over = fresh.dataset.over;
  settle();
}

// The region that is read out stays where it is; only what it says is exchanged.
function swap(fresh, what) {
  const before = part.querySelector(what);
  const after = fresh.querySelector(what);
  if (before && after && before.outerHTML !== after.outerHTML) before.replaceWith(after);
  else if (before && !after) before.remove();
}

function settle() {
  part.querySelector("[data-refresh]")?.remove();
}

async function ask() {
  if (part.dataset.over) return;
  if (!document.hidden) {
    const fresh = await news().catch(() => null);
    if (fresh) redraw(fresh);
    pause = fresh ? FIRST : Math.min(pause * 1.2, SLOWEST);
  }
  setTimeout(ask, pause);
}

if (part && !part.dataset.over) {
  settle();
  setTimeout(ask, FIRST);
  document.addEventListener("visibilitychange", () => {
    pause = FIRST;
  });
}

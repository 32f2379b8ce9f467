// Keeps what was typed into a form with data-keep="<key>" in this browser until the server has taken it, so that
// a lost session loses no words. After signing in again it is put back, with a notice above the form.
const ALL = "kept:";
const MINE = `${ALL}${document.body.dataset.who}:`;
const NEVER = ["password", "file", "hidden", "submit", "button"];
const WEEK = 7 * 24 * 60 * 60 * 1000;

const ticked = (field) => field.type === "radio" || field.type === "checkbox";
const fields = (form) => [...form.elements].filter((field) => field.name && !NEVER.includes(field.type));
const typed = (field) => (ticked(field) ? field.checked : field.value.trim());
const place = (field) => `${field.name}=${ticked(field) ? field.value : ""}`;
const state = (form) => Object.fromEntries(fields(form).map((field) => [place(field), typed(field)]));
const read = (key) => JSON.parse(localStorage.getItem(key) ?? "null");
const write = (key, kept) => localStorage.setItem(key, JSON.stringify(kept));
const forget = (form) => localStorage.removeItem(MINE + form.dataset.keep);

// What was sent is forgotten when the server redirected to this page, as it does after each change, or says on it that it
// was taken (data-taken); it is kept when the server refused, was not reached, or did not know the person.
function settle() {
  const { type, redirectCount } = performance.getEntriesByType("navigation")[0] ?? {};
  const led = type === "navigate" && redirectCount > 0 && !document.querySelector("[data-unsent]");
  const taken = document.body.dataset.who && (led || document.querySelector("[data-taken]"));
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(ALL))) {
    const kept = read(key);
    if ((kept.sent && taken) || Date.now() - kept.at > WEEK) localStorage.removeItem(key);
    else write(key, { ...kept, sent: false });
  }
}

function fill(form, kept) {
  for (const field of fields(form)) {
    const value = kept[place(field)];
    if (value === undefined || value === typed(field)) continue;
    if (ticked(field)) field.checked = value;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

function notice(form, before) {
  const box = document.getElementById("kept-words").content.firstElementChild.cloneNode(true);
  box.querySelector("button").addEventListener("click", () => {
    fill(form, before);
    forget(form);
    box.remove();
  });
  form.prepend(box);
}

function restore(form) {
  const kept = read(MINE + form.dataset.keep);
  if (!kept) return;
  const before = state(form);
  const different = Object.entries(kept.state).some(([name, value]) => name in before && before[name] !== value);
  if (!different) return forget(form);
  fill(form, kept.state);
  notice(form, before);
}

settle();
for (const form of document.querySelectorAll("form[data-keep]")) {
  const keep = (sent) => write(MINE + form.dataset.keep, { at: Date.now(), sent, state: state(form) });
  restore(form);
  form.addEventListener("input", () => keep(false));
  form.addEventListener("submit", () => keep(true));
  let sent = "";
  form.addEventListener("htmx:beforeRequest", () => {
    sent = JSON.stringify(state(form));
  });
  form.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.successful && sent === JSON.stringify(state(form))) forget(form);
  });
}

document.querySelector("form[data-forget]")?.addEventListener("submit", () => {
  for (const key of Object.keys(localStorage).filter((name) => name.startsWith(MINE))) localStorage.removeItem(key);
});

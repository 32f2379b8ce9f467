// Says whether what is typed is safe. A form with data-autosave="<id of its status>" posts itself through htmx;
// the answer replaces the status. While something is unsaved, leaving the page asks first.
const unsaved = new Set();

function say(form, words, state) {
  const status = document.getElementById(form.dataset.autosave);
  if (!status) return;
  status.dataset.state = state;
  status.textContent = status.dataset[words];
}

document.addEventListener("input", ({ target }) => {
  const form = target.form?.closest("form[data-autosave], form[data-guard]");
  if (form && target.type !== "file") unsaved.add(form);
});

document.addEventListener("submit", ({ target }) => unsaved.delete(target));

const saves = (element) => element.matches("form[data-autosave]") && element;

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const form = saves(detail.elt);
  if (!form) return;
  unsaved.delete(form);
  say(form, "saving", "saving");
});

document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = saves(detail.elt);
  if (!form || detail.successful || detail.xhr.status === 409 || detail.xhr.status === 422) return;
  unsaved.add(form);
  say(form, detail.xhr.status === 401 ? "ended" : "failed", "failed");
});

addEventListener("beforeunload", (event) => {
  if (unsaved.size) event.preventDefault();
});

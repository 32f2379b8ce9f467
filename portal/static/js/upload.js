// Dropping, pasting and choosing files: each travels alone, with its own progress and its own error.
function row(list, file) {
  const item = document.createElement("li");
  item.className = "p-file";
  item.innerHTML =
    '<span class="p-file-body"><span class="p-file-name"></span><span class="p-file-state"></span><progress max="100"></progress></span>';
  item.querySelector(".p-file-name").textContent = file.name;
  list.append(item);
  return item;
}

// The server answers with the finished <li>, or with the reason as plain text.
const plain = (request) => request.getResponseHeader("Content-Type")?.startsWith("text/plain") && request.responseText;

function send(drop, file) {
  const item = row(drop.querySelector("[data-drop-list]"), file);
  const input = drop.querySelector("[type=file]");
  const body = new FormData();
  body.append("csrf_token", input.form.elements.csrf_token.value);
  body.append(input.name, file, file.name);
  const request = new XMLHttpRequest();
  const tell = (words) => {
    item.querySelector(".p-file-state").textContent = words;
  };
  return new Promise((done) => {
    request.upload.addEventListener("progress", (event) => {
      const percent = Math.round((100 * event.loaded) / event.total);
      item.querySelector("progress").value = percent;
      tell(drop.dataset.waiting.replace("{percent}", percent));
    });
    request.addEventListener("loadend", () => {
      const good = request.status >= 200 && request.status < 300;
      item.querySelector("progress").remove();
      item.classList.add(good ? "p-tone-success" : "p-tone-danger");
      tell(good ? drop.dataset.done : plain(request) || drop.dataset.failed);
      if (good && request.responseText.startsWith("<li")) item.outerHTML = request.responseText;
      window.htmx?.process(drop);
      done(good);
    });
    request.open("POST", drop.dataset.drop);
    request.setRequestHeader("X-Requested-With", "fetch");
    request.send(body);
  });
}

// One after the other: a slow line is not shared, and the server decodes few pictures at once.
async function sendAll(drop, files) {
  let good = true;
  for (const file of files) good = (await send(drop, file)) && good;
  drop.querySelector("[type=file]").value = "";
  drop.dispatchEvent(new CustomEvent("uploaded", { bubbles: true, detail: { good } }));
}

function prepare(drop) {
  const slot = drop.closest(".p-slot") ?? drop;
  drop.querySelector("button[formaction]").hidden = true;
  drop.querySelector(".p-hint").append(` ${drop.dataset.dropHint}`);
  drop.addEventListener("change", (event) => sendAll(drop, event.target.files));
  for (const name of ["dragover", "dragleave", "drop"])
    slot.addEventListener(name, (event) => {
      event.preventDefault();
      slot.classList.toggle("p-slot-over", name === "dragover");
      if (name === "drop") sendAll(drop, event.dataTransfer.files);
    });
}

const drops = [...document.querySelectorAll("[data-drop]")];
drops.forEach(prepare);

// A pasted picture goes to the slot that has the focus or lies under the pointer.
document.addEventListener("paste", ({ clipboardData }) => {
  const target = drops.find((drop) => (drop.closest(".p-slot, .p-card") ?? drop).matches(":focus-within, :hover"));
  if (target && clipboardData.files.length) sendAll(target, clipboardData.files);
});

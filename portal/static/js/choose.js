// Hides a question early while the answer it depends on is another; the server decides again when the form is sent.
const value = (name) => {
  const controls = [...document.getElementsByName(name)];
  return controls.filter((c) => (c.type === "radio" || c.type === "checkbox" ? c.checked : true)).map((c) => c.value);
};

function settle() {
  for (const part of document.querySelectorAll("[data-when]")) {
    const wanted = JSON.parse(part.dataset.whenValues);
    part.hidden = !value(part.dataset.when).some((one) => wanted.includes(one));
  }
}

if (document.querySelector("[data-when]")) {
  settle();
  document.addEventListener("change", settle);
}

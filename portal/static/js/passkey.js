// Asks the browser for a passkey and posts its answer: as soon as the page is there, and again on the button.
const toBytes = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
};
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const asked = (options) => {
  const listed = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));
  const question = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) question.user = { ...options.user, id: toBytes(options.user.id) };
  if (options.allowCredentials) question.allowCredentials = listed(options.allowCredentials);
  if (options.excludeCredentials) question.excludeCredentials = listed(options.excludeCredentials);
  return { publicKey: question };
};

const answered = (credential) => {
  const { response } = credential;
  const answer = { clientDataJSON: toText(response.clientDataJSON) };
  if (response.attestationObject) {
    answer.attestationObject = toText(response.attestationObject);
    answer.transports = response.getTransports?.() ?? [];
  } else {
    answer.authenticatorData = toText(response.authenticatorData);
    answer.signature = toText(response.signature);
    answer.userHandle = response.userHandle ? toText(response.userHandle) : null;
  }
  return JSON.stringify({
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response: answer,
    extensions: JSON.stringify(credential.getClientExtensionResults()),
  });
};

const ask = async (form) => {
  const problem = form.querySelector("[data-passkey-problem]");
  problem.textContent = "";
  try {
    const options = asked(JSON.parse(form.dataset.options));
    const credential = await navigator.credentials[form.dataset.passkey](options);
    form.elements.credential.value = answered(credential);
    form.submit();
  } catch (error) {
    problem.textContent = error.name === "InvalidStateError" ? form.dataset.known : form.dataset.failed;
  }
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask(form);
  });
  ask(form);
}

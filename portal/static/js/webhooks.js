// The webhook log as it happens: new rows on top, said aloud politely; on a wide screen details stand beside the list.
const PAUSE = 1500;
const SLOWEST = 30000;
const MOST = 200;
const log = document.getElementById("log");
const said = document.getElementById("said");
const live = document.getElementById("live");
const beside = document.getElementById("beside");
const wide = matchMedia("(min-width: 1280px)");
const FETCH = { "X-Requested-With": "fetch" };
let version = log?.dataset.version;
let pause = PAUSE;

const say = (words) => {
  if (said) said.textContent = words;
};
const row = (key) => log.querySelector(`tr[data-key="${CSS.escape(key)}"]`);

// More came at once than a page holds: the list begins anew, so that none is missing in its middle.
function beginAnew(older) {
  const link = document.querySelector('.p-pager a[rel="next"]');
  if (!link || !older) location.reload();
  else link.href = older;
  log.replaceChildren();
}

// Rows that are there stay, with the focus and the tick that they may have; only what was not read yet is drawn anew.
function merge(html, older) {
  const fresh = document.createElement("template");
  fresh.innerHTML = `<table><tbody>${html}</tbody></table>`;
  const rows = [...fresh.content.querySelectorAll("tr")].reverse();
  let count = 0;
  if (!rows.some((next) => row(next.dataset.key))) beginAnew(older);
  for (const next of rows) {
    const known = row(next.dataset.key);
    if (!known) {
      next.dataset.new = "";
      log.prepend(next);
      count += 1;
    } else if ("unsettled" in known.dataset) {
      const picked = known.querySelector("input")?.checked;
      if (picked) next.querySelector("input").checked = true;
      if (!known.contains(document.activeElement)) known.replaceWith(next);
    }
  }
  while (log.rows.length > MOST) log.deleteRow(-1);
  if (count) say(count === 1 ? said.dataset.one : said.dataset.many.replace("%s", count));
}

async function ask() {
  const answer = await fetch(log.dataset.news, { headers: { ...FETCH, "If-None-Match": `"${version}"` }, cache: "no-store" });
  if (answer.status === 401) {
    say(said?.dataset.ended ?? "");
    return false;
  }
  pause = answer.ok || answer.status === 304 ? PAUSE : Math.min(pause * 2, SLOWEST);
  if (answer.status !== 200) return true;
  const html = await answer.text();
  version = answer.headers.get("ETag").replaceAll('"', "");
  if (!("empty" in log.dataset)) merge(html, answer.headers.get("Portal-Older"));
  else if (html.includes("<tr")) location.reload();
  return true;
}

const on = () => !live || live.getAttribute("aria-pressed") === "true";

async function watch() {
  let more = true;
  if (!document.hidden && on()) {
    more = await ask().catch(() => {
      pause = Math.min(pause * 2, SLOWEST);
      return true;
    });
  }
  if (more) setTimeout(watch, pause);
}

if (live) {
  live.hidden = false;
  live.addEventListener("click", () => live.setAttribute("aria-pressed", String(!on())));
}
if (log?.dataset.news) setTimeout(watch, PAUSE);

async function show(link) {
  const url = new URL(link.href);
  url.searchParams.set("panel", "");
  const answer = await fetch(url, { headers: FETCH });
  if (!answer.ok) {
    location.href = link.href;
    return;
  }
  beside.innerHTML = await answer.text();
  beside.hidden = false;
  for (const marked of log.querySelectorAll("tr[aria-current]")) marked.removeAttribute("aria-current");
  link.closest("tr").setAttribute("aria-current", "true");
  say(said.dataset.beside);
}

log?.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-beside]");
  if (!link || !wide.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  show(link).catch(() => {
    location.href = link.href;
  });
});

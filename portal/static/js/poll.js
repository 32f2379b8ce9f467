// Keeps a feed up to date: asks for what came after the newest entry, less often while nothing happens, never in a hidden tab.
const FIRST = 4000;
const SLOWEST = 60000;

function watch(list) {
  let pause = FIRST;
  const ask = async () => {
    if (!document.hidden) {
      const fresh = await news(list).catch(() => "");
      if (fresh) list.insertAdjacentHTML("afterbegin", fresh);
      pause = fresh ? FIRST : Math.min(pause * 1.5, SLOWEST);
    }
    setTimeout(ask, pause);
  };
  setTimeout(ask, pause);
  document.addEventListener("visibilitychange", () => {
    pause = FIRST;
  });
}

async function news(list) {
  const url = new URL(list.dataset.poll, location.href);
  url.searchParams.set("after", list.querySelector("[data-key]")?.dataset.key ?? "");
  const answer = await fetch(url, { headers: { "X-Requested-With": "fetch" } });
  return answer.status === 200 ? answer.text() : "";
}

document.querySelectorAll("[data-poll]").forEach(watch);

// What was on the screen for a second counts as read.
const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    clearTimeout(target.timer);
    if (isIntersecting) target.timer = setTimeout(() => read(target), 1000);
  }
});

function read(form) {
  seen.unobserve(form);
  form.hidden = true;
  fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" } }).catch(() => {});
}

document.querySelectorAll("form[data-seen]").forEach((form) => {
  seen.observe(form);
});

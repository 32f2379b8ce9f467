// Of the languages on the page one is shown: the one that was asked for, or chosen here before. Without a script all are.
const KEPT = "portal-language";
const panels = [...document.querySelectorAll("[data-language]")];
const links = [...document.querySelectorAll("[data-languages] a")];

function show(key) {
  for (const panel of panels) panel.hidden = panel.id !== key;
  for (const link of links) {
    if (link.hash === `#${key}`) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function remembered() {
  try {
    return localStorage.getItem(KEPT);
  } catch {
    return null; // the browser keeps nothing for this site
  }
}

function remember(key) {
  try {
    localStorage.setItem(KEPT, key);
  } catch {
    // then it is chosen again the next time
  }
}

for (const link of links) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const key = link.hash.slice(1);
    history.replaceState(null, "", link.hash);
    remember(key);
    show(key);
  });
}

const known = (key) => panels.some((panel) => panel.id === key);
const asked = location.hash.slice(1).split("-")[0];
show([asked, remembered()].find(known) ?? panels[0].id);
if (location.hash && known(asked)) document.getElementById(location.hash.slice(1))?.scrollIntoView();

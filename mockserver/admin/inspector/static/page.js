/** Event handlers of the inspector: clicks, keys and forms. */

import { copy } from "./notice.js";
import { filter, follow } from "./journal.js";
import { submit } from "./forms.js";
import { render } from "./thread.js";
import { mockUrl, keepKey, refresh, remember, visit } from "./visit.js";

const WAIT_FOR_TYPING = 300;
const ACTIVITY_REFRESH = 2000;
const WORLDS_REFRESH = 5000;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.path) {
    event.preventDefault();
    submit(form, event.submitter);
  } else if ("visit" in form.dataset) {
    event.preventDefault();
    visit(addressOf(form)).then(follow);
  } else if (form.id === "key-form") {
    event.preventDefault();
    keepKey(form.elements.key.value);
    visit(location.href, { push: false }).then(follow);
  } else if (form.id === "journal-filter") {
    event.preventDefault();
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
  const link = event.target.closest("a[href]");
  const elsewhere = event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0;
  if (!link || elsewhere || !isHere(link)) return;
  event.preventDefault();
  visit(link.href).then(follow);
});

document.addEventListener("change", (event) => {
  if ("go" in event.target.dataset) event.target.form.requestSubmit();
});

let typing = 0;
document.addEventListener("input", (event) => {
  if (event.target.form?.id === "journal-filter") {
    filter();
    return;
  }
  if (event.target.type !== "search") return;
  clearTimeout(typing);
  const { form } = event.target;
  typing = setTimeout(() => visit(addressOf(form), { push: false }), WAIT_FOR_TYPING);
});

document.addEventListener("keydown", (event) => {
  if (event.target.matches(".subject") && ["ArrowDown", "ArrowUp"].includes(event.key)) {
    event.preventDefault();
    const subjects = [...document.querySelectorAll(".subject")];
    const step = event.key === "ArrowDown" ? 1 : -1;
    subjects[subjects.indexOf(event.target) + step]?.focus();
  }
  const typed = event.target.matches("input, textarea, select");
  if (event.key === "/" && !typed) {
    event.preventDefault();
    document.querySelector("#content input[type=search]")?.focus();
  }
  const back = document.getElementById("back");
  if (event.key === "Escape" && back && !typed) back.click();
});

document.addEventListener("toggle", (event) => {
  if (event.target.matches("details.html") && event.target.open) render(event.target);
}, true);

window.addEventListener("popstate", () => visit(location.href, { push: false }).then(follow));
window.addEventListener("focus", refresh);
window.addEventListener("moved", refresh);

setInterval(() => {
  const activity = Number(document.getElementById("state")?.dataset.activity);
  if (activity && !document.hidden) refresh();
}, ACTIVITY_REFRESH);

// Worlds that tests open appear without an event of the world on the page.
setInterval(() => document.hidden || refresh(), WORLDS_REFRESH);

setInterval(() => {
  const clock = document.getElementById("clock");
  if (!clock?.dataset.runs) return;
  const now = new Date(new Date(clock.dateTime).getTime() + 1000);
  clock.dateTime = now.toISOString();
  const day = { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" };
  const time = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" };
  clock.textContent = `${now.toLocaleDateString("en-GB", day)}, ${now.toLocaleTimeString("en-GB", time)}`;
}, 1000);

/** Return the URL of a filter form, without empty fields. */
function addressOf(form) {
  const given = [...new FormData(form)].filter(([, value]) => value !== "");
  return `${mockUrl("/")}?${new URLSearchParams(given)}`;
}

function isHere(link) {
  return link.origin === location.origin && link.pathname === mockUrl("/") && !link.getAttribute("href").startsWith("#");
}

if (document.body.dataset.refused === "401" && keepKey()) {
  visit(location.href, { push: false }).then(follow);
} else if (!document.body.dataset.refused) {
  remember();
  follow();
}

/** Live updates of the journal: server-sent events, or polling if those are not available. */

import { card } from "./exchange.js";
import { mockUrl, keepKey, refresh, withKey } from "./visit.js";

const SHOWN = 100;
const POLL = 2000;
const PAUSE = 800;

let watched = null;
let filled = null;
let newest = 0;
let stream = null;
let timer = 0;
let stale = 0;

/** Start live updates for the world on the page, unless they run already or the tab is hidden. */
export async function follow() {
  const list = document.getElementById("exchanges");
  if (!list || list === watched || document.hidden) return;
  stop();
  if (list !== filled) newest = 0;
  filled = watched = list;
  await load(list);
  if (list === watched) listen(list);
}

/** Clear the list after the journal was cleared. */
export function clear() {
  watched?.replaceChildren();
  document.getElementById("journal-empty").hidden = false;
}

function stop() {
  stream?.close();
  clearInterval(timer);
  watched = null;
}

function address(path, values) {
  return `${mockUrl("/_mock/journal")}${path}?${new URLSearchParams({ world: watched.dataset.world, ...values })}`;
}

async function load(list) {
  const reply = await fetch(address("", { after: newest, limit: SHOWN }), { headers: withKey() }).catch(() => null);
  if (!reply?.ok || list !== watched) return show("away");
  const { exchanges } = await reply.json();
  exchanges.forEach(add);
  return show("polling");
}

/** EventSource cannot send headers, and so no admin token. */
function listen(list) {
  if (keepKey()) return poll(list);
  stream = new EventSource(address("/stream", { after: newest }));
  stream.addEventListener("open", () => show("live"));
  stream.addEventListener("message", ({ data }) => list === watched && add(JSON.parse(data)));
  stream.addEventListener("error", ({ target }) => {
    if (target.readyState === EventSource.CLOSED && target === stream) poll(list);
  });
  return undefined;
}

function poll(list) {
  clearInterval(timer);
  timer = setInterval(() => !document.hidden && load(list), POLL);
}

/** Show the exchanges that match the filter form. */
export function filter() {
  for (const item of watched?.children ?? []) item.hidden = !matches(item);
}

function matches({ dataset, firstChild }) {
  const { status, text } = document.getElementById("journal-filter").elements;
  const fits = status.value === "flagged" ? firstChild.querySelector(".flag") : dataset.status.startsWith(status.value);
  const words = text.value.toLowerCase().split(/\s+/);
  return Boolean(fits) && words.every((word) => dataset.text.includes(word));
}

/** A browser allows few connections to a host: a tab that is hidden keeps none open. */
document.addEventListener("visibilitychange", () => (document.hidden ? stop() : follow()));

function show(state) {
  const sign = document.getElementById("live");
  if (!sign || sign.dataset.state === state) return;
  sign.dataset.state = state;
  sign.textContent = state;
}

function add(exchange) {
  if (exchange.number <= newest) return;
  newest = exchange.number;
  document.getElementById("journal-empty").hidden = true;
  const item = card(exchange, watched.dataset.token);
  item.hidden = !matches(item);
  watched.prepend(item);
  while (watched.children.length > SHOWN) watched.lastChild.remove();
  clearTimeout(stale);
  stale = setTimeout(refresh, PAUSE);
}

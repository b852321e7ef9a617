/** Live updates of the journal: server-sent events, or polling if those are not available. */

import { card } from "./exchange.js";
import { keepKey, refresh, withKey } from "./visit.js";

const SHOWN = 100;
const POLL = 2000;
const PAUSE = 800;

let watched = null;
let newest = 0;
let stream = null;
let timer = 0;
let stale = 0;

/** Start live updates for the world on the page, unless they run already. */
export async function follow() {
  const list = document.getElementById("exchanges");
  if (!list || list === watched) return;
  stop();
  watched = list;
  newest = 0;
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
}

function address(path, values) {
  return `/_mock/journal${path}?${new URLSearchParams({ world: watched.dataset.world, ...values })}`;
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
  watched.prepend(card(exchange, watched.dataset.token));
  while (watched.children.length > SHOWN) watched.lastChild.remove();
  clearTimeout(stale);
  stale = setTimeout(refresh, PAUSE);
}

/** Navigation without a page load: only the regions that changed are replaced. */

import { say } from "./notice.js";

const KEY = "mock-admin-token";
const served = new Map();
let latest = 0;

/** Store the admin token for this tab if given, and return the stored one. */
export function keepKey(key) {
  if (key) sessionStorage.setItem(KEY, key);
  return sessionStorage.getItem(KEY);
}

export function withKey(headers = {}) {
  const key = keepKey();
  return key ? { ...headers, "X-Mock-Admin-Token": key } : headers;
}

/** Return the URL of a path of the mock, which may be served below a prefix. */
export function mockUrl(path) {
  return document.body.dataset.root + path;
}

/** Remember the regions as the server sent them. */
export function remember() {
  served.clear();
  for (const part of parts(document)) served.set(part.id, part.outerHTML);
}

/** Show another URL of this page. */
export async function visit(address, { push = true } = {}) {
  const turn = ++latest;
  const page = await read(address);
  if (!page || turn !== latest) return;
  const from = new URL(location.href);
  history[push ? "pushState" : "replaceState"](null, "", address);
  document.title = page.title;
  if (page.body.dataset.world !== document.body.dataset.world) {
    replaceAll(page);
    return;
  }
  const moved = push && ticketIn(from) !== ticketIn(new URL(location.href));
  exchange(page, { keepUnsent: !moved });
  if (moved) arrive(from);
}

/** Reload the regions that changed. */
export function refresh() {
  return document.body.dataset.refused ? undefined : visit(location.href, { push: false });
}

async function read(address) {
  try {
    const reply = await fetch(address, { headers: withKey({ Accept: "text/html" }) });
    return new DOMParser().parseFromString(await reply.text(), "text/html");
  } catch {
    say("The mock does not respond; check that it is running.", { bad: true });
    return null;
  }
}

function parts(root) {
  return root.querySelectorAll("[data-region]");
}

function replaceAll(page) {
  const focused = document.activeElement?.id;
  document.body.replaceWith(document.adoptNode(page.body));
  for (const sheet of page.querySelectorAll("link[rel=stylesheet]")) {
    if (!document.head.querySelector(`link[href="${sheet.getAttribute("href")}"]`)) document.head.append(sheet);
  }
  remember();
  document.getElementById(focused)?.focus();
}

function exchange(page, { keepUnsent }) {
  for (const fresh of [...parts(page)]) {
    const html = fresh.outerHTML;
    const old = document.getElementById(fresh.id);
    if (!old || served.get(fresh.id) === html) continue;
    served.set(fresh.id, html);
    const before = keepUnsent ? stateOf(old) : { fields: [], open: [] };
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    old.replaceWith(document.adoptNode(fresh));
    restore(before, focused);
  }
}

/** Return the user's input and opened details within a region. */
function stateOf(part) {
  const fields = [...part.querySelectorAll("input[id], textarea[id], select[id]")]
    .filter(isTouched)
    .map(({ id, value, checked, selectionStart }) => ({ id, value, checked, selectionStart }));
  const open = [...part.querySelectorAll("details[open]")].map(({ id }) => id);
  return { fields, open };
}

function isTouched(field) {
  if (field === document.activeElement && field.type === "search") return true;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.type !== "checkbox" && field.type !== "search" && field.value !== field.defaultValue;
}

function restore({ fields, open }, focused) {
  for (const { id, value } of fields) {
    const field = document.getElementById(id);
    if (field) field.value = value;
  }
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  const target = focused && document.getElementById(focused);
  if (!target) return;
  target.focus({ preventScroll: true });
  const place = fields.find(({ id }) => id === focused)?.selectionStart;
  if (typeof place === "number") target.setSelectionRange(place, place);
}

/** Focus the opened ticket, or the list row that the user returns to. */
function arrive(from) {
  const row = document.getElementById(`ticket-${ticketIn(from)}`);
  const content = document.getElementById("tickets");
  (row ?? content).focus({ preventScroll: Boolean(!row) });
  if (!row) content.scrollTo({ top: 0 });
}

function ticketIn(address) {
  return address.searchParams.get("ticket") ?? "";
}

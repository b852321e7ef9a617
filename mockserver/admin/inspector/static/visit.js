/** Going places without leaving the page: parts that differ are exchanged, the others stay. */

import { say } from "./notice.js";

const KEY = "mock-admin-token";
const served = new Map();
let latest = 0;

/** Keep the admin token for this tab, or return the one kept. */
export function keepKey(key) {
  if (key) sessionStorage.setItem(KEY, key);
  return sessionStorage.getItem(KEY);
}

export function withKey(headers = {}) {
  const key = keepKey();
  return key ? { ...headers, "X-Mock-Admin-Token": key } : headers;
}

/** Take note of the parts as the server sent them. */
export function remember() {
  served.clear();
  for (const part of parts(document)) served.set(part.id, part.outerHTML);
}

/** Show another address of this page. */
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

/** Show what has changed since. */
export function refresh() {
  return document.body.dataset.refused ? undefined : visit(location.href, { push: false });
}

async function read(address) {
  try {
    const reply = await fetch(address, { headers: withKey({ Accept: "text/html" }) });
    return new DOMParser().parseFromString(await reply.text(), "text/html");
  } catch {
    say("The mock does not answer; has it stopped?", { bad: true });
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

/** What a person has typed, chosen or opened within a part. */
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

/** Put the focus where reading goes on: the ticket opened, or the row one comes back to. */
function arrive(from) {
  const row = document.getElementById(`ticket-${ticketIn(from)}`);
  const desk = document.getElementById("tickets");
  (row ?? desk).focus({ preventScroll: Boolean(!row) });
  if (!row) desk.scrollTo({ top: 0 });
}

function ticketIn(address) {
  return address.searchParams.get("ticket") ?? "";
}

/** One exchange of the journal: a summary line, and its details when opened. */

import { say } from "./notice.js";
import { mockUrl, withKey } from "./visit.js";

const SENT_AGAIN = ["accept", "content-type", "prefer"];

/** Make the list item of an exchange; `token` is used in the copied curl command. */
export function card(exchange, token) {
  const item = make("li", { className: "exchange" });
  const details = make("details", { id: `exchange-${exchange.number}` });
  details.append(line(exchange));
  item.dataset.status = exchange.status;
  item.dataset.text = `${exchange.method} ${details.textContent}`.toLowerCase();
  details.addEventListener("toggle", () => details.open && fill(details, exchange, token));
  item.append(details);
  return item;
}

function line(exchange) {
  const summary = make("summary");
  const failed = exchange.status >= 400 || exchange.status === 0;
  const bad = failed ? "status bad" : "status";
  const query = exchange.query ? `?${legible(exchange.query)}` : "";
  const request = make("span", { className: "line" });
  request.append(make("b", { textContent: exchange.method }), ` ${exchange.path}${query}`);
  const took = `${exchange.at.slice(11, 19)} · ${Math.round(exchange.milliseconds)} ms`;
  summary.append(
    make("span", { className: bad, textContent: exchange.status || "reset" }),
    request,
    make("span", { className: "took", textContent: took }),
  );
  const flags = flagsOf(exchange);
  if (flags.length) {
    const row = make("span", { className: "flags" });
    row.append(...flags);
    summary.append(row);
  }
  return summary;
}

function flagsOf({ hints, faults, forced }) {
  const meant = [...faults.map((fault) => `fault: ${fault}`), ...(forced ? [`forced: ${forced}`] : [])];
  return [
    ...hints.map((textContent) => make("span", { className: "flag", textContent })),
    ...meant.map((textContent) => make("span", { className: "flag meant", textContent })),
  ];
}

async function fill(details, { number }, token) {
  if (details.querySelector(".whole")) return;
  const whole = make("div", { className: "whole" });
  details.append(whole);
  const reply = await fetch(mockUrl(`/_mock/journal/${number}`), { headers: withKey() }).catch(() => null);
  if (!reply?.ok) {
    whole.append(make("p", { className: "soft", textContent: "The journal no longer has this exchange." }));
    return;
  }
  const { exchange } = await reply.json();
  whole.append(...contents(exchange, token));
}

function contents(exchange, token) {
  const { request, response, at, operation, user } = exchange;
  const sender = user ? `, sent by ${user.name} (user ${user.id}) of ${user.workspace.name}` : "";
  const textContent = `${operation ?? "unknown route"}, ${at}${sender}`;
  const origin = make("p", { className: "soft", textContent });
  const copied = make("button", { type: "button", className: "quiet small", textContent: "Copy as curl" });
  copied.dataset.copy = curl(exchange, token);
  const again = make("button", { type: "button", className: "quiet small", textContent: "Send again" });
  again.addEventListener("click", () => send(exchange, token));
  const cut = response.truncated ? "\n… (truncated in the journal)" : "";
  return [
    origin, copied, again,
    ...block("Request", headersOf(request.headers)),
    ...block("Request body", request.body === null ? "too large to keep" : pretty(request.body)),
    ...block("Response", headersOf(response.headers)),
    ...block("Response body", pretty(response.body) + cut),
  ];
}

function block(title, text) {
  if (!text) return [];
  const shown = make("pre", { textContent: text, tabIndex: 0 });
  shown.setAttribute("aria-label", title);
  return [make("h3", { textContent: title }), shown];
}

function headersOf(headers) {
  return Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join("\n");
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The journal masks tokens, so the command uses the token of the selected agent. */
function curl({ method, path, query, request }, token) {
  const words = ["curl", "-g", "-X", method, location.origin + mockUrl(path) + (query ? `?${query}` : "")];
  for (const [name, value] of Object.entries(request.headers)) {
    const own = name.toLowerCase() === "authorization" ? `Bearer ${token}` : value;
    words.push("-H", `${name}: ${own}`);
  }
  if (request.body) words.push("--data-raw", request.body);
  return words.map(quoted).join(" ");
}

async function send({ method, path, query, request }, token) {
  const headers = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => SENT_AGAIN.includes(name.toLowerCase())),
  );
  const body = request.body || undefined;
  const reply = await fetch(mockUrl(path) + (query ? `?${query}` : ""), {
    method, body, headers: { ...headers, Authorization: `Bearer ${token}` },
  }).catch(() => null);
  say(reply ? `Sent again: ${reply.status}.` : "The connection failed.", { bad: !reply });
}

function quoted(word) {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;
}

/** Return a query with brackets and commas decoded. */
function legible(query) {
  return query.replaceAll("%5B", "[").replaceAll("%5D", "]").replaceAll("%2C", ",");
}

function make(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}

/** Forms that send requests to the admin API or the tickets API. */

import { say } from "./notice.js";
import { refresh, visit, withKey } from "./visit.js";
import { clear, follow } from "./journal.js";

/** Send a form: its fields are the JSON body, or fill the {places} of its path. */
export async function submit(form, submitter) {
  const given = valuesOf(form, submitter);
  const path = fill(form.dataset.path, given, { use: true });
  const values = { ...Object.fromEntries(new FormData(form, submitter)) };
  form.querySelector(".refusal")?.remove();
  submitter?.setAttribute("aria-busy", "true");
  try {
    if (form.dataset.undo) await send({ method: "PUT" }, form.dataset.undo, {});
    await send(form.dataset, path, given);
    form.reset();
    for (const refusal of document.querySelectorAll(".refusal")) refusal.remove();
    if ("clears" in form.dataset) clear();
    if (form.dataset.done) say(fill(form.dataset.done, values), { undo: restoring(form.dataset.undo) });
    await (form.dataset.then ? visit(fill(form.dataset.then, values)) : refresh());
    follow();
  } catch (error) {
    refuse(form, error.message);
  } finally {
    submitter?.removeAttribute("aria-busy");
  }
}

/** Return a function that restores a snapshot, if there is one. */
function restoring(snapshot) {
  if (!snapshot) return null;
  return async () => {
    await send({ method: "POST" }, `${snapshot}/restore`, {});
    say("Restored.");
    await refresh();
  };
}

async function send({ method, token }, path, given) {
  const headers = token ? { Authorization: `Bearer ${token}` } : withKey();
  const body = Object.keys(given).length ? JSON.stringify(given) : undefined;
  if (body) headers["Content-Type"] = "application/json";
  const reply = await fetch(path, { method, body, headers: { Accept: "application/json", ...headers } })
    .catch(() => { throw new Error("The connection failed before a response arrived."); });
  const text = await reply.text().catch(() => { throw new Error("The connection failed during the response."); });
  if (!reply.ok) throw new Error(`${reply.status}: ${messageIn(text)}`);
}

function messageIn(text) {
  try {
    const { message, errors } = JSON.parse(text);
    return [message, ...Object.values(errors ?? {}).flat().filter((line) => line !== message)].join(" ");
  } catch {
    return text.slice(0, 200) || "no reason given";
  }
}

function refuse(form, message) {
  const line = document.createElement("p");
  line.className = "refusal";
  line.setAttribute("role", "alert");
  line.textContent = message;
  form.append(line);
}

function valuesOf(form, submitter) {
  const values = JSON.parse(submitter?.dataset.with ?? "{}");
  for (const [name, text] of new FormData(form, submitter)) {
    const field = submitter?.name === name ? submitter : form.elements[name];
    if (text !== "") set(values, name.split("."), typed(field, text));
  }
  return values;
}

function typed(field, text) {
  if ("json" in field.dataset) return JSON.parse(text);
  if ("moment" in field.dataset) return `${text.length === 16 ? `${text}:00` : text}+00:00`;
  return text;
}

function set(values, [name, ...rest], value) {
  if (!rest.length) values[name] = value;
  else set((values[name] ??= {}), rest, value);
}

function fill(text, values, { use = false } = {}) {
  return text.replace(/{(\w+)}/g, (_, name) => {
    const value = values[name];
    if (!use) return value;
    delete values[name];
    return encodeURIComponent(value);
  });
}

/** A message's HTML in a sandboxed frame. */

import { mockUrl } from "./visit.js";

const head = () => `<!doctype html><meta charset="utf-8"><base target="_blank">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'">
<link rel="stylesheet" href="${mockUrl("/inspector/message.css")}">`;

/** Render a message's source in a frame; the frame inherits the page's content security policy. */
export function render(part) {
  const place = part.querySelector("[data-rendered]");
  if (place.firstChild) return;
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "");
  frame.title = "The message as HTML";
  frame.srcdoc = head() + part.querySelector("pre").textContent;
  place.append(frame);
}

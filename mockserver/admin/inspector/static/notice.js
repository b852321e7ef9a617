/** Telling people what has happened. */

const SHOWN = 5000;

export function say(text, { bad = false } = {}) {
  const toast = document.createElement("p");
  toast.className = bad ? "toast bad" : "toast";
  toast.textContent = text;
  document.getElementById("toasts")?.append(toast);
  setTimeout(() => toast.remove(), SHOWN);
}

/** Put what a button carries on the clipboard, and say so on the button. */
export async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    say("Copied.");
  } catch {
    // Browsers give no clipboard to a page that is neither on loopback nor behind TLS.
    window.prompt("Copy this:", button.dataset.copy);
  }
}

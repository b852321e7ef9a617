/** Toast notices and the clipboard. */

const SHOWN = 8000;

export function say(text, { bad = false, undo = null } = {}) {
  const toast = document.createElement("p");
  toast.className = bad ? "toast bad" : "toast";
  toast.textContent = text;
  if (undo) {
    const button = Object.assign(document.createElement("button"), { className: "quiet small", textContent: "Undo" });
    button.addEventListener("click", () => { toast.remove(); undo().catch((error) => say(error.message, { bad: true })); });
    toast.append(" ", button);
  }
  document.getElementById("toasts")?.append(toast);
  setTimeout(() => toast.remove(), SHOWN);
}

/** Copy a button's data-copy text to the clipboard, and confirm it on the button. */
export async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    say("Copied.");
  } catch {
    // The clipboard API is available in secure contexts only (loopback or TLS).
    window.prompt("Copy this:", button.dataset.copy);
  }
}

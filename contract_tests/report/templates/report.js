// Filters the list of requests. Without scripts the whole list is shown.
const filter = document.querySelector("fieldset.filter");
const requests = [...document.querySelectorAll("details.exchange")];

function apply() {
  const { text, status, phase, accused } = filter.elements;
  const words = text.value.toLowerCase();
  let shown = 0;
  for (const each of requests) {
    each.hidden =
      (status.value && each.dataset.status !== status.value) ||
      (phase.value && each.dataset.phase !== phase.value) ||
      (accused.checked && !each.classList.contains("accused")) ||
      !each.textContent.toLowerCase().includes(words);
    shown += each.hidden ? 0 : 1;
  }
  filter.querySelector("output").textContent = `${shown} of ${requests.length} requests`;
}

function reveal() {
  const target = document.getElementById(location.hash.slice(1))?.closest("details.exchange");
  if (!target) return;
  target.hidden = false;
  target.open = true;
  target.scrollIntoView();
}

filter.hidden = false;
filter.addEventListener("input", apply);
addEventListener("hashchange", reveal);
apply();
reveal();

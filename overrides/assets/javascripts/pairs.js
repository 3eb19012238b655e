/* Which language an abstract is read in (pairs.css shows it), remembered from page to page. Without this script it is chosen anew. */
import { every } from "./elements.js";

const KEY = "pn-pairs";

/** What was chosen last; some browsers keep nothing. */
function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function startPairs() {
  const last = remembered();
  for (const choice of /** @type {HTMLInputElement[]} */ (every(".pn-pairs__mode input"))) {
    if (choice.value === last) choice.checked = true;
    choice.addEventListener("change", () => {
      try {
        localStorage.setItem(KEY, choice.value);
      } catch {
        /* it holds for this page then */
      }
    });
  }
}

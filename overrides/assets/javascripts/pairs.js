/* Which language a translation is read in (pairs.css shows it): one choice for all of a page, remembered from page to page.
   Without this script each is chosen anew. */
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
  const choices = /** @type {HTMLInputElement[]} */ (every(".pn-pairs__mode input"));
  /** @param {string | null} value */
  const choose = (value) => choices.forEach((choice) => choice.value === value && (choice.checked = true));
  choose(remembered());
  for (const choice of choices)
    choice.addEventListener("change", () => {
      choose(choice.value);
      try {
        localStorage.setItem(KEY, choice.value);
      } catch {
        /* it holds for this page then */
      }
    });
}

/* The uses of a term are printed where the reader has opened them: the theme opens them all for a print (glossary.css). */
import { around } from "./elements.js";

export function startPrint() {
  document.addEventListener("click", (event) => {
    const uses = /** @type {HTMLDetailsElement | undefined} */ (around(event, ".pn-entry__uses > summary")?.parentElement);
    uses?.classList.toggle("pn-entry__uses--open", !uses.open); // it opens after the click
  });
}

/* The field on the home page opens the search; without this script it leads to the list of all pages. */
import { around } from "./elements.js";
import { openSearch } from "./search/box.js";

export function startHome() {
  document.addEventListener("click", (event) => {
    if (!around(event, "[data-pn-search]") || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (openSearch()) event.preventDefault();
  });
}

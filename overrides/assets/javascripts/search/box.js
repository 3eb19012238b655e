/* The part of search that every page loads: it waits for the reader, then fetches the rest.
 *
 * Nothing is loaded before the pointer is on the field or the loupe, the field has the focus, or the address asks for a
 * search (?q=) or for marks (?h=): but on a slow network, where a reader would wait for it for seconds, once the page is
 * at rest. */
import { every, need } from "../elements.js";
import { fetchEarly } from "./early.js";
import { t } from "../words.js";

/** @type {HTMLInputElement | null} */
export const input = document.querySelector(".md-search__input");
/** What the theme opens and closes the results by.
 * @type {HTMLInputElement | null} */
export const toggle = document.querySelector("#__search");

/** Open or close the results. By a click, as the theme does: it unlocks the page behind them only when it hears of it.
 * @param {boolean} open */
export function setOpen(open) {
  if (toggle && toggle.checked !== open) toggle.click();
}

/** Open the results and put the cursor into the field; false where the page has none. */
export function openSearch() {
  if (!input) return false;
  setOpen(true);
  input.focus();
  return true;
}

/** The results, and all that finds them; loaded once. */
export const loadView = () => import("./view.js");
/** What marks a page's text by the address of the page; loaded once. */
export const loadMark = () => import("./mark.js");

function begin() {
  fetchEarly();
  loadView().catch(() => {
    need(document, ".md-search-result__meta").textContent = t("search.no_program");
  });
}

/** What few browsers say of the network; to the others it is fast.
 * @typedef {{ effectiveType: string, saveData: boolean } & EventTarget} Connection */

/** Fetch the program at rest where it comes slowly, unless the reader saves data. The network may become slow later. */
function beginIfSlow() {
  const { connection } = /** @type {Navigator & { connection?: Connection }} */ (navigator);
  if (!connection) return;
  const look = () => {
    if (!connection.saveData && /[23]g/.test(connection.effectiveType)) requestIdleCallback(begin);
  };
  look();
  connection.addEventListener("change", look);
}

/** @param {KeyboardEvent} event @param {HTMLInputElement} field */
function reach(event, field) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const at = document.activeElement;
  if (toggle?.checked || (at instanceof HTMLElement && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName))))
    return;
  if (event.key === "/" || event.key === "s" || event.key === "f") {
    event.preventDefault();
    field.focus();
    field.select();
  }
}

export function startSearch() {
  const address = new URLSearchParams(location.search);
  if (address.has("h")) loadMark().catch(() => {});
  if (!input || !toggle) return;
  const field = input;

  // The field opens the results, as the theme's own does; the loupe on a narrow screen checks the same box.
  for (const event of ["focus", "click"])
    field.addEventListener(event, () => {
      begin(); // first: the theme takes a while to open
      setOpen(true);
    });
  // A round trip before the click is over; a finger's touch enters as well.
  for (const near of [field, ...every("label[for=__search]")]) near.addEventListener("pointerenter", begin, { once: true });
  toggle.addEventListener("change", () => {
    if (toggle.checked) field.focus();
  });
  need(document, ".md-search__form").addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("keydown", (event) => reach(event, field));

  if (document.readyState === "complete") beginIfSlow();
  else addEventListener("load", beginIfSlow);

  const query = address.get("q");
  if (query !== null) {
    field.value = query;
    // Results over a phone's whole screen hold the page behind them: first the browser has to scroll back to its place.
    const [come] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    if (come?.type === "navigate") field.focus();
    else begin();
  }
  // Where the reader comes back to this page, the browser has closed the box again, as it was when they left.
  addEventListener("pageshow", () => {
    if (new URLSearchParams(location.search).has("q")) setOpen(true);
  });
}

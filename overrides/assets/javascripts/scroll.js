/* What scrolls sideways in a box of its own can be reached and scrolled by keyboard, and says what it is.
   The head of a table that is longer than the window learns how far it may go (table.css). */
import { every } from "./elements.js";
import { t } from "./words.js";

/** @type {Record<string, string>} */
const NAMES = { "pn-table": t("scroll.table"), "pn-map__frame": t("scroll.map") };

/** @param {HTMLElement} box */
function mark(box) {
  const scrolls = box.scrollWidth > box.clientWidth + 1;
  if (scrolls === box.hasAttribute("tabindex")) return;
  if (!scrolls) {
    for (const name of ["tabindex", "role", "aria-label"]) box.removeAttribute(name);
    return;
  }
  box.tabIndex = 0;
  box.setAttribute("role", "group"); // no landmark: a page may have many
  box.setAttribute("aria-label", NAMES[Object.keys(NAMES).find((each) => box.classList.contains(each)) ?? ""]);
}

/** @param {HTMLElement} box */
function measure(box) {
  const head = box.querySelector("thead");
  if (!head) return;
  box.classList.toggle("pn-table--long", box.clientHeight > window.innerHeight);
  box.style.setProperty("--pn-table-way", `${box.clientHeight - head.offsetHeight}px`);
}

/** Formulas in a line that are wider than their column: only on a phone, and rarely. All are measured before any changes. */
function fitAll() {
  const formulas = every(".pn-formula:not(.pn-formula--display)");
  const long = formulas.map((formula) => {
    const column = formula.parentElement?.closest("p, li, td, dd, div");
    const math = formula.firstElementChild;
    return Boolean(math && column && math.getBoundingClientRect().width > column.clientWidth);
  });
  requestAnimationFrame(() => formulas.forEach((formula, place) => formula.classList.toggle("pn-formula--long", long[place])));
}

export function startScroll() {
  const article = document.querySelector("article");
  if ("ResizeObserver" in window && article)
    new ResizeObserver(fitAll).observe(article); // after layout, so that none is forced
  else fitAll();
  const boxes = every(
    Object.keys(NAMES)
      .map((name) => `.${name}`)
      .join(),
  );
  if (!boxes.length) return;
  if (!("ResizeObserver" in window)) {
    boxes.forEach(mark);
    boxes.forEach(measure);
    return;
  }
  const observer = new ResizeObserver((entries) => {
    const changed = entries.map((entry) => /** @type {HTMLElement} */ (entry.target));
    changed.forEach(mark);
    changed.forEach(measure);
  });
  for (const box of boxes) observer.observe(box);
}

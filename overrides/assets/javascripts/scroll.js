/* What scrolls sideways in a box of its own can be reached and scrolled by keyboard, and says what it is.
   The head of a table that is longer than the window learns how far it may go (table.css). */
(function () {
  "use strict";

  var NAMES = { "pn-table": "表格，可左右滚动", "pn-map__frame": "论文地图，可左右滚动" };

  function mark(box) {
    var scrolls = box.scrollWidth > box.clientWidth + 1;
    if (scrolls === box.hasAttribute("tabindex")) return;
    if (!scrolls) {
      ["tabindex", "role", "aria-label"].forEach(function (name) { box.removeAttribute(name); });
      return;
    }
    var name = Object.keys(NAMES).find(function (each) { return box.classList.contains(each); });
    box.tabIndex = 0;
    box.setAttribute("role", "group"); // no landmark: a page may have many
    box.setAttribute("aria-label", NAMES[name]);
  }

  function measure(box) {
    var head = box.querySelector("thead");
    if (!head) return;
    box.classList.toggle("pn-table--long", box.clientHeight > window.innerHeight);
    box.style.setProperty("--pn-table-way", box.clientHeight - head.offsetHeight + "px");
  }

  /** Formulas in a line that are wider than their column: only on a phone, and rarely. All are measured before any changes. */
  function fitAll() {
    var formulas = Array.from(document.querySelectorAll(".pn-formula:not(.pn-formula--display)"));
    var long = formulas.map(function (formula) {
      var column = formula.parentElement.closest("p, li, td, dd, div");
      var math = formula.firstElementChild;
      return Boolean(math && column) && math.getBoundingClientRect().width > column.clientWidth;
    });
    requestAnimationFrame(function () {
      formulas.forEach(function (formula, index) { formula.classList.toggle("pn-formula--long", long[index]); });
    });
  }

  function start() {
    var article = document.querySelector("article");
    if (window.ResizeObserver && article) new ResizeObserver(fitAll).observe(article); // after layout, so that none is forced
    else fitAll();
    var boxes = document.querySelectorAll("." + Object.keys(NAMES).join(", ."));
    if (!boxes.length) return;
    if (!window.ResizeObserver) {
      boxes.forEach(mark);
      boxes.forEach(measure);
      return;
    }
    var observer = new ResizeObserver(function (entries) {
      entries.forEach(function (entry) { mark(entry.target); });
      entries.forEach(function (entry) { measure(entry.target); });
    });
    boxes.forEach(function (box) { observer.observe(box); });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

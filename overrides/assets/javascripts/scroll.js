/* What scrolls sideways in a box of its own can be reached and scrolled by keyboard, and says what it is. */
(function () {
  "use strict";

  var NAMES = { "pn-table": "表格，可左右滚动", "pn-map__frame": "论文地图，可左右滚动" };

  function mark(box) {
    var scrolls = box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
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

  /** A formula in a line is wider than its column only on a phone, and rarely. */
  function fit(formula) {
    var column = formula.parentElement.closest("p, li, td, dd, div");
    formula.classList.toggle("pn-formula--long", formula.firstElementChild.getBoundingClientRect().width > column.clientWidth);
  }

  function fitAll() {
    document.querySelectorAll(".pn-formula:not(.pn-formula--display)").forEach(fit);
  }

  function start() {
    fitAll();
    window.addEventListener("resize", fitAll);
    var boxes = document.querySelectorAll("." + Object.keys(NAMES).join(", ."));
    if (!boxes.length) return;
    if (!window.ResizeObserver) {
      boxes.forEach(mark);
      return;
    }
    var observer = new ResizeObserver(function (entries) {
      entries.forEach(function (entry) { mark(entry.target); });
    });
    boxes.forEach(function (box) { observer.observe(box); });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

/* The map: a node shows the lines to what it builds on and to what builds on it.
   On a narrow screen the newest years are in view, from the beginning of one of them. */
(function () {
  "use strict";

  function light(map, node, on) {
    var slug = node.dataset.pnNode;
    map.querySelectorAll(".pn-map__edge").forEach(function (edge) {
      if (edge.dataset.pnFrom !== slug && edge.dataset.pnTo !== slug) return;
      edge.classList.toggle("pn-map__edge--lit", on);
      [edge.dataset.pnFrom, edge.dataset.pnTo].forEach(function (name) {
        map.querySelector('[data-pn-node="' + name + '"]').classList.toggle("pn-map__node--lit", on);
      });
    });
  }

  /** The last beginning of a year from which the map fills its frame. */
  function showNewest(map) {
    var frame = map.querySelector(".pn-map__frame");
    var picture = map.querySelector(".pn-map__picture");
    var scale = picture.clientWidth / picture.viewBox.baseVal.width;
    var starts = Array.from(map.querySelectorAll(".pn-map__year"), function (year) { return year.dataset.pnFrom * scale; });
    var most = frame.scrollWidth - frame.clientWidth;
    frame.scrollLeft = Math.max.apply(null, starts.filter(function (start) { return start <= most; }).concat(0));
  }

  function start() {
    document.querySelectorAll(".pn-map").forEach(function (map) {
      map.querySelectorAll("[data-pn-node]").forEach(function (node) {
        ["pointerenter", "focus"].forEach(function (event) {
          node.addEventListener(event, function () { light(map, node, true); });
        });
        ["pointerleave", "blur"].forEach(function (event) {
          node.addEventListener(event, function () { light(map, node, false); });
        });
      });
      showNewest(map);
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

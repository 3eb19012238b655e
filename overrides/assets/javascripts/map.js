/* The map: a node shows the lines to what it builds on and to what builds on it. On a narrow screen the newest years are in view. */
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
      var frame = map.querySelector(".pn-map__frame");
      frame.scrollLeft = frame.scrollWidth;
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

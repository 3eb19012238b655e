/* The map: a node shows the lines to what it builds on and to what builds on it.
   On a narrow screen the newest years are in view, from the beginning of one of them. */
import { every, need } from "./elements.js";

/** @param {HTMLElement} map @param {HTMLElement} node @param {boolean} on */
function light(map, node, on) {
  const slug = node.dataset.pnNode;
  for (const edge of every(".pn-map__edge", map)) {
    const ends = [edge.dataset.pnFrom, edge.dataset.pnTo];
    if (!ends.includes(slug)) continue;
    edge.classList.toggle("pn-map__edge--lit", on);
    for (const name of ends) need(map, `[data-pn-node="${name}"]`).classList.toggle("pn-map__node--lit", on);
  }
}

/** Scroll to the last beginning of a year from which the map fills its frame.
 * @param {HTMLElement} map */
function showNewest(map) {
  const frame = need(map, ".pn-map__frame");
  /** @type {SVGSVGElement} */
  const picture = need(map, ".pn-map__picture");
  const scale = picture.clientWidth / picture.viewBox.baseVal.width;
  const starts = every(".pn-map__year", map).map((year) => Number(year.dataset.pnFrom) * scale);
  const most = frame.scrollWidth - frame.clientWidth;
  frame.scrollLeft = Math.max(0, ...starts.filter((start) => start <= most));
}

export function startMap() {
  for (const map of every(".pn-map")) {
    for (const node of every("[data-pn-node]", map)) {
      for (const event of ["pointerenter", "focus"]) node.addEventListener(event, () => light(map, node, true));
      for (const event of ["pointerleave", "blur"]) node.addEventListener(event, () => light(map, node, false));
    }
    showNewest(map);
  }
}

/* Previews: a small card at a term, a reference to a paper or to a figure.
   The element says which by data-pn-preview="KEY"; what the card shows stands hidden in the page as #pn-preview-KEY.
   Hovering or focusing shows it, a tap opens it, Escape closes it. Without this script every such element is a plain link. */
import { element, every } from "./elements.js";

const OPEN_DELAY = 180;
const CLOSE_DELAY = 250; // time to move the pointer from the word to the card
const MARGIN = 8;
const OPENS = ".pn-term, .pn-src__label"; // a click opens their card: behind the link is no more, or less, than in it

/** @type {HTMLElement | null} */
let made = null; // the one card, made at the first need
/** @type {HTMLElement | null} */
let trigger = null; // the element whose card is shown
let timer = 0;
let pointer = "mouse"; // what the last press was made with

/** @param {EventTarget | null} target @returns {HTMLElement | null} */
const triggerOf = (target) => (target instanceof Element ? target.closest("[data-pn-preview]") : null);

/** @param {HTMLElement} from */
const sourceOf = (from) => document.getElementById(`pn-preview-${from.dataset.pnPreview}`);

/** @returns {HTMLElement} */
function card() {
  if (made) return made;
  made = element("div", "pn-preview");
  made.id = "pn-preview";
  made.setAttribute("role", "dialog");
  made.hidden = true;
  document.body.append(made);
  made.addEventListener("pointerenter", () => clearTimeout(timer));
  made.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") later(close, CLOSE_DELAY);
  });
  return made;
}

/** @param {() => void} action @param {number} delay milliseconds */
function later(action, delay) {
  clearTimeout(timer);
  timer = setTimeout(action, delay);
}

/** @param {HTMLElement} from */
function open(from) {
  const source = sourceOf(from);
  clearTimeout(timer);
  if (!source || from === trigger) return;
  if (trigger) close();
  const popup = card();
  trigger = from;
  popup.replaceChildren(...Array.from(source.childNodes, (node) => node.cloneNode(true)));
  popup.setAttribute("aria-label", from.textContent.trim());
  popup.hidden = false;
  from.setAttribute("aria-expanded", "true");
  const map = from.closest(".pn-map");
  popup.classList.toggle("pn-preview--map", Boolean(map));
  if (!map) place(from, popup);
  else if (getComputedStyle(popup).position === "fixed") clear(from, popup);
  else placeBeside(from, popup, map);
}

function close() {
  clearTimeout(timer);
  if (!trigger) return;
  trigger.setAttribute("aria-expanded", "false");
  trigger = null;
  card().hidden = true;
}

/** @param {HTMLElement} popup @param {number} left @param {number} top */
function put(popup, left, top) {
  popup.style.setProperty("--pn-left", `${left + window.scrollX}px`);
  popup.style.setProperty("--pn-top", `${top + window.scrollY}px`);
}

/** Below the word, above where there is no room, always inside the window.
 * @param {HTMLElement} from @param {HTMLElement} popup */
function place(from, popup) {
  const word = from.getClientRects()[0] || from.getBoundingClientRect();
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  const left = Math.max(MARGIN, Math.min(word.left, width - popup.offsetWidth - MARGIN));
  const below = word.bottom + MARGIN;
  const above = word.top - popup.offsetHeight - MARGIN;
  put(popup, left, below + popup.offsetHeight > height - MARGIN && above > MARGIN ? above : below);
}

/** Points of the lines and names that are lit on a map.
 * @param {Element} map */
function lit(map) {
  /** @type {{ x: number, y: number }[]} */
  const points = [];
  for (const edge of /** @type {SVGPathElement[]} */ (every(".pn-map__edge--lit", map))) {
    const length = edge.getTotalLength();
    const matrix = edge.getScreenCTM() ?? undefined;
    for (let step = 0; step <= 20; step++) points.push(edge.getPointAtLength((length * step) / 20).matrixTransform(matrix));
  }
  for (const node of every(".pn-map__node--lit", map)) {
    const box = node.getBoundingClientRect();
    for (let step = 0; step <= 4; step++) points.push({ x: box.left + (box.width * step) / 4, y: box.top + box.height / 2 });
  }
  return points;
}

/** Beside a node of a map, never on it: where the card covers least of what is lit, on the side with more room.
 * @param {HTMLElement} from @param {HTMLElement} popup @param {Element} map */
function placeBeside(from, popup, map) {
  const node = from.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popup;
  const right = document.documentElement.clientWidth - width - MARGIN;
  const bottom = document.documentElement.clientHeight - height - MARGIN;
  const points = lit(map);
  const beside = [node.right + MARGIN, node.left - width - MARGIN];
  if (node.left > document.documentElement.clientWidth - node.right) beside.reverse();
  const places = beside.flatMap((left) => [node.top, node.top - height / 2, node.bottom - height].map((top) => [left, top]));
  for (const top of [node.bottom + MARGIN, node.top - height - MARGIN])
    places.push([node.left, top], [node.right - width, top]);
  let best = null;
  for (const [wantedLeft, wantedTop] of places) {
    const left = Math.max(MARGIN, Math.min(wantedLeft, right));
    const top = Math.max(MARGIN, Math.min(wantedTop, bottom));
    if (left < node.right && left + width > node.left && top < node.bottom && top + height > node.top) continue;
    const covered = points.filter(({ x, y }) => x > left && x < left + width && y > top && y < top + height).length;
    if (!best || covered < best.covered) best = { left, top, covered };
  }
  if (best) put(popup, best.left, best.top);
  else place(from, popup);
}

/** A sheet at the lower edge of a phone (preview.css): the node comes to stand above it.
 * @param {HTMLElement} from @param {HTMLElement} popup */
function clear(from, popup) {
  const over = from.getBoundingClientRect().bottom + MARGIN - popup.getBoundingClientRect().top;
  if (over > 0) window.scrollBy(0, over);
}

/** Whether something is in the card that is shown.
 * @param {EventTarget | null} target */
const isInside = (target) => target instanceof Node && card().contains(target);

/** @param {KeyboardEvent} event */
function step(event) {
  if (!trigger) return;
  const word = trigger;
  const inside = isInside(document.activeElement);
  if (event.key === "Escape") {
    if (inside) word.focus();
    close();
  } else if (event.key === "Tab" && inside) {
    // Out of the card: back to the word, from where Tab goes on to what follows it.
    close();
    word.focus();
    if (event.shiftKey) event.preventDefault();
    else close();
  } else if (event.key === "Tab" && !event.shiftKey && document.activeElement === word) {
    /** @type {HTMLElement | null} */
    const link = card().querySelector("a[href]");
    if (!link) return;
    event.preventDefault();
    link.focus();
  }
}

export function startPreviews() {
  document.addEventListener("pointerdown", (event) => {
    pointer = event.pointerType || "mouse";
    if (trigger && !isInside(event.target) && triggerOf(event.target) !== trigger) close();
  });

  document.addEventListener("pointerover", (event) => {
    const word = event.pointerType === "mouse" && triggerOf(event.target);
    if (word) later(() => open(word), OPEN_DELAY);
  });

  document.addEventListener("pointerout", (event) => {
    const word = event.pointerType === "mouse" && triggerOf(event.target);
    if (word && !word.contains(/** @type {Node | null} */ (event.relatedTarget))) later(close, CLOSE_DELAY);
  });

  document.addEventListener("focusin", (event) => {
    const word = triggerOf(event.target);
    if (word?.matches(":focus-visible")) open(word);
    else if (trigger && !isInside(event.target) && event.target !== trigger) close();
  });

  document.addEventListener("click", (event) => {
    const word = triggerOf(event.target);
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    // The way back leads to the text, not to the card whose link was followed: closed once the click is done, which may ask its place.
    if (trigger && isInside(event.target) && event.target instanceof Element && event.target.closest("a")) setTimeout(close);
    if (!word) return;
    const touched = pointer !== "mouse" && event.detail > 0;
    if (!sourceOf(word) || !(word.matches(OPENS) || touched)) return; // a click on a reference follows it
    event.preventDefault();
    if (word === trigger && touched) close();
    else open(word);
  });

  document.addEventListener("keydown", step);
  window.addEventListener("resize", close);

  for (const word of every("[data-pn-preview]")) {
    if (!sourceOf(word)) continue;
    word.setAttribute("aria-haspopup", "dialog");
    word.setAttribute("aria-expanded", "false");
    if (word.matches(OPENS)) word.setAttribute("role", "button");
  }
}

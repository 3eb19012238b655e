/* Making and finding elements. */

/** Make an element. Text only ever becomes text.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} [className]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[T]} */
export function element(tag, className = "", ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/** Make a button that does one thing.
 * @param {string} className
 * @param {string} words
 * @param {() => void} action
 * @returns {HTMLButtonElement} */
export function button(className, words, action) {
  const made = element("button", className, words);
  made.type = "button";
  made.addEventListener("click", action);
  return made;
}

/** Find an element that our own templates always have there.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} parent
 * @param {string} selector
 * @returns {T} */
export function need(parent, selector) {
  const found = parent.querySelector(selector);
  if (!found) throw new Error(`no ${selector}`);
  return /** @type {T} */ (found);
}

/** Find every element of a kind.
 * @template {Element} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [parent]
 * @returns {T[]} */
export function every(selector, parent = document) {
  return /** @type {T[]} */ (Array.from(parent.querySelectorAll(selector)));
}

/** Find the element of a kind that an event is in.
 * @param {Event} event
 * @param {string} selector
 * @returns {HTMLElement | null} */
export function around(event, selector) {
  return event.target instanceof Element ? event.target.closest(selector) : null;
}

/** Bring text to the form in which a filter compares it: width and case.
 * @param {string} text
 * @returns {string} */
export function plain(text) {
  return text.normalize("NFKC").toLowerCase();
}

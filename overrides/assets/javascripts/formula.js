/* Copying a text that holds formulas gives their TeX. */
import { element } from "./elements.js";

/** @param {ClipboardEvent} event */
function copy(event) {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !event.clipboardData) return;
  const holder = element("div");
  for (let place = 0; place < selection.rangeCount; place++) holder.append(selection.getRangeAt(place).cloneContents());
  // A selection inside one formula has the formula around it, not in it.
  const around = selection.anchorNode?.parentElement?.closest("math");
  const formulas = holder.querySelectorAll("math");
  if (around && !formulas.length) {
    const own = around.querySelector("annotation");
    if (!own) return;
    event.clipboardData.setData("text/plain", own.textContent);
    event.preventDefault();
    return;
  }
  if (!formulas.length) return;
  for (const formula of formulas) {
    const tex = formula.querySelector("annotation");
    const mark = formula.getAttribute("display") === "block" ? "$$" : "$";
    formula.replaceWith(tex ? `${mark}${tex.textContent}${mark}` : formula.textContent);
  }
  // innerText keeps the line breaks of blocks only for elements that are laid out.
  holder.style.cssText = "position:fixed;inset-inline-start:-200vw;white-space:pre-wrap";
  document.body.append(holder);
  event.clipboardData.setData("text/plain", holder.innerText);
  holder.remove();
  event.preventDefault();
}

export function startFormulas() {
  document.addEventListener("copy", copy);
}

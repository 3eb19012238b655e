/* Previews: a small card at a term, a reference to a paper or to a figure.
   The element says which by data-pn-preview="KEY"; what the card shows stands hidden in the page as #pn-preview-KEY.
   Hovering or focusing shows it, a tap opens it, Escape closes it. Without this script every such element is a plain link. */
(function () {
  "use strict";

  var OPEN_DELAY = 180;
  var CLOSE_DELAY = 250; // time to move the pointer from the word to the card
  var MARGIN = 8;

  var popup = null; // the one card, made at the first need
  var trigger = null; // the element whose card is shown
  var timer = 0;
  var pointer = "mouse"; // what the last press was made with

  function triggerOf(node) {
    return node instanceof Element ? node.closest("[data-pn-preview]") : null;
  }

  function sourceOf(element) {
    return document.getElementById("pn-preview-" + element.dataset.pnPreview);
  }

  function make() {
    popup = document.createElement("div");
    popup.className = "pn-preview";
    popup.id = "pn-preview";
    popup.setAttribute("role", "dialog");
    popup.hidden = true;
    document.body.appendChild(popup);
    popup.addEventListener("pointerenter", function () { clearTimeout(timer); });
    popup.addEventListener("pointerleave", function (event) {
      if (event.pointerType === "mouse") later(close, CLOSE_DELAY);
    });
  }

  function later(action, delay) {
    clearTimeout(timer);
    timer = setTimeout(action, delay);
  }

  function open(element) {
    var source = sourceOf(element);
    clearTimeout(timer);
    if (!source || element === trigger) return;
    if (trigger) close();
    if (!popup) make();
    trigger = element;
    popup.replaceChildren.apply(popup, Array.prototype.map.call(source.childNodes, function (node) {
      return node.cloneNode(true);
    }));
    popup.setAttribute("aria-label", element.textContent.trim());
    popup.hidden = false;
    element.setAttribute("aria-expanded", "true");
    place();
  }

  function close() {
    clearTimeout(timer);
    if (!trigger) return;
    trigger.setAttribute("aria-expanded", "false");
    trigger = null;
    popup.hidden = true;
  }

  /** Below the word, above where there is no room, always inside the window. */
  function place() {
    var word = trigger.getClientRects()[0] || trigger.getBoundingClientRect();
    var width = document.documentElement.clientWidth;
    var height = document.documentElement.clientHeight;
    var left = Math.max(MARGIN, Math.min(word.left, width - popup.offsetWidth - MARGIN));
    var below = word.bottom + MARGIN;
    var above = word.top - popup.offsetHeight - MARGIN;
    var top = below + popup.offsetHeight > height - MARGIN && above > MARGIN ? above : below;
    popup.style.left = left + window.scrollX + "px";
    popup.style.top = top + window.scrollY + "px";
  }

  function firstLink() {
    return popup && popup.querySelector("a[href]");
  }

  document.addEventListener("pointerdown", function (event) {
    pointer = event.pointerType || "mouse";
    if (trigger && !popup.contains(event.target) && triggerOf(event.target) !== trigger) close();
  });

  document.addEventListener("pointerover", function (event) {
    var element = event.pointerType === "mouse" && triggerOf(event.target);
    if (element) later(function () { open(element); }, OPEN_DELAY);
  });

  document.addEventListener("pointerout", function (event) {
    var element = event.pointerType === "mouse" && triggerOf(event.target);
    if (element && !element.contains(event.relatedTarget)) later(close, CLOSE_DELAY);
  });

  document.addEventListener("focusin", function (event) {
    var element = triggerOf(event.target);
    if (element && element.matches(":focus-visible")) open(element);
    else if (trigger && !popup.contains(event.target) && event.target !== trigger) close();
  });

  document.addEventListener("click", function (event) {
    var element = triggerOf(event.target);
    if (!element || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    var isTerm = element.classList.contains("pn-term");
    var touched = pointer !== "mouse" && event.detail > 0;
    if (!sourceOf(element) || !(isTerm || touched)) return; // a click on a reference follows it
    event.preventDefault();
    if (element === trigger && touched) close();
    else open(element);
  });

  document.addEventListener("keydown", function (event) {
    if (!trigger) return;
    var inside = popup.contains(document.activeElement);
    if (event.key === "Escape") {
      if (inside) trigger.focus();
      close();
    } else if (event.key === "Tab" && inside) {
      // Out of the card: back to the word, from where Tab goes on to what follows it.
      var word = trigger;
      close();
      word.focus();
      if (event.shiftKey) event.preventDefault();
      else close();
    } else if (event.key === "Tab" && !event.shiftKey && document.activeElement === trigger && firstLink()) {
      event.preventDefault();
      firstLink().focus();
    }
  });

  window.addEventListener("resize", close);

  function announce() {
    document.querySelectorAll("[data-pn-preview]").forEach(function (element) {
      if (!sourceOf(element)) return;
      element.setAttribute("aria-haspopup", "dialog");
      element.setAttribute("aria-expanded", "false");
      if (element.classList.contains("pn-term")) element.setAttribute("role", "button");
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", announce);
  else announce();
})();

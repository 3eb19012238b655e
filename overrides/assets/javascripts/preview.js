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
    var map = element.closest(".pn-map");
    popup.classList.toggle("pn-preview--map", Boolean(map));
    if (!map) place();
    else if (getComputedStyle(popup).position === "fixed") clear();
    else placeBeside(map);
  }

  function close() {
    clearTimeout(timer);
    if (!trigger) return;
    trigger.setAttribute("aria-expanded", "false");
    trigger = null;
    popup.hidden = true;
  }

  function put(left, top) {
    popup.style.setProperty("--pn-left", left + window.scrollX + "px");
    popup.style.setProperty("--pn-top", top + window.scrollY + "px");
  }

  /** Below the word, above where there is no room, always inside the window. */
  function place() {
    var word = trigger.getClientRects()[0] || trigger.getBoundingClientRect();
    var width = document.documentElement.clientWidth;
    var height = document.documentElement.clientHeight;
    var left = Math.max(MARGIN, Math.min(word.left, width - popup.offsetWidth - MARGIN));
    var below = word.bottom + MARGIN;
    var above = word.top - popup.offsetHeight - MARGIN;
    put(left, below + popup.offsetHeight > height - MARGIN && above > MARGIN ? above : below);
  }

  /** Points of the lines and names that are lit on a map. */
  function lit(map) {
    var points = [];
    map.querySelectorAll(".pn-map__edge--lit").forEach(function (edge) {
      var length = edge.getTotalLength();
      for (var step = 0; step <= 20; step += 1) {
        points.push(edge.getPointAtLength((length * step) / 20).matrixTransform(edge.getScreenCTM()));
      }
    });
    map.querySelectorAll(".pn-map__node--lit").forEach(function (node) {
      var box = node.getBoundingClientRect();
      for (var step = 0; step <= 4; step += 1) {
        points.push({ x: box.left + (box.width * step) / 4, y: box.top + box.height / 2 });
      }
    });
    return points;
  }

  /** Beside a node of a map, never on it: where the card covers least of what is lit, on the side with more room. */
  function placeBeside(map) {
    var node = trigger.getBoundingClientRect();
    var width = popup.offsetWidth;
    var height = popup.offsetHeight;
    var right = document.documentElement.clientWidth - width - MARGIN;
    var bottom = document.documentElement.clientHeight - height - MARGIN;
    var points = lit(map);
    var beside = [node.right + MARGIN, node.left - width - MARGIN];
    if (node.left > document.documentElement.clientWidth - node.right) beside.reverse();
    var places = [];
    beside.forEach(function (left) {
      [node.top, node.top - height / 2, node.bottom - height].forEach(function (top) { places.push([left, top]); });
    });
    [node.bottom + MARGIN, node.top - height - MARGIN].forEach(function (top) {
      [node.left, node.right - width].forEach(function (left) { places.push([left, top]); });
    });
    var best = null;
    places.forEach(function (place) {
      var left = Math.max(MARGIN, Math.min(place[0], right));
      var top = Math.max(MARGIN, Math.min(place[1], bottom));
      if (left < node.right && left + width > node.left && top < node.bottom && top + height > node.top) return;
      var covered = points.filter(function (point) {
        return point.x > left && point.x < left + width && point.y > top && point.y < top + height;
      }).length;
      if (!best || covered < best.covered) best = { left: left, top: top, covered: covered };
    });
    if (best) put(best.left, best.top);
    else place();
  }

  /** A sheet at the lower edge of a phone (preview.css): the node comes to stand above it. */
  function clear() {
    var over = trigger.getBoundingClientRect().bottom + MARGIN - popup.getBoundingClientRect().top;
    if (over > 0) window.scrollBy(0, over);
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

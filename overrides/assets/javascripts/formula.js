/* Copying a text that holds formulas gives their TeX. */
(function () {
  "use strict";
  document.addEventListener("copy", function (event) {
    var selection = document.getSelection();
    if (!selection || selection.isCollapsed) return;
    var holder = document.createElement("div");
    for (var i = 0; i < selection.rangeCount; i++) holder.appendChild(selection.getRangeAt(i).cloneContents());
    // A selection inside one formula has the formula around it, not in it.
    var around = selection.anchorNode && selection.anchorNode.parentElement && selection.anchorNode.parentElement.closest("math");
    var formulas = holder.querySelectorAll("math");
    if (around && !formulas.length) {
      var own = around.querySelector("annotation");
      if (!own) return;
      event.clipboardData.setData("text/plain", own.textContent);
      event.preventDefault();
      return;
    }
    if (!formulas.length) return;
    formulas.forEach(function (formula) {
      var tex = formula.querySelector("annotation");
      var mark = formula.getAttribute("display") === "block" ? "$$" : "$";
      formula.replaceWith(document.createTextNode(tex ? mark + tex.textContent + mark : formula.textContent));
    });
    // innerText keeps the line breaks of blocks only for elements that are laid out.
    holder.style.cssText = "position:fixed;inset-inline-start:-200vw;white-space:pre-wrap";
    document.body.appendChild(holder);
    event.clipboardData.setData("text/plain", holder.innerText);
    holder.remove();
    event.preventDefault();
  });
})();

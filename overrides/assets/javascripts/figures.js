/* Figures: a marker and its note show each other; a picture opens in the platform's own dialog.
   Without this script the markers are links to the notes, and the notes a list below the picture. */
(function () {
  "use strict";

  /** A marker and its note are lit together while the pointer or the focus is on either. */
  function tie(mark, note) {
    var link = note.querySelector(".pn-figure__to-mark");
    function update() {
      var on = [mark, note].some(function (element) { return element.matches(":hover, :focus-within"); });
      mark.classList.toggle("pn-figure__mark--shown", on);
      note.classList.toggle("pn-figure__note--shown", on);
      if (link) link.classList.toggle("pn-figure__to-mark--shown", on);
    }
    [mark, note].forEach(function (element) {
      ["pointerenter", "pointerleave", "focusin", "focusout"].forEach(function (event) {
        element.addEventListener(event, function () { setTimeout(update); }); // once the focus has arrived
      });
    });
  }

  var dialog = null;
  var home = null; // the figure whose picture is in the dialog, and a placeholder that keeps its room

  function build() {
    dialog = document.createElement("dialog");
    dialog.className = "pn-enlarged md-typeset";
    dialog.setAttribute("aria-labelledby", "pn-enlarged-title");
    var bar = document.createElement("div");
    bar.className = "pn-enlarged__bar";
    var title = document.createElement("p");
    title.className = "pn-enlarged__title";
    title.id = "pn-enlarged-title";
    var close = document.createElement("button");
    close.type = "button";
    close.className = "pn-enlarged__close";
    close.textContent = "关闭";
    close.addEventListener("click", function () { dialog.close(); });
    bar.append(title, close);
    dialog.append(bar);
    dialog.addEventListener("click", function (event) {
      if (event.target === dialog) dialog.close(); // the backdrop: everything else in the dialog is a child of it
    });
    dialog.addEventListener("close", restore);
    document.body.append(dialog);
  }

  /** Move the picture itself, not a copy: its ids stay unique, and the markers keep working. */
  function enlarge(figure) {
    if (!dialog) build();
    var stage = figure.querySelector(".pn-figure__stage");
    var notes = figure.querySelector(".pn-figure__notes");
    var svg = stage.querySelector(".pn-svg");
    var room = document.createElement("div");
    room.style.height = stage.offsetHeight + (notes ? notes.offsetHeight : 0) + "px";
    var afterNotes = notes ? notes.nextSibling : null;
    home = { figure: figure, stage: stage, notes: notes, room: room, afterNotes: afterNotes };
    dialog.querySelector(".pn-enlarged__title").textContent = figure.querySelector(".pn-figure__title").textContent;
    stage.before(room);
    svg.style.setProperty("--pn-ratio", String(svg.viewBox.baseVal.width / svg.viewBox.baseVal.height));
    dialog.append(stage);
    if (notes) dialog.append(notes);
    dialog.showModal();
  }

  function restore() {
    if (!home) return;
    home.room.replaceWith(home.stage);
    if (home.notes) home.figure.insertBefore(home.notes, home.afterNotes);
    home = null;
  }

  function start() {
    document.querySelectorAll(".pn-figure").forEach(function (figure) {
      var stage = figure.querySelector(".pn-figure__stage");
      if (!stage) return;
      figure.querySelectorAll(".pn-figure__mark").forEach(function (mark, index) {
        var note = document.getElementById(figure.id + "-note-" + (index + 1));
        if (note) tie(mark, note);
      });
      var button = document.createElement("button");
      button.type = "button";
      button.className = "pn-figure__enlarge";
      // Its word comes from figures.css: the text of the page stays what the index, a copy and a print have.
      button.setAttribute("aria-label", "放大" + figure.querySelector(".pn-figure__number").textContent);
      button.addEventListener("click", function () { enlarge(figure); });
      stage.after(button);
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

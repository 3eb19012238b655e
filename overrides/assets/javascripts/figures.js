/* Figures: a marker and its note show each other; a picture opens in the platform's own dialog.
   Without this script the markers are links to the notes, and the notes a list below the picture. */
import { button, element, every, need } from "./elements.js";
import { t } from "./words.js";

/** A marker and its note are lit together while the pointer or the focus is on either.
 * @param {HTMLElement} mark @param {HTMLElement} note */
function tie(mark, note) {
  const link = note.querySelector(".pn-figure__to-mark");
  function update() {
    const on = [mark, note].some((each) => each.matches(":hover, :focus-within"));
    mark.classList.toggle("pn-figure__mark--shown", on);
    note.classList.toggle("pn-figure__note--shown", on);
    link?.classList.toggle("pn-figure__to-mark--shown", on);
  }
  for (const each of [mark, note])
    for (const event of ["pointerenter", "pointerleave", "focusin", "focusout"])
      each.addEventListener(event, () => setTimeout(update)); // once the focus has arrived
}

/** @type {HTMLDialogElement | null} */
let dialog = null;

/** @returns {HTMLDialogElement} */
function makeDialog() {
  const title = element("p", "pn-enlarged__title");
  title.id = "pn-enlarged-title";
  const made = element("dialog", "pn-enlarged md-typeset");
  made.setAttribute("aria-labelledby", title.id);
  made.append(
    element(
      "div",
      "pn-enlarged__bar",
      title,
      button("pn-enlarged__close", t("figures.close"), () => made.close()),
    ),
  );
  made.addEventListener("click", (event) => {
    if (event.target === made) made.close(); // the backdrop: everything else in the dialog is a child of it
  });
  document.body.append(made);
  return made;
}

/** Move the picture itself, not a copy: its ids stay unique, and the markers keep working.
 * @param {HTMLElement} figure */
function enlarge(figure) {
  dialog ??= makeDialog();
  const stage = need(figure, ".pn-figure__stage");
  /** @type {SVGSVGElement} */
  const svg = need(stage, ".pn-svg");
  /** @type {HTMLElement | null} */
  const notes = figure.querySelector(".pn-figure__notes");
  const afterNotes = notes && notes.nextSibling;
  const room = element("div"); // keeps the place of what is in the dialog
  room.style.height = `${stage.offsetHeight + (notes ? notes.offsetHeight : 0)}px`;
  need(dialog, ".pn-enlarged__title").textContent = need(figure, ".pn-figure__title").textContent;
  stage.before(room);
  svg.style.setProperty("--pn-ratio", String(svg.viewBox.baseVal.width / svg.viewBox.baseVal.height));
  svg.style.setProperty("--pn-drawn", `${svg.viewBox.baseVal.width}px`);
  dialog.append(stage);
  if (notes) dialog.append(notes);
  const restore = () => {
    room.replaceWith(stage);
    if (notes) figure.insertBefore(notes, afterNotes);
  };
  dialog.addEventListener("close", restore, { once: true });
  dialog.showModal();
}

export function startFigures() {
  for (const figure of every(".pn-figure")) {
    const stage = figure.querySelector(".pn-figure__stage");
    if (!stage) continue;
    every(".pn-figure__mark", figure).forEach((mark, place) => {
      const note = document.getElementById(`${figure.id}-note-${place + 1}`);
      if (note) tie(mark, note);
    });
    // Its word comes from figures.css: the text of the page stays what the index, a copy and a print have.
    const open = button("pn-figure__enlarge", "", () => enlarge(figure));
    open.setAttribute("aria-label", t("figures.enlarge", { figure: need(figure, ".pn-figure__number").textContent }));
    stage.after(open);
    need(stage, ".pn-figure__picture").addEventListener("click", () => {
      if (stage.parentElement === figure && !String(document.getSelection())) enlarge(figure);
    });
  }
}

/* Around a page: copy its BibTeX or its address, print it, report an error with the section that is being read. */
import { around, button, element, every, need } from "./elements.js";
import { t } from "./words.js";

/** @param {string} text */
async function write(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = element("textarea", "pn-actions__off");
  field.value = text;
  field.setAttribute("readonly", "");
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("copy");
}

/** @param {HTMLElement} pressed @param {string} words */
function say(pressed, words) {
  const place = /** @type {HTMLElement} */ (pressed.nextElementSibling); // .pn-actions__said, there from the start, so that it is announced
  place.textContent = words;
  setTimeout(() => {
    if (place.textContent === words) place.textContent = "";
  }, 4000);
}

/** The source mark whose card is shown (preview.js). */
const OPENED = '.pn-src__label[aria-expanded="true"]';

/** Of this page: where the site says that it lies, else where it was opened. */
const address = () => need(document, "[data-pn-copy=address]").dataset.pnAddress || location.href.replace(/#.*$/, "");

/** @param {HTMLElement} pressed */
function copy(pressed) {
  const kind = pressed.dataset.pnCopy;
  const text =
    kind === "entry"
      ? need(document, ".pn-cite__entry").textContent
      : kind === "report"
        ? asText(need(document, ".pn-report__text").textContent)
        : address() + (kind === "place" ? /** @type {HTMLAnchorElement} */ (need(document, OPENED)).hash : "");
  write(text).then(
    () => say(pressed, kind === "entry" ? t("cite.copied") : kind === "report" ? t("copy.done") : t("copy.link")),
    () => {
      say(pressed, t("copy.refused"));
      const card = pressed.closest(".pn-preview");
      if (kind === "report" && !card?.querySelector("pre")) card?.append(element("pre", "pn-preview__text", text));
    },
  );
}

/** What is reported: the section, the sentence and the place in the paper. Those of the source mark whose card is shown (preview.js),
 * else what is being read: the section at the top of the window, and what is selected. */
function reported() {
  const mark = document.querySelector(OPENED)?.parentElement;
  const heading = every("article h2[id], article h3[id]")
    .filter((each) =>
      mark
        ? each.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING
        : each.getBoundingClientRect().top < window.innerHeight / 3,
    )
    .pop();
  const words = String(document.getSelection()).trim() || (mark ? before(mark) : "");
  return {
    section: heading?.textContent?.trim() ?? "",
    sentence: words.slice(-500),
    place: mark ? mark.textContent.replace(t("place.source"), "").replace(/\u2060/g, "") : "",
  };
}

/** What a source mark vouches for: the text of its paragraph or row, from the mark before it; of a mark below a table, the table's name.
 * @param {HTMLElement} mark */
function before(mark) {
  const block = /** @type {HTMLElement} */ (mark.closest("p, li, tr, dd, figcaption") ?? mark.parentElement);
  const last = every(".pn-src", block)
    .filter((each) => each.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING)
    .pop();
  const range = document.createRange();
  range.setStart(block, 0);
  if (last) range.setStartAfter(last);
  range.setEndBefore(mark);
  return range.toString().trim() || t("place.table");
}

/** The text that is sent where the site has no form for it, with what is reported behind the names of its lines.
 * @param {string} text */
function asText(text) {
  const { section, sentence, place } = reported();
  const more = [
    [t("report.page"), section && t("report.section", { section })],
    [t("report.sentence"), sentence],
    [t("report.place"), place],
  ];
  const lines = text.split("\n").map((line) => line + (more.find(([name]) => line.startsWith(name))?.[1] ?? ""));
  return lines.join("\n");
}

let page = ""; // as the link names it before a section is added

/** Put what is reported into the fields of .github/ISSUE_TEMPLATE/error.yml, which the page's own link names.
 * @param {HTMLAnchorElement} link */
function report(link) {
  const form = new URL(/** @type {HTMLAnchorElement} */ (need(document, "#pn-report")).href);
  page ||= form.searchParams.get("page") ?? "";
  const { section, sentence, place } = reported();
  form.searchParams.set("page", section ? page + t("report.section", { section }) : page);
  for (const [name, words] of Object.entries({ sentence, source: place }))
    if (words) form.searchParams.set(name, words);
    else form.searchParams.delete(name);
  link.href = form.href;
}

export function startActions() {
  document.addEventListener("click", (event) => {
    const pressed = around(event, "[data-pn-copy], [data-pn-print], [data-pn-report]");
    if (!pressed) return;
    if ("pnCopy" in pressed.dataset) copy(pressed);
    else if ("pnPrint" in pressed.dataset) window.print();
    else report(/** @type {HTMLAnchorElement} */ (pressed));
  });
  for (const each of every("[data-pn-copy], [data-pn-print]")) each.hidden = false;
  for (const block of every(".highlight > pre")) {
    const made = button("pn-copy", t("copy.code"), () => {
      write(block.textContent).then(
        () => (made.textContent = t("copy.done")),
        () => (made.textContent = t("copy.failed")),
      );
      setTimeout(() => (made.textContent = t("copy.code")), 3000);
    });
    made.setAttribute("aria-label", t("copy.label"));
    block.after(made);
  }
}

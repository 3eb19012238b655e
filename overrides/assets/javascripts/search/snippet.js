/* What of a page is shown as a result. */
import { fold, foldWithPlaces } from "./fold.js";
import { count, rangesOf } from "./match.js";
import { formsOn } from "./rank.js";
import { weightOf } from "./units.js";
import { t } from "../words.js";

/** @import { Range } from "./match.js" */
/** @import { Unit } from "./units.js" */
/** @import { Page, Section } from "./rank.js" */

/** Text, and whether it matches.
 * @typedef {[string, boolean]} Piece */

/** One result, ready to be shown.
 * @typedef {object} Result
 * @property {string} url from the site's root
 * @property {string} id of the place on the page that the result leads to, or empty
 * @property {string} kind
 * @property {boolean} [partly] whether a part of the query does not stand there
 * @property {Piece[]} title
 * @property {Piece[][]} about
 * @property {Piece[]} text
 * @property {{ id: string, heading: Piece[], text: Piece[] }[]} sections
 * @property {string[]} forms to be marked on the page */

export const GLOSSARY = "术语"; // the kind of the page whose entries begin with what the term means
const MOST = 200; // ranges of one section
const CELL = "｜"; // parts the cells of a row; hooks/papernotes/search/text.py

/** @param {string[]} forms @param {Section} section @returns {Range[]} */
function places(forms, section) {
  section.at ??= foldWithPlaces(section.source).at; // only for the few sections that are shown
  return rangesOf(forms, { source: section.source, folded: section.folded, at: section.at }, MOST);
}

/** Text in pieces [text, marked], around the place where most matches stand close together, or of its beginning.
 * @param {Section} section @param {string[]} forms @param {number} length @param {boolean} [beginning]
 * @returns {Piece[]} */
export function snippet(section, forms, length, beginning = false) {
  const text = section.source;
  const marks = places(forms, section).filter((range) => range[0] >= section.start);
  const anchor = marks.length && !beginning ? densest(marks, length) : section.start;
  const row = rowAt(section, marks, anchor, length);
  if (row) return row;
  let from = Math.max(section.start, anchor - Math.floor(length / 4));
  const stop = text.slice(from, anchor).search(/[。！？；〕\n][^。！？；〕\n]*$/u);
  if (from > section.start && stop >= 0) from += stop + 1;
  const mark = text.lastIndexOf("〔", from);
  if (mark > text.lastIndexOf("〕", from)) from = Math.max(section.start, mark); // a source mark is shown from its beginning
  while (from > section.start && from < anchor && isInWord(text, from)) from++;
  let to = Math.min(text.length, from + length);
  while (to > anchor + length / 2 && isInWord(text, to)) to--;
  const out = pieceUp(text, marks, from, to);
  if (from > section.start && stop < 0) out.unshift(["…", false]);
  if (to < text.length) out.push(["…", false]);
  if (out.length) out[0][0] = out[0][0].trimStart();
  return out;
}

/** The row of a table in which a place lies, each cell behind the head of its column; null where it lies in none.
 * @param {Section} section @param {Range[]} marks @param {number} anchor @param {number} length
 * @returns {Piece[] | null} */
function rowAt({ source, start: from }, marks, anchor, length) {
  const start = Math.max(from, source.lastIndexOf("\n", anchor - 1) + 1);
  /** @param {number} place */
  const lineAt = (place) => source.slice(place, source.indexOf("\n", place) < 0 ? undefined : source.indexOf("\n", place));
  let top = start;
  for (let before = top; before > from && lineAt(before).includes(CELL);) {
    top = before;
    before = Math.max(from, source.lastIndexOf("\n", before - 2) + 1);
    if (before === from && lineAt(from).includes(CELL)) top = from;
  }
  const cells = lineAt(start).split(CELL);
  const heads = lineAt(top).split(CELL);
  if (top === start || cells.length < 2 || cells.length !== heads.length) return null;
  /** @type {Piece[]} */
  const out = [];
  let place = start;
  cells.forEach((cell, column) => {
    const head = column && heads[column].trim() ? `${heads[column].trim()} ` : "";
    if (cell.trim() && place - start < length)
      out.push(
        ...pieceUp(`${column ? ` ${CELL} ` : ""}${head}`, [], 0, Infinity),
        ...pieceUp(source, marks, place, place + cell.length),
      );
    place += cell.length + 1;
  });
  return out;
}

/** Whether a place of a text lies inside a Latin word or a number.
 * @param {string} text @param {number} place */
const isInWord = (text, place) => /^[\w.][\w.]$/.test(text.slice(place - 1, place + 1));

/** Where the first of the matches stands that stand closest together.
 * @param {Range[]} marks @param {number} length */
function densest(marks, length) {
  let most = 0;
  let where = marks[0][0];
  marks.forEach((mark, place) => {
    let near = 0;
    for (let next = place; next < marks.length && marks[next][1] < mark[0] + length * 0.7; next++)
      near += marks[next][1] - marks[next][0];
    if (near > most) {
      most = near;
      where = mark[0];
    }
  });
  return where;
}

/** @param {string} text @param {Range[]} marks @param {number} from @param {number} to @returns {Piece[]} */
function pieceUp(text, marks, from, to) {
  /** @type {Piece[]} */
  const out = [];
  to = Math.min(to, text.length);
  let place = from;
  for (const [start, end] of marks) {
    if (end <= from || start >= to) continue;
    if (start > place) out.push([text.slice(place, start), false]);
    out.push([text.slice(Math.max(start, place), Math.min(end, to)), true]);
    place = Math.min(end, to);
  }
  if (place < to) out.push([text.slice(place, to), false]);
  return out.map(([part, marked]) => [
    part
      .replace(/\s*\n\s*/g, " · ")
      .replace(/\s*\u2061\s*/g, t("search.formula"))
      .replace(/\s+/g, " "),
    marked,
  ]); // a dot where a block ends
}

/** @param {string} text @param {string[]} forms */
const markAll = (text, forms) =>
  pieceUp(text, rangesOf(forms, { source: text, ...foldWithPlaces(text) }, MOST), 0, text.length);

/** A page as a result.
 * @param {Page} page @param {Unit[]} units
 * @returns {Result} */
export function resultOf(page, units) {
  const forms = Array.from(new Set(units.flatMap((unit) => [...formsOn(unit, page), ...(unit.loose ?? [])])));
  const present = forms.filter((form) => count(form, page.whole));
  const shown = present.length ? present : forms;
  const rated = page.sections.map((section, place) => {
    let value = 0;
    for (const unit of units) {
      let bestForm = 0;
      for (const form of formsOn(unit, page)) {
        const times = count(form, section.folded);
        const head = section.head && count(form, section.head) ? 3 + (2 * form.length) / section.head.length : 0;
        if (times) bestForm = Math.max(bestForm, 1 + Math.log(times) * 0.5 + head);
      }
      value += bestForm * weightOf(unit);
    }
    return { section, value, place };
  });
  const top = rated
    .filter(({ section, value }) => section.id && value > 0)
    .sort((a, b) => b.value - a.value || a.place - b.place);
  const lead = rated.find(({ section }) => !section.id);
  const aside = page.about.filter((text) => forms.some((form) => count(form, fold(text)) && !count(form, page.folded.title)));
  // The summary says what the page is; where there is none, or the match is nowhere else, its first words do.
  let text = page.summary ? markAll(page.summary, forms) : [];
  const marked = text.some((piece) => piece[1]);
  const title = markAll(page.title, forms);
  const inTitle = title.some((piece) => piece[1]) || page.folded.names.some((name) => forms.some((form) => count(form, name)));
  const isGlossary = page.kind.name === GLOSSARY;
  if (!page.summary || (!top.length && !marked && !aside.length && !inTitle && lead && lead.value > 0)) {
    const body = lead && (lead.value > 0 || !top.length) ? lead.section : top.length ? top[0].section : page.sections[0];
    text = body ? snippet(body, shown, 110) : text;
  }
  return {
    url: page.url,
    id: isGlossary && top.length ? top[0].section.id : "", // an entry is what is looked for there
    kind: page.kind.name,
    title,
    about: aside.slice(0, 2).map((part) => markAll(part, forms)),
    text,
    sections: top.slice(0, 3).map(({ section }) => ({
      id: section.id,
      heading: markAll(section.heading, forms),
      text: snippet(section, shown, 90, isGlossary),
    })),
    forms: shown.slice(0, 6),
  };
}

/* What a page is worth for a query, judged by its text. */
import { fold, isCjkCode } from "./fold.js";
import { after, count, isWhole } from "./match.js";
import { numbersIn } from "./numbers.js";
import { shareOf, TITLE, weightOf } from "./units.js";

/** @import { Kind } from "./index.js" */
/** @import { Unit } from "./units.js" */

/** A section of a page: `source` is its heading, a line feed and its text; `start` is where the text begins, `head` the
 * folded heading.
 * @typedef {{ id: string, heading: string, head: string, start: number, source: string, folded: string, at?: number[] }} Section */

/** A page as the index has it, and folded.
 * @typedef {object} Page
 * @property {number} number
 * @property {string} url
 * @property {string} title
 * @property {string[]} about
 * @property {string} summary
 * @property {Kind} kind
 * @property {{ title: string, names: string[], about: string[], summary: string }} folded
 * @property {Section[]} sections
 * @property {string} whole the folded text of all sections
 * @property {Map<string, string[]>} [numbers] as the page writes them, by key */

/** What stands on a page for a unit: its forms; those of a number are the page's own.
 * @param {Unit} unit @param {Page} page
 * @returns {string[]} */
export function formsOn(unit, page) {
  if (!unit.number) return unit.forms;
  if (!page.numbers) {
    page.numbers = new Map();
    const { title, about, summary } = page.folded;
    for (const text of [page.whole, title, summary, ...about])
      for (const { key, start, end } of numbersIn(text)) {
        const known = page.numbers.get(key) ?? [];
        const written = text.slice(start, end);
        if (!known.includes(written)) page.numbers.set(key, [...known, written]);
      }
  }
  return unit.forms.concat(page.numbers.get(unit.number) ?? []);
}

/** Two folded texts as one: no space beside an ideograph.
 * @param {string} before @param {string} after
 * @returns {string} */
function join(before, after) {
  if (!before || !after) return before || after;
  const left = before.trimEnd();
  const right = after.trimStart();
  return isCjkCode(left.charCodeAt(left.length - 1)) || isCjkCode(right.charCodeAt(0)) ? left + right : `${left} ${right}`;
}

/** The data of a page -> the page, folded.
 * @param {[string, string, string[], string[], string, [string, string, string][]]} data
 * @param {number} number
 * @param {Kind} kind
 * @returns {Page} */
export function foldPage([url, title, names, about, summary, parts], number, kind) {
  const sections = parts.map(([id, heading, text]) => {
    const source = heading ? `${heading}\n${text}` : text;
    return { id, heading, head: fold(heading).trim(), start: heading ? heading.length + 1 : 0, source, folded: fold(source) };
  });
  const flat = (/** @type {string} */ text) => fold(text).trim();
  return {
    number,
    url,
    title,
    about,
    summary,
    kind,
    sections,
    folded: { title: flat(title), names: names.map(flat), about: about.map(flat), summary: flat(summary) },
    // One text of the whole page: a match may run over the border of two sections.
    whole: sections.reduce((whole, { folded }) => join(whole, folded), ""),
  };
}

/** How well a page has one unit; 0 where it does not stand there at all.
 * @param {Unit} unit @param {Page} page
 * @returns {number} */
export function rate(unit, page) {
  let top = 0;
  let body = 0;
  formsOn(unit, page).forEach((form, place) => {
    const factor = place && !unit.instead && !unit.number ? 0.9 : 1;
    const { title, names, about, summary } = page.folded;
    const values = [0];
    if (title === form) values.push(16);
    else if (count(form, title)) values.push((8 + (6 * form.length) / title.length) * (isWhole(form, title) ? 1 : 0.6));
    for (const name of names) {
      if (name === form) values.push(16);
      else if (count(form, name)) values.push((7 + (4 * form.length) / name.length) * (isWhole(form, name) ? 1 : 0.6));
    }
    for (const text of about) {
      if (text === form) values.push(7);
      else if (count(form, text)) values.push((4 + (2 * form.length) / text.length) * (isWhole(form, text) ? 1 : 0.6));
    }
    if (count(form, summary)) values.push(3.5);
    let headings = 0;
    for (const section of page.sections)
      if (section.head && count(form, section.head)) headings = Math.max(headings, 3 + (2 * form.length) / section.head.length);
    values.push(headings);
    const times = count(form, page.whole);
    top = Math.max(top, Math.max(...values) * factor);
    body = Math.max(body, times ? (1 + 0.7 * Math.log(times)) * factor * (isWhole(form, page.whole) ? 1 : 0.7) : 0);
  });
  if (unit.levels?.get(page.number) === TITLE) top = Math.max(top, 10);
  if (!top && !body && unit.loose?.length && unit.loose.every((part) => count(part, page.whole))) body = 0.5;
  return top + body;
}

const INITIALS = /(?<![^ .])(?:([a-z])(?:[ .]+[a-z])*[ .]+([a-z]{2,})|([a-z]{2,})[ .]+([a-z]))(?![^ .])/g;

/** A surname, and the letter that stands in a query for the first of the given names: A. Q. Jiang, Brown T. B.
 * @typedef {{ surname: string, letter: string }} Short */

/** @param {string} text folded
 * @returns {Short[]} */
export const shortNamesIn = (text) =>
  Array.from(text.matchAll(INITIALS), ([, before, last, first, after]) => ({
    surname: last ?? first,
    letter: before ?? after,
  }));

/** Whether a name may be shortened so.
 * @param {string} name @param {Short} short */
function isShort(name, { surname, letter }) {
  const words = name.split(/[ .]+/);
  return words.includes(surname) && words.some((word) => word !== surname && word[0] === letter);
}

/** What a page is worth for a reading of the query: the mean of its units by their weight. `has` is the share of the needed
 * units that stand there, 1 where all do; `called`: all of them are in what the page is called.
 * @param {Unit[]} units @param {Page} page @param {boolean} [compared] whether the query sets its parts against each other
 * @param {Short[]} [shorts] names in the query that are shortened
 * @returns {{ value: number, has: number, called: boolean }} */
export function judge(units, page, compared = false, shorts = []) {
  let [sum, total, needed, got, part] = [0, 0, 0, 0, 0];
  /** @type {number[]} */
  const values = [];
  for (const unit of units) {
    const value = rate(unit, page);
    const weight = weightOf(unit);
    sum += value * weight;
    if (unit.optional) continue;
    total += weight;
    values.push(value);
    needed++;
    if (!value) continue;
    got++;
    part += weight;
  }
  // Edward Hu is one author, not an Edward and a Huang: all words in one name count for more than apart.
  const { title, names, about } = page.folded;
  /** @param {string} text @param {Unit} unit */
  const isIn = (text, unit) =>
    unit.optional || formsOn(unit, page).some((form) => count(form, text) > 0 && isWhole(form, text));
  if (units.length > 1 && got === needed) {
    const together = (/** @type {string} */ text) => units.every((unit) => isIn(text, unit));
    if (together(title) || names.some(together)) sum *= 1.5;
    else if (about.some(together)) sum *= 1.3;
  }
  if (shorts.some((short) => about.some((name) => isShort(name, short)))) sum *= 1.3;
  const called = got === needed && units.every((unit) => [title, ...names, ...about].some((text) => isIn(text, unit)));
  // What is compared must stand there, each of it: the least of it decides as well.
  if (compared && values.length > 1) sum *= 0.6 + (0.4 * Math.min(...values)) / Math.max(...values);
  const has = needed ? shareOf(got / needed, part / total) : 0;
  return { value: total ? sum / total : 0, has, called };
}

// What makes another name of a name: llama 2, phi-1.5; neither 7B nor 8 个.
const VERSION = /^[ .]?\d(?:\.\d)?(?![\d个块条层张倍位]|[bkmtx](?![a-z])|[ .]?(?:bit|gb))/;

/** @param {string} text folded */
const bare = (text) => text.replace(/[ .]/g, "");

/** Whether a query has a name of the page in it.
 * @param {Page} page @param {string} text the query, folded
 * @param {Unit[]} units of it: a form of a term that is one of the page's names stands for it */
export function isNamed({ folded: { names } }, text, units) {
  const terms = units.filter((unit) => unit.term && unit.forms.some((form) => names.includes(form)));
  const letters = bare(text);
  /** @param {string} name that stands there perhaps: to make an expression of each takes long */
  const stands = (name) => letters.includes(bare(name)) && after(name, text).some((rest) => !VERSION.test(rest));
  return terms.length > 0 || names.some(stands);
}

/* What a query is made of: units, each with the pages that may have it. */
import { isCjk, SCRIPTS } from "./fold.js";
import { current, listOf, listUnder } from "./index.js";
import { best, intersect, NONE, Pages } from "./pages.js";

/** @import { Hit } from "./query.js" */
/** @import { Numeral } from "./numbers.js" */

const MOST_PAIRS = 12; // pairs of ideographs read for one run; the text of the page decides what they leave open
const LONGEST_WORD = 64;
/** Whether letters may be pinyin. */
export const PINYIN =
  /^(?:(?:[zcs]h|[b-df-hj-np-tw-z])?(?:[iu]?a(?:i|o|ng?)?|[iu]?e(?:i|ng?)?|er|i(?:ng?|u|ong)?|o(?:u|ng)?|u[ino]?|v))+$/;
// What a page is worth for a key, by level and one: mention, repeated, frequent, heading, about, name (see postings.py).
const WORTH = [0, 1, 1.5, 2, 3.5, 6, 10];
// Levels and one, as the lists of the index have them.
export const HEADING = 4;
export const ABOUT = 5;
export const TITLE = 6;
const ASIDE = 0.5; // what a word counts for that no page has in its names, headings or summary
// Among many units a run of ideographs, which may only be what people say, counts for this, and all the more for each page that
// has it in a prominent place, as for so many of its pages that have not.
const SAID = 0.15;
const SHOWN = 4;
const MOST_NAMED = 8; // a word in the names of more pages names none of them

/** One thing asked for: `pages` are those that may have it, with their worth, `forms` what to look for in the text.
 * `optional` units only add to the ranking.
 * @typedef {object} Unit
 * @property {string[]} forms
 * @property {Pages} pages
 * @property {number[]} [named] the pages that are called so, where they are few
 * @property {string} [number] its key; its forms are those in which a page writes it
 * @property {boolean} exact whether each of these pages has it for certain
 * @property {boolean} [whole] as a word, not only as the beginning of one
 * @property {boolean} [optional]
 * @property {boolean} [term] of the glossary
 * @property {boolean} [same] words that readers and pages use for the same
 * @property {Pages} [levels] of a term: where a page has it
 * @property {number} [glossary] what the glossary is worth for it
 * @property {number} [weight] what it counts for
 * @property {boolean} [among] many, as in a question
 * @property {string[]} [loose] parts of a form; a page that has them all is worth a little
 * @property {Instead} [instead] */

/** A word that stands nowhere, and the words that were looked for in its place.
 * @typedef {{ typed: string, used: string[] }} Instead */

/** The pairs by which a run of ideographs is looked up, each with the ideograph that follows it: all of a short run,
 * spread evenly over a long one.
 * @param {string} run */
export function pairs(run) {
  const chars = Array.from(run);
  /** @type {{ pair: string, next: string | undefined }[]} */
  const all = [];
  for (let place = 0; place + 1 < chars.length; place++)
    all.push({ pair: chars[place] + chars[place + 1], next: chars[place + 2] });
  if (all.length <= MOST_PAIRS) return all;
  const step = (all.length - 1) / (MOST_PAIRS - 1);
  return Array.from({ length: MOST_PAIRS }, (_, place) => all[Math.round(place * step)]);
}

/** @param {Pages} levels @param {number} factor */
export function worth(levels, factor) {
  const out = new Pages(levels.of.length);
  for (const page of levels.numbers) out.raise(page, WORTH[levels.of[page]] * factor);
  return out;
}

/** The pages that have something in their names, where they are few.
 * @param {Pages} levels */
function namedBy(levels) {
  const found = levels.numbers.filter((page) => levels.of[page] === TITLE);
  return found.length > MOST_NAMED ? [] : found;
}

/** Of a small site every second pair is enough: the text of a page decides, and a slow network brings few files at once.
 * @template T @param {T[]} all @returns {T[]} */
const enough = (all) => (current().names.length ? all.filter((_, place) => place % 2 === 0 || place === all.length - 1) : all);

/** @param {string} run @returns {Promise<Unit>} */
export async function unitOfRun(run) {
  const chars = Array.from(run);
  const all = enough(pairs(run));
  const found =
    chars.length === 1
      ? await listUnder(run, 8)
      : intersect(
          await Promise.all(all.map(({ pair }) => listOf(pair))),
          all.map(({ next }) => next),
        );
  return { forms: [run], pages: worth(found, 1), exact: chars.length < 3 };
}

/** On how many pages a word may stand.
 * @param {string} word */
export const spread = async (word) => intersect(await Promise.all(pairs(word).map(({ pair }) => listOf(pair)))).size;

/** Whether a run of ideographs stands on no page.
 * @param {string} run */
export const isNowhere = async (run) => Array.from(run).length > 1 && !(await spread(run));

/** What may have been meant by a word that stands nowhere.
 * @param {string} word */
const similar = async (word) => (await import("./slips.js")).similar(word);

/** @param {string} written @returns {Promise<Unit>} */
export async function unitOfWord(written) {
  const word = written.slice(0, LONGEST_WORD);
  const [whole, under] = await Promise.all([listOf(word), listUnder(word, 64)]);
  if (whole.size || under.size)
    return {
      forms: [word],
      pages: best([worth(whole, 1), worth(under, 0.6)]),
      exact: true,
      whole: whole.size > 0,
      named: namedBy(whole),
    };
  if (!/^[a-z][a-z0-9]{3,}$/.test(word)) return { forms: [word], pages: NONE, exact: true };
  const others = await similar(word);
  if (!others.length) return { forms: [word], pages: NONE, exact: true };
  const found = await Promise.all(others.map((word) => listOf(word)));
  const levels = best(found);
  return {
    forms: others,
    pages: worth(levels, 0.8),
    exact: true,
    whole: true,
    named: namedBy(levels),
    instead: { typed: word, used: others },
  };
}

/** Words joined by a sign or a digit's border: gpt-4, phi-1.5, 2305.18290. Found joined, or by all parts of two signs.
 * @param {string[]} parts @param {boolean} [corrected]
 * @returns {Promise<Unit>} */
async function unitOfCompound(parts, corrected = false) {
  const isNumber = /^\d+$/.test(parts[0]) && parts.length < 3; // 99.3 is no 99 and 3, 80 GB no 80 and GB
  const long = isNumber ? [] : parts.filter((part) => part.length > 1);
  const cut = (/** @type {string[]} */ some) => some.join("").slice(0, LONGEST_WORD);
  const [heads, under, ...each] = await Promise.all([
    Promise.all(parts.map((_, place) => listOf(cut(parts.slice(0, place + 1))))),
    listUnder(cut(parts), 64),
    ...long.map((part) => listUnder(part, 64)),
  ]);
  const whole = heads[heads.length - 1];
  const apart = each.length && (long.length > 1 || !under.size) ? intersect(each) : NONE;
  if (!corrected && !whole.size && !under.size && !apart.size) {
    const others = await Promise.all(parts.map(async (part) => (part.length > 3 ? (await unitOfWord(part)).forms[0] : part)));
    const typed = parts.join("-");
    if (others.some((part, place) => part !== parts[place]))
      return { ...(await unitOfCompound(others, true)), instead: { typed, used: [others.join("-")] } };
  }
  const form = parts.join(".");
  // Llama-2-chat is called by what it begins with.
  const named = heads.map(namedBy).filter((pages) => pages.length);
  return {
    forms: [form],
    loose: long,
    pages: best([worth(whole, 1.2), worth(under, 0.8), worth(apart, 0.4)]),
    exact: !apart.size,
    named: named[named.length - 1],
  };
}

/** Digits with the numeral behind them, of which neither is asked for by itself: 1.4万亿.
 * @param {string} form @param {...Promise<Unit>} parts
 * @returns {Promise<Unit>} */
async function unitOfAmount(form, ...parts) {
  const pages = (await Promise.all(parts)).map((unit) => unit.pages);
  return { forms: [form], pages: intersect(pages), exact: false };
}

/** Units of a folded text, as typed: every run a phrase, every word a beginning.
 * @param {string} text
 * @param {boolean} one whether a single ideograph counts
 * @returns {Promise<Unit[]>} */
export async function unitsOf(text, one) {
  /** @type {Promise<Unit>[]} */
  const made = [];
  // 48 GB is one thing, however it is spaced.
  for (const chunk of text.replace(/(?<![^ .])(\d+) ([a-z]{1,3})(?![^ .])/g, "$1.$2").split(" ")) {
    let before = "";
    for (const part of chunk.match(SCRIPTS) || []) {
      const number = before.match(/\d+(?:\.\d+)*$/)?.[0];
      before = part;
      if (isCjk(part)) {
        if (!one && Array.from(part).length < 2) continue;
        const run = unitOfRun(part);
        const last = made[made.length - 1];
        if (number && last && /^[百千万亿]/.test(part)) made[made.length - 1] = unitOfAmount(number + part, last, run);
        else made.push(run);
        continue;
      }
      const words = part.split(".").filter(Boolean);
      if (words.length > 1 && words.length < 6) made.push(unitOfCompound(words));
      else for (const word of words) if (word.length > 1) made.push(unitOfWord(word));
    }
  }
  const joined = []; // names written in two words: llama 2, Instruct GPT
  for (const found of text.matchAll(/([a-z]{2,}) (\d{1,3}(?:[a-z][a-z0-9]{0,2})?)(?![a-z0-9])/g))
    joined.push([found[1] + found[2], found[0]]);
  for (const found of text.matchAll(/(?<![^ .])(?=([a-z]{2,}) ([a-z]{2,})(?![^ .]))/g))
    joined.push([found[1] + found[2], `${found[1]} ${found[2]}`]);
  const [units, ...lists] = await Promise.all([
    Promise.all(made.slice(0, 16)),
    ...joined.slice(0, 3).map(([word]) => Promise.all([listOf(word), listUnder(word, 8)])),
  ]);
  for (const [place, [whole, under]] of lists.entries()) {
    const [word, typed] = joined[place];
    const silent = !under.size && units.some(({ forms, pages }) => !pages.size && typed.split(" ").includes(forms[0]));
    const others = silent ? await similar(word) : []; // instruct gpt, with a slip
    if (others.length) {
      const levels = best(await Promise.all(others.map((other) => listOf(other))));
      const pages = worth(levels, 0.8);
      units.push({
        forms: others,
        pages,
        exact: true,
        optional: true,
        named: namedBy(levels),
        instead: { typed, used: others },
      });
    } else if (under.size)
      units.push({
        forms: [word],
        pages: best([worth(whole, 1.2), worth(under, 0.6)]),
        exact: true,
        optional: true,
        named: namedBy(whole),
      });
  }
  return units;
}

/** The unit of a term named in the query: any of its forms.
 * @param {Hit} hit
 * @returns {Promise<Unit>} */
export async function unitOfTerm(hit) {
  const found = await Promise.all(hit.numbers.map((number) => listOf(`#${number}`)));
  const forms = Array.from(new Set([hit.form, ...hit.numbers.flatMap((number) => current().terms[number])]));
  const levels = best(found);
  const { entries } = current();
  if (hit.numbers.every((number) => number >= entries)) return { forms, pages: worth(levels, 1), exact: true, same: true };
  return { forms, levels, pages: worth(levels, 1), exact: true, term: true, named: namedBy(levels) };
}

/** The unit of a number, in whatever way a page writes it; a small one only adds to the ranking.
 * @param {Numeral} numeral
 * @returns {Promise<Unit>} */
export async function unitOfNumber({ key }) {
  const [, digits, zeros, unit] = /** @type {RegExpMatchArray} */ (key.match(/^=(\d+)(?:e(-?\d+))?(.*)$/));
  const plain = !unit && Number(zeros || 0) >= 0 && Number(zeros || 0) < 7 ? digits + "0".repeat(Number(zeros || 0)) : "";
  const lists = await Promise.all([listOf(key), plain.length > 1 ? listOf(plain) : NONE]);
  return {
    forms: plain.length > 1 ? [plain] : [],
    number: key,
    pages: worth(best(lists), 1),
    exact: true,
    optional: key.length === 2,
  };
}

/** How much of a query a page has: the share of its units, or that of their weight, which tells that only common words lack.
 * @param {number} number @param {number} weight */
export const shareOf = (number, weight) => (number === 1 ? 1 : Math.max(number, Math.min(weight, 0.99)));

/** What a unit counts for: the rarer, the more; less where no page has it in a prominent place, for it says little of what is
 * asked (老是, 样子). Among many units a run of ideographs counts by how many of its pages have it there (反而, 之后);
 * one that stands on few pages tells them apart all the same.
 * @param {Unit} unit */
export function weightOf(unit) {
  if (unit.weight === undefined) {
    const { term, same, among, forms, pages } = unit;
    const { numbers, of } = pages;
    const size = Math.max(1, pages.size);
    const isProminent = (/** @type {number} */ page) => of[page] >= WORTH[HEADING] * 0.8;
    let part = 1;
    if (!term && !same && among && isCjk(forms[0] ?? "")) {
      const shown = SHOWN * numbers.filter(isProminent).length + Number(size > 1);
      part = Math.min(1, SAID + ((1 - SAID) * shown) / size);
    } else if (!term && !same && !numbers.some(isProminent)) part = ASIDE;
    unit.weight = Math.log(1 + current().pages / size) * part;
  }
  return unit.weight;
}

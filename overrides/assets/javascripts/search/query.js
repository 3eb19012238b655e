/* What a query asks for: its two readings, each a set of units, each unit with the pages that may have it. */
import { fold, isCjk, pieces, SCRIPTS } from "./fold.js";
import { read } from "./files.js";
import { current, listOf, listUnder } from "./index.js";
import { best, IndexError, intersect, NONE, Pages } from "./pages.js";

const LONGEST_QUERY = 120; // characters; a longer query is cut, and the reader is told
const MOST_PAIRS = 12; // pairs of ideographs read for one run; the text of the page decides what they leave open
const LONGEST_WORD = 64;
// What a page is worth for a key, by level and one: mention, repeated, frequent, heading, about, name (see postings.py).
const WORTH = [0, 1, 1.5, 2, 3.5, 6, 10];
// What readers put around the thing they look for. Only ever taken away in the second reading of a query.
const ASKING = new RegExp(
  "什么是|是什么意思|是什么|什么叫|叫什么|指什么|什么时候|为什么|什么|为何|怎么样|怎么|怎样|如何|有没有|有哪些|哪些|哪个|哪里|哪篇|" +
    "有用吗|能不能|是不是|多少|请问|论文|文章|介绍|提出|意思|定义|区别|不同|相比|对比|比较|关系|" +
    "(?<![a-z])(?:the|an?|of)(?![a-z])|吗|呢|了|的|和|与|跟|是|用|在|把|给|做|让|到底|会",
  "gu",
);

const ID = "([a-z-]{2,10}(?:\\.[a-z]{2})?\\/\\d{7}|\\d{4}\\.\\d{4,5})";
const LINK = new RegExp(
  `(?:https?:\\/\\/)?(?:(?:www|export)\\.)?(?:arxiv\\.org\\/(?:abs|pdf|html|format)\\/|(?:dx\\.)?doi\\.org\\/10\\.48550\\/arxiv\\.|` +
    `10\\.48550\\/arxiv\\.|arxiv\\s*[:：]?\\s*|(?:[a-z0-9-]+\\.)+[a-z]{2,}\\/(?:[\\w-]+\\/){0,4})${ID}(?:v\\d{1,3})?(?:\\.pdf)?(?:[?#]\\S*)?`,
  "giu",
);
const VERSION = /(?<![\d.])(\d{4}\.\d{4,5})v\d{1,3}(?!\w)/giu;

/** The query as typed -> the folded text that is searched. A link or an id with its version becomes the bare id.
 * @param {string} query
 * @returns {{ text: string, cut: boolean }} */
export function normalise(query) {
  const cut = Array.from(query.slice(0, LONGEST_QUERY * 2))
    .slice(0, LONGEST_QUERY)
    .join("");
  const plain = cut.normalize("NFKC").replace(LINK, " $1 ").replace(VERSION, "$1");
  return { text: fold(plain).trim(), cut: cut.length < query.length };
}

/** Terms named in a folded text, longest first from the left, and what is left between them.
 * @param {string} text */
export function splitTerms(text) {
  /** @type {Hit[]} */
  const found = [];
  /** @type {string[]} */
  const rest = [];
  let left = "";
  /** @param {string} char */
  const border = (char) => !char || char === " " || char === "." || isCjk(char);
  for (let place = 0; place < text.length;) {
    /** @type {Hit | null} */
    let hit = null;
    for (let length = Math.min(current().longest + 1, text.length - place); length > 1; length--) {
      let form = text.slice(place, place + length);
      const latin = !isCjk(form[form.length - 1]);
      let numbers = current().forms.get(form) || current().forms.get((form = form.replaceAll(".", " ")));
      if (!numbers && latin && form.endsWith("s")) numbers = current().forms.get((form = form.slice(0, -1)));
      if (!numbers) continue;
      if (!isCjk(form[0]) && !border(text[place - 1])) continue;
      if (latin && !border(text[place + length])) continue;
      hit = { form, numbers, length };
      break;
    }
    if (hit) {
      found.push(hit);
      rest.push(left);
      left = "";
      place += hit.length;
    } else left += text[place++];
  }
  rest.push(left);
  return { found, rest: rest.filter((part) => part.trim()) };
}

/** The pairs by which a run of ideographs is looked up, each with the ideograph that follows it: all of a short run,
 * spread evenly over a long one.
 * @param {string} run */
function pairs(run) {
  const chars = Array.from(run);
  /** @type {{ pair: string, next: string | undefined }[]} */
  const all = [];
  for (let place = 0; place + 1 < chars.length; place++)
    all.push({ pair: chars[place] + chars[place + 1], next: chars[place + 2] });
  if (all.length <= MOST_PAIRS) return all;
  const step = (all.length - 1) / (MOST_PAIRS - 1);
  return Array.from({ length: MOST_PAIRS }, (_, place) => all[Math.round(place * step)]);
}

/** One thing asked for: `pages` are those that may have it, with their worth, `forms` what to look for in the text.
 * `optional` units only add to the ranking.
 * @typedef {object} Unit
 * @property {string[]} forms
 * @property {Pages} pages
 * @property {boolean} exact whether each of these pages has it for certain
 * @property {boolean} [whole] as a word, not only as the beginning of one
 * @property {boolean} [optional]
 * @property {boolean} [term] of the glossary
 * @property {Pages} [levels] of a term: where a page has it
 * @property {number} [glossary] what the glossary is worth for it
 * @property {string[]} [loose] parts of a form; a page that has them all is worth a little
 * @property {Instead} [instead] */

/** A word that stands nowhere, and the words that were looked for in its place.
 * @typedef {{ typed: string, used: string[] }} Instead */

/** A form of terms in a query, as long as it stands there.
 * @typedef {{ form: string, numbers: number[], length: number }} Hit */

/** Two readings of a query.
 * @typedef {{ typed: Unit[], meant: Unit[] }} Plan */

/** @param {Pages} levels @param {number} factor */
function worth(levels, factor) {
  const out = new Pages(levels.of.length);
  for (const page of levels.numbers) out.raise(page, WORTH[levels.of[page]] * factor);
  return out;
}

/** @param {string} run @returns {Promise<Unit>} */
async function unitOfRun(run) {
  const chars = Array.from(run);
  const all = pairs(run);
  const found =
    chars.length === 1
      ? await listUnder(run, 8)
      : intersect(
          await Promise.all(all.map(({ pair }) => listOf(pair))),
          all.map(({ next }) => next),
        );
  return { forms: [run], pages: worth(found, 1), exact: chars.length < 3 };
}

/** Words with at most one letter wrong, missing, too many, or two changed about; those of names and headings first.
 * @param {string} word
 * @returns {Promise<string[]>} */
async function similar(word) {
  const lengths = [word.length, word.length - 1, word.length + 1].filter((length) => current().words.includes(length));
  const files = await Promise.all(lengths.map((length) => read(`w${length}`)));
  /** @type {string[][]} */
  const groups = [[], []];
  for (const file of files) {
    if (typeof file !== "string") throw new IndexError("broken", "w");
    file.split("\n").forEach((line, group) => {
      for (const candidate of line.split(" ")) if (candidate && oneApart(word, candidate)) groups[group].push(candidate);
    });
  }
  return (groups[0].length ? groups[0] : groups[1]).slice(0, 4);
}

/** Whether two words differ as one slip of the keys makes them differ.
 * @param {string} a @param {string} b
 * @returns {boolean} */
export function oneApart(a, b) {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const left = a.slice(start, a.length - end);
  const right = b.slice(start, b.length - end);
  if (/\d/.test(left + right)) return false; // int8 is no misspelt int4
  if (left.length <= 1 && right.length <= 1) return a[0] === b[0]; // the first letter is seldom the wrong one
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}

/** @param {string} written @returns {Promise<Unit>} */
async function unitOfWord(written) {
  const word = written.slice(0, LONGEST_WORD);
  const [whole, under] = await Promise.all([listOf(word), listUnder(word, 64)]);
  if (whole.size || under.size)
    return { forms: [word], pages: best([worth(whole, 1), worth(under, 0.6)]), exact: true, whole: whole.size > 0 };
  if (!/^[a-z][a-z0-9]{3,}$/.test(word)) return { forms: [word], pages: NONE, exact: true };
  const others = await similar(word);
  if (!others.length) return { forms: [word], pages: NONE, exact: true };
  const found = await Promise.all(others.map((word) => listOf(word)));
  return { forms: others, pages: worth(best(found), 0.8), exact: true, whole: true, instead: { typed: word, used: others } };
}

/** Words joined by a sign or a digit's border: gpt-4, phi-1.5, 2305.18290. Found joined, or by all parts of two signs.
 * @param {string[]} parts @param {boolean} [corrected]
 * @returns {Promise<Unit>} */
async function unitOfCompound(parts, corrected = false) {
  const joined = parts.join("");
  const long = parts.filter((part) => part.length > 1);
  const [whole, under, ...each] = await Promise.all([
    listOf(joined.slice(0, LONGEST_WORD)),
    listUnder(joined.slice(0, LONGEST_WORD), 64),
    ...long.map((part) => listUnder(part, 64)),
  ]);
  const apart = long.length > 1 || !under.size ? intersect(each) : NONE;
  if (!corrected && !whole.size && !under.size && !apart.size) {
    const others = await Promise.all(parts.map(async (part) => (part.length > 3 ? (await unitOfWord(part)).forms[0] : part)));
    const typed = parts.join("-");
    if (others.some((part, place) => part !== parts[place]))
      return { ...(await unitOfCompound(others, true)), instead: { typed, used: [others.join("-")] } };
  }
  const form = parts.join(".");
  return {
    forms: [form],
    loose: long,
    pages: best([worth(whole, 1.2), worth(under, 0.8), worth(apart, 0.4)]),
    exact: !apart.size,
  };
}

/** Units of a folded text, as typed: every run a phrase, every word a beginning.
 * @param {string} text
 * @param {boolean} one whether a single ideograph counts
 * @returns {Promise<Unit[]>} */
async function unitsOf(text, one) {
  /** @type {Promise<Unit>[]} */
  const made = [];
  // 48 GB is one thing, however it is spaced.
  for (const chunk of text.replace(/(?<![^ .])(\d+) ([a-z]{1,3})(?![^ .])/g, "$1.$2").split(" ")) {
    for (const part of chunk.match(SCRIPTS) || []) {
      if (isCjk(part)) {
        if (one || Array.from(part).length > 1) made.push(unitOfRun(part));
        continue;
      }
      const words = part.split(".").filter(Boolean);
      if (words.length > 1 && words.length < 6) made.push(unitOfCompound(words));
      else for (const word of words) if (word.length > 1) made.push(unitOfWord(word));
    }
  }
  const units = await Promise.all(made.slice(0, 16));
  const joined = []; // names written in two words: llama 2, Instruct GPT
  for (const found of text.matchAll(/([a-z]{2,}) (\d{1,3}(?:[a-z][a-z0-9]{0,2})?)(?![a-z0-9])/g))
    joined.push(found[1] + found[2]);
  for (const found of text.matchAll(/(?<![^ .])(?=([a-z]{2,}) ([a-z]{2,})(?![^ .]))/g)) joined.push(found[1] + found[2]);
  for (const word of joined.slice(0, 3)) {
    const [whole, under] = await Promise.all([listOf(word), listUnder(word, 8)]);
    if (under.size)
      units.push({ forms: [word], pages: best([worth(whole, 1.2), worth(under, 0.6)]), exact: true, optional: true });
  }
  return units;
}

/** The unit of a term named in the query: any of its forms.
 * @param {Hit} hit
 * @returns {Promise<Unit>} */
async function unitOfTerm(hit) {
  const found = await Promise.all(hit.numbers.map((number) => listOf(`#${number}`)));
  const forms = Array.from(new Set([hit.form, ...hit.numbers.flatMap((number) => current().terms[number])]));
  const levels = best(found);
  return { forms, levels, pages: worth(levels, 1), exact: true, term: true };
}

/** @param {string} text */
const strip = (text) => text.replace(ASKING, " ");

/** Two readings of a query. `typed` takes it letter by letter; `meant` knows terms and leaves out words of asking.
 * @param {string} text
 * @returns {Promise<Plan>} */
export async function plan(text) {
  const { found, rest } = splitTerms(text);
  const left = rest.map(strip).filter((part) => part.trim());
  const differs = found.length > 0 || left.join("") !== rest.join("");
  const useful = found.length > 0 || left.some((part) => pieces(part).some((piece) => piece.length > 1));
  // A term's list holds every page with any of its forms, so a query that is one Chinese form needs no other list.
  const isTerm = found.length === 1 && found[0].length === text.length && pieces(text)[0] === text && isCjk(text);
  const [typed, terms, others] = await Promise.all([
    isTerm ? [] : unitsOf(text, true),
    Promise.all(found.slice(0, 8).map(unitOfTerm)),
    differs && useful ? Promise.all(left.map((part) => unitsOf(part, false))) : [],
  ]);
  const meant = differs && useful ? terms.concat(...others) : [];
  return { typed, meant };
}

/** @param {Unit} unit */
export const rarity = (unit) => Math.log(1 + current().pages / Math.max(1, unit.pages.size));

/** Pages that have every unit that is not optional, with their worth.
 * @param {Unit[]} units
 * @returns {Pages} */
export function all(units) {
  const out = new Pages(current().pages);
  const needed = units.filter((unit) => !unit.optional).map((unit) => unit.pages);
  if (!needed.length) return out;
  const weights = units.map(rarity);
  const fewest = needed.reduce((a, b) => (a.size <= b.size ? a : b));
  for (const page of fewest.numbers) {
    if (needed.length > 1 && !needed.every((pages) => pages.of[page])) continue;
    let sum = 0;
    for (let place = 0; place < units.length; place++) sum += units[place].pages.get(page) * weights[place];
    out.raise(page, sum);
  }
  return out;
}

/** Parts of a query that found nothing whole: terms, words, pairs of ideographs; a page needs half of them, terms twice.
 * @param {string} text @param {Plan} plans
 * @returns {Promise<{ units: Unit[], found: Pages }>} */
export async function loose(text, plans) {
  const units = plans.meant.filter((unit) => unit.term).concat(plans.typed.filter((unit) => !isCjk(unit.forms[0])));
  const runs = pieces(strip(text)).filter((piece) => isCjk(piece) && Array.from(piece).length > 1);
  const wanted = Array.from(new Set(runs.flatMap(pairs).map(({ pair }) => pair))).slice(0, 24);
  for (const pair of wanted) units.push({ forms: [pair], pages: worth(await listOf(pair), 1), exact: true });
  const present = units.filter((unit) => unit.pages.size);
  /** @param {Unit} unit */
  const partsOf = (unit) => (unit.term ? 2 : 1);
  const total = present.reduce((sum, unit) => sum + partsOf(unit), 0);
  const shares = new Pages(current().pages);
  const values = new Pages(current().pages);
  for (const unit of present) {
    const weight = rarity(unit) * partsOf(unit);
    for (const page of unit.pages.numbers) {
      values.raise(page, values.get(page) + unit.pages.of[page] * weight);
      shares.raise(page, shares.get(page) + partsOf(unit));
    }
  }
  const found = new Pages(current().pages);
  for (const page of values.numbers) if (shares.of[page] >= total * 0.5) found.raise(page, values.of[page]);
  return { units: present, found };
}

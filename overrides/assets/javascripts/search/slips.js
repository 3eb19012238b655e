/* What was meant by what stands nowhere; loaded where a query has such a word.
 *
 * Slips of the keys: a letter wrong, missing, too many, or two changed about. What was typed by its sound: a homophone that
 * the keyboard offered, or pinyin itself (weitiao). The words that are listened for are those of terms and of what
 * pages are called, and the names of authors in pinyin; hooks/papernotes/search/sounds.py makes the tables of sounds. */
import { fold, isCjk, pieces } from "./fold.js";
import { read } from "./files.js";
import { current, listOf, listUnder } from "./index.js";
import { IndexError, intersect } from "./pages.js";
import { ABOUT, isNowhere, PINYIN, spread } from "./units.js";

/** @import { Manifest } from "./index.js" */
/** @import { Instead } from "./units.js" */

const LATIN = /^[a-z0-9]+(?:[ .][a-z0-9]+)*/; // of a name the part in letters
const LONGEST = 8; // ideographs of such a word
const MOST = 6; // words of one sound that are weighed

const KEYS = ["qwertyuiop", "asdfghjkl", "zxcvbnm"]; // each row lies half a key to the right of the one above it
const LONG_WORD = 7; // letters from which two slips are heard; a shorter word may have its letters in another order

/** Whether two letters lie side by side on the keyboard.
 * @param {string} a @param {string} b */
function areNeighbours(a, b) {
  const [one, two] = [a, b].map((letter) => ({ row: KEYS.findIndex((row) => row.includes(letter)), letter }));
  const across = KEYS[one.row]?.indexOf(a) - KEYS[two.row]?.indexOf(b) + (one.row - two.row) / 2;
  return Math.abs(one.row - two.row) < 2 && Math.abs(across) <= 1;
}

/** How many slips of the keys make one word of another: letters wrong, missing, too many, or two changed about. Infinity
 * where digits differ (int8 is no misspelt int4), and where the first letter does: that one is seldom wrong, unless by a
 * neighbouring key. Source: optimal string alignment, a restricted Damerau-Levenshtein distance.
 * @param {string} a @param {string} b
 * @returns {number} */
export function slipsBetween(a, b) {
  if (a.replace(/\D/g, "") !== b.replace(/\D/g, "")) return Infinity;
  if (a[0] !== b[0] && !(a[0] === b[1] && a[1] === b[0]) && !(a.slice(1) === b.slice(1) && areNeighbours(a[0], b[0])))
    return Infinity;
  const rows = [Array.from({ length: b.length + 1 }, (_, place) => place)];
  for (let i = 1; i <= a.length; i++) {
    rows.push([i]);
    for (let j = 1; j <= b.length; j++) {
      const changed = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2][j - 2] + 1 : Infinity;
      rows[i][j] = Math.min(
        rows[i - 1][j] + 1,
        rows[i][j - 1] + 1,
        rows[i - 1][j - 1] + Number(a[i - 1] !== b[j - 1]),
        changed,
      );
    }
  }
  return rows[a.length][b.length];
}

/** The words that differ by so many slips; those of names and headings before others.
 * @param {string} word @param {number} slips
 * @returns {Promise<string[]>} */
async function wordsApart(word, slips) {
  const lengths = Array.from({ length: 2 * slips + 1 }, (_, step) => word.length - slips + step);
  const files = await Promise.all(
    lengths.filter((length) => current().words.includes(length)).map((length) => read(`w${length}`)),
  );
  /** @type {string[][]} */
  const groups = [[], []];
  for (const file of files) {
    if (typeof file !== "string") throw new IndexError("broken", "w");
    file.split("\n").forEach((line, group) => {
      for (const candidate of line.split(" "))
        if (candidate && slipsBetween(word, candidate) === slips) groups[group].push(candidate);
    });
  }
  return groups[0].length || slips > 1 ? groups[0] : groups[1];
}

/** What may have been meant by a word that stands nowhere: a word one slip apart; of names and headings also one two slips
 * apart; the name before a version (yolov1).
 * @param {string} word
 * @returns {Promise<string[]>} */
export async function similar(word) {
  read(WORDS).catch(() => {}); // by which it is heard, if it is no slip
  const near = await wordsApart(word, 1);
  if (near.length) return near.slice(0, 4);
  if (await spoken(word)) return []; // which is heard once the rest of the query is read
  const letters = (/** @type {string} */ of) => Array.from(of).sort().join("");
  const far = word.length > 4 ? await wordsApart(word, 2) : [];
  const likely = word.length < LONG_WORD ? far.filter((other) => letters(other) === letters(word)) : far;
  if (likely.length) return likely.slice(0, 4);
  const name = word.match(/^([a-z]{3,}?)v?\d{1,2}$/)?.[1];
  return name && (await listOf(name)).size ? [name] : [];
}

const WORDS = "s0"; // the sounds of the ideographs in the words that are listened for
const EVERY = "s1"; // and of all others
/** @type {Manifest | null} */
let learntFrom = null;
let learnt = "";
/** @type {string[]} */
let runs = []; // of ideographs, in which the words stand
/** @type {Map<string, string[]>} */
const syllables = new Map(); // by ideograph
/** @type {Set<string>} */
let spellings = new Set(); // of syllables

/** @param {string} name of the table */
async function learn(name) {
  const table = await read(name);
  if (typeof table !== "string") throw new IndexError("broken", name);
  const manifest = current();
  if (learntFrom === manifest && (learnt === EVERY || learnt === name)) return;
  [learntFrom, learnt] = [manifest, name];
  runs = Array.from(new Set([...manifest.terms.flat(), ...manifest.names].flatMap((text) => pieces(text).filter(isCjk))));
  syllables.clear();
  for (const line of table.split("\n")) {
    const [syllable, chars = ""] = line.split(" ");
    for (const char of chars) syllables.set(char, [...(syllables.get(char) ?? []), syllable]);
  }
  spellings = new Set(Array.from(syllables.values()).flat());
}

/** How many ideographs of a run, from a place, a sound spells; 0 where it spells others.
 * @param {string} run @param {number} place @param {string} sound
 * @returns {number} */
function spelt(run, place, sound) {
  for (const syllable of syllables.get(run[place]) ?? []) {
    if (sound === syllable) return 1;
    const more = sound.startsWith(syllable) ? spelt(run, place + 1, sound.slice(syllable.length)) : 0;
    if (more) return more + 1;
  }
  return 0;
}

/** How a word may sound.
 * @param {string} word */
const soundsOf = (word) =>
  Array.from(word).reduce((all, char) => all.flatMap((sound) => (syllables.get(char) ?? []).map((more) => sound + more)), [""]);

/** The word with one of these sounds that stands on the most pages.
 * @param {string[]} sounds @param {(length: number) => boolean} fits
 * @returns {Promise<string | null>} */
async function wordOf(sounds, fits) {
  const words = new Set();
  for (const run of runs)
    for (let place = 0; place + 1 < run.length; place++)
      for (const sound of sounds) {
        const length = spelt(run, place, sound);
        if (length > 1 && fits(length)) words.add(run.slice(place, place + length));
      }
  const some = Array.from(words).slice(0, MOST);
  if (some.length === 1 && (current().forms.has(some[0]) || current().called.has(some[0]))) return some[0]; // no need to look
  const pages = await Promise.all(some.map(spread));
  const most = Math.max(0, ...pages);
  return most ? some[pages.indexOf(most)] : null;
}

/** The author with one of these names in pinyin, as surname and given name.
 * @param {string[][]} names
 * @returns {Promise<string | null>} */
async function authorOf(names) {
  const found = await Promise.all(
    names.slice(0, MOST).map(async (words) => intersect(await Promise.all(words.map((word) => listOf(word))))),
  );
  const place = found.findIndex((pages) => pages.numbers.some((page) => pages.get(page) >= ABOUT));
  return place < 0 ? null : names[place].join(" ");
}

/** A Chinese name of two to four ideographs in pinyin, in which a paper has it: family name first, then the given name in one word.
 * @param {string} run */
function namesOf(run) {
  const chars = Array.from(run);
  if (chars.length > 4) return [];
  return [1, 2].flatMap((length) => {
    const [surnames, given] = [chars.slice(0, length), chars.slice(length)].map((part) => soundsOf(part.join("")));
    return length < chars.length ? surnames.flatMap((one) => given.map((other) => [one, other])) : [];
  });
}

/** What letters are cut into at a place, each of them.
 * @param {string} letters */
const cuts = (letters) =>
  Array.from({ length: letters.length - 1 }, (_, at) => [letters.slice(0, at + 1), letters.slice(at + 1)]);

/** Whether letters spell a given name, of one or two syllables.
 * @param {string} letters */
const isGiven = (letters) => spellings.has(letters) || cuts(letters).some((both) => both.every((part) => spellings.has(part)));

/** A name in pinyin whose two parts are not apart: hekaiming, kaiminghe.
 * @param {string} word */
const partsOfName = (word) =>
  cuts(word).filter(([one, other]) => (spellings.has(one) && isGiven(other)) || (isGiven(one) && spellings.has(other)));

/** The name of a page that a word is, or begins, where its parts are written apart: Mask R-CNN, for which readers type it in one.
 * @param {string} word @param {number} slips */
function nameOf(word, slips) {
  const names = current().names.flatMap((all) => all.split(/ ?\. /).map((name) => name.match(LATIN)?.[0] ?? ""));
  return (
    names.find((name) => {
      const joined = name.replace(/[ .]/g, "");
      return (
        joined.length >= word.length - slips &&
        (!slips || word.length >= LONG_WORD) &&
        [joined, joined.slice(0, word.length)].some((form) => slipsBetween(word, form) <= slips)
      );
    }) ?? null
  );
}

/** What a word of letters that stands nowhere says: what a page is called, or, by its sound, a word of the site or an author.
 * @param {string} word
 * @returns {Promise<string | null>} */
async function spoken(word) {
  await learn(WORDS);
  const found = nameOf(word, 0) ?? (await wordOf([word], () => true)) ?? nameOf(word, 1);
  if (found || word.length < 5 || !PINYIN.test(word)) return found;
  await learn(EVERY);
  return authorOf(partsOfName(word));
}

/** Whether a part of a run lies over the borders of words: both characters at each of its ends stand together somewhere.
 * @param {string} run @param {number} from @param {number} to */
async function isAcross(run, from, to) {
  const [before, after] = [run.slice(from - 1, from + 1), run.slice(to - 1, to + 1)];
  return from > 0 && to < run.length && !(await isNowhere(before)) && !(await isNowhere(after));
}

/** The words of a run that sound like others, from the left, the longest first.
 * @param {string} run
 * @returns {Promise<Instead[]>} */
async function homophones(run) {
  /** @type {Instead[]} */
  const out = [];
  for (let place = 0; place + 1 < run.length;) {
    let length = Math.min(LONGEST, run.length - place);
    for (; length > 1; length--) {
      const typed = run.slice(place, place + length);
      if (runs.some((known) => known.includes(typed))) break;
      const word = (await isNowhere(typed)) && (await wordOf(soundsOf(typed), (long) => long === length));
      if (!word || (await isAcross(run, place, place + length))) continue;
      out.push({ typed, used: [word] });
      break;
    }
    place += length;
  }
  return out;
}

/** What of a query was typed by its sound, and the text that was meant.
 * @param {string} text folded
 * @param {string[]} left what of it is neither a term nor a number nor only asks
 * @returns {Promise<{ text: string, notes: Instead[] }>} */
export async function heard(text, left) {
  /** @type {Instead[]} */
  const notes = [];
  for (const piece of left.flatMap(pieces)) {
    if (isCjk(piece)) {
      if (!(await isNowhere(piece))) continue;
      await learn(EVERY);
      const words = await homophones(piece);
      const author = words.length ? null : await authorOf(namesOf(piece));
      notes.push(...(author ? [{ typed: piece, used: [author] }] : words));
    } else if (/^[a-z]{4,24}$/.test(piece)) {
      if ((await listOf(piece)).size || (await listUnder(piece, 64)).size) continue;
      const word = await spoken(piece);
      if (word) notes.push({ typed: piece, used: [word] });
    }
  }
  return { text: notes.reduce((whole, { typed, used }) => fold(whole.replace(typed, used[0])), text), notes };
}

/** Fetch the tables beforehand, when nothing is waited for. */
export const prepareToHear = () => [WORDS, EVERY].forEach((name) => read(name, false).catch(() => {}));

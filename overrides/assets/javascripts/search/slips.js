/* What was meant by what stands nowhere; loaded where a query has such a word.
 *
 * Slips of the keys: a letter wrong, missing, too many, or two changed about. What was typed by its sound: a homophone that
 * the keyboard offered, or pinyin itself (weitiao). The words that are listened for are those of terms and of what
 * pages are called; hooks/papernotes/search/sounds.py makes the table of sounds. */
import { fold, isCjk, pieces } from "./fold.js";
import { read } from "./files.js";
import { current, listOf, listUnder } from "./index.js";
import { IndexError } from "./pages.js";
import { isNowhere, spread } from "./units.js";

/** @import { Manifest } from "./index.js" */
/** @import { Instead } from "./units.js" */

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
  prepareToHear(); // it may be pinyin
  const near = await wordsApart(word, 1);
  if (near.length) return near.slice(0, 4);
  await learn();
  if (await wordOf([word], () => true)) return []; // which is heard once the rest of the query is read
  const letters = (/** @type {string} */ of) => Array.from(of).sort().join("");
  const far = word.length > 4 ? await wordsApart(word, 2) : [];
  const likely = word.length < LONG_WORD ? far.filter((other) => letters(other) === letters(word)) : far;
  if (likely.length) return likely.slice(0, 4);
  const name = word.match(/^([a-z]{3,}?)v?\d{1,2}$/)?.[1];
  return name && (await listOf(name)).size ? [name] : [];
}

/** @type {Manifest | null} */
let learntFrom = null;
/** @type {string[]} */
let runs = []; // of ideographs, in which the words stand
/** @type {Map<string, string[]>} */
const syllables = new Map(); // by ideograph

async function learn() {
  const table = await read("s0");
  if (typeof table !== "string") throw new IndexError("broken", "s0");
  const manifest = current();
  if (learntFrom === manifest) return;
  learntFrom = manifest;
  runs = Array.from(new Set([...manifest.terms.flat(), ...manifest.names].flatMap((text) => pieces(text).filter(isCjk))));
  syllables.clear();
  for (const line of table.split("\n")) {
    const [syllable, chars = ""] = line.split(" ");
    for (const char of chars) syllables.set(char, [...(syllables.get(char) ?? []), syllable]);
  }
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
  let [found, most] = [null, 0];
  for (const word of Array.from(words).slice(0, MOST)) {
    const pages = await spread(word);
    if (pages > most) [found, most] = [word, pages];
  }
  return found;
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
      if (!word) continue;
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
      await learn();
      notes.push(...(await homophones(piece)));
    } else if (/^[a-z]{4,24}$/.test(piece)) {
      if ((await listOf(piece)).size || (await listUnder(piece, 64)).size) continue;
      await learn();
      const word = await wordOf([piece], () => true);
      if (word) notes.push({ typed: piece, used: [word] });
    }
  }
  return { text: notes.reduce((whole, { typed, used }) => fold(whole.replace(typed, used[0])), text), notes };
}

/** Fetch the table beforehand, when nothing is waited for. */
export const prepareToHear = () => read("s0", false).catch(() => {});

/* What a query means that was typed by its sound: a homophone that the keyboard offered, or pinyin itself (weitiao).
 *
 * The words that are listened for are those of terms and of the names of pages. The table of sounds (hooks/papernotes/search/sounds.py)
 * is read where a query has something that stands nowhere. */
import { fold, isCjk, pieces } from "./fold.js";
import { read } from "./files.js";
import { current, listOf, listUnder } from "./index.js";
import { IndexError, intersect } from "./pages.js";
import { HEADING, pairs } from "./units.js";

/** @import { Manifest } from "./index.js" */
/** @import { Instead } from "./units.js" */

const RARE = 2; // pages up to which a part of it may be a slip
const RARER = 8; // how many times more pages have the word that sounds like it
const LONGEST = 8; // ideographs of such a word
const MOST = 6; // words of one sound that are weighed

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

/** On how many pages a word may stand; on all where it is in the names, headings or authors of one.
 * @param {string} word */
async function spread(word) {
  const { numbers, of, size } = intersect(await Promise.all(pairs(word).map(({ pair }) => listOf(pair))));
  return numbers.some((page) => of[page] >= HEADING) ? Infinity : size;
}

/** The word with one of these sounds that stands on the most pages, where it stands on enough.
 * @param {string[]} sounds @param {(length: number) => boolean} fits @param {number} least
 * @returns {Promise<string | null>} */
async function wordOf(sounds, fits, least) {
  const words = new Set();
  for (const run of runs)
    for (let place = 0; place + 1 < run.length; place++)
      for (const sound of sounds) {
        const length = spelt(run, place, sound);
        if (length > 1 && fits(length)) words.add(run.slice(place, place + length));
      }
  let [found, most] = [null, least - 1];
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
      const pages = await spread(typed);
      if (pages > RARE) continue;
      const word = await wordOf(soundsOf(typed), (long) => long === length, Math.max(1, pages * RARER));
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
      if (piece.length < 2 || (await spread(piece))) continue; // a run of a page finds its page, whatever it sounds like
      await learn();
      notes.push(...(await homophones(piece)));
    } else if (/^[a-z]{4,24}$/.test(piece)) {
      if ((await listOf(piece)).size || (await listUnder(piece, 64)).size) continue;
      await learn();
      const word = await wordOf([piece], () => true, 1);
      if (word) notes.push({ typed: piece, used: [word] });
    }
  }
  return { text: notes.reduce((whole, { typed, used }) => fold(whole.replace(typed, used[0])), text), notes };
}

/** Fetch the table beforehand, when nothing is waited for. */
export const prepareToHear = () => read("s0", false).catch(() => {});

/* Bring text to the one form in which index and query meet: the twin of hooks/papernotes/search/fold.py.
 * Both are held to tests/cases/search/fold.yml. After folding only ideographs, word characters, one space and one full
 * stop (for every other sign) are left. Here each folded character also knows where it came from, for marks and snippets. */
export const CJK = "\\u1100-\\u11ff\\u3005-\\u3007\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\u{20000}-\\u{3ffff}";
const IS_CJK = new RegExp(`^[${CJK}]`, "u");
const PIECES = new RegExp(`[${CJK}]+|[^ .${CJK}]+`, "gu");
export const SCRIPTS = new RegExp(`[${CJK}]+|[^${CJK}]+`, "gu"); // stretches of one kind, signs with the words
// eslint-disable-next-line no-control-regex -- white space for Python, with which this must agree
const SPACE = /[\s\x85\x1c-\x1f]/;
const INVISIBLE = /[\p{M}\p{Cf}\p{Cc}]/u;
const KEPT = /[\p{L}\p{N}]/u;
/** @type {Record<string, string>} */
const LETTERS = { ł: "l", ø: "o", ß: "ss", đ: "d", ð: "d", æ: "ae", œ: "oe", þ: "th", ı: "i", ħ: "h", ŋ: "n" };
const LETTER = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");
const PARTING = "、，。；：！？（）〔〕…｜"; // a list of words is no compound

/** @type {Map<string, string>} */
const simplified = new Map();
/** @type {string[]} */
let known = []; // by UTF-16 code unit, filled as characters are met
/** @type {Map<string, string>} */
const pairs = new Map(); // characters outside the basic plane

/** Take the table of the index: two texts of equal length, traditional and simplified.
 * @param {string} from @param {string} to */
export function setSimplified(from, to) {
  const targets = Array.from(to);
  Array.from(from).forEach((char, place) => simplified.set(char, targets[place]));
  known = [];
  pairs.clear();
}

/** @param {string} char @returns {string} */
function foldChar(char) {
  const code = char.charCodeAt(0);
  if (code >= 0x4e00 && code <= 0x9fff) return simplified.get(char) || char; // most of what is met, and nothing to normalise
  if (code > 32 && code < 127) return /[a-z0-9]/i.test(char) ? char.toLowerCase() : ".";
  if (char === "\u00d7") return "x"; // 8×7B is typed 8x7B
  if (PARTING.includes(char)) return ". ";
  let out = "";
  for (const part of char.normalize("NFKD")) {
    if (part !== "\ufeff" && SPACE.test(part)) out += " ";
    else if (INVISIBLE.test(part)) continue;
    else if (KEPT.test(part)) out += (simplified.get(part) || part).toLowerCase().replace(LETTER, (letter) => LETTERS[letter]);
    else out += ".";
  }
  return out;
}

/** What the character at a place of a text becomes.
 * @param {string} text @param {number} place @param {number} code of its first code unit
 * @returns {string} */
function foldAt(text, place, code) {
  if (code >= 0xd800 && code < 0xdc00 && place + 1 < text.length) {
    const char = String.fromCodePoint(/** @type {number} */ (text.codePointAt(place)));
    let out = pairs.get(char);
    if (out === undefined) pairs.set(char, (out = foldChar(char)));
    return out;
  }
  return (known[code] = foldChar(text[place]));
}

/** Whether a folded character, or a text's first one, is an ideograph.
 * @param {string | undefined} char
 * @returns {boolean} */
export function isCjk(char) {
  if (!char) return false;
  const code = char.charCodeAt(0);
  return code < 0xd800 || code > 0xdfff ? isCjkCode(code) : IS_CJK.test(char);
}

/** The same for the last code unit of folded text, quickly: half of a character of planes 2 and 3 counts as well.
 * @param {number} code
 * @returns {boolean} */
export const isCjkCode = (code) =>
  (code >= 0x4e00 && code <= 0x9fff) ||
  (code >= 0x3400 && code <= 0x4dbf) ||
  (code >= 0xd840 && code <= 0xdfff) ||
  (code >= 0x3005 && code <= 0x3007) ||
  (code >= 0x3040 && code <= 0x30ff) ||
  (code >= 0x1100 && code <= 0x11ff);

/** Fold a text; with `places`, also where each folded code unit came from. This runs over whole pages at every key.
 * @param {string} text @param {number[] | null} places
 * @returns {string} */
function run(text, places) {
  let out = "";
  let last = 0; // the code unit at its end; asking `out` for it would copy the text each time
  let space = false; // a space is held back until what follows it is known
  let spaceAt = 0;
  for (let place = 0; place < text.length; place++) {
    const code = text.charCodeAt(place);
    const start = place;
    let folded = known[code];
    if (folded === undefined) folded = foldAt(text, place, code);
    if (code >= 0xd800 && code < 0xdc00 && place + 1 < text.length) place++;
    for (let index = 0; index < folded.length; index++) {
      const unit = folded.charCodeAt(index);
      if (unit === 32) {
        if (!space && !isCjkCode(last)) {
          space = true;
          spaceAt = start;
        }
        continue;
      }
      if (space && !isCjkCode(unit)) {
        out += " ";
        if (places) places.push(spaceAt);
      }
      space = false;
      last = unit;
      out += folded[index];
      if (places) places.push(start);
    }
  }
  if (space) {
    out += " ";
    if (places) places.push(spaceAt);
  }
  if (places) places.push(text.length);
  return out;
}

/** @param {string} text @returns {string} */
export const fold = (text) => run(text, null);

/** Fold a text. `at[i]` is where the i-th folded code unit came from, `at[length]` the end of the text.
 * @param {string} text
 * @returns {{ folded: string, at: number[] }} */
export function foldWithPlaces(text) {
  /** @type {number[]} */
  const at = [];
  return { folded: run(text, at), at };
}

/** Runs of ideographs and words, in order.
 * @param {string} folded
 * @returns {string[]} */
export const pieces = (folded) => folded.match(PIECES) || [];

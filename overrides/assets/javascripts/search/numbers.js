/* Numbers as one number however they are written: the twin of hooks/papernotes/search/numbers.py, which says how.
 * Both are held to tests/cases/search/numbers.yml. */
import { CJK } from "./fold.js";

/** A number of a folded text: where it begins and ends, and its key.
 * @typedef {{ start: number, end: number, key: string }} Numeral */

/** @type {Record<string, number>} */
const DIGITS = { 〇: 0, 两: 2 };
Array.from("零一二三四五六七八九").forEach((char, value) => (DIGITS[char] = value));
/** @type {Record<string, number>} */
const TENS = { 十: 1, 百: 2, 千: 3 };
/** @type {Record<string, number>} */
const POWERS = { ...TENS, 万: 4, 亿: 8 };
/** @type {Record<string, number>} */
const ENGLISH = { thousand: 3, k: 3, million: 6, m: 6, billion: 9, bn: 9, b: 9, trillion: 12, t: 12 };
const MOST = 1e15; // no number that anybody writes in numerals
const MEASURES = "个块条层张种步轮天年次份头台篇维项路对道句";
const LETTER = `[^ .${CJK}]`;
const NAMED = `[ .]?bits?(?!${LETTER})|比特|位|倍|x(?!${LETTER})`;
const WRITTEN = new RegExp(
  "[0-9](?:[0-9]*(?:\\.[0-9]+)*(?:" +
    `([十百千]?万?亿|[十百千]?万|[百千])|( ?(?:thousand|million|billion|trillion|bn)|[kmbt])(?!${LETTER})|(?=${NAMED}))` +
    `|(?<!0)[0-9]{0,2}(?:\\.[0-9]{3})+(?!\\.?[0-9])|(?<![0-9][0-9])(?=[${MEASURES}]))`,
  "gu",
);
const NUMERALS = Object.keys({ ...DIGITS, ...POWERS }).join("");
const NUMERAL = new RegExp(`[${NUMERALS}](?:[${NUMERALS}]+|(?=[${MEASURES}比位倍]))`, "gu");
const UNIT = new RegExp(`${NAMED}|[${MEASURES}]`, "uy");
const BEFORE = new RegExp(`${LETTER}\\.$`, "u");
const INSIDE = new RegExp(`${LETTER}$`, "u");
/** @type {Record<string, string>} */
const UNITS = { bit: "bit", bits: "bit", 比特: "bit", 位: "bit", 倍: "x", x: "x" };

/** Digits with full stops -> digits and power of ten: 27.540 is grouped by thousands.
 * @param {string} text
 * @returns {[string, number] | null} */
function digitsOf(text) {
  const [first, ...more] = text.split(".");
  const joined = first + more.join("");
  if (first.length <= 3 && first[0] !== "0" && more.every((part) => part.length === 3)) return [joined, 0];
  return more.length < 2 ? [joined, -(joined.length - first.length)] : null;
}

/** The value of a Chinese numeral, null where the characters are none.
 * @param {string} text */
function valueOf(text) {
  let [total, part, digit, seen] = [0, 0, 0, false];
  for (const char of text) {
    if (char in DIGITS) {
      if (seen && digit) return null;
      [digit, seen] = [DIGITS[char], true];
    } else if (char in TENS) {
      if (!seen && !(char === "十" && !part)) return null;
      part += (seen ? digit : 1) * 10 ** TENS[char];
      [digit, seen] = [0, false];
    } else {
      if (!part && !digit && !total) return null;
      total = (total + part + digit) * 10 ** POWERS[char];
      [part, digit, seen] = [0, 0, false];
    }
  }
  const value = total + part + digit;
  return value < MOST ? value : null;
}

/** Where a number stands, its digits and their power of ten.
 * @typedef {{ start: number, end: number, digits: string, power: number }} Read */

/** @param {string} folded
 * @returns {Read[]} */
function written(folded) {
  /** @type {Read[]} */
  const out = [];
  for (const { index, 0: whole, 1: han = "", 2: latin = "" } of folded.matchAll(WRITTEN)) {
    const before = folded.slice(Math.max(0, index - 3), index);
    if (INSIDE.test(before)) continue;
    const end = index + whole.length;
    let start = index;
    let text = whole.slice(0, whole.length - han.length - latin.length);
    if (text.includes(".") && BEFORE.test(before)) {
      start += text.lastIndexOf(".") + 1; // Llama-2-7B: the name before it is no part of the number
      text = text.slice(text.lastIndexOf(".") + 1);
    }
    const read = digitsOf(text);
    if (!read) continue;
    const scale = Array.from(han).reduce((sum, char) => sum + POWERS[char], 0) + (ENGLISH[latin.trim()] || 0);
    out.push({ start, end, digits: read[0].replace(/^0+(?=.)/, ""), power: read[1] + scale });
  }
  return out;
}

/** Every number of a folded text that can be written otherwise: those in digits, then those in Chinese numerals.
 * @param {string} folded
 * @returns {Numeral[]} */
export function numbersIn(folded) {
  const all = written(folded);
  for (const { index, 0: whole } of folded.matchAll(NUMERAL)) {
    const value = valueOf(whole);
    if (value && !/[0-9]/.test(folded[index - 1] ?? ""))
      all.push({ start: index, end: index + whole.length, digits: String(value), power: 0 });
  }
  /** @type {Numeral[]} */
  const out = [];
  for (const { start, end, digits, power } of all) {
    UNIT.lastIndex = end;
    const behind = UNIT.exec(folded)?.[0] ?? "";
    const unit = UNITS[behind.replace(/^[ .]/, "")] || "";
    const small = digits.length === 1 && !power;
    if (digits === "0" || (small && (digits === "1" || !behind))) continue;
    if (!(unit || small || power || folded.slice(start, end) !== digits)) continue;
    const kept = digits.replace(/0+$/, "");
    const zeros = power + digits.length - kept.length;
    out.push({ start, end: end + behind.length, key: `=${kept}${zeros ? `e${zeros}` : ""}${unit}` });
  }
  return out;
}

/* Where a folded form stands in a text. */
import { CJK, isCjk } from "./fold.js";

/** @param {string} text @returns {string} */
const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** An expression that finds a folded form. A word is found from its beginning: what follows it is left open. Where a
 * letter meets a digit, text may have a space or a sign (GPT-4, GPT 4), and a full stop stands for any sign.
 * @param {string} form
 * @returns {RegExp} */
export function finder(form) {
  const chars = Array.from(form);
  let pattern = isCjk(chars[0]) ? "" : `(?<![^ .${CJK}])`;
  chars.forEach((char, index) => {
    const before = index ? chars[index - 1] : "";
    if (char === " " || char === ".") {
      // 2305.18290 has its sign; fine-tuning and GPT-4 are also written without.
      const digits = /\d/.test(before) && /\d/.test(chars[index + 1] || "");
      pattern += digits || isCjk(before || char) || isCjk(chars[index + 1] || char) ? "[ .]" : "[ .]?";
      return;
    }
    if (before && !isCjk(before) && !isCjk(char) && !/[ .]/.test(before)) {
      if (/\d/.test(before) !== /\d/.test(char)) pattern += "[ .]?";
      else if (/[a-z]/.test(before) && /[a-z]/.test(char)) pattern += "\\.?";
    }
    pattern += escape(char);
  });
  return new RegExp(pattern, "gu");
}

/** Ranges of a source text, in UTF-16 code units: where each begins and where what follows it does.
 * @typedef {[number, number]} Range */

/** Keep what was made of the last forms.
 * @param {(form: string) => RegExp} make
 * @returns {(form: string) => RegExp} */
function kept(make) {
  /** @type {Map<string, RegExp>} */
  const made = new Map();
  return (form) => {
    let expression = made.get(form);
    if (!expression) {
      if (made.size > 200) made.clear();
      made.set(form, (expression = make(form)));
    }
    return expression;
  };
}

const found = kept(finder);
const whole = kept((form) => new RegExp(`${finder(form).source}s?(?![^ .${CJK}])`, "u"));

/** How often a form stands in a folded text.
 * @param {string} form @param {string} text
 * @returns {number} */
export function count(form, text) {
  if (isCjk(form[0]) && isCjk(form[form.length - 1]) && !form.includes(" ") && !form.includes(".")) {
    let times = 0;
    for (let place = text.indexOf(form); place >= 0; place = text.indexOf(form, place + form.length)) times++;
    return times;
  }
  return (text.match(found(form)) || []).length;
}

/** Whether a Latin form stands there as a whole word, not only as the beginning of one.
 * @param {string} form @param {string} text
 * @returns {boolean} */
export const isWhole = (form, text) => isCjk(form[form.length - 1]) || whole(form).test(text);

/** What follows a form in a text, wherever it stands there whole.
 * @param {string} form @param {string} text
 * @returns {string[]} */
export const after = (form, text) =>
  Array.from(text.matchAll(found(form)), (match) => text.slice(match.index + match[0].length)).filter(
    (rest) => isCjk(form[form.length - 1]) || !rest || /^[ .]/.test(rest) || isCjk(rest),
  );

/** Where forms stand in a folded text, as ranges of its source in order, joined where they touch.
 * @param {string[]} forms
 * @param {{ source: string, folded: string, at: number[] }} text
 * @param {number} most
 * @returns {Range[]} */
export function rangesOf(forms, { source, folded, at }, most) {
  /** @type {Range[]} */
  const ranges = [];
  for (const form of forms) {
    for (const match of folded.matchAll(finder(form))) {
      const last = at[match.index + match[0].length - 1];
      ranges.push([at[match.index], last + ((source.codePointAt(last) ?? 0) > 0xffff ? 2 : 1)]);
      if (ranges.length >= most) break;
    }
  }
  ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  /** @type {Range[]} */
  const joined = [];
  for (const range of ranges) {
    const last = joined[joined.length - 1];
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else joined.push(range);
  }
  return joined;
}

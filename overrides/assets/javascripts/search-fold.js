/* Bring text to the one form in which index and query meet: the twin of hooks/papernotes/search/fold.py.
 * Both are held to tests/cases/search/fold.yml. After folding only ideographs, word characters, one space and one full
 * stop (for every other sign) are left. Here each folded character also knows where it came from, for marks and snippets. */
(function () {
  "use strict";
  const CJK = "\\u1100-\\u11ff\\u3005-\\u3007\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\u{20000}-\\u{3ffff}";
  const IS_CJK = new RegExp(`^[${CJK}]`, "u");
  const PIECES = new RegExp(`[${CJK}]+|[^ .${CJK}]+`, "gu");
  const SCRIPTS = new RegExp(`[${CJK}]+|[^${CJK}]+`, "gu"); // stretches of one kind, signs with the words
  const SPACE = /[\s\x85\x1c-\x1f]/;
  const INVISIBLE = /[\p{M}\p{Cf}\p{Cc}]/u;
  const KEPT = /[\p{L}\p{N}]/u;

  const simplified = new Map();
  const known = new Map();

  /** Take the table of the index: two texts of equal length, traditional and simplified. */
  function setSimplified(from, to) {
    const targets = Array.from(to);
    Array.from(from).forEach((char, place) => simplified.set(char, targets[place]));
    known.clear();
  }

  function foldChar(char) {
    let out = known.get(char);
    if (out !== undefined) return out;
    out = "";
    if (char === "\u00d7") out = "x"; // 8×7B is typed 8x7B
    else {
      for (const part of char.normalize("NFKD")) {
        if (part !== "\ufeff" && SPACE.test(part)) out += " ";
        else if (INVISIBLE.test(part)) continue;
        else if (KEPT.test(part)) out += (simplified.get(part) || part).toLowerCase();
        else out += ".";
      }
    }
    known.set(char, out);
    return out;
  }

  const isCjk = (char) => IS_CJK.test(char);

  /** Fold a text. `at[i]` is where the i-th folded character came from, `at[length]` the end of the text. */
  function foldWithPlaces(text) {
    const out = [];
    const at = [];
    let source = 0;
    for (const char of text) {
      for (const unit of foldChar(char)) {
        const last = out.length ? out[out.length - 1] : "";
        if (unit === " " && (last === " " || (last && isCjk(last)))) continue;
        if (last === " " && isCjk(unit)) {
          out.pop();
          at.pop();
        }
        out.push(unit);
        at.push(source);
      }
      source += char.length;
    }
    // A character outside the basic plane takes two places in a JavaScript string.
    const places = [];
    out.forEach((unit, index) => {
      for (let half = 0; half < unit.length; half++) places.push(at[index]);
    });
    places.push(text.length);
    return { text: out.join(""), at: places };
  }

  const fold = (text) => foldWithPlaces(text).text;

  /** Runs of ideographs and words, in order. */
  const pieces = (folded) => folded.match(PIECES) || [];

  const escape = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

  /** An expression that finds a folded form. A word is found from its beginning: what follows it is left open. Where a
   * letter meets a digit, text may have a space or a sign (GPT-4, GPT 4), and a full stop stands for any sign. */
  function finder(form) {
    const chars = Array.from(form);
    let pattern = isCjk(chars[0]) ? "" : `(?<![^ .${CJK}])`;
    chars.forEach((char, index) => {
      const before = index ? chars[index - 1] : "";
      if (before && !isCjk(before) && !isCjk(char) && /\d/.test(before) !== /\d/.test(char) && !/[ .]/.test(before + char))
        pattern += "[ .]?";
      else if (before && /[a-z]/.test(before) && /[a-z]/.test(char)) pattern += "\\.?"; // fine-tuning, finetuning
      pattern += char === " " || char === "." ? "[ .]" : escape(char);
    });
    return new RegExp(pattern, "gu");
  }

  const space = (window.pnSearch = window.pnSearch || {});
  Object.assign(space, { setSimplified, foldWithPlaces, fold, pieces, finder, isCjk, CJK, SCRIPTS });
})();

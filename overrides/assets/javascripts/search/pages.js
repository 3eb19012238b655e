/* Sets of pages, and the lists of the index from which they are read (docs/guide/search-index.md). */

/** A set of pages, each with a value above 0. Dense: such sets are made at every key and asked thousands of times. */
export class Pages {
  /** @param {number} size how many pages the index has
   * @param {Float64Array | Uint8Array} [of] the value of each */
  constructor(size, of = new Float64Array(size)) {
    this.of = of;
    /** @type {number[]} */
    this.numbers = [];
  }

  get size() {
    return this.numbers.length;
  }

  /** The value of a page, 0 where it is not in the set.
   * @param {number} page */
  get(page) {
    return this.of[page] || 0;
  }

  /** Put a page into the set, or raise its value.
   * @param {number} page @param {number} value */
  raise(page, value) {
    if (!this.of[page]) this.numbers.push(page);
    if (this.of[page] < value) this.of[page] = value;
  }
}

const BASE = 45; // half of the signs end a number, half go on; hooks/papernotes/search/signs.py
const NO_SIGN = 255;
const DIGIT = new Uint8Array(128).fill(NO_SIGN);
for (let code = 33, digit = 0; code < 127; code++) if (!'"\\,;'.includes(String.fromCharCode(code))) DIGIT[code] = digit++;

const LEVELS = 6;
const CLASSES = 6; // of ideographs, by their code point
const EVERY = (1 << CLASSES) - 1;

/** A list of the index: pages with their level and one (0 is no page), and which classes of ideographs follow there. */
export class List extends Pages {
  /** @param {number} size */
  constructor(size) {
    super(size, new Uint8Array(size));
    this.classes = new Uint8Array(size);
  }

  /** @param {number} page @param {number} level @param {number} classes */
  add(page, level, classes) {
    if (!(page < this.of.length)) throw new IndexError("broken", "list");
    this.raise(page, level + 1);
    this.classes[page] |= classes;
  }
}

/** "+aBc,4d" -> the list. Throws an IndexError that says `broken`.
 * @param {string} text
 * @param {number} size how many pages the index has
 * @returns {List} */
export function decode(text, size) {
  const list = new List(size);
  /** @param {number} place */
  const digitAt = (place) => {
    const digit = DIGIT[text.charCodeAt(place)];
    if (!(digit < NO_SIGN)) throw new IndexError("broken", "list");
    return digit;
  };
  for (let place = 0, end; place < text.length; place = end + 1) {
    end = text.indexOf(",", place);
    if (end < 0) end = text.length;
    const followed = text[place] === "+";
    const level = followed ? 0 : text.charCodeAt(place) - 48;
    if (!(level >= 0 && level < LEVELS)) throw new IndexError("broken", "list");
    let page = -1;
    let value = 0;
    while (++place < end) {
      const digit = digitAt(place);
      if (digit >= BASE) value = value * BASE + digit - BASE;
      else {
        page += value * BASE + digit + 1;
        value = 0;
        list.add(page, level, followed ? digitAt(++place) : EVERY);
      }
    }
  }
  return list;
}

export const NONE = new Pages(0);

/** All pages of some sets, each with its highest value.
 * @param {Pages[]} sets
 * @returns {Pages} */
export function best(sets) {
  const out = new Pages(Math.max(0, ...sets.map((set) => set.of.length)));
  for (const set of sets) for (const page of set.numbers) out.raise(page, set.of[page]);
  return out;
}

/** The bit of an ideograph's class, 0 where there is none.
 * @param {string | undefined} char */
const classOf = (char) => (char ? 1 << ((char.codePointAt(0) ?? 0) % CLASSES) : 0);

/** The pages that stand in every list, each with its least level. `nexts[i]`, where there is one, is the ideograph that
 * must be able to follow the i-th.
 * @param {Pages[]} all @param {(string | undefined)[]} [nexts]
 * @returns {Pages} */
export function intersect(all, nexts = []) {
  const masks = all.map((_, place) => classOf(nexts[place]));
  const shortest = all.reduce((a, b) => (a.size <= b.size ? a : b), all[0] || NONE);
  const out = new Pages(shortest.of.length);
  for (const page of shortest.numbers) {
    let least = Infinity;
    for (let place = 0; place < all.length && least; place++) {
      const list = all[place];
      least =
        masks[place] && list instanceof List && !(list.classes[page] & masks[place]) ? 0 : Math.min(least, list.get(page));
    }
    if (least) out.raise(page, least);
  }
  return out;
}

/** Why there is no result: `missing`, `broken` (cut or not to be read), `build` (of another build). */
export class IndexError extends Error {
  /** @param {"missing" | "broken" | "build"} kind @param {string} name of a file of the index */
  constructor(kind, name) {
    super(`search index: ${kind}: ${name}`);
    this.kind = kind;
  }
}

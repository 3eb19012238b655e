/* Reads the index that hooks/papernotes/search writes; its format is described in docs/guide/search-index.md.
 *
 * Every file of it is a classic script with one call of pnSearchData: scripts load from a server and from a disk alike. */
(function () {
  "use strict";
  const space = window.pnSearch;
  const { setSimplified } = space;

  const FORMAT = 2;
  const LOAD_TIMEOUT = 20000;

  /** Why there is no result: `missing`, `broken` (cut or not to be read), `build` (of another build). */
  class IndexError extends Error {
    constructor(kind, name) {
      super(`search index: ${kind}: ${name}`);
      this.kind = kind;
    }
  }

  /* ---- loading ---- */

  const waiting = new Map(); // name -> a file on its way
  let build = "";

  const before = window.pnSearchData; // search.js waits with this for the index's own file
  window.pnSearchData = function (name, from, data) {
    const entry = waiting.get(name);
    if (entry) entry.found = { from, data };
    else if (before && name === "index") before(name, from, data);
  };

  function address(name, fresh) {
    const path = name === "index" ? "search/index.js" : `search/${name[0]}/${name.slice(1)}.js`;
    const stamp = fresh ? Date.now() : build;
    return space.base + path + (stamp && !space.base.startsWith("file:") ? `?b=${stamp}` : "");
  }

  let watching = 0;

  /** One clock for all files: those that have taken too long are given up. */
  function watch() {
    const now = Date.now();
    for (const { until, end, name } of waiting.values()) if (until <= now) end(new IndexError("missing", name));
    watching = waiting.size ? setTimeout(watch, 1000) : 0;
  }

  /** `waited`: the reader waits for it. Otherwise the browser may hold it back for what is waited for. */
  function loadScript(name, { fresh = false, waited = true } = {}) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.fetchPriority = waited ? "high" : "low"; // unsaid, it is low for every script made by a script
      const entry = {
        name,
        until: Date.now() + LOAD_TIMEOUT,
        found: null,
        end(error) {
          if (waiting.get(name) === entry) waiting.delete(name);
          script.remove();
          if (error) reject(error);
          else resolve(entry.found);
        },
      };
      waiting.set(name, entry);
      watching ||= setTimeout(watch, 1000);
      script.onload = () => entry.end(entry.found ? null : new IndexError("broken", name));
      script.onerror = () => entry.end(new IndexError("missing", name));
      script.src = address(name, fresh);
      document.head.append(script);
    });
  }

  const cache = new Map();

  /** The data of one file of the index, read once. A failure is not kept, so that the next query tries again. */
  function read(name, waited = true) {
    let promise = cache.get(name);
    if (!promise) {
      promise = loadScript(name, { waited }).then(({ from, data }) => {
        if (from !== build) throw new IndexError("build", name);
        return data;
      });
      promise.catch(() => cache.delete(name));
      cache.set(name, promise);
    }
    return promise;
  }

  /* ---- the index ---- */

  let manifest = null;
  let opening = null;

  /** A set of pages, each with a value above 0. Dense: such sets are made at every key and asked thousands of times. */
  class Pages {
    constructor(Values = Float64Array) {
      this.of = new Values(manifest ? manifest.pages : 0);
      this.numbers = [];
    }

    get size() {
      return this.numbers.length;
    }

    /** The value of a page, 0 where it is not in the set. */
    get(page) {
      return this.of[page] || 0;
    }

    /** Put a page into the set, or raise its value. */
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
  class List extends Pages {
    constructor() {
      super(Uint8Array);
      this.classes = new Uint8Array(this.of.length);
    }

    add(page, level, classes) {
      if (!(page < this.of.length)) throw new IndexError("broken", "list");
      this.raise(page, level + 1);
      this.classes[page] |= classes;
    }
  }

  /** "+aBc,4d" -> the list. */
  function decode(text) {
    const list = new List();
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

  function isManifest(data) {
    return (
      data && data.format === FORMAT && Number.isInteger(data.pages) && typeof data.first === "string" &&
      Array.isArray(data.kinds) && Array.isArray(data.terms) && Array.isArray(data.words) && Array.isArray(data.large) && Array.isArray(data.simplified)
    );
  }

  async function openIndex(fresh) {
    const first = fresh ? null : space.early;
    space.early = null;
    // What search.js fetched beforehand; where that failed, ask again, to learn why.
    const { from, data } = await (first ? first.catch(() => loadScript("index")) : loadScript("index", { fresh }));
    if (!isManifest(data)) throw new IndexError("broken", "index");
    build = from;
    cache.clear();
    lists.clear();
    setSimplified(data.simplified[0], data.simplified[1]);
    let last = 0;
    const kinds = data.kinds.map(([name, count, weight]) => ({ name, weight, end: (last += count) }));
    const forms = new Map(); // folded form -> numbers of terms
    let longest = 0;
    data.terms.forEach((folded, number) => {
      for (const form of folded) {
        const known = forms.get(form);
        if (known) known.push(number);
        else forms.set(form, [number]);
        longest = Math.max(longest, form.length);
      }
    });
    manifest = { pages: data.pages, first: data.first.split("\n"), words: data.words, large: new Set(data.large), kinds, terms: data.terms, forms, longest };
    return manifest;
  }

  /** Read the small file that says what is where. Done once; tried anew after a failure. */
  function open() {
    if (!opening) {
      opening = openIndex(false);
      opening.catch(() => (opening = null));
    }
    return opening;
  }

  /** The number of the shard in which a key stands, if it stands anywhere. */
  function shardOf(key) {
    let low = 0;
    let high = manifest.first.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (manifest.first[middle] <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The entries of a shard, each between two semicolons: a key is found without taking the text apart. */
  async function shard(number) {
    const entries = await read(`k${number}`);
    if (typeof entries !== "string" || entries[0] !== ";") throw new IndexError("broken", `k${number}`);
    return entries;
  }

  const NONE = new Pages();
  const MOST_CELLS = 8e6; // of decoded lists, which are kept until they are that many
  const lists = new Map(); // key -> decoded list

  /** The list of the entry that begins at a place of a shard. */
  function entryAt(entries, place) {
    const border = entries.indexOf(" ", place);
    const key = entries.slice(place, border);
    let found = lists.get(key);
    if (!found) {
      if (lists.size * manifest.pages > MOST_CELLS) lists.clear();
      found = decode(entries.slice(border + 1, entries.indexOf(";", border)));
      lists.set(key, found);
    }
    return found;
  }

  /** The pages of one key. */
  async function listOf(key) {
    if (!manifest.pages) return NONE;
    const entries = await shard(shardOf(key));
    const place = entries.indexOf(`;${key} `);
    return place < 0 ? NONE : entryAt(entries, place + 1);
  }

  /** The pages of every key that begins with a text; at most `most` shards are read. */
  async function listUnder(prefix, most) {
    if (!manifest.pages) return NONE;
    const shared = await listOf(`${prefix}*`);
    if (shared.size) return shared;
    const from = shardOf(prefix);
    const to = Math.min(shardOf(`${prefix}\uffff`), from + most - 1);
    const all = await Promise.all(Array.from({ length: to - from + 1 }, (_, step) => shard(from + step)));
    const found = [];
    for (const entries of all)
      for (let place = 0; (place = entries.indexOf(`;${prefix}`, place)) >= 0; place++) found.push(entryAt(entries, place + 1));
    return found.length === 1 ? found[0] : best(found);
  }

  /** Fetch what a query that goes on after `prefix` will read, where that is little. */
  function prepare(prefix, most) {
    if (!manifest.pages) return;
    const from = shardOf(prefix);
    const to = shardOf(`${prefix}\uffff`);
    if (to - from < most) for (let number = from; number <= to; number++) read(`k${number}`, false).catch(() => {});
  }

  /** All pages of some sets, each with its highest value. */
  function best(sets) {
    const out = new Pages();
    for (const set of sets) for (const page of set.numbers) out.raise(page, set.of[page]);
    return out;
  }

  /** The pages that stand in every list, each with its least level. `nexts[i]`, where there is one, is the ideograph that
   * must be able to follow the i-th. */
  function intersect(all, nexts = []) {
    const out = new Pages();
    const masks = all.map((_, place) => (nexts[place] ? 1 << nexts[place].codePointAt(0) % CLASSES : 0));
    const shortest = all.reduce((a, b) => (a.size <= b.size ? a : b), all[0] || NONE);
    for (const page of shortest.numbers) {
      let least = Infinity;
      for (let place = 0; place < all.length && least; place++) {
        const list = all[place];
        least = masks[place] && list.size && !(list.classes[page] & masks[place]) ? 0 : Math.min(least, list.get(page));
      }
      if (least) out.raise(page, least);
    }
    return out;
  }

  /** Search again from a fresh index: after the site was published anew while a page was open. */
  function reopen() {
    opening = openIndex(true);
    opening.catch(() => (opening = null));
    return opening;
  }

  space.index = { open, reopen, read, listOf, listUnder, prepare, best, intersect, Pages, NONE, get manifest() { return manifest; } };
  space.IndexError = IndexError;
})();

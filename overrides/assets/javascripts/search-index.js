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

  const SIGNS = [];
  for (let code = 33; code < 127; code++) {
    const char = String.fromCharCode(code);
    if (!'"\\,;'.includes(char)) SIGNS.push(char);
  }
  const BASE = SIGNS.length / 2;
  const DIGIT = new Map(SIGNS.map((char, place) => [char, place]));

  const CLASSES = 6; // of ideographs, by their code point
  const EVERY = (1 << CLASSES) - 1;

  /** "+aBc,4d" -> page -> its level (3 bits) and above it the classes of ideographs that follow there (6 bits). */
  function decode(lists) {
    const found = new Map();
    for (const list of lists.split(",")) {
      const followed = list[0] === "+";
      const level = followed ? 0 : Number(list[0]);
      let page = -1;
      let value = 0;
      for (let place = 1; place < list.length; place++) {
        const digit = DIGIT.get(list[place]);
        if (digit === undefined) throw new IndexError("broken", "list");
        if (digit >= BASE) value = value * BASE + digit - BASE;
        else {
          page += value * BASE + digit + 1;
          value = 0;
          const classes = followed ? DIGIT.get(list[++place]) : EVERY;
          if (classes === undefined) throw new IndexError("broken", "list");
          found.set(page, level | (classes << 3));
        }
      }
    }
    return found;
  }

  let manifest = null;
  let opening = null;

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

  const NONE = new Map();
  const lists = new Map(); // key -> decoded list; emptied when it grows

  /** The pages of the entry that begins at a place of a shard. */
  function entryAt(entries, place) {
    const border = entries.indexOf(" ", place);
    const key = entries.slice(place, border);
    let found = lists.get(key);
    if (!found) {
      if (lists.size > 400) lists.clear();
      found = decode(entries.slice(border + 1, entries.indexOf(";", border)));
      lists.set(key, found);
    }
    return found;
  }

  /** Pages of one key -> level; with `next`, only those where that ideograph may follow. */
  async function listOf(key, next) {
    if (!manifest.pages) return NONE;
    const entries = await shard(shardOf(key));
    const place = entries.indexOf(`;${key} `);
    return place < 0 ? NONE : levels([entryAt(entries, place + 1)], next);
  }

  /** The highest level of each page; with `next`, only of those where that ideograph may follow. */
  function levels(lists, next) {
    const out = new Map();
    const classes = next && 1 << next.codePointAt(0) % CLASSES;
    for (const map of lists)
      for (const [page, value] of map) {
        const level = value & 7;
        if (!(out.get(page) >= level) && (!next || (value >> 3) & classes)) out.set(page, level);
      }
    return out;
  }

  /** Pages of every key that begins with a text; at most `most` shards are read. */
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
    return levels(found);
  }

  /** Fetch what a query that goes on after `prefix` will read, where that is little. */
  function prepare(prefix, most) {
    if (!manifest.pages) return;
    const from = shardOf(prefix);
    const to = shardOf(`${prefix}\uffff`);
    if (to - from < most) for (let number = from; number <= to; number++) read(`k${number}`, false).catch(() => {});
  }

  function intersect(maps) {
    const ordered = maps.slice().sort((a, b) => a.size - b.size);
    const out = new Map();
    for (const [page, level] of ordered[0] || NONE) {
      let least = level;
      for (const map of ordered) {
        const other = map.get(page);
        if (other === undefined) {
          least = -1;
          break;
        }
        if (other < least) least = other;
      }
      if (least >= 0) out.set(page, least);
    }
    return out;
  }

  /** Search again from a fresh index: after the site was published anew while a page was open. */
  function reopen() {
    opening = openIndex(true);
    opening.catch(() => (opening = null));
    return opening;
  }

  space.index = { open, reopen, read, listOf, listUnder, prepare, intersect, NONE, get manifest() { return manifest; } };
  space.IndexError = IndexError;
})();

/* Reads the index that hooks/papernotes/search writes; its format is described in docs/guide/search-index.md.
 *
 * Every file of it is a classic script with one call of pnSearchData: scripts load from a server and from a disk alike. */
(function () {
  "use strict";
  const space = window.pnSearch;
  const { setSimplified } = space;

  const FORMAT = 1;
  const LOAD_TIMEOUT = 20000;

  /** Why there is no result: `missing`, `broken` (cut or not to be read), `build` (of another build). */
  class IndexError extends Error {
    constructor(kind, name) {
      super(`search index: ${kind}: ${name}`);
      this.kind = kind;
    }
  }

  /* ---- loading ---- */

  const waiting = new Map(); // name -> what to do with its data
  let build = "";

  const before = window.pnSearchData; // search.js waits with this for the index's own file
  window.pnSearchData = function (name, from, data) {
    const take = waiting.get(name);
    if (take) take(from, data);
    else if (before && name === "index") before(name, from, data);
  };

  function path(name) {
    return name === "index" ? "search/index.js" : `search/${name[0]}/${name.slice(1)}.js`;
  }

  function loadScript(name, fresh) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const address = new URL(path(name), space.base);
      if (address.protocol !== "file:" && (build || fresh)) address.searchParams.set("b", fresh ? `${Date.now()}` : build);
      let found;
      const end = (error) => {
        clearTimeout(timer);
        waiting.delete(name);
        script.remove();
        if (error) reject(error);
        else resolve(found);
      };
      const timer = setTimeout(() => end(new IndexError("missing", name)), LOAD_TIMEOUT);
      waiting.set(name, (from, data) => {
        found = { from, data };
      });
      script.charset = "utf-8";
      script.async = true;
      script.onload = () => end(found ? null : new IndexError("broken", name));
      script.onerror = () => end(new IndexError("missing", name));
      script.src = address.href;
      document.head.append(script);
    });
  }

  const cache = new Map();

  /** The data of one file of the index, read once. A failure is not kept, so that the next query tries again. */
  function read(name) {
    let promise = cache.get(name);
    if (!promise) {
      promise = loadScript(name).then(({ from, data }) => {
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

  /** "0aB,4c" -> page -> level. */
  function decode(lists) {
    const found = new Map();
    for (const list of lists.split(",")) {
      const level = Number(list[0]);
      let page = -1;
      let value = 0;
      for (let place = 1; place < list.length; place++) {
        const digit = DIGIT.get(list[place]);
        if (digit === undefined) throw new IndexError("broken", "list");
        if (digit >= BASE) value = value * BASE + digit - BASE;
        else {
          page += value * BASE + digit + 1;
          value = 0;
          found.set(page, level);
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
    const { from, data } = await (first ? first.catch(() => loadScript("index", false)) : loadScript("index", fresh));
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

  const parsed = new WeakMap(); // text of a shard (boxed in its promise) -> entries

  async function shard(number) {
    const promise = read(`k${number}`);
    const text = await promise;
    let entries = parsed.get(promise);
    if (!entries) {
      if (typeof text !== "string") throw new IndexError("broken", `k${number}`);
      entries = new Map();
      for (const entry of text.split(";")) {
        const border = entry.indexOf(" ");
        entries.set(entry.slice(0, border), entry.slice(border + 1));
      }
      parsed.set(promise, entries);
    }
    return entries;
  }

  const NONE = new Map();
  const lists = new Map(); // key -> decoded list; emptied when it grows

  function decoded(key, text) {
    let found = lists.get(key);
    if (!found) {
      if (lists.size > 400) lists.clear();
      found = decode(text);
      lists.set(key, found);
    }
    return found;
  }

  /** Pages of one key. */
  async function listOf(key) {
    if (!manifest.pages) return NONE;
    const entries = await shard(shardOf(key));
    const text = entries.get(key);
    return text === undefined ? NONE : decoded(key, text);
  }

  function union(maps) {
    if (maps.length === 1) return maps[0];
    const out = new Map();
    for (const map of maps) for (const [page, level] of map) if (!(out.get(page) >= level)) out.set(page, level);
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
      for (const [key, text] of entries) if (key.startsWith(prefix)) found.push(decoded(key, text));
    return found.length ? union(found) : NONE;
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

  space.index = { open, reopen, read, listOf, listUnder, union, intersect, decode, NONE, get manifest() { return manifest; } };
  space.IndexError = IndexError;
})();

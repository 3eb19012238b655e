/* Answers a query, batch by batch. No part of it touches the page: view.js shows results. */
import { isCjk, pieces } from "./fold.js";
import { read } from "./files.js";
import { current, open, prepare } from "./index.js";
import { IndexError, Pages } from "./pages.js";
import { all, loose, normalise, plan } from "./query.js";
import { foldPage, judge, TITLE } from "./rank.js";
import { GLOSSARY, resultOf } from "./snippet.js";

/** @import { Kind, Manifest } from "./index.js" */
/** @import { Instead, Unit } from "./query.js" */
/** @import { Page } from "./rank.js" */
/** @import { Result } from "./snippet.js" */

/** @typedef {{ page: Page, reading: Unit[], score: number }} Match
 * @typedef {() => boolean} Live whether anyone still waits for it
 * @typedef {(results: Result[]) => void} Soon
 * @typedef {{ answer: Answer, results: Result[], cut: boolean }} Found
 * @typedef {{ empty: true, cut: boolean } | { short: true, cut: boolean }} Nothing a query that asks for nothing */

const FIRST_BATCH = 8; // pages read before the first results are complete
const NEXT_BATCH = 10;
const WIDE_BATCH = 24;
const MOST_KEPT = 16; // pages in memory that are looked at beside the first batch
const NEAR = 300; // where in the list behind it they are looked for
const MOST_PREPARED = 6; // files of the index that are fetched for the next key
const SOON = 16; // milliseconds after which what has been found is shown before the batch is complete
// What the glossary is worth to a reader who types nothing but a term that stands on more pages than one looks through, or
// who asks what one term means. A page of that very name stands above it.
const TYPED = 1.2;
const ASKED = 2;
const MEANING = /什么是|是什么(?!关系)|什么叫|叫什么|指什么|意思|定义/;
const SMALL_SITE = 200; // pages; on a larger one the count may stay "at most"
const MOST_SETTLED = 60;
const FINE = 1024; // steps of worth that are told apart
const MOST_PAGES = 2 ** 20; // a page's number and its worth are sorted as one number

/** @type {Map<number, Page>} */
const foldedPages = new Map(); // by number
/** @type {Manifest | null} */
let foldedFrom = null; // the manifest of the index that they are of

/** @param {number} number @param {boolean} waited @returns {Promise<Page>} */
async function pageOf(number, waited) {
  const data = await read(`p${number}`, waited);
  let page = foldedPages.get(number);
  if (page) return page;
  if (!Array.isArray(data) || !Array.isArray(data[5])) throw new IndexError("broken", `p${number}`);
  const kind = current().kinds.find((each) => number < each.end) ?? { name: "", weight: 1, end: Infinity };
  page = foldPage(/** @type {any} */ (data), number, kind);
  if (foldedPages.size > 300) foldedPages.clear();
  foldedPages.set(number, page);
  return page;
}

/** Results in batches. `total` counts pages; it is exact once `sure`. */
export class Answer {
  /** @param {number} started @param {Unit[][]} readings @param {Pages} found @param {boolean} partly @param {Instead[]} notes */
  constructor(started, readings, found, partly, notes) {
    this.started = started;
    this.glossary = Math.max(0, ...readings.flat().map((unit) => unit.glossary || 0));
    this.readings = readings;
    this.partly = partly;
    this.notes = notes;
    this.queue = this.queueOf(found);
    this.total = found.size;
    this.sure = partly || readings.every((units) => units.every((unit) => unit.exact));
  }

  /** Pages by what they are worth before their texts are read, best first, then by number. A list of all papers comes
   * last, unless the query is for it. Plain numbers sort without a call for each two: there may be thousands.
   * @param {Pages} found */
  queueOf({ numbers, of }) {
    const { kinds, large } = current();
    const weights = kinds.map((each) => this.weightOf(each));
    const last = MOST_PAGES - 1;
    const keys = new Float64Array(numbers.length);
    for (let place = 0; place < numbers.length; place++) {
      const page = numbers[place];
      let kind = 0;
      while (page >= kinds[kind].end) kind++;
      const late = large.has(page) && weights[kind] === kinds[kind].weight && !this.named(page);
      keys[place] = (late ? 0 : Math.round(of[page] * weights[kind] * FINE)) * MOST_PAGES + last - page;
    }
    keys.sort();
    /** @type {number[]} */
    const out = [];
    for (let place = keys.length - 1; place >= 0; place--) out.push(last - (keys[place] % MOST_PAGES));
    return out;
  }

  /** @param {Kind} kind */
  weightOf(kind) {
    return (kind.name === GLOSSARY && this.glossary) || kind.weight;
  }

  /** @param {number} page */
  named(page) {
    return this.readings.some((units) => units.length && units.every((unit) => unit.pages.get(page) >= 8));
  }

  /** Whether the rest is small enough to be read through, so that the count becomes exact. */
  get small() {
    return current().pages <= SMALL_SITE && this.queue.length <= MOST_SETTLED;
  }

  get done() {
    return !this.queue.length;
  }

  /** Takes the next pages from the queue, and beside them up to `kept` of those that follow and are in memory: they cost
   * nothing.
   * @param {number} size @param {number} kept */
  take(size, kept) {
    const batch = this.queue.splice(0, size);
    for (let place = 0; place < Math.min(this.queue.length, NEAR) && kept; place++) {
      if (!foldedPages.has(this.queue[place])) continue;
      batch.push(...this.queue.splice(place--, 1));
      kept--;
    }
    return batch;
  }

  /** A page with the reading of the query that it answers best, or null.
   * @param {Page} page
   * @returns {Match | null} */
  match(page) {
    let score = 0;
    /** @type {Unit[] | null} */
    let reading = null;
    for (const [place, units] of this.readings.entries()) {
      const value = judge(units, page, this.partly) * (place ? 1 : 1.1);
      if (value > score) [score, reading] = [value, units];
    }
    return reading && { page, reading, score: score * this.weightOf(page.kind) };
  }

  /** The next results, best first. Reads pages until at least one has matched, or none is left.
   *
   * `soon` is for the first batch of a query: it is called once with what has matched when that takes long.
   * @param {Live} live @param {Soon} [soon]
   * @returns {Promise<Result[]>} */
  async next(live, soon) {
    /** @type {Match[]} */
    const out = [];
    let size = soon ? FIRST_BATCH : NEXT_BATCH;
    let kept = soon ? MOST_KEPT : 0;
    let told = !soon;
    /** @param {Page} page */
    const look = (page) => {
      const match = this.match(page);
      if (match) out.push(match);
      else this.total--;
      if (performance.now() - this.started >= SOON) tell();
    };
    const tell = () => {
      if (told || !soon || !out.length || !live()) return;
      told = true;
      soon(inOrder(out));
    };
    /** @param {number} number */
    const fetch = (number) => pageOf(number, Boolean(soon)).then(look);
    while (this.queue.length && !out.length && live()) {
      const batch = this.take(size, kept);
      size = WIDE_BATCH; // none of them had the words side by side: look further at once
      kept = 0;
      const known = batch.flatMap((number) => foldedPages.get(number) ?? []);
      const coming = batch.filter((number) => !foldedPages.has(number)).map(fetch);
      known.forEach(look);
      if (coming.length) tell(); // the rest takes longer than a frame in any case
      await Promise.all(coming);
    }
    if (!this.queue.length) this.sure = true;
    return inOrder(out);
  }
}

/** Matches -> results ready to be shown, best first.
 * @param {Match[]} matches */
function inOrder(matches) {
  matches.sort((a, b) => b.score - a.score || a.page.number - b.page.number);
  return matches.map(({ page, reading }) => resultOf(page, reading));
}

/** Answer a query; null once nobody waits for it. `soon` is given the results that are known when the rest takes long.
 * @param {string} query @param {Live} live @param {Soon} [soon]
 * @returns {Promise<Found | Nothing | null>} */
export async function search(query, live, soon = () => {}) {
  const started = performance.now();
  const manifest = await open();
  if (foldedFrom !== manifest) foldedPages.clear();
  foldedFrom = manifest;
  const { text, cut } = normalise(query);
  const some = pieces(text);
  if (!some.length) return { empty: true, cut };
  if (!some.some((piece) => piece.length > 1 || isCjk(piece)) && !/[^ .]\.[^ .]/.test(text)) return { short: true, cut };
  const plans = await plan(text);
  const terms = plans.meant.filter((unit) => unit.term);
  if (terms.length === 1) {
    const [unit] = terms;
    const { levels } = unit;
    const named = levels?.numbers.some((page) => levels.of[page] === TITLE);
    if (MEANING.test(text)) unit.glossary = ASKED;
    else if (!named && unit.forms.includes(text) && unit.pages.size > FIRST_BATCH) unit.glossary = TYPED;
  }
  if (!live()) return null;
  const readings = [plans.typed, plans.meant].filter((units) => units.some((unit) => !unit.optional));
  /** @type {Instead[]} */
  const notes = [];
  // A word that a term accounts for (laws, of scaling laws) was not mistyped.
  const known = new Set(terms.flatMap((unit) => unit.forms[0].split(/[ .]/)).flatMap((word) => [word, `${word}s`]));
  for (const { instead } of plans.typed) if (instead && !known.has(instead.typed)) notes.push(instead);
  const found = new Pages(manifest.pages);
  readings.forEach((units, place) => {
    const pages = all(units);
    for (const page of pages.numbers) found.raise(page, pages.of[page] * (place ? 1 : 1.1));
  });
  let answer = new Answer(started, readings, found, false, notes);
  let results = await answer.next(live, soon);
  if (!results.length && live()) {
    const parts = await loose(text, plans);
    answer = new Answer(started, [parts.units], parts.found, true, notes);
    results = await answer.next(live, soon);
  }
  // The next character makes a pair with the last one, the next letter a longer word.
  const last = some[some.length - 1];
  setTimeout(() => live() && prepare(isCjk(last) ? Array.from(last).slice(-1)[0] : last, MOST_PREPARED));
  return { answer, results, cut };
}

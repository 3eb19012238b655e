/* Answers a query, batch by batch. No part of it touches the page: view.js shows results. */
import { isCjk, pieces } from "./fold.js";
import { read } from "./files.js";
import { current, learnForms, listOf, open, prepare } from "./index.js";
import { count } from "./match.js";
import { IndexError, Pages } from "./pages.js";
import { all, normalise, plan, splitTerms } from "./query.js";
import { foldPage, isNamed, judge, shortNamesIn } from "./rank.js";
import { GLOSSARY, resultOf } from "./snippet.js";
import { HEADING, isNowhere, pairs, PINYIN, TITLE, weightOf } from "./units.js";

/** @import { Kind, Manifest } from "./index.js" */
/** @import { Plan } from "./query.js" */
/** @import { Page } from "./rank.js" */
/** @import { Result } from "./snippet.js" */
/** @import { Instead, Unit } from "./units.js" */

/** `partly`: a part of the query does not stand on the page; `named`: the query names it; `called`: it is called all of it;
 * `result`: once it has been shown.
 * @typedef {{ page: Page, reading: Unit[], score: number, partly: boolean, named: boolean, called: boolean, result?: Result }} Match
 * @typedef {() => boolean} Live whether anyone still waits for it
 * @typedef {(results: Result[]) => void} Soon
 * @typedef {{ answer: Answer, results: Result[], cut: boolean }} Found
 * @typedef {{ empty: true, cut: boolean } | { short: true, cut: boolean }} Nothing a query that asks for nothing */

const PAPER = "论文";
const TOPIC = "专题"; // of whose papers such a page tells the order
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
const AS_TYPED = 1.2; // what stands there letter by letter, before what is meant
const ORDERED = 1.6; // what a topic is worth to a reader who asks what to read first
const PHRASE = 3; // what a page is worth beside others that has a long run letter by letter: that is no chance
const LONG = 5; // ideographs of such a run
const FEW = 2; // pages with the whole query, up to which pages that have most of it follow
const MANY = 3; // words, beyond which also those follow, or go before, that are worth more than any page with the whole
const FEW_LATER = 6; // of these, how many are looked at beside the first batch
const LEAST = 0.5; // the share of the query's weight that such a page has
const LACKS = 1.5; // the power of that share by which its worth falls
const NAMED = 1.5; // what a page is worth beside others when the query names it
const NAME_ALONE = 4; // and what it is worth at least
const NAMED_LACKS = 0.2; // what else the query has chooses the section, and need not stand there
const NAMED_FIRST = 100; // such pages are read before others
const MOST_NAMED = 6;
const MOST_TITLES = 3; // of a term that one of these pages is about
const CALLED = 0.7; // what a page that only gathers, or is about the site, is worth at least where it is called what is asked for
const CALLED_FROM = 6; // what a name of any sort is worth before the texts are read (units.js)
const COMPARED = /区别|不同|差别|对比|比较|哪个|还是|(?<![a-z])vs(?![a-z])/;
const FORESEEN = 0.3; // the share of the query that the names of a page have which is fetched before it is found
const FORESEEN_FIRST = 0.5; // the share from which it goes before the page that has a term of the query most prominently
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

/** Whether a reading is one long run of ideographs.
 * @param {Unit[]} units */
const isPhrase = ([first, ...more]) => !more.length && isCjk(first?.forms[0]) && Array.from(first.forms[0]).length >= LONG;

/** Results in batches. `total` counts the pages that have the whole query; it is exact once `sure`. */
export class Answer {
  /** @param {number} started @param {string} text @param {Plan} plan @param {Instead[]} notes */
  constructor(started, text, { typed, meant, parts, ordered }, notes) {
    this.started = started;
    this.text = text;
    this.compared = COMPARED.test(text);
    this.shorts = shortNamesIn(text);
    this.readings = [typed, meant].filter((units) => units.some((unit) => !unit.optional));
    this.parts = parts;
    this.ordered = ordered;
    this.units = [...typed, ...meant];
    this.glossary = Math.max(0, ...this.units.map((unit) => unit.glossary || 0));
    this.notes = notes;
    this.found = new Pages(current().pages); // those that may have the whole query
    this.readings.forEach((units, place) => {
      const pages = all(units);
      for (const page of pages.numbers) this.found.raise(page, pages.of[page] * (place ? 1 : AS_TYPED));
    });
    this.total = this.found.size;
    this.whole = 0; // of those looked at, how many have it
    this.sure = this.readings.every((units) => units.every((unit) => unit.exact));
    /** @type {number[] | null} */
    this.later = null;
    this.first = this.withNamed();
    this.queue = this.queueOf(this.first);
    if (this.total <= FIRST_BATCH) this.queue.push(...this.most().splice(0, FEW_LATER));
  }

  /** The pages that may have the whole query, and before them those that something in it names. */
  withNamed() {
    const named = new Set(this.units.flatMap((unit) => unit.named ?? []));
    if (!named.size) return this.found;
    /** @param {number} page */
    const worth = (page) => this.parts.reduce((sum, unit) => sum + unit.pages.get(page) * weightOf(unit), 0);
    const best = Array.from(named, (page) => ({ page, value: worth(page) })).sort((a, b) => b.value - a.value);
    const out = new Pages(current().pages);
    for (const page of this.found.numbers) out.raise(page, this.found.of[page]);
    for (const { page, value } of best.slice(0, MOST_NAMED)) out.raise(page, value + NAMED_FIRST);
    return out;
  }

  /** Those of the other pages that have most of the query, best first. */
  most() {
    if (!this.later) {
      this.later = this.queueOf(all(this.parts, LEAST)).filter((page) => !this.first.get(page));
    }
    return this.later;
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
      const weight = of[page] < CALLED_FROM ? weights[kind] : 1; // one that is called so is read, whatever it is
      keys[place] = (late ? 0 : Math.round(of[page] * weight * FINE)) * MOST_PAGES + last - page;
    }
    keys.sort();
    /** @type {number[]} */
    const out = [];
    for (let place = keys.length - 1; place >= 0; place--) out.push(last - (keys[place] % MOST_PAGES));
    return out;
  }

  /** @param {Kind} kind */
  weightOf(kind) {
    if (kind.name === GLOSSARY && this.glossary) return this.glossary;
    return kind.weight * (this.ordered && kind.name === TOPIC ? ORDERED : 1);
  }

  /** @param {number} page */
  named(page) {
    return [...this.readings, this.parts].some(
      (units) => units.length && units.every((unit) => unit.pages.get(page) >= CALLED_FROM),
    );
  }

  /** Whether the rest is small enough to be read through, so that the count becomes exact. */
  get small() {
    return current().pages <= SMALL_SITE && this.queue.length <= MOST_SETTLED;
  }

  get done() {
    return !this.queue.length && (this.whole > FEW || !this.most().length);
  }

  /** Whether no page has the whole query. */
  get partly() {
    return !this.whole && this.done;
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
    const weight = this.weightOf(page.kind);
    const named = page.kind.name === PAPER && isNamed(page, this.text, this.units);
    const judged = this.readings.map((units, place) => ({
      units,
      ...judge(units, page, this.compared, this.shorts),
      factor: place ? 1 : AS_TYPED,
    }));
    const phrase = judged.some(({ units, has }) => has === 1 && isPhrase(units)) ? PHRASE : 1;
    const strict = judged.filter(({ has }) => has === 1);
    const partly = !strict.length;
    if (partly && this.parts.length) judged.push({ units: this.parts, ...judge(this.parts, page), factor: 1 });
    let [score, isCalled] = [0, false];
    /** @type {Unit[] | null} */
    let reading = null;
    for (const { units, value, has, called, factor } of partly ? judged : strict) {
      if (partly && !named && has < LEAST) continue;
      const lacks = !partly ? 1 : named ? Math.max(has, LEAST) ** NAMED_LACKS : has ** LACKS;
      const kind = called ? Math.max(weight, CALLED) : weight;
      const whole = (named ? Math.max(value, NAME_ALONE) * NAMED : value) * factor * lacks * phrase * kind;
      if (whole > score) [score, reading, isCalled] = [whole, units, called];
    }
    return reading && { page, reading, score, partly, named, called: isCalled };
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
      if (match && !match.partly) this.whole++;
      else if (this.found.get(page.number)) this.total--;
      if (performance.now() - this.started >= SOON) tell();
    };
    const tell = async () => {
      if (told || !soon || !out.length || !live()) return;
      told = true;
      soon(this.inOrder(out, FIRST_BATCH));
      await new Promise((resume) => setTimeout(resume, 0)); // seen before more is fetched
    };
    /** @param {number} number */
    const fetch = (number) => pageOf(number, Boolean(soon)).then(look);
    while (!this.done && !out.length && live()) {
      if (!this.queue.length) this.queue.push(...this.most().splice(0));
      const batch = this.take(size, kept);
      size = WIDE_BATCH; // none of them had the words side by side: look further at once
      kept = 0;
      const known = batch.flatMap((number) => foldedPages.get(number) ?? []);
      const unknown = batch.filter((number) => !foldedPages.has(number));
      known.forEach(look);
      if (unknown.length) await tell(); // the rest takes longer than a frame in any case
      if (!live()) break;
      // The best comes first, not all of them late: on a slow network pages that are fetched at once share its width.
      const coming = unknown.splice(0, told ? unknown.length : 1).map(fetch);
      if (unknown.length) {
        await coming[0];
        await tell();
        if (!live()) break;
        coming.push(...unknown.map(fetch));
      }
      await Promise.all(coming);
    }
    if (!this.queue.length) this.sure = true;
    return this.inOrder(out);
  }

  /** Matches -> results ready to be shown, best first. Pages that have only a part are left out where enough have the whole.
   * @param {Match[]} matches @param {number} [most] */
  inOrder(matches, most) {
    // A long query whose words all stand on a page, each once, is seldom what that page is about.
    const long = this.parts.length > MANY;
    const best = Math.max(...matches.map(({ partly, score }) => (partly ? 0 : score)));
    const shown = matches.filter((match) => !match.partly || match.named || this.whole <= FEW || (long && match.score > best));
    // Where a page is called just that, others that lack a part of it follow.
    const isCalled = matches.some(({ partly, called }) => called && !partly);
    const follows = (/** @type {Match} */ { partly, named }) => Number(isCalled && partly && !named);
    shown.sort((a, b) => follows(a) - follows(b) || b.score - a.score || a.page.number - b.page.number);
    return shown
      .slice(0, most)
      .map((match) => (match.result ??= { ...resultOf(match.page, match.reading), partly: match.partly }));
  }
}

const loadSlips = () => import("./slips.js");

/** Fetch the page that a query seems to name, or that has its first term most prominently, beside the shards that will tell: a
 * round trip less until it is shown. Of a small site both are known.
 * @param {string} text the query, folded */
function foresee(text) {
  const some = pieces(text);
  const { entries, homes, names, words } = current();
  if (!names.length) return;
  const values = new Float64Array(names.length);
  let all = 0;
  for (const form of some.flatMap((piece) => (isCjk(piece) ? pairs(piece).map(({ pair }) => pair) : piece))) {
    if (form.length < 2) continue;
    const having = [...names.keys()].filter((page) => count(form, names[page]));
    const weight = Math.log(names.length / (having.length || 1));
    all += weight;
    // The title stands before names and tags.
    for (const page of having) values[page] += weight * (2 - Math.max(0, names[page].indexOf(form)) / names[page].length);
  }
  const best = Math.max(...values);
  const { found } = splitTerms(text);
  const home = homes[(found.find(({ numbers }) => numbers[0] < entries) ?? found[0])?.numbers[0]] ?? -1;
  const isTerm = home >= 0 && found[0].length === text.length; // and so ranked by where that term stands
  const page = !isTerm && best > all * (home < 0 ? FORESEEN : FORESEEN_FIRST) ? values.indexOf(best) : home;
  if (page >= 0) read(`p${page}`).catch(() => {});
  // One word that may be pinyin and is in no name often stands nowhere: beside the shards, the files by which it is understood.
  // Not of two: they are an author, often.
  const [word, ...others] = some;
  if (others.length || word.length < 4 || !PINYIN.test(word) || names.some((name) => count(word, name))) return;
  const near = words.filter((length) => Math.abs(length - word.length) < 2);
  for (const file of ["s0", ...near.map((length) => `w${length}`)]) read(file).catch(() => {});
  loadSlips().catch(() => {});
}

/** The words of a query that stand nowhere. One that a term accounts for (laws, of scaling laws) was not mistyped.
 * @param {Plan} plan @returns {Instead[]} */
function slipsIn({ typed, meant }) {
  const forms = meant.flatMap((unit) => (unit.term ? unit.forms[0].split(/[ .]/) : []));
  const known = new Set(forms.flatMap((word) => [word, `${word}s`]));
  return typed.flatMap(({ instead }) => (instead && !known.has(instead.typed) ? [instead] : []));
}

/** Something of a query that stands nowhere, and so may have been typed by its sound.
 * @param {string[]} left what of it is neither a term nor a number nor only asks */
async function doubtIn(left) {
  for (const piece of left.flatMap(pieces))
    if (isCjk(piece) ? await isNowhere(piece) : /^[a-z]{4,24}$/.test(piece) && !(await listOf(piece)).size) return piece;
  return "";
}

/** Answer a query; null once nobody waits for it. `soon` is given the results that are known when the rest takes long.
 * @param {string} query @param {Live} live @param {Soon} [soon]
 * @returns {Promise<Found | Nothing | null>} */
export async function search(query, live, soon = () => {}) {
  const started = performance.now();
  const manifest = await open();
  if (foldedFrom !== manifest) foldedPages.clear();
  foldedFrom = manifest;
  await learnForms(query);
  const { text: typed, cut } = normalise(query);
  let text = typed;
  const some = pieces(text);
  if (!some.length) return { empty: true, cut };
  if (!some.some((piece) => piece.length > 1 || isCjk(piece)) && !/[^ .]\.[^ .]/.test(text)) return { short: true, cut };
  foresee(text);
  let plans = await plan(text);
  const doubt = await doubtIn(plans.left);
  if (isCjk(doubt)) read("s1").catch(() => {}); // beside the program that will ask for it
  const sounds = doubt ? await (await loadSlips()).heard(text, plans.left) : { text, notes: [] };
  if (sounds.notes.length) {
    foresee(sounds.text);
    plans = await plan((text = sounds.text));
  }
  const slips = slipsIn(plans);
  const notes = [...sounds.notes, ...slips];
  // What was meant, where that is one word, may be a term or a name, which is known by how it is written.
  const before = text;
  for (const { typed, used } of slips)
    if (used.length === 1) text = text.replace(typed.replaceAll("-", "."), used[0].replaceAll("-", "."));
  if (text !== before) plans = await plan(text);
  const terms = plans.meant.filter((unit) => unit.term);
  if (terms.length === 1) {
    const [unit] = terms;
    const { levels } = unit;
    const titles = levels ? levels.numbers.filter((page) => levels.of[page] === TITLE).length : 0;
    const named = titles > 0 && titles <= MOST_TITLES; // one that stands in more titles names none of them
    const headed = levels && levels.numbers.filter((page) => levels.of[page] >= HEADING).length > 1; // not in the glossary alone
    if (MEANING.test(text)) unit.glossary = ASKED;
    else if (!named && unit.forms.includes(text) && (unit.pages.size > FIRST_BATCH || !headed))
      unit.glossary = titles ? ASKED : TYPED;
  }
  if (!live()) return null;
  const answer = new Answer(started, text, plans, notes);
  const results = await answer.next(live, soon);
  // The next character makes a pair with the last one, the next letter a longer word.
  const last = some[some.length - 1];
  setTimeout(() => {
    if (!live()) return;
    prepare(isCjk(last) ? Array.from(last).slice(-1)[0] : last, MOST_PREPARED);
    loadSlips()
      .then(({ prepareToHear }) => prepareToHear())
      .catch(() => {});
  });
  return { answer, results, cut };
}

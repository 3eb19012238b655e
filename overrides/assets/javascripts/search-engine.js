/* Finds and ranks pages for a query and makes their snippets. No part of it touches the page: search-view.js shows results. */
(function () {
  "use strict";
  const space = window.pnSearch;
  const { fold, foldWithPlaces, pieces, finder, isCjk, isCjkCode, CJK, IndexError } = space;
  const { read, prepare, Pages } = space.index;
  const { normalise, plan, all, loose, rarity } = space.query;

  const FIRST_BATCH = 8; // pages read before the first results are complete
  const NEXT_BATCH = 10;
  const WIDE_BATCH = 24;
  const MOST_KEPT = 16; // pages in memory that are looked at beside the first batch
  const NEAR = 300; // where in the list behind it they are looked for
  const MOST_PREPARED = 6; // files of the index that are fetched for the next key
  const SOON = 16; // milliseconds after which what has been found is shown before the batch is complete
  // What the glossary is worth to a reader who types nothing but a term that stands on more pages than one looks through, or
  // who asks what one term means. A page of that very name stands above it.
  const GLOSSARY = { name: "术语", typed: 1.2, asked: 2 };
  const MEANING = /什么是|是什么(?!关系)|什么叫|叫什么|指什么|意思|定义/;
  const TITLE = 6; // the highest level and one, as the lists of the index have it
  const SMALL_SITE = 200; // pages; on a larger one the count may stay "at most"
  const MOST_SETTLED = 60;
  const FINE = 1024; // steps of worth that are told apart
  const MOST_PAGES = 2 ** 20; // a page's number and its worth are sorted as one number

  /* ---- pages ---- */

  /** Two folded texts as one: no space beside an ideograph. */
  function join(before, after) {
    if (!before || !after) return before || after;
    const left = before.trimEnd();
    const right = after.trimStart();
    return isCjkCode(left.charCodeAt(left.length - 1)) || isCjkCode(right.charCodeAt(0)) ? left + right : `${left} ${right}`;
  }

  const foldedPages = new Map(); // number -> page, folded
  let foldedFrom = null; // the manifest of the index that they are of

  async function pageOf(number, waited) {
    const data = await read(`p${number}`, waited);
    let page = foldedPages.get(number);
    if (page) return page;
    if (!Array.isArray(data) || !Array.isArray(data[5])) throw new IndexError("broken", `p${number}`);
    const [url, title, names, about, summary, sections] = data;
    const kind = space.index.manifest.kinds.find((each) => number < each.end) || { name: "", weight: 1 };
    page = {
      number, url, title, about, summary, kind,
      folded: { title: fold(title).trim(), names: names.map((name) => fold(name).trim()), about: about.map((text) => fold(text).trim()), summary: fold(summary).trim() },
      sections: sections.map(([id, heading, text]) => {
        const both = heading ? `${heading}\n${text}` : text;
        return { id, heading, head: fold(heading).trim(), start: heading ? heading.length + 1 : 0, source: both, folded: fold(both) };
      }),
    };
    // One text of the whole page: a match may run over the border of two sections.
    page.whole = page.sections.reduce((whole, { folded }) => join(whole, folded), "");
    if (foldedPages.size > 300) foldedPages.clear();
    foldedPages.set(number, page);
    return page;
  }

  const finders = new Map();

  function count(form, text) {
    if (isCjk(form[0]) && isCjk(form[form.length - 1]) && !form.includes(" ") && !form.includes(".")) {
      let times = 0;
      for (let place = text.indexOf(form); place >= 0; place = text.indexOf(form, place + form.length)) times++;
      return times;
    }
    let expression = finders.get(form);
    if (!expression) {
      if (finders.size > 200) finders.clear();
      finders.set(form, (expression = finder(form)));
    }
    return (text.match(expression) || []).length;
  }

  const wholes = new Map();

  /** Whether a Latin form stands there as a whole word, not only as the beginning of one. */
  function isWhole(form, text) {
    if (isCjk(form[form.length - 1])) return true;
    let expression = wholes.get(form);
    if (!expression) {
      if (wholes.size > 200) wholes.clear();
      wholes.set(form, (expression = new RegExp(`${finder(form).source}s?(?![^ .${CJK}])`, "u")));
    }
    return expression.test(text);
  }

  /** How well a page has one unit; 0 where it does not stand there at all. */
  function rate(unit, page) {
    let top = 0;
    let body = 0;
    unit.forms.forEach((form, place) => {
      const factor = place && !unit.instead ? 0.9 : 1;
      const { title, names, about, summary } = page.folded;
      const values = [0];
      if (title === form) values.push(16);
      else if (count(form, title)) values.push((8 + (6 * form.length) / title.length) * (isWhole(form, title) ? 1 : 0.6));
      for (const name of names) {
        if (name === form) values.push(16);
        else if (count(form, name)) values.push((7 + (4 * form.length) / name.length) * (isWhole(form, name) ? 1 : 0.6));
      }
      for (const text of about) {
        if (text === form) values.push(7);
        else if (count(form, text)) values.push((4 + (2 * form.length) / text.length) * (isWhole(form, text) ? 1 : 0.6));
      }
      if (count(form, summary)) values.push(3.5);
      let headings = 0;
      for (const section of page.sections)
        if (section.head && count(form, section.head)) headings = Math.max(headings, 3 + (2 * form.length) / section.head.length);
      values.push(headings);
      const times = count(form, page.whole);
      top = Math.max(top, Math.max(...values) * factor);
      body = Math.max(body, times ? (1 + 0.7 * Math.log(times)) * factor * (isWhole(form, page.whole) ? 1 : 0.7) : 0);
    });
    if (unit.levels && unit.levels.get(page.number) === TITLE) top = Math.max(top, 10);
    if (!top && !body && unit.loose && unit.loose.length && unit.loose.every((part) => count(part, page.whole))) body = 0.5;
    return top + body;
  }

  /** What a page is worth for a reading of the query; 0 where a needed unit is missing from its text. */
  function judge(units, page, partly) {
    let sum = 0;
    for (const unit of units) {
      const value = rate(unit, page);
      if (!value && !unit.optional && !partly) return 0;
      sum += value * rarity(unit);
    }
    // Edward Hu is one author, not an Edward and a Huang: all words in one name count for more than apart.
    if (units.length > 1) {
      const together = (text) => units.every((unit) => unit.optional || unit.forms.some((form) => count(form, text) && isWhole(form, text)));
      if (together(page.folded.title) || page.folded.names.some(together)) sum *= 1.5;
      else if (page.folded.about.some(together)) sum *= 1.3;
    }
    return sum;
  }

  /* ---- snippets ---- */

  /** Places of the forms in a folded section, as ranges of its source text, joined where they touch. */
  function places(forms, section) {
    const ranges = [];
    if (!section.at) section.at = foldWithPlaces(section.source).at; // only for the few sections that are shown
    for (const form of forms) {
      for (const match of section.folded.matchAll(finder(form))) {
        const from = section.at[match.index];
        const last = match.index + match[0].length - 1;
        const to = section.at[last] + (section.source.codePointAt(section.at[last]) > 0xffff ? 2 : 1);
        ranges.push([from, to]);
        if (ranges.length > 200) break;
      }
    }
    ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    const joined = [];
    for (const range of ranges) {
      const last = joined[joined.length - 1];
      if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
      else joined.push(range);
    }
    return joined;
  }

  /** Text in pieces [text, marked], around the place where most matches stand close together, or of its beginning. */
  function snippet(section, forms, length, beginning = false) {
    const text = section.source;
    const marks = places(forms, section).filter((range) => range[0] >= section.start);
    const anchor = marks.length && !beginning ? densest(marks, length) : section.start;
    let from = Math.max(section.start, anchor - Math.floor(length / 4));
    const stop = text.slice(from, anchor).search(/[。！？；\n][^。！？；\n]*$/u);
    if (from > section.start && stop >= 0) from += stop + 1;
    while (from > section.start && from < anchor && isInWord(text, from)) from++;
    let to = Math.min(text.length, from + length);
    while (to > anchor + length / 2 && isInWord(text, to)) to--;
    const out = pieceUp(text, marks, from, to);
    if (from > section.start && stop < 0) out.unshift(["…", false]);
    if (to < text.length) out.push(["…", false]);
    return out;
  }

  /** Whether a place of a text lies inside a Latin word or a number. */
  const isInWord = (text, place) => /^[\w.][\w.]$/.test(text.slice(place - 1, place + 1));

  function densest(marks, length) {
    let most = 0;
    let where = marks[0][0];
    marks.forEach((mark, place) => {
      let near = 0;
      for (let next = place; next < marks.length && marks[next][1] < mark[0] + length * 0.7; next++) near += marks[next][1] - marks[next][0];
      if (near > most) {
        most = near;
        where = mark[0];
      }
    });
    return where;
  }

  function pieceUp(text, marks, from, to) {
    const out = [];
    let place = from;
    for (const [start, end] of marks) {
      if (end <= from || start >= to) continue;
      if (start > place) out.push([text.slice(place, start), false]);
      out.push([text.slice(Math.max(start, place), Math.min(end, to)), true]);
      place = Math.min(end, to);
    }
    if (place < to) out.push([text.slice(place, to), false]);
    return out.map(([part, marked]) => [part.replace(/\s*\n\s*/g, " · ").replace(/\s*\u2061\s*/g, " … ").replace(/\s+/g, " "), marked]); // a dot where a block ends, an ellipsis for a formula
  }

  function markAll(text, forms) {
    const folded = foldWithPlaces(text);
    const section = { folded: folded.text, at: folded.at, source: text, start: 0 };
    return pieceUp(text, places(forms, section), 0, text.length);
  }

  /** One result, ready to be shown. */
  function resultOf(page, units) {
    const forms = Array.from(new Set([].concat(...units.map((unit) => unit.forms.concat(unit.loose || [])))));
    const present = forms.filter((form) => count(form, page.whole));
    const shown = present.length ? present : forms;
    const rated = page.sections.map((section, place) => {
      let value = 0;
      for (const unit of units) {
        let bestForm = 0;
        for (const form of unit.forms) {
          const times = count(form, section.folded);
          const head = section.head && count(form, section.head) ? 3 + (2 * form.length) / section.head.length : 0;
          if (times) bestForm = Math.max(bestForm, 1 + Math.log(times) * 0.5 + head);
        }
        value += bestForm * rarity(unit);
      }
      return { section, value, place };
    });
    const top = rated.filter(({ section, value }) => section.id && value > 0).sort((a, b) => b.value - a.value || a.place - b.place);
    const lead = rated.find(({ section }) => !section.id);
    const aside = page.about.filter((text) => forms.some((form) => count(form, fold(text)) && !count(form, page.folded.title)));
    // The summary says what the page is; where there is none, or the match is nowhere else, its first words do.
    let text = page.summary ? markAll(page.summary, forms) : [];
    const marked = text.some((piece) => piece[1]);
    const title = markAll(page.title, forms);
    const inTitle = title.some((piece) => piece[1]) || page.folded.names.some((name) => forms.some((form) => count(form, name)));
    const isGlossary = page.kind.name === GLOSSARY.name; // whose entries begin with what the term means
    if (!page.summary || (!top.length && !marked && !aside.length && !inTitle && lead && lead.value > 0)) {
      const body = lead && (lead.value > 0 || !top.length) ? lead.section : top.length ? top[0].section : page.sections[0];
      text = body ? snippet(body, shown, 110) : text;
    }
    return {
      url: page.url,
      id: isGlossary && top.length ? top[0].section.id : "", // an entry is what is looked for there
      kind: page.kind.name,
      title,
      about: aside.slice(0, 2).map((part) => markAll(part, forms)),
      text,
      sections: top.slice(0, 3).map(({ section }) => ({
        id: section.id, heading: markAll(section.heading, forms), text: snippet(section, shown, 90, isGlossary),
      })),
      forms: shown.slice(0, 6),
    };
  }

  /* ---- the answer ---- */

  /** Results in batches. `total` counts pages; it is exact once `sure`. */
  class Answer {
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
     * last, unless the query is for it. Plain numbers sort without a call for each two: there may be thousands. */
    queueOf({ numbers, of }) {
      const { kinds, large } = space.index.manifest;
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
      const out = [];
      for (let place = keys.length - 1; place >= 0; place--) out.push(last - (keys[place] % MOST_PAGES));
      return out;
    }

    weightOf(kind) {
      return (kind.name === GLOSSARY.name && this.glossary) || kind.weight;
    }

    named(page) {
      return this.readings.some((units) => units.length && units.every((unit) => unit.pages.get(page) >= 8));
    }

    /** Whether the rest is small enough to be read through, so that the count becomes exact. */
    get small() {
      return space.index.manifest.pages <= SMALL_SITE && this.queue.length <= MOST_SETTLED;
    }

    get done() {
      return !this.queue.length;
    }

    /** Takes the next pages from the queue, and beside them up to `kept` of those that follow and are in memory: they cost
     * nothing. */
    take(size, kept) {
      const batch = this.queue.splice(0, size);
      for (let place = 0; place < Math.min(this.queue.length, NEAR) && kept; place++) {
        if (!foldedPages.has(this.queue[place])) continue;
        batch.push(...this.queue.splice(place--, 1));
        kept--;
      }
      return batch;
    }

    /** A page with the reading of the query that it answers best, or null. */
    match(page) {
      let score = 0;
      let reading = null;
      this.readings.forEach((units, place) => {
        const value = judge(units, page, this.partly) * (place ? 1 : 1.1);
        if (value > score) [score, reading] = [value, units];
      });
      return reading && { page, reading, score: score * this.weightOf(page.kind) };
    }

    /** The next results, best first. Reads pages until at least one has matched, or none is left.
     *
     * `soon` is for the first batch of a query: it is called once with what has matched when that takes long. */
    async next(live, soon) {
      const out = [];
      let size = soon ? FIRST_BATCH : NEXT_BATCH;
      let kept = soon ? MOST_KEPT : 0;
      let told = !soon;
      const look = (page) => {
        const match = this.match(page);
        if (match) out.push(match);
        else this.total--;
        if (performance.now() - this.started >= SOON) tell();
      };
      const tell = () => {
        if (told || !out.length || !live()) return;
        told = true;
        soon(inOrder(out));
      };
      const fetch = (number) => pageOf(number, Boolean(soon)).then(look);
      while (this.queue.length && !out.length && live()) {
        const batch = this.take(size, kept);
        size = WIDE_BATCH; // none of them had the words side by side: look further at once
        kept = 0;
        const known = batch.filter((number) => foldedPages.has(number)).map((number) => foldedPages.get(number));
        const coming = batch.filter((number) => !foldedPages.has(number)).map(fetch);
        known.forEach(look);
        if (coming.length) tell(); // the rest takes longer than a frame in any case
        await Promise.all(coming);
      }
      if (!this.queue.length) this.sure = true;
      return inOrder(out);
    }
  }

  /** Matches -> results ready to be shown, best first. */
  function inOrder(matches) {
    matches.sort((a, b) => b.score - a.score || a.page.number - b.page.number);
    return matches.map(({ page, reading }) => resultOf(page, reading));
  }

  /** Answer a query: { answer, results, cut, short }. `live()` says whether anyone still waits for it; `soon` is given
   * the results that are known when the rest takes long. */
  async function search(query, live, soon = () => {}) {
    const started = performance.now();
    const manifest = await space.index.open();
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
      const named = unit.levels.numbers.some((page) => unit.levels.of[page] === TITLE);
      if (MEANING.test(text)) unit.glossary = GLOSSARY.asked;
      else if (!named && unit.forms.includes(text) && unit.pages.size > FIRST_BATCH) unit.glossary = GLOSSARY.typed;
    }
    if (!live()) return null;
    const readings = [plans.typed, plans.meant].filter((units) => units.some((unit) => !unit.optional));
    const notes = [];
    // A word that a term accounts for (laws, of scaling laws) was not mistyped.
    const known = new Set(terms.flatMap((unit) => unit.forms[0].split(/[ .]/)).flatMap((word) => [word, `${word}s`]));
    for (const { instead } of plans.typed) if (instead && !known.has(instead.typed)) notes.push(instead);
    const found = new Pages();
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
    setTimeout(() => live() && prepare(isCjk(last) ? Array.from(last).pop() : last, MOST_PREPARED));
    return { answer, results, cut };
  }

  space.search = search;
})();

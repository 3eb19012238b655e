/* A list of papers or of models: sorted by the heads of its columns, filtered as one types; the address keeps both.
   Counts of two sources are never compared, so sorting by count groups the rows by source. Without this script the table is whole.
   Where the list takes several pages, papers.js fetches the rows of what is chosen, and the page's own stand there until then. */
import { button, element, every, need, plain } from "./elements.js";
import { root } from "./load.js";
import { fill, t } from "./words.js";

/** @import { Rows } from "./papers.js" */

/** A row of the table with what it is sorted and filtered by. `values`: by the name of a filter; `numbers`: by that of a column;
 * `rate`: citations a year, -1 where there is no count.
 * @typedef {{ row: HTMLTableRowElement, title: string, date: string, numbers: Record<string, number>, rate: number, source: string,
 *   values: Record<string, string[]>, text: string }} Row */

/** What a list holds, in words, and what it is filtered by beside what one types.
 * @typedef {{ label: string, hint: string, by: string, count: string, none: string, unfit: string, filters: Record<string, string> }} Kind */

/** @type {Record<string, Kind>} */
const KINDS = {
  paper: {
    label: t("papers.filter"),
    hint: t("papers.hint"),
    by: t("papers.filter_by"),
    count: t("papers.n"),
    none: t("papers.no_such"),
    unfit: t("papers.unfit"),
    filters: { tag: t("papers.all_tags"), year: t("list.all_years"), tier: t("papers.all_tiers") },
  },
  model: {
    label: t("models.filter"),
    hint: t("models.hint"),
    by: t("models.filter_by"),
    count: t("models.n"),
    none: t("models.no_such"),
    unfit: t("models.unfit"),
    filters: { group: t("models.all_groups"), maker: t("models.all_makers"), year: t("list.all_years") },
  },
};
/** @type {Record<string, string>} */
const TIERS = { full: t("tier.full"), middle: t("tier.middle"), short: t("tier.short") };
const NONE = t("check.no_count");
const YEAR = 365.25 * 24 * 3600 * 1000; // of a paper that is younger, a year is not guessed
const NEWEST = "-date";
const MOST_SORTED = 100; // of the papers that the search finds
const STEP = 50; // rows that are fetched at once
const PAUSE = 250; // milliseconds after a key, before files are fetched for what is typed
const collator = new Intl.Collator("zh-Hans-CN", { numeric: true });

/** What a row says in one respect: an attribute, or of a model what its first cell shows.
 * @param {HTMLTableRowElement} row @param {string} name @returns {string} */
function told(row, name) {
  if (name === "group") return pageOf(need(row, "a"));
  if (name === "maker") return row.querySelector(".pn-papers__original")?.firstChild?.textContent ?? "";
  return row.getAttribute(`data-pn-${name}`) ?? (name === "year" ? told(row, "date").slice(0, 4) : "");
}

/** @param {string} count @param {string} day when it was counted @param {string} date when the paper was written */
function rateOf(count, day, date) {
  return count === "" ? -1 : Number(count) / Math.max(1, (Date.parse(day) - Date.parse(`${date.slice(0, 7)}-15`)) / YEAR);
}

/** @param {HTMLElement} link */
const pageOf = (link) => (link.getAttribute("href") ?? "").split("#")[0];

/** @param {HTMLTableRowElement} row @param {Kind} kind @param {string[]} columns @returns {Row} */
function read(row, kind, columns) {
  const names = Object.keys(kind.filters);
  const numbers = columns.map((name) => [name, told(row, name) === "" ? -1 : Number(told(row, name))]);
  return {
    row,
    title: need(row, ".pn-papers__title").textContent,
    date: told(row, "date"),
    numbers: Object.fromEntries(numbers),
    rate: rateOf(told(row, "count"), told(row, "day"), told(row, "date")),
    source: told(row, "source") || NONE,
    values: Object.fromEntries(names.map((name) => [name, told(row, name).split("|").filter(Boolean)])),
    text: plain([row.cells[0].textContent, row.cells[2].textContent, told(row, "words")].join(" ")),
  };
}

/** How often each value occurs.
 * @param {string[]} values
 * @returns {Map<string, number>} */
function countOf(values) {
  const seen = new Map();
  for (const value of values) seen.set(value, (seen.get(value) ?? 0) + 1);
  return seen;
}

/** @param {string} name @param {string} label @param {Iterable<string>} values @param {Record<string, string>} [words] */
function select(name, label, values, words) {
  const field = element("select", "pn-list__select", new Option(label, ""));
  field.name = name;
  field.setAttribute("aria-label", label);
  for (const value of values) field.append(new Option(words ? words[value] : value, value));
  return field;
}

/** The kinds of models, as the links above the list call their pages. @returns {Record<string, string>} */
const groupNames = () =>
  Object.fromEntries(every(".pn-models__groups > a").map((link) => [pageOf(link), link.textContent ?? ""]));

/** @type {Record<string, string>} */
const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TH: "columnheader", TD: "cell" };

/** On a phone the rows are set as paragraphs (list.css), at which older browsers forget that they are a table.
 * @param {HTMLElement} table or a row */
function keepTable(table) {
  for (const part of [table, ...every("thead, tbody, tr, th, td", table)]) part.setAttribute("role", ROLES[part.tagName]);
}

/** Say below a count how many citations a year it is.
 * @param {Row} row */
function addRate({ row, rate }) {
  if (rate < 0) return;
  const words = t("papers.rate", { n: Math.round(rate).toLocaleString("en") });
  need(row, ".pn-papers__number").after(element("span", "pn-papers__rate", words));
}

export function startList() {
  /** @type {HTMLElement | null} */
  const list = document.querySelector("[data-pn-list]");
  if (list) start(list);
}

/** @param {HTMLElement} list */
function start(list) {
  const kind = KINDS[list.dataset.pnList ?? ""];
  if (!kind) return;
  const table = need(list, "table");
  /** @type {HTMLTableSectionElement} */
  const body = need(table, "tbody");
  keepTable(table);
  const heads = every("th[data-pn-sort]", list);
  const columns = heads.map((head) => head.dataset.pnSort ?? "");
  let rows = Array.from(body.rows, (row) => read(row, kind, columns));
  /** @type {Map<string, HTMLTableRowElement>} */
  const groups = new Map(); // source -> its heading row
  let sort = NEWEST;
  const files = Number(list.dataset.pnFiles ?? 0); // of papers.js, 0 where all rows are here
  const all = files ? Number(list.dataset.pnCount) : rows.length;
  const own = rows;
  /** @type {HTMLElement | null} */
  const pages = list.querySelector(".pn-pages");

  const input = element("input", "pn-list__input");
  input.type = "search";
  input.name = "q";
  input.autocomplete = "off";
  input.placeholder = kind.hint;
  input.setAttribute("aria-label", kind.by);
  const selects = Object.entries(kind.filters).map(([name, label]) => {
    const listed = files ? told(/** @type {any} */ (list), name).split("|") : rows.flatMap((row) => row.values[name]);
    const values = Array.from(new Set(listed)).sort(collator.compare);
    if (name === "tier") return select(name, label, Object.keys(TIERS), TIERS);
    if (name === "group") return select(name, label, values, groupNames());
    return select(name, label, name === "year" ? values.reverse() : values);
  });
  const per = kind === KINDS.paper ? select("per", t("papers.total"), ["year"], { year: t("papers.per_year") }) : null;
  const fields = per ? [input, ...selects, per] : [input, ...selects];
  rows.forEach(addRate);
  const status = element("p", "pn-list__status");
  status.setAttribute("role", "status");
  const wider = element("a", "pn-list__wider");
  const form = element("form", "pn-list__form", ...fields, status, wider);
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", kind.label);
  need(list, ".pn-list__place").append(form);

  const reason = element("p", "pn-none__words");
  const none = element(
    "div",
    "pn-none",
    reason,
    button("pn-none__clear", t("filter.clear"), () => {
      for (const field of fields) field.value = "";
      show();
      keep();
      input.focus();
    }),
  );
  none.hidden = true;
  list.append(none);

  for (const head of heads)
    head.replaceChildren(
      button("pn-list__sort", head.textContent, () => {
        const key = head.dataset.pnSort ?? "";
        const first = key === "title" ? key : `-${key}`;
        sort = sort !== first ? first : first === key ? `-${key}` : key;
        show(true);
        keep();
      }),
    );

  /** What is filtered by, in words. */
  function chosen() {
    const words = input.value.trim() ? [t("search.quoted", { words: input.value.trim() })] : [];
    for (const field of selects)
      if (field.value)
        words.push(field.name === "year" ? t("list.year", { year: field.value }) : field.selectedOptions[0].text);
    return words.join(t("and"));
  }

  /** @param {string} source */
  function groupOf(source) {
    let row = groups.get(source);
    if (!row) {
      const cell = element("th", "", source === NONE ? NONE : t("papers.counted_by", { source }));
      cell.colSpan = /** @type {HTMLTableRowElement} */ (heads[0].parentNode).cells.length;
      cell.scope = "rowgroup";
      cell.setAttribute("role", "rowheader");
      row = element("tr", "pn-papers__group", cell);
      row.setAttribute("role", "row");
      groups.set(source, row);
    }
    return row;
  }

  function order() {
    const key = sort.replace("-", "");
    const sign = sort[0] === "-" ? -1 : 1;
    const sizes = countOf(rows.map((row) => row.source));
    rows.sort((a, b) => {
      if (key === "title") return sign * collator.compare(a.title, b.title);
      if (key === "date" && !a.date !== !b.date) return a.date ? -1 : 1; // what is not known comes last
      if (key === "date") return sign * (a.date < b.date ? -1 : a.date > b.date ? 1 : 0);
      if (key === "count" && a.source !== b.source) {
        if (a.source === NONE || b.source === NONE) return a.source === NONE ? 1 : -1;
        return (sizes.get(b.source) ?? 0) - (sizes.get(a.source) ?? 0) || collator.compare(a.source, b.source);
      }
      const [left, right] = key === "count" && per?.value ? [a.rate, b.rate] : [a.numbers[key], b.numbers[key]];
      if (left < 0 !== right < 0) return left < 0 ? 1 : -1;
      return sign * (left - right) || collator.compare(a.title, b.title);
    });
    lay(rows);
    mark();
  }

  /** Put rows into the table, in groups where they are sorted by counts.
   * @param {Row[]} some @param {string | null} last the source of the row before them */
  function lay(some, last = null) {
    const key = sort.replace("-", "");
    const made = document.createDocumentFragment();
    if (last === null) for (const row of groups.values()) row.remove();
    list.classList.toggle("pn-list--grouped", key === "count");
    list.classList.toggle("pn-list--rate", Boolean(per?.value));
    for (const { row, source } of some) {
      if (key === "count" && source !== last) made.append(groupOf((last = source)));
      made.append(row);
    }
    body.append(made);
  }

  function mark() {
    const key = files && sort === NEWEST && input.value.trim() ? "" : sort.replace("-", ""); // the best come first then
    for (const head of heads) {
      if (head.dataset.pnSort === key) head.setAttribute("aria-sort", sort[0] === "-" ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  /** Whether a row is of the tag, the year and so on that are chosen.
   * @param {Row} row */
  const isChosen = (row) => selects.every((field) => !field.value || row.values[field.name].includes(field.value));

  function filter() {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    const sources = new Set();
    for (const each of rows) {
      const fits = isChosen(each) && words.every((word) => each.text.includes(word));
      if (each.row.hidden === fits) each.row.hidden = !fits;
      if (!fits) continue;
      shown += 1;
      sources.add(each.source);
    }
    for (const [source, row] of groups) row.hidden = !sources.has(source);
    tell(shown);
  }

  /** Say how many rows are shown, or that there are none. `how`: what these are, with room for their number.
   * @param {number} shown @param {string} [how] */
  function tell(shown, how = t("list.found")) {
    none.hidden = shown > 0;
    table.hidden = shown === 0;
    reason.textContent = shown ? "" : fill(kind.unfit, { chosen: chosen() });
    const said = input.value.trim();
    wider.hidden = !said;
    wider.textContent = t("list.wider", { words: said });
    wider.href = new URL(`lists.html?q=${encodeURIComponent(said)}`, root).href;
    const counted = fill(kind.count, { n: shown.toLocaleString("en") });
    status.textContent = shown === all ? t("list.all", { counted }) : shown ? fill(how, { counted }) : kind.none;
  }

  let turn = 0;
  /** @type {Rows | null} */
  let coming = null;
  const more = button("pn-none__clear pn-list__more", t("list.more"), () => add(turn).catch(fail));
  more.hidden = true;
  if (files) table.after(more);

  function fail() {
    status.textContent = t("list.failed");
  }

  /** Show what is chosen of all rows, which are not here: fetch the first of them. */
  async function ask() {
    const mine = ++turn;
    const said = input.value.trim();
    const isAll = !said && sort === NEWEST && selects.every((field) => !field.value);
    mark();
    more.hidden = true;
    if (pages) pages.hidden = !isAll;
    if (isAll) {
      rows = own;
      body.replaceChildren();
      lay(rows);
      return tell(all);
    }
    status.textContent = t("list.coming");
    if (said) await new Promise((resolve) => setTimeout(resolve, PAUSE));
    if (mine !== turn) return;
    const { listed, searched } = await import("./papers.js");
    const order = per?.value ? sort.replace("count", "rate") : sort;
    const found = said
      ? await searched(
          files,
          said,
          (row) => isChosen(read(row, kind, columns)),
          () => mine === turn,
        )
      : await listed(
          files,
          order,
          selects.map((field) => field.value),
        );
    if (mine !== turn) return;
    coming = found;
    rows = [];
    body.replaceChildren();
    await add(mine);
  }

  /** Fetch further rows. @param {number} mine the turn for which */
  async function add(mine) {
    if (!coming) return;
    const isSorted = coming.total === null && sort !== NEWEST; // here, for the search gives the best first
    const some = (await coming.next(isSorted ? MOST_SORTED : STEP)).map((row) => read(row, kind, columns));
    if (mine !== turn) return;
    for (const each of some) {
      keepTable(each.row);
      addRate(each);
    }
    const last = rows.length ? rows[rows.length - 1].source : null;
    rows.push(...some);
    if (isSorted) order();
    else lay(some, last);
    more.hidden = coming.done;
    tell(coming.total ?? rows.length, coming.done || coming.total !== null ? t("list.found") : t("list.best"));
  }

  /** @param {boolean} [isSorted] whether the order has changed */
  function show(isSorted = false) {
    if (files) return void ask().catch(fail);
    if (isSorted) order();
    filter();
  }

  /** Write what is chosen into the address. A fragment, for a page on disk may not change its query. */
  function keep() {
    const state = new URLSearchParams();
    for (const field of fields) if (field.value) state.set(field.name, field.value);
    if (sort !== NEWEST) state.set("sort", sort);
    const hash = state.toString();
    history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
  }

  function restore() {
    const state = new URLSearchParams(location.hash.indexOf("=") > 0 ? location.hash.slice(1) : "");
    for (const field of fields) {
      field.value = state.get(field.name) ?? "";
      if (field instanceof HTMLSelectElement && field.selectedIndex < 0) field.value = "";
    }
    const wanted = state.get("sort") || NEWEST;
    sort = heads.some((head) => head.dataset.pnSort === wanted.replace("-", "")) ? wanted : NEWEST;
    show(true);
  }

  form.addEventListener("input", (event) => {
    if (event.target === per) sort = "-count";
    show(event.target === per);
    keep();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", restore);
  restore();
}

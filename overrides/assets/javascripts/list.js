/* The list of papers: sorted by the heads of its columns, filtered as one types; the address keeps both.
   Counts of two sources are never compared, so sorting by count groups the rows by source. Without this script the table is whole. */
import { button, element, every, need, plain } from "./elements.js";
import { root } from "./load.js";

/** A row of the table with what it is sorted and filtered by.
 * @typedef {{ row: HTMLTableRowElement, title: string, date: string, count: number, source: string, tags: string[],
 *   year: string, tier: string, text: string }} Row */

/** @type {Record<string, string>} */
const TIERS = { full: "详读", middle: "简读", short: "短注" };
const NONE = "没有引用数";
const NEWEST = "-date";
const collator = new Intl.Collator("zh-Hans-CN", { numeric: true });

/** @param {HTMLTableRowElement} row @returns {Row} */
function read(row) {
  const { pnDate = "", pnCount = "", pnSource, pnTags = "", pnYear = "", pnTier = "", pnWords = "" } = row.dataset;
  return {
    row,
    title: need(row, ".pn-papers__title").textContent,
    date: pnDate,
    count: pnCount === "" ? -1 : Number(pnCount),
    source: pnSource || NONE,
    tags: pnTags.split("|"),
    year: pnYear,
    tier: pnTier,
    text: plain([row.cells[0].textContent, row.cells[2].textContent, pnWords].join(" ")),
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

/** @type {Record<string, string>} */
const ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TH: "columnheader", TD: "cell" };

/** On a phone the rows are set as paragraphs (list.css), at which older browsers forget that they are a table.
 * @param {HTMLElement} table */
function keepTable(table) {
  for (const part of [table, ...every("thead, tbody, tr, th, td", table)]) part.setAttribute("role", ROLES[part.tagName]);
}

export function startList() {
  /** @type {HTMLElement | null} */
  const list = document.querySelector("[data-pn-list]");
  if (list) start(list);
}

/** @param {HTMLElement} list */
function start(list) {
  const table = need(list, "table");
  /** @type {HTMLTableSectionElement} */
  const body = need(table, "tbody");
  keepTable(table);
  const heads = every("th[data-pn-sort]", list);
  const rows = Array.from(body.rows, read);
  /** @type {Map<string, HTMLTableRowElement>} */
  const groups = new Map(); // source -> its heading row
  let sort = NEWEST;

  const input = element("input", "pn-list__input");
  input.type = "search";
  input.name = "q";
  input.autocomplete = "off";
  input.placeholder = "题目、作者、编号";
  input.setAttribute("aria-label", "按题目、作者或编号筛选");
  const years = Array.from(new Set(rows.map((row) => row.year)))
    .sort()
    .reverse();
  const tags = Array.from(new Set(rows.flatMap((row) => row.tags))).sort(collator.compare);
  const tag = select("tag", "全部标签", tags);
  const year = select("year", "全部年份", years);
  const tier = select("tier", "全部篇幅", Object.keys(TIERS), TIERS);
  const fields = [input, tag, year, tier];
  const status = element("p", "pn-list__status");
  status.setAttribute("role", "status");
  const wider = element("a", "pn-list__wider");
  const form = element("form", "pn-list__form", ...fields, status, wider);
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", "筛选论文");
  need(list, ".pn-list__place").append(form);

  const reason = element("p", "pn-none__words");
  const none = element(
    "div",
    "pn-none",
    reason,
    button("pn-none__clear", "清除筛选", () => {
      for (const field of fields) field.value = "";
      filter();
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
        order();
        filter();
        keep();
      }),
    );

  /** What is filtered by, in words. */
  function chosen() {
    const words = input.value.trim() ? [`「${input.value.trim()}」`] : [];
    for (const field of [tag, year, tier])
      if (field.value) words.push(field.selectedOptions[0].text + (field === year ? " 年" : ""));
    return words.join("、");
  }

  /** @param {string} source */
  function groupOf(source) {
    let row = groups.get(source);
    if (!row) {
      const cell = element("th", "", source === NONE ? NONE : `引用数据来自 ${source}（不同来源不混排）`);
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
      if (key === "date") return sign * (a.date < b.date ? -1 : a.date > b.date ? 1 : 0);
      if (a.source !== b.source) {
        if (a.source === NONE || b.source === NONE) return a.source === NONE ? 1 : -1;
        return (sizes.get(b.source) ?? 0) - (sizes.get(a.source) ?? 0) || collator.compare(a.source, b.source);
      }
      return sign * (a.count - b.count) || collator.compare(a.title, b.title);
    });
    const all = document.createDocumentFragment();
    let last = null;
    for (const row of groups.values()) row.remove();
    list.classList.toggle("pn-list--grouped", key === "count");
    for (const { row, source } of rows) {
      if (key === "count" && source !== last) all.append(groupOf((last = source)));
      all.append(row);
    }
    body.append(all);
    for (const head of heads) {
      if (head.dataset.pnSort === key) head.setAttribute("aria-sort", sign < 0 ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }

  function filter() {
    const words = plain(input.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    const sources = new Set();
    for (const each of rows) {
      const fits =
        (!tag.value || each.tags.includes(tag.value)) &&
        (!year.value || each.year === year.value) &&
        (!tier.value || each.tier === tier.value) &&
        words.every((word) => each.text.includes(word));
      if (each.row.hidden === fits) each.row.hidden = !fits;
      if (!fits) continue;
      shown += 1;
      sources.add(each.source);
    }
    for (const [source, row] of groups) row.hidden = !sources.has(source);
    none.hidden = shown > 0;
    table.hidden = shown === 0;
    reason.textContent = shown ? "" : `没有论文同时符合：${chosen()}。`;
    const said = input.value.trim();
    wider.hidden = !said;
    wider.textContent = `在全部页面的正文里找「${said}」`;
    wider.href = new URL(`lists.html?q=${encodeURIComponent(said)}`, root).href;
    status.textContent = shown === rows.length ? `共 ${shown} 篇` : shown ? `找到 ${shown} 篇` : "没有这样的论文";
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
    order();
    filter();
  }

  form.addEventListener("input", () => {
    filter();
    keep();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", restore);
  restore();
}

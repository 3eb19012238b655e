/* A list of papers or of models: sorted by the heads of its columns, filtered as one types; the address keeps both.
   Counts of two sources are never compared, so sorting by count groups the rows by source. Without this script the table is whole. */
import { button, element, every, need, plain } from "./elements.js";
import { root } from "./load.js";

/** A row of the table with what it is sorted and filtered by. `values`: by the name of a filter; `numbers`: by that of a column;
 * `rate`: citations a year, -1 where there is no count.
 * @typedef {{ row: HTMLTableRowElement, title: string, date: string, numbers: Record<string, number>, rate: number, source: string,
 *   values: Record<string, string[]>, text: string }} Row */

/** What a list holds, in words, and what it is filtered by beside what one types.
 * @typedef {{ what: string, unit: string, hint: string, filters: Record<string, string> }} Kind */

/** @type {Record<string, Kind>} */
const KINDS = {
  paper: {
    what: "论文",
    unit: "篇",
    hint: "题目、作者或编号",
    filters: { tag: "全部标签", year: "全部年份", tier: "全部篇幅" },
  },
  model: {
    what: "模型",
    unit: "个",
    hint: "名字、别名或机构",
    filters: { group: "全部种类", maker: "全部机构", year: "全部年份" },
  },
};
/** @type {Record<string, string>} */
const TIERS = { full: "详读", middle: "简读", short: "短注" };
const NONE = "没有引用数";
const YEAR = 365.25 * 24 * 3600 * 1000; // of a paper that is younger, a year is not guessed
const NEWEST = "-date";
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
  const kind = KINDS[list.dataset.pnList ?? ""];
  if (!kind) return;
  const table = need(list, "table");
  /** @type {HTMLTableSectionElement} */
  const body = need(table, "tbody");
  keepTable(table);
  const heads = every("th[data-pn-sort]", list);
  const columns = heads.map((head) => head.dataset.pnSort ?? "");
  const rows = Array.from(body.rows, (row) => read(row, kind, columns));
  /** @type {Map<string, HTMLTableRowElement>} */
  const groups = new Map(); // source -> its heading row
  let sort = NEWEST;

  const input = element("input", "pn-list__input");
  input.type = "search";
  input.name = "q";
  input.autocomplete = "off";
  input.placeholder = kind.hint.replace("或", "、");
  input.setAttribute("aria-label", `按${kind.hint}筛选`);
  const selects = Object.entries(kind.filters).map(([name, label]) => {
    const values = Array.from(new Set(rows.flatMap((row) => row.values[name]))).sort(collator.compare);
    if (name === "tier") return select(name, label, Object.keys(TIERS), TIERS);
    if (name === "group") return select(name, label, values, groupNames());
    return select(name, label, name === "year" ? values.reverse() : values);
  });
  const per = kind === KINDS.paper ? select("per", "引用总数", ["year"], { year: "平均每年的引用" }) : null;
  const fields = per ? [input, ...selects, per] : [input, ...selects];
  for (const { row, rate } of rows)
    if (rate >= 0)
      need(row, ".pn-papers__number").after(
        element("span", "pn-papers__rate", `平均每年约 ${Math.round(rate).toLocaleString("en")} 次`),
      );
  const status = element("p", "pn-list__status");
  status.setAttribute("role", "status");
  const wider = element("a", "pn-list__wider");
  const form = element("form", "pn-list__form", ...fields, status, wider);
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", `筛选${kind.what}`);
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
    for (const field of selects)
      if (field.value) words.push(field.selectedOptions[0].text + (field.name === "year" ? " 年" : ""));
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
    const all = document.createDocumentFragment();
    let last = null;
    for (const row of groups.values()) row.remove();
    list.classList.toggle("pn-list--grouped", key === "count");
    list.classList.toggle("pn-list--rate", Boolean(per?.value));
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
        selects.every((field) => !field.value || each.values[field.name].includes(field.value)) &&
        words.every((word) => each.text.includes(word));
      if (each.row.hidden === fits) each.row.hidden = !fits;
      if (!fits) continue;
      shown += 1;
      sources.add(each.source);
    }
    for (const [source, row] of groups) row.hidden = !sources.has(source);
    none.hidden = shown > 0;
    table.hidden = shown === 0;
    reason.textContent = shown ? "" : `没有${kind.what}同时符合：${chosen()}。`;
    const said = input.value.trim();
    wider.hidden = !said;
    wider.textContent = `在全部页面的正文里找「${said}」`;
    wider.href = new URL(`lists.html?q=${encodeURIComponent(said)}`, root).href;
    const counted = `${shown} ${kind.unit}`;
    status.textContent = shown === rows.length ? `共 ${counted}` : shown ? `找到 ${counted}` : `没有这样的${kind.what}`;
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

  form.addEventListener("input", (event) => {
    if (event.target === per) {
      sort = "-count";
      order();
    }
    filter();
    keep();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", restore);
  restore();
}

/* The list of papers: sorted by the heads of its columns, filtered as one types; the address keeps both.
   Counts of two sources are never compared, so sorting by count groups the rows by source. Without this script the table is whole. */
(function () {
  "use strict";

  var TIERS = { full: "详读", middle: "简读", short: "短注" };
  var NONE = "没有引用数";
  var collator = new Intl.Collator("zh-Hans-CN", { numeric: true });

  function fold(text) {
    return text.normalize("NFKC").toLowerCase();
  }

  function element(tag, name, text) {
    var made = document.createElement(tag);
    made.className = name;
    if (text) made.textContent = text;
    return made;
  }

  /** A row of the table with what it is sorted and filtered by. */
  function read(row) {
    var data = row.dataset;
    return {
      row: row,
      title: row.querySelector(".pn-papers__title").textContent,
      date: data.pnDate,
      count: data.pnCount === "" ? -1 : Number(data.pnCount),
      source: data.pnSource || NONE,
      tags: data.pnTags.split("|"),
      year: data.pnYear,
      tier: data.pnTier,
      text: fold([row.cells[0].textContent, row.cells[2].textContent, data.pnWords].join(" ")),
    };
  }

  function choices(rows, field) {
    var seen = new Map();
    rows.forEach(function (row) {
      [].concat(row[field]).forEach(function (value) { seen.set(value, (seen.get(value) || 0) + 1); });
    });
    return seen;
  }

  function select(name, label, values, words) {
    var field = element("select", "pn-list__select");
    field.name = name;
    field.setAttribute("aria-label", label);
    field.append(new Option(label, ""));
    values.forEach(function (value) { field.append(new Option(words ? words[value] : value, value)); });
    return field;
  }

  var ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TH: "columnheader", TD: "cell" };

  /** On a phone the rows are set as paragraphs (list.css), at which older browsers forget that they are a table. */
  function keepTable(table) {
    [table].concat(Array.from(table.querySelectorAll("thead, tbody, tr, th, td"))).forEach(function (part) {
      part.setAttribute("role", ROLES[part.tagName]);
    });
  }

  function start() {
    var list = document.querySelector("[data-pn-list]");
    if (!list) return;
    var body = list.querySelector("tbody");
    keepTable(body.parentNode);
    var heads = Array.from(list.querySelectorAll("th[data-pn-sort]"));
    var rows = Array.from(body.rows).map(read);
    var groups = new Map(); // source -> its heading row
    var sort = "-date";

    var form = element("form", "pn-list__form");
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", "筛选论文");
    var input = element("input", "pn-list__input");
    input.type = "search";
    input.name = "q";
    input.autocomplete = "off";
    input.placeholder = "题目、作者、编号";
    input.setAttribute("aria-label", "按题目、作者或编号筛选");
    var years = Array.from(choices(rows, "year").keys()).sort().reverse();
    var fields = {
      q: input,
      tag: select("tag", "全部标签", Array.from(choices(rows, "tags").keys()).sort(collator.compare)),
      year: select("year", "全部年份", years),
      tier: select("tier", "全部篇幅", Object.keys(TIERS), TIERS),
    };
    var status = element("p", "pn-list__status");
    status.setAttribute("role", "status");
    Object.keys(fields).forEach(function (name) { form.append(fields[name]); });
    form.append(status);
    list.querySelector(".pn-list__place").append(form);

    var none = element("div", "pn-none");
    var reason = element("p", "pn-none__words");
    var clear = element("button", "pn-none__clear", "清除筛选");
    clear.type = "button";
    clear.addEventListener("click", function () {
      Object.keys(fields).forEach(function (name) { fields[name].value = ""; });
      filter();
      keep();
      input.focus();
    });
    none.hidden = true;
    none.append(reason, clear);
    list.append(none);

    heads.forEach(function (head) {
      var button = element("button", "pn-list__sort", head.textContent);
      button.type = "button";
      button.addEventListener("click", function () {
        var key = head.dataset.pnSort;
        var first = key === "title" ? "title" : "-" + key;
        sort = sort === first ? (first[0] === "-" ? key : "-" + key) : first;
        order();
        filter();
        keep();
      });
      head.replaceChildren(button);
    });

    /** What is filtered by, in words. */
    function chosen() {
      var words = input.value.trim() ? ["「" + input.value.trim() + "」"] : [];
      ["tag", "year", "tier"].forEach(function (name) {
        var field = fields[name];
        if (field.value) words.push(field.selectedOptions[0].text + (name === "year" ? " 年" : ""));
      });
      return words.join("、");
    }

    function groupOf(source) {
      if (!groups.has(source)) {
        var row = element("tr", "pn-papers__group");
        var cell = element("th", "", source === NONE ? NONE : "引用数据来自 " + source + "（不同来源不混排）");
        cell.colSpan = heads[0].parentNode.cells.length;
        cell.scope = "rowgroup";
        row.setAttribute("role", "row");
        cell.setAttribute("role", "rowheader");
        row.append(cell);
        groups.set(source, row);
      }
      return groups.get(source);
    }

    function order() {
      var key = sort.replace("-", "");
      var sign = sort[0] === "-" ? -1 : 1;
      var sizes = choices(rows, "source");
      rows.sort(function (a, b) {
        if (key === "title") return sign * collator.compare(a.title, b.title);
        if (key === "date") return sign * (a.date < b.date ? -1 : a.date > b.date ? 1 : 0);
        if (a.source !== b.source) {
          if (a.source === NONE || b.source === NONE) return a.source === NONE ? 1 : -1;
          return sizes.get(b.source) - sizes.get(a.source) || collator.compare(a.source, b.source);
        }
        return sign * (a.count - b.count) || collator.compare(a.title, b.title);
      });
      var all = document.createDocumentFragment();
      var last = null;
      groups.forEach(function (row) { row.remove(); });
      list.classList.toggle("pn-list--grouped", key === "count");
      rows.forEach(function (row) {
        if (key === "count" && row.source !== last) all.append(groupOf((last = row.source)));
        all.append(row.row);
      });
      body.append(all);
      heads.forEach(function (head) {
        if (head.dataset.pnSort === key) head.setAttribute("aria-sort", sign < 0 ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
    }

    function filter() {
      var words = fold(input.value).split(/\s+/).filter(Boolean);
      var tag = fields.tag.value, year = fields.year.value, tier = fields.tier.value;
      var shown = 0;
      var sources = new Set();
      rows.forEach(function (row) {
        var fits = (!tag || row.tags.indexOf(tag) >= 0) && (!year || row.year === year) && (!tier || row.tier === tier) &&
          words.every(function (word) { return row.text.indexOf(word) >= 0; });
        if (row.row.hidden === fits) row.row.hidden = !fits;
        if (fits) {
          shown += 1;
          sources.add(row.source);
        }
      });
      groups.forEach(function (row, source) { row.hidden = !sources.has(source); });
      none.hidden = shown > 0;
      body.parentNode.hidden = shown === 0;
      reason.textContent = shown ? "" : "没有论文同时符合：" + chosen() + "。";
      status.textContent = shown === rows.length ? "共 " + shown + " 篇" : shown ? "找到 " + shown + " 篇" : "没有这样的论文";
    }

    /** Write what is chosen into the address. A fragment, for a page on disk may not change its query. */
    function keep() {
      var state = new URLSearchParams();
      Object.keys(fields).forEach(function (name) { if (fields[name].value) state.set(name, fields[name].value); });
      if (sort !== "-date") state.set("sort", sort);
      var hash = state.toString();
      history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
    }

    function restore() {
      var state = new URLSearchParams(location.hash.indexOf("=") > 0 ? location.hash.slice(1) : "");
      Object.keys(fields).forEach(function (name) {
        fields[name].value = state.get(name) || "";
        if (name !== "q" && fields[name].selectedIndex < 0) fields[name].value = "";
      });
      var wanted = state.get("sort") || "-date";
      sort = heads.some(function (head) { return head.dataset.pnSort === wanted.replace("-", ""); }) ? wanted : "-date";
      order();
      filter();
    }

    form.addEventListener("input", function () {
      filter();
      keep();
    });
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    window.addEventListener("hashchange", restore);
    restore();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

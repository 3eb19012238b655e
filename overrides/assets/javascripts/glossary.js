/* The glossary page: a field that filters the entries as one types. Without this script the page is the whole list. */
(function () {
  "use strict";

  function fold(text) {
    return text.normalize("NFKC").toLowerCase().replace(/[\s\u2010-\u2015-]+/g, " ").trim();
  }

  function field() {
    var form = document.createElement("form");
    form.className = "pn-filter";
    form.setAttribute("role", "search");
    form.setAttribute("aria-label", "筛选术语");
    var input = document.createElement("input");
    input.className = "pn-filter__input";
    input.type = "search";
    input.setAttribute("aria-label", "按中文、英文、缩写或别的译法筛选");
    input.placeholder = "中文、英文、缩写或别的译法";
    input.autocomplete = "off";
    var count = document.createElement("span");
    count.className = "pn-filter__count";
    count.setAttribute("role", "status");
    form.append(input, count);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    return { form: form, input: input, count: count };
  }

  /** What stands where the entries would be when none fits. */
  function nothing(clear) {
    var box = document.createElement("div");
    box.className = "pn-none";
    box.hidden = true;
    var words = document.createElement("p");
    words.className = "pn-none__words";
    var button = document.createElement("button");
    button.className = "pn-none__clear";
    button.type = "button";
    button.textContent = "清除筛选";
    button.addEventListener("click", clear);
    box.append(words, button);
    return { box: box, words: words };
  }

  function start() {
    var entries = Array.from(document.querySelectorAll(".pn-entry"));
    if (!entries.length) return;
    var forms = entries.map(function (entry) { return fold(entry.dataset.pnForms.replace(/\n/g, " \u0001 ")); });
    var groups = new Map(); // heading -> its entries
    entries.forEach(function (entry) {
      var heading = entry.previousElementSibling;
      while (heading && heading.tagName !== "H2") heading = heading.previousElementSibling;
      if (heading) groups.set(heading, (groups.get(heading) || []).concat(entry));
    });
    var made = field();
    var none = nothing(function () {
      made.input.value = "";
      filter();
      made.input.focus();
    });
    document.querySelector(".pn-filter__place").append(made.form, none.box);

    function filter() {
      var wanted = fold(made.input.value);
      var shown = 0;
      entries.forEach(function (entry, index) {
        entry.hidden = wanted !== "" && forms[index].indexOf(wanted) < 0;
        if (!entry.hidden) shown += 1;
      });
      groups.forEach(function (members, heading) {
        heading.hidden = members.every(function (entry) { return entry.hidden; });
      });
      none.box.hidden = shown > 0;
      none.words.textContent = shown ? "" : "没有术语含有「" + made.input.value.trim() + "」。";
      made.count.textContent = wanted === "" ? "共 " + entries.length + " 条" : shown ? "找到 " + shown + " 条" : "没有这样的术语";
    }

    /** An address of an entry or a group shows it, whatever is filtered. */
    function reveal() {
      var entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (entry && entry.hidden) {
        made.input.value = "";
        filter();
        entry.scrollIntoView();
      }
    }

    made.input.addEventListener("input", filter);
    window.addEventListener("hashchange", reveal);
    document.addEventListener("click", function (event) {
      var link = event.target instanceof Element && event.target.closest('a[href^="#term-"], .pn-groups > a');
      if (link && link.hash === location.hash) reveal();
    });
    filter();
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

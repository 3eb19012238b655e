/* The results as a reader sees, hears and steps through them. Loaded by search.js when search is first used. */
(function () {
  "use strict";
  const space = window.pnSearch;
  const input = document.querySelector(".md-search__input");
  const toggle = document.getElementById("__search");
  const box = document.querySelector(".md-search");
  const meta = document.querySelector(".md-search-result__meta");
  const list = document.querySelector(".md-search-result__list");
  const wrap = document.querySelector(".md-search__scrollwrap");
  const help = document.querySelector(".pn-search__help");

  const BROKEN = {
    missing: "搜索索引没有载入：文件不在，或网络断了。请重新载入本页；从磁盘打开时，请确认整个文件夹都解压了。",
    broken: "搜索索引已损坏（文件不完整）。请重新载入本页；从磁盘打开时，请重新解压整个文件夹。",
    build: "网站刚刚更新过，本页的索引已旧。请重新载入本页再搜索。",
  };

  const PAUSE = 400; // milliseconds without a key after which typing has paused

  let turn = 0; // a search that is no longer the newest shows nothing
  let answer = null;
  let filling = false;
  let scrolled = false;
  let composing = false;
  let leaving = false; // by a result
  let shown = null; // the query whose results stand in the list

  /* ---- making elements: text only ever through textContent ---- */

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  function marked(parts) {
    return parts.map(([text, isMatch]) => (isMatch ? element("mark", "", text) : text));
  }

  function address(result, id) {
    const url = new URL(result.url, space.base);
    for (const form of result.forms) url.searchParams.append("h", form);
    url.hash = id || "";
    return url.href;
  }

  function link(href, ...children) {
    const made = element("a", "md-search-result__link", element("span", "md-search-result__article pn-search__entry", ...children));
    made.href = href;
    return made;
  }

  function item(result) {
    const title = element("span", "pn-search__title", ...marked(result.title));
    const entries = [
      link(
        address(result, result.id),
        element("span", "pn-search__head", title, element("span", "pn-search__kind", result.kind)),
        ...result.about.map((parts) => element("span", "pn-search__about", ...marked(parts))),
        element("span", "pn-search__text", ...marked(result.text)),
      ),
    ];
    for (const section of result.sections)
      entries.push(
        link(
          address(result, section.id),
          element("span", "pn-search__section", ...marked(section.heading)),
          element("span", "pn-search__text", ...marked(section.text)),
        ),
      );
    return element("li", "md-search-result__item", ...entries);
  }

  /* ---- what stands above the list ---- */

  function say(text) {
    if (meta.textContent !== text) meta.textContent = text;
  }

  function notesOf(found) {
    const asWritten = (word, texts) => texts.find((text) => space.fold(text) === word) || word;
    const typed = found.query.split(/[^\p{L}\p{N}]+/u);
    const shownForms = Array.from(list.querySelectorAll("mark"), (mark) => mark.textContent);
    const notes = found.answer.notes.map(
      (note) => `没有「${asWritten(note.typed, typed)}」，改为查找${note.used.map((word) => `「${asWritten(word, shownForms)}」`).join("")}。`,
    );
    if (found.cut) notes.push("查询太长，只用了开头一段。");
    return notes.join("");
  }

  function countOf(found) {
    const { answer: pages } = found;
    if (pages.partly) return `没有页面符合整个查询；${pages.total} 个页面有其中一部分`;
    return `${pages.sure ? "" : "至多 "}${pages.total} 个页面`;
  }

  function clear(text, query) {
    answer = null;
    shown = query === undefined ? null : query;
    list.replaceChildren();
    help.hidden = true;
    say(text);
  }

  /* ---- searching ---- */

  let remembering = 0;

  /** Put what stands in the field into the address. At each change of it the browser reads the page's icon anew, so this
   * waits until typing pauses or the reader leaves the field. */
  function remember() {
    const typed = input.value.trim();
    write(typed.length > 500 ? "" : typed);
  }

  const forget = () => write("");

  function write(query) {
    clearTimeout(remembering);
    const url = new URL(location.href);
    if ((url.searchParams.get("q") || "") === query) return;
    if (query) url.searchParams.set("q", query);
    else url.searchParams.delete("q");
    try {
      history.replaceState(history.state, "", url);
    } catch (error) {
      // Some browsers refuse this on a disk: the search works, its address cannot be shared.
    }
  }

  input.addEventListener("blur", () => {
    if (toggle.checked) remember();
  });

  /** Closed, the results are no longer what the address leads to; left by one of them, they are, for the way back. */
  toggle.addEventListener("change", () => {
    if (toggle.checked) remember();
    else if (!leaving) forget();
  });

  /** Show results in place of those that stand there. */
  function show(results) {
    const held = list.contains(document.activeElement);
    list.replaceChildren(...results.map(item));
    if (held) input.focus(); // what had the focus is gone
    if (scrolled) wrap.scrollTop = 0;
    scrolled = false;
    help.hidden = true;
  }

  async function search() {
    const mine = ++turn;
    const live = () => mine === turn;
    const query = input.value.isWellFormed && !input.value.isWellFormed() ? input.value.toWellFormed() : input.value;
    const trimmed = query.trim();
    clearTimeout(remembering);
    remembering = setTimeout(remember, PAUSE);
    if (!trimmed) {
      clear("键入文字开始搜索：中文、英文、作者或 arXiv 编号");
      return;
    }
    clearTimeout(filler);
    let found;
    try {
      found = await again(trimmed, live, (results) => {
        answer = null; // no answer yet from which the list could grow
        show(results);
      });
    } catch (error) {
      if (live()) {
        clear(BROKEN[error instanceof space.IndexError ? error.kind : "broken"]);
        help.hidden = false;
      }
      return;
    }
    if (!found || !live()) return;
    if (found.empty) return clear("请键入文字、数字或编号；只有符号时无法搜索", trimmed);
    if (found.short) return clear("再键入一个字母或数字", trimmed);
    answer = Object.assign(found, { query: trimmed });
    show(found.results);
    shown = trimmed;
    help.hidden = found.results.length > 0;
    report();
    fillLater();
  }

  /** Search; where the site was published anew meanwhile, read the new index once before giving up. */
  async function again(query, live, soon) {
    try {
      return await space.search(query, live, soon);
    } catch (error) {
      if (!(error instanceof space.IndexError) || error.kind !== "build") throw error;
      await space.index.reopen();
      return space.search(query, live, soon);
    }
  }

  function report() {
    say(answer.results.length ? `${countOf(answer)}。${notesOf(answer)}` : `没有找到。${notesOf(answer)}`);
  }

  let filler = 0;

  /** Let the list grow once typing pauses, so that the next key need not wait for pages that nobody looks at. */
  function fillLater() {
    clearTimeout(filler);
    filler = setTimeout(fill, PAUSE);
  }

  /** Add results until the list is longer than what is seen of it. */
  async function fill() {
    if (filling || !answer) return;
    filling = true;
    const mine = turn;
    const current = () => mine === turn;
    try {
      const wanted = () => wrap.scrollTop + wrap.clientHeight * 1.5 > wrap.scrollHeight || (!answer.answer.sure && answer.answer.small);
      while (current() && !answer.answer.done && wanted()) {
        const more = await answer.answer.next(current);
        if (!current()) break;
        list.append(...more.map(item));
        report();
      }
    } catch (error) {
      if (current()) say(BROKEN[error instanceof space.IndexError ? error.kind : "broken"]);
    } finally {
      filling = false;
    }
    if (mine !== turn) fillLater();
  }

  wrap.addEventListener(
    "scroll",
    () => {
      scrolled = true;
      fill();
    },
    { passive: true },
  );

  // An input method fires input events for half-typed letters; only what it hands over is searched.
  input.addEventListener("compositionstart", () => (composing = true));
  input.addEventListener("compositionend", () => {
    composing = false;
    search();
  });
  input.addEventListener("input", (event) => {
    space.setOpen(true); // typing opens the results again after they were closed
    if (!composing && !event.isComposing) search();
  });
  input.form.addEventListener("reset", () => {
    setTimeout(() => {
      search();
      input.focus();
    });
  });

  /* ---- keys, as in the theme ---- */

  const links = () => Array.from(list.querySelectorAll("a")).concat(Array.from(help.hidden ? [] : help.querySelectorAll("a")));

  function close() {
    space.setOpen(false);
    input.blur();
    if (box.contains(document.activeElement)) document.activeElement.blur();
  }

  document.addEventListener("keydown", (event) => {
    if (!toggle.checked || composing || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = document.activeElement;
    if (event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (event.key === "Tab") space.setOpen(false);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const stops = [input, ...links()];
      const step = event.key === "ArrowDown" ? 1 : -1;
      const place = Math.max(0, stops.indexOf(at));
      stops[(place + step + stops.length) % stops.length].focus();
    } else if (event.key === "Enter" && at === input) {
      event.preventDefault();
      open();
    } else if (at !== input && event.key.length === 1 && event.key !== " ") input.focus();
  });

  /** Enter in the field opens the first result of what stands in the field, also while it is still being looked for. */
  async function open() {
    const query = input.value.trim();
    for (let wait = 0; wait < 100 && shown !== query && input.value.trim() === query; wait++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const first = list.querySelector("a");
    if (!first || shown !== query) return;
    remember(); // the way back leads to these results
    first.click();
  }

  /** The theme holds the page behind the results on a phone, and lets go too late for the browser to note its place. */
  function unlock() {
    const top = parseInt(document.body.style.top, 10);
    document.body.removeAttribute("data-md-scrolllock");
    document.body.style.top = "";
    if (top) window.scrollTo(0, -top);
  }

  // A result on this very page only changes the address: close, so that the reader sees it.
  list.addEventListener("click", (event) => {
    if (!event.target.closest("a")) return;
    leaving = true;
    space.setOpen(false);
    leaving = false;
    unlock();
  });

  space.shown = () => shown; // the query whose answer the reader sees; the tests wait for it

  search();
})();

/* The results as a reader sees, hears and steps through them. Loaded by box.js when search is first used. */
import { around, element, every, need } from "../elements.js";
import { root } from "../load.js";
import { setOpen } from "./box.js";
import { search as ask } from "./engine.js";
import { fold } from "./fold.js";
import { open as openIndex, reopen } from "./index.js";
import { IndexError } from "./pages.js";
import { t } from "../words.js";

/** @import { Found, Live, Nothing, Soon } from "./engine.js" */
/** @import { Piece, Result } from "./snippet.js" */

/** @type {HTMLInputElement} */
const input = need(document, ".md-search__input");
/** @type {HTMLInputElement} */
const toggle = need(document, "#__search");
const box = need(document, ".md-search");
const meta = need(document, ".md-search-result__meta");
const list = need(document, ".md-search-result__list");
const wrap = need(document, ".md-search__scrollwrap");
const help = need(document, ".pn-search__help");

const BROKEN = {
  missing: t("search.missing"),
  broken: t("search.broken"),
  build: t("search.old"),
};

const PAUSE = 400; // milliseconds without a key after which typing has paused

let turn = 0; // a search that is no longer the newest shows nothing
/** @type {Found & { query: string } | null} */
let answer = null;
let filling = false;
let scrolled = false;
let composing = false;
let leaving = false; // by a result
/** @type {string | null} */
let shown = null; // the query whose results stand in the list

/* ---- making results ---- */

/** @param {Piece[]} parts */
function marked(parts) {
  return parts.map(([text, isMatch]) => (isMatch ? element("mark", "", text) : text));
}

/** @param {Result} result @param {string} id */
function address(result, id) {
  const url = new URL(result.url, root);
  for (const form of result.forms) url.searchParams.append("h", form);
  url.hash = id || "";
  return url.href;
}

/** @param {string} href @param {...Node} children */
function link(href, ...children) {
  const made = element(
    "a",
    "md-search-result__link",
    element("span", "md-search-result__article pn-search__entry", ...children),
  );
  made.href = href;
  return made;
}

/** @param {Result} result */
function item(result) {
  const title = element("span", "pn-search__title", ...marked(result.title));
  const entries = [
    link(
      address(result, result.id),
      element(
        "span",
        "pn-search__head",
        title,
        ...(result.partly ? [element("span", "pn-search__kind pn-search__kind--partly", t("search.partly"))] : []),
        element("span", "pn-search__kind", result.kind),
      ),
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

/** @param {string} text */
function say(text) {
  if (meta.textContent !== text) meta.textContent = text;
}

/** @param {Found & { query: string }} found */
function notesOf(found) {
  /** @param {string} word @param {string[]} texts */
  const asWritten = (word, texts) => texts.find((text) => fold(text) === word) || word;
  const typed = found.query.split(/[^\p{L}\p{N}]+/u);
  const shownForms = every("mark", list).map((mark) => mark.textContent);
  const notes = found.answer.notes.map((note) => {
    const used = note.used.map((word) => t("search.quoted", { words: asWritten(word, shownForms) }));
    return t("search.instead", { typed: asWritten(note.typed, typed), used: used.join("") });
  });
  if (found.cut) notes.push(t("search.cut"));
  return notes.join("");
}

/** @param {Found} found */
function countOf(found) {
  const { answer: pages } = found;
  if (pages.partly) return t("search.all_partly");
  const partly = list.querySelector(".pn-search__kind--partly") ? t("search.rest_partly") : "";
  return (pages.sure ? t("search.count", { n: pages.total }) : t("search.at_most", { n: pages.total })) + partly;
}

/** @param {string} text @param {string | null} [query] */
function clear(text, query = null) {
  answer = null;
  shown = query;
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

/** @param {string} query */
function write(query) {
  clearTimeout(remembering);
  const url = new URL(location.href);
  if ((url.searchParams.get("q") || "") === query) return;
  if (query) url.searchParams.set("q", query);
  else url.searchParams.delete("q");
  try {
    history.replaceState(history.state, "", url);
  } catch {
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

/** Show results in place of those that stand there.
 * @param {Result[]} results */
function show(results) {
  const held = list.contains(document.activeElement);
  list.replaceChildren(...results.map(item));
  if (held) input.focus(); // what had the focus is gone
  if (scrolled) wrap.scrollTop = 0;
  scrolled = false;
  help.hidden = true;
}

/** What stands in the field, with half characters replaced where the browser can. */
function typed() {
  /** @type {string & { toWellFormed?: () => string }} */
  const value = input.value;
  return (value.toWellFormed?.() ?? value).trim();
}

async function search() {
  const mine = ++turn;
  const live = () => mine === turn;
  const trimmed = typed();
  clearTimeout(remembering);
  remembering = setTimeout(remember, PAUSE);
  if (!trimmed) {
    clear(t("search.start"));
    return;
  }
  clearTimeout(filler);
  let found;
  try {
    found = await find(trimmed, live, (results) => {
      answer = null; // no answer yet from which the list could grow
      show(results);
    });
  } catch (error) {
    if (live()) {
      clear(BROKEN[error instanceof IndexError ? error.kind : "broken"]);
      help.hidden = false;
    }
    return;
  }
  if (!found || !live()) return;
  if ("empty" in found) return clear(t("search.signs"), trimmed);
  if ("short" in found) return clear(t("search.short"), trimmed);
  answer = Object.assign(found, { query: trimmed });
  show(found.results);
  shown = trimmed;
  help.hidden = found.results.length > 0;
  report();
  fillLater();
}

/** Search; where the site was published anew meanwhile, read the new index once before giving up.
 * @param {string} query @param {Live} live @param {Soon} [soon]
 * @returns {Promise<Found | Nothing | null>} */
export async function find(query, live, soon) {
  try {
    return await ask(query, live, soon);
  } catch (error) {
    if (!(error instanceof IndexError) || error.kind !== "build") throw error;
    await reopen();
    return ask(query, live, soon);
  }
}

function report() {
  if (!answer) return;
  const what = answer.results.length ? countOf(answer) : t("search.nothing");
  say(t("search.said", { what }) + notesOf(answer));
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
  const { answer: pages } = answer;
  try {
    const wanted = () => wrap.scrollTop + wrap.clientHeight * 1.5 > wrap.scrollHeight || (!pages.sure && pages.small);
    while (current() && !pages.done && wanted()) {
      const more = await pages.next(current);
      if (!current()) break;
      list.append(...more.map(item));
      report();
    }
  } catch (error) {
    if (current()) say(BROKEN[error instanceof IndexError ? error.kind : "broken"]);
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
  setOpen(true); // typing opens the results again after they were closed
  if (!composing && !(event instanceof InputEvent && event.isComposing)) search();
});
input.form?.addEventListener("reset", () => {
  setTimeout(() => {
    search();
    input.focus();
  });
});

/* ---- keys, as in the theme ---- */

const links = () => [...every("a", list), ...(help.hidden ? [] : every("a", help))];

function close() {
  setOpen(false);
  input.blur();
  if (document.activeElement instanceof HTMLElement && box.contains(document.activeElement)) document.activeElement.blur();
}

document.addEventListener("keydown", (event) => {
  if (!toggle.checked || composing || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = /** @type {HTMLElement} */ (document.activeElement);
  if (event.key === "Escape") {
    event.preventDefault();
    close();
  } else if (event.key === "Tab") setOpen(false);
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
  if (!around(event, "a")) return;
  leaving = true;
  setOpen(false);
  leaving = false;
  unlock();
});

/** The query whose answer the reader sees; the tests wait for it. */
export const answered = () => shown;

openIndex().catch(() => {}); // not at the first key only
search();

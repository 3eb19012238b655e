/* The glossary page: a field that filters the entries as one types. Without this script the page is the whole list. */
import { around, button, element, every, need, plain } from "./elements.js";
import { t } from "./words.js";

/** @param {string} text @returns {string} */
const fold = (text) =>
  plain(text)
    .replace(/[\s\u2010-\u2015-]+/g, " ")
    .trim();

function makeField() {
  const input = element("input", "pn-filter__input");
  input.type = "search";
  input.setAttribute("aria-label", t("glossary.filter_by"));
  input.placeholder = t("glossary.hint");
  input.autocomplete = "off";
  const count = element("span", "pn-filter__count");
  count.setAttribute("role", "status");
  const form = element("form", "pn-filter", input, count);
  form.setAttribute("role", "search");
  form.setAttribute("aria-label", t("glossary.filter"));
  form.addEventListener("submit", (event) => event.preventDefault());
  return { form, input, count };
}

/** The heading of a group -> its entries.
 * @param {HTMLElement[]} entries
 * @returns {Map<HTMLElement, HTMLElement[]>} */
function groupsOf(entries) {
  const groups = new Map();
  for (const entry of entries) {
    let heading = entry.previousElementSibling;
    while (heading && heading.tagName !== "H2") heading = heading.previousElementSibling;
    if (heading) groups.set(heading, [...(groups.get(heading) ?? []), entry]);
  }
  return groups;
}

export function startGlossary() {
  const entries = every(".pn-entry");
  if (!entries.length) return;
  const forms = entries.map((entry) => fold((entry.dataset.pnForms ?? "").replace(/\n/g, " \u0001 ")));
  const groups = groupsOf(entries);
  const { form, input, count } = makeField();
  const words = element("p", "pn-none__words");
  const clear = () => {
    input.value = "";
    filter();
  };
  const none = element(
    "div",
    "pn-none",
    words,
    button("pn-none__clear", t("filter.clear"), () => {
      clear();
      input.focus();
    }),
  );
  none.hidden = true;
  need(document, ".pn-filter__place").append(form, none);

  function filter() {
    const wanted = fold(input.value);
    let shown = 0;
    entries.forEach((entry, place) => {
      entry.hidden = wanted !== "" && !forms[place].includes(wanted);
      if (!entry.hidden) shown += 1;
    });
    for (const [heading, members] of groups) heading.hidden = members.every((entry) => entry.hidden);
    none.hidden = shown > 0;
    words.textContent = shown ? "" : t("glossary.none_with", { words: input.value.trim() });
    count.textContent =
      wanted === "" ? t("glossary.all", { n: entries.length }) : shown ? t("glossary.found", { n: shown }) : t("glossary.none");
  }

  /** An address of an entry or a group shows it, whatever is filtered. */
  function reveal() {
    const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!entry?.hidden) return;
    clear();
    entry.scrollIntoView();
  }

  input.addEventListener("input", filter);
  window.addEventListener("hashchange", reveal);
  document.addEventListener("click", (event) => {
    const link = /** @type {HTMLAnchorElement | null} */ (around(event, 'a[href^="#term-"], .pn-groups > a'));
    if (link && link.hash === location.hash) reveal();
  });
  filter();
}

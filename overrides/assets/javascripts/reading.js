/* Where a reader was: which sections of which pages, with the day, on this device alone. A page that was left in the middle offers to go
   on; of one that was read it says which sections have changed since. What is kept can be erased on the page about reading offline.
   Storage that is full, blocked, spoilt or of another build costs nothing but this. From disk an engine may give each file its own. */
import { button, element, every, need } from "./elements.js";
import { root } from "./load.js";
import { parts, t } from "./words.js";

/** A page that was opened: its title; by the id of each section that was looked at, what it said; the last of them, by its id and its name;
 * when; whether most were looked at.
 * @typedef {{ title: string, seen: Record<string, string>, last: string, name: string, time: number, whole: boolean }} Kept */

const KEY = `${root.pathname}.pn-reading-1`;
const MOST = 300; // pages; the oldest are forgotten
const LOOK = 3000; // milliseconds after which what is in the window counts as looked at
const ENOUGH = 0.8; // of the sections of a page that has been read

/** @returns {Record<string, Kept>} */
function load() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    const good = Object.entries(kept).filter(
      ([, each]) => typeof each.title === "string" && typeof each.name === "string" && each.seen && Number.isFinite(each.time),
    );
    return Object.fromEntries(good);
  } catch {
    return {};
  }
}

/** @param {Record<string, Kept>} pages */
function save(pages) {
  const newest = Object.entries(pages).sort(([, a], [, b]) => b.time - a.time);
  try {
    localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(newest.slice(0, MOST))));
  } catch {
    // Full or blocked.
  }
}

/** Eight digits that tell two texts apart: FNV-1a.
 * @param {string} text */
function hash(text) {
  let sum = 0x811c9dc5;
  for (let place = 0; place < text.length; place++) sum = Math.imul(sum ^ text.charCodeAt(place), 0x01000193);
  return (sum >>> 0).toString(16);
}

/** What stands in a section, without white space, without what follows the last.
 * @param {HTMLElement} heading */
function textOf(heading) {
  let text = "";
  for (let next = heading.nextElementSibling; next && !next.matches("h2, nav, [hidden]"); next = next.nextElementSibling)
    text += next.textContent;
  return text.replace(/\s+/g, "");
}

/** @param {string} path of a page, from the site's root @param {string} id of a section @param {string} name of it */
function linkTo(path, id, name) {
  const link = element("a", "", t("reading.section", { name }));
  link.href = `${new URL(path, root).href}#${encodeURIComponent(id)}`;
  return link;
}

/** A line at the lower edge, which goes once the reader scrolls on or closes it.
 * @param {...(Node | string)} words */
function show(...words) {
  const bar = element("div", "pn-reading", element("p", "", ...words));
  bar.setAttribute("role", "status");
  const close = () => bar.remove();
  const closer = button("pn-reading__close", "×", close);
  closer.setAttribute("aria-label", t("reading.close"));
  bar.append(closer);
  bar.addEventListener("click", (event) => event.target instanceof HTMLAnchorElement && close());
  const from = window.scrollY;
  document.addEventListener("scroll", () => Math.abs(window.scrollY - from) > window.innerHeight / 2 && close(), {
    passive: true,
  });
  document.body.append(bar);
}

/** @param {string} path */
function follow(path) {
  const headings = every("article h2[id]").filter((heading) => !heading.closest("nav"));
  if (headings.length < 3) return;
  const pages = load();
  /** @type {Kept | undefined} */
  const before = pages[path];
  if (before) {
    const changed = headings.filter(({ id }) => before.seen[id]).filter((each) => before.seen[each.id] !== hash(textOf(each)));
    const names = changed.flatMap(({ id, textContent }, place) => [
      ...(place ? [t("and")] : []),
      linkTo(path, id, textContent),
    ]);
    const news = names.length ? parts("reading.changed", { sections: names }) : [];
    const there = document.getElementById(before.last);
    const resumes = !before.whole && there && there !== headings[0] && !location.hash;
    if (resumes || news.length)
      show(...(resumes ? parts("reading.last", { section: [linkTo(path, before.last, before.name)] }) : []), ...news);
  }
  setInterval(() => {
    if (document.hidden) return;
    const height = window.innerHeight;
    const tops = headings.map((heading) => heading.getBoundingClientRect().top);
    const here = headings.filter((_, place) => tops[place] < height / 2).pop();
    const shown = headings.filter((_, place) => tops[place] < height && !(tops[place + 1] < 0));
    if (!here) return;
    const all = load(); // another tab may have written
    const kept = (all[path] ??= {
      title: need(document, "h1").textContent,
      seen: {},
      last: "",
      name: "",
      time: 0,
      whole: false,
    });
    const fresh = shown.filter((heading) => kept.seen[heading.id] !== hash(textOf(heading)));
    if (kept.last === here.id && !fresh.length) return;
    for (const heading of fresh) kept.seen[heading.id] = hash(textOf(heading));
    kept.last = here.id;
    kept.name = here.textContent;
    kept.time = Date.now();
    kept.whole ||= headings.filter(({ id }) => kept.seen[id]).length >= ENOUGH * headings.length;
    save(all);
  }, LOOK);
}

/** Say beside the links to pages which have been read, and on the first page where the reader was. */
function tell() {
  const pages = load();
  for (const link of /** @type {HTMLAnchorElement[]} */ (every(".pn-path__title > a, .pn-papers__title"))) {
    const kept = pages[link.href.slice(root.href.length)];
    if (kept?.whole) link.after(element("span", "pn-reading__read", t("reading.read")));
  }
  const [latest] = Object.entries(pages).sort(([, a], [, b]) => b.time - a.time);
  if (!latest || latest[1].whole || !document.querySelector(".pn-home")) return;
  const [path, { title, last, name }] = latest;
  show(...parts("reading.go_on", { title: [title], section: [linkTo(path, last, name)] }));
}

export function startReading() {
  if (document.querySelector(".pn-home, [data-pn-list]")) tell();
  else if (document.querySelector("[data-pn-paper]")) follow(location.href.slice(root.href.length).split(/[?#]/)[0]);
  /** @type {HTMLButtonElement | null} */
  const eraser = document.querySelector("[data-pn-forget]");
  if (!eraser) return;
  eraser.hidden = false;
  eraser.addEventListener("click", () => {
    try {
      localStorage.removeItem(KEY);
    } catch {
      // Blocked: nothing was kept.
    }
    need(document, ".pn-reading__said").textContent = t("reading.forgotten");
  });
}

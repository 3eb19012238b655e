/* The list of papers where it takes several pages: rows of all of them, in any order and by any choice, from the small files that
   hooks/papernotes/pages/files/listing.py writes. What a reader types is looked for by the search. */
import { root, scriptOf } from "./load.js";
import { loadView } from "./search/box.js";

/** @import { Answer } from "./search/engine.js" */
/** @import { Result } from "./search/snippet.js" */

const RUN = 400; // numbers in one place, some times as many as list.js asks for at once
const ROWS = 8; // in a file
const KIND = "论文";

/** The rows of a choice, as they are asked for. `total`: how many there are; null where only asking for all would tell.
 * @typedef {{ total: number | null, done: boolean, next: (most: number) => Promise<HTMLTableRowElement[]> }} Rows */

/** @type {Map<number, Promise<Record<string, any>>>} */
const files = new Map();
/** @type {Map<number, Record<string, any>>} */
const come = new Map();
let build = "";

window.pnListData = (from, number, entries) => {
  build ||= from;
  if (from === build) come.set(number, entries);
};

/** @param {number} number @returns {Promise<Record<string, any>>} */
function read(number) {
  let promise = files.get(number);
  if (!promise) {
    promise = new Promise((resolve, reject) => {
      const address = `list/${number}.js`;
      const script = scriptOf(new URL(address, root).href);
      script.onload = script.onerror = () => {
        script.remove();
        const entries = come.get(number);
        if (entries) resolve(entries);
        else reject(new Error(address)); // not there, cut, or of another build
      };
      document.head.append(script);
    });
    promise.catch(() => files.delete(number));
    files.set(number, promise);
  }
  return promise;
}

/** Over how many files it is spread, and what a key stands for there.
 * @param {number} count @param {string} key */
async function look(count, key) {
  let hash = 0;
  for (let place = 0; place < key.length; place++) hash = (Math.imul(hash, 31) + key.charCodeAt(place)) >>> 0;
  return (await read(hash % count))[key];
}

/** @param {number} number @returns {Promise<HTMLTableRowElement>} */
async function rowOf(number) {
  const made = document.createElement("template");
  made.innerHTML = (await read(Math.floor(number / ROWS)))[`row ${number}`];
  return /** @type {HTMLTableRowElement} */ (made.content.firstElementChild);
}

/** The papers of a tag, a year and a tier, or of any where that is empty, in an order.
 * @param {number} count of files @param {string} order @param {string[]} choice
 * @returns {Promise<Rows>} */
export async function listed(count, order, choice) {
  const key = [order, ...choice].join("|");
  let from = 0;
  const run = async () => (await look(count, `${key} ${Math.floor(from / RUN)}`)) ?? [0];
  const [total] = await run();
  /** @type {Rows} */
  const rows = {
    total,
    done: total === 0,
    async next(most) {
      const numbers = (await run()).slice(1 + (from % RUN), 1 + (from % RUN) + most);
      from += numbers.length;
      rows.done = from >= total || !numbers.length;
      return Promise.all(numbers.map(rowOf));
    },
  };
  return rows;
}

/** The papers that the search finds, best first, of which those are taken that fit.
 * @param {number} count of files @param {string} words @param {(row: HTMLTableRowElement) => boolean} fits @param {() => boolean} live
 * @returns {Promise<Rows>} */
export async function searched(count, words, fits, live) {
  const { find } = await loadView();
  const found = await find(words, live);
  /** @type {Answer | null} */
  const answer = found && "answer" in found ? found.answer : null;
  /** @type {Result[]} */
  let results = found && "answer" in found ? found.results : [];
  /** @type {Rows} */
  const coming = {
    total: null,
    done: !answer,
    async next(most) {
      /** @type {HTMLTableRowElement[]} */
      const rows = [];
      while (answer && !coming.done && rows.length < most && live()) {
        const papers = results.filter((result) => result.kind === KIND && !result.partly);
        const slugs = papers.map((result) => result.url.replace(/^papers\/|\.html$/g, ""));
        const some = await Promise.all(slugs.map(async (slug) => rowOf(await look(count, `slug ${slug}`))));
        rows.push(...some.filter(fits));
        results = await answer.next(live);
        coming.done = !results.length;
      }
      return rows;
    },
  };
  return coming;
}

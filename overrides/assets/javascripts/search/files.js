/* Loads the files of the index that hooks/papernotes/search writes (docs/guide/search-index.md).
 *
 * Every file of it is a classic script with one call of pnSearchData: scripts load from a server and from a disk alike. */
import { root, scriptOf } from "../load.js";
import { takeEarly } from "./early.js";
import { IndexError } from "./pages.js";

/** @import { Call } from "./early.js" */

const LOAD_TIMEOUT = 20000;

/** A file on its way.
 * @typedef {{ name: string, until: number, found: Call | null, end: (error: Error | null) => void }} Entry */

/** @type {Map<string, Entry>} */
const waiting = new Map(); // by name
let build = "";

const before = window.pnSearchData; // early.js waits with this for the index's own file
window.pnSearchData = (name, from, data) => {
  const entry = waiting.get(name);
  if (entry) entry.found = { from, data };
  else if (before && name === "index") before(name, from, data);
};

/** @param {string} name @param {boolean} fresh */
function address(name, fresh) {
  const path = name === "index" ? "search/index.js" : `search/${name[0]}/${name.slice(1)}.js`;
  const stamp = fresh ? Date.now() : build;
  return root.href + path + (stamp && root.protocol !== "file:" ? `?b=${stamp}` : "");
}

let watching = 0;

/** One clock for all files: those that have taken too long are given up. */
function watch() {
  const now = Date.now();
  for (const { until, end, name } of waiting.values()) if (until <= now) end(new IndexError("missing", name));
  watching = waiting.size ? setTimeout(watch, 1000) : 0;
}

/** `waited`: the reader waits for it. Otherwise the browser may hold it back for what is waited for.
 * @param {string} name
 * @param {{ fresh?: boolean, waited?: boolean }} [how]
 * @returns {Promise<Call>} */
function loadScript(name, { fresh = false, waited = true } = {}) {
  return new Promise((resolve, reject) => {
    const script = scriptOf(address(name, fresh));
    script.fetchPriority = waited ? "high" : "low"; // unsaid, it is low for every script made by a script
    /** @type {Entry} */
    const entry = {
      name,
      until: Date.now() + LOAD_TIMEOUT,
      found: null,
      end(error) {
        if (waiting.get(name) === entry) waiting.delete(name);
        script.remove();
        if (error) reject(error);
        else resolve(/** @type {Call} */ (entry.found));
      },
    };
    waiting.set(name, entry);
    watching ||= setTimeout(watch, 1000);
    script.onload = () => entry.end(entry.found ? null : new IndexError("broken", name));
    script.onerror = () => entry.end(new IndexError("missing", name));
    document.head.append(script);
  });
}

/** @type {Map<string, Promise<any>>} */
const cache = new Map();

/** The data of one file of the index, read once. A failure is not kept, so that the next query tries again.
 * @param {string} name
 * @param {boolean} [waited]
 * @returns {Promise<any>} */
export function read(name, waited = true) {
  let promise = cache.get(name);
  if (!promise) {
    promise = loadScript(name, { waited }).then(({ from, data }) => {
      if (from !== build) throw new IndexError("build", name);
      return data;
    });
    promise.catch(() => cache.delete(name));
    cache.set(name, promise);
  }
  return promise;
}

/** The data of the index's own file, from which all others are of the same build.
 * @param {boolean} fresh after the site was published anew
 * @returns {Promise<any>} */
export async function readFirst(fresh) {
  const taken = takeEarly();
  const first = fresh ? null : taken;
  // What early.js fetched beforehand; where that failed, ask again, to learn why.
  const { from, data } = await (first ? first.catch(() => loadScript("index")) : loadScript("index", { fresh }));
  build = from;
  cache.clear();
  return data;
}

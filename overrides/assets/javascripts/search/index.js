/* What stands in the index: its manifest, and the pages of a key. */
import { isCjk, pieces, setSimplified } from "./fold.js";
import { read, readFirst } from "./files.js";
import { best, decode, IndexError, NONE } from "./pages.js";

/** @import { List, Pages } from "./pages.js" */

/** @typedef {{ name: string, weight: number, end: number }} Kind a kind of pages; `end` is the number of the page behind its last
 * @typedef {{ pages: number, first: string[], words: number[], large: Set<number>, kinds: Kind[], terms: string[][], entries: number,
 *   forms: Map<string, Form>, longest: number, names: string[], homes: number[], called: Set<string> }} Manifest `entries`: how
 *   many terms are entries of the glossary or models, the others synonyms; `forms`: of terms, by the form with its words joined;
 *   `names`, `homes`: of a small site, what each page is called, folded, and the page that has each term most prominently;
 *   `called`: the Chinese names by themselves */

/** @typedef {{ form: string, numbers: number[] }} Form a form, folded, and the terms that have it */

/** A form however it is spaced and hyphened: fine-tuning is fine tuning and finetuning.
 * @param {string} form */
export const joined = (form) => form.replace(/(?<=[a-z0-9])[ .](?=[a-z0-9])/g, "");

const FORMAT = 4;

/** @type {Manifest} */
let manifest;
/** @type {Promise<Manifest> | null} */
let opening = null;

/** The manifest of the index that is open. */
export const current = () => manifest;

/** @param {any} data */
function isManifest(data) {
  return (
    data &&
    data.format === FORMAT &&
    Number.isInteger(data.pages) &&
    typeof data.first === "string" &&
    Array.isArray(data.kinds) &&
    Array.isArray(data.terms) &&
    Number.isInteger(data.entries) &&
    Array.isArray(data.words) &&
    Array.isArray(data.names) &&
    Array.isArray(data.homes) &&
    Array.isArray(data.large) &&
    Array.isArray(data.simplified)
  );
}

/** @param {boolean} fresh @returns {Promise<Manifest>} */
async function openIndex(fresh) {
  const data = await readFirst(fresh);
  if (!isManifest(data)) throw new IndexError("broken", "index");
  lists.clear();
  setSimplified(data.simplified[0], data.simplified[1]);
  let last = 0;
  /** @type {Kind[]} */
  const kinds = data.kinds.map((/** @type {[string, number, number]} */ [name, count, weight]) => ({
    name,
    weight,
    end: (last += count),
  }));
  /** @type {Map<string, Form>} */
  const forms = new Map();
  let longest = 0;
  for (const [number, folded] of data.terms.entries()) {
    for (const form of folded) {
      const known = forms.get(joined(form));
      if (known) known.numbers.push(number);
      else forms.set(joined(form), { form, numbers: [number] });
      longest = Math.max(longest, form.length);
    }
  }
  manifest = {
    pages: data.pages,
    first: data.first.split("\n"),
    words: data.words,
    names: data.names,
    homes: data.homes,
    called: new Set(
      data.names.flatMap((/** @type {string} */ names) =>
        names.split(/\.+/).filter((name) => pieces(name)[0] === name && isCjk(name)),
      ),
    ),
    large: new Set(data.large),
    kinds,
    terms: data.terms,
    entries: data.entries,
    forms,
    longest,
  };
  return manifest;
}

/** Read the small file that says what is where. Done once; tried anew after a failure.
 * @returns {Promise<Manifest>} */
export function open() {
  if (!opening) {
    opening = openIndex(false);
    opening.catch(() => (opening = null));
  }
  return opening;
}

/** The ideographs of GB/T 2312, of which the manifest has what is to be folded. */
const COMMON = new TextDecoder("gb2312").decode(
  Uint8Array.from({ length: 72 * 94 * 2 }, (_, place) =>
    place % 2 ? 0xa1 + ((place >> 1) % 94) : 0xb0 + Math.floor(place / 188),
  ),
);

/** Fetch the other traditional forms where a query may have one.
 * @param {string} query */
export async function learnForms(query) {
  const han = query.match(/[\u4e00-\u9fff]/g);
  if (!han || !manifest.pages) return;
  if (!han.every((char) => COMMON.includes(char))) {
    const [from, to] = await read("t0");
    setSimplified(from, to);
  }
}

/** The number of the shard in which a key stands, if it stands anywhere.
 * @param {string} key */
function shardOf(key) {
  let low = 0;
  let high = manifest.first.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (manifest.first[middle] <= key) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The entries of a shard, each between two semicolons: a key is found without taking the text apart.
 * @param {number} number
 * @returns {Promise<string>} */
async function shard(number) {
  const entries = await read(`k${number}`);
  if (typeof entries !== "string" || entries[0] !== ";") throw new IndexError("broken", `k${number}`);
  return entries;
}

const FEW_SHARDS = 3; // that are read beside the list of a beginning, which may make them needless
const MOST_CELLS = 8e6; // of decoded lists, which are kept until they are that many
/** @type {Map<string, List>} */
const lists = new Map(); // by key

/** The list of the entry that begins at a place of a shard.
 * @param {string} entries @param {number} place */
function entryAt(entries, place) {
  const border = entries.indexOf(" ", place);
  const key = entries.slice(place, border);
  let found = lists.get(key);
  if (!found) {
    if (lists.size * manifest.pages > MOST_CELLS) lists.clear();
    found = decode(entries.slice(border + 1, entries.indexOf(";", border)), manifest.pages);
    lists.set(key, found);
  }
  return found;
}

/** The pages of one key.
 * @param {string} key
 * @returns {Promise<Pages>} */
export async function listOf(key) {
  if (!manifest.pages) return NONE;
  const entries = await shard(shardOf(key));
  const place = entries.indexOf(`;${key} `);
  return place < 0 ? NONE : entryAt(entries, place + 1);
}

/** The pages of every key that begins with a text; at most `most` shards are read.
 * @param {string} prefix @param {number} most
 * @returns {Promise<Pages>} */
export async function listUnder(prefix, most) {
  if (!manifest.pages) return NONE;
  const from = shardOf(prefix);
  const to = Math.min(shardOf(`${prefix}\uffff`), from + most - 1);
  const under = () => Promise.all(Array.from({ length: to - from + 1 }, (_, step) => shard(from + step)));
  const few = to - from < FEW_SHARDS && under(); // not a round trip later
  const shared = await listOf(`${prefix}*`);
  if (shared.size) return shared;
  const all = await (few || under());
  const found = [];
  for (const entries of all)
    for (let place = 0; (place = entries.indexOf(`;${prefix}`, place)) >= 0; place++) found.push(entryAt(entries, place + 1));
  return found.length === 1 ? found[0] : best(found);
}

/** Fetch what a query that goes on after `prefix` will read, where that is little.
 * @param {string} prefix @param {number} most */
export function prepare(prefix, most) {
  if (!manifest.pages) return;
  const from = shardOf(prefix);
  const to = shardOf(`${prefix}\uffff`);
  if (to - from < most) for (let number = from; number <= to; number++) read(`k${number}`, false).catch(() => {});
}

/** Search again from a fresh index: after the site was published anew while a page was open.
 * @returns {Promise<Manifest>} */
export function reopen() {
  opening = openIndex(true);
  opening.catch(() => (opening = null));
  return opening;
}

/* The index's own small file, fetched beside the scripts that read it, not after them. */
import { root, scriptOf } from "../load.js";

/** The call that a file of the index makes.
 * @typedef {{ from: string, data: any }} Call */

/** @type {Promise<Call> | null} */
let early = null;

export function fetchEarly() {
  if (window.pnSearchData) return;
  early = new Promise((resolve, reject) => {
    window.pnSearchData = (_, from, data) => resolve({ from, data });
    const script = scriptOf(`${root.href}search/index.js`);
    script.onerror = reject;
    script.onload = reject; // of no effect once the file has made its call
    document.head.append(script);
  });
  early.catch(() => {});
}

/** Give what was fetched, once. */
export function takeEarly() {
  const taken = early;
  early = null;
  return taken;
}

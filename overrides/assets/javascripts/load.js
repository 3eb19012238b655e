/* Where the site lies, and its files that are loaded later. From a disk, only a script element can load anything. */

/** The address of the script that runs first. It lies in assets/javascripts/, two steps below the site's root. */
const own = /** @type {HTMLScriptElement} */ (document.currentScript).src;

/** The root of the site, ending in a slash. */
export const root = new URL("../../", own);

/** Make the element that loads a script; it loads once it stands in the page.
 * @param {string} address
 * @returns {HTMLScriptElement} */
export function scriptOf(address) {
  const script = document.createElement("script");
  script.src = address;
  script.charset = "utf-8";
  return script;
}

/** @type {Map<string, Promise<unknown>>} */
const loads = new Map();

/** Load a script of this folder once and give what the module in it exports. A failure is not kept: the next call tries again.
 *
 * Nobody writes this call: modules.py puts it in the place of `import("./module.js")`.
 * @param {string} file
 * @param {string} name of the module
 * @returns {Promise<unknown>} */
export function load(file, name) {
  let promise = loads.get(file);
  if (!promise) {
    promise = new Promise((resolve, reject) => {
      const script = scriptOf(new URL(file, own).href);
      script.onload = () => resolve(pnModules[name]);
      script.onerror = () => reject(new Error(file));
      document.head.append(script);
    });
    promise.catch(() => loads.delete(file));
    loads.set(file, promise);
  }
  return promise;
}

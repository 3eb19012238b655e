/* The words of the scripts stand in overrides/words.yml; the build writes those of a key in its place (finish/modules.py). */

/** Words with the values put in.
 * @param {string} words @param {Record<string, string | number>} values */
export function fill(words, values) {
  return words.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}

/** The words of a key.
 * @param {string} words @param {Record<string, string | number>} [values] */
export function t(words, values) {
  return values ? fill(words, values) : words;
}

/** The words of a key with elements in them, as children of one.
 * @param {string} words @param {Record<string, (Node | string)[]>} values @returns {(Node | string)[]} */
export function parts(words, values) {
  return words.split(/(?=\{)|(?<=\})/).flatMap((part) => (part[0] === "{" ? values[part.slice(1, -1)] : part));
}

/* The page for addresses that do not exist: looks for the words of the address and names the pages that have them. */
import { element } from "./elements.js";
import { root } from "./load.js";
import { loadView } from "./search/box.js";
import { parts, t } from "./words.js";

/** @import { Found } from "./search/engine.js" */
/** @import { Result } from "./search/snippet.js" */

const MOST = 3;

/** The words of an address: its last part without the ending.
 * @param {string} address
 * @returns {string} */
function wordsOf(address) {
  let path = address.slice(root.href.length).split(/[?#]/)[0];
  try {
    path = decodeURIComponent(path);
  } catch {
    // Not UTF-8: searched for as it stands.
  }
  const last =
    path
      .split("/")
      .filter((part) => part && part !== "index.html")
      .pop() || "";
  return last
    .replace(/\.[a-z]{2,5}$/i, "")
    .replace(/[-_+~]+/g, " ")
    .trim()
    .slice(0, 80);
}

/** @param {Result} result */
function linkTo(result) {
  const link = element("a", "", ...result.title.map(([text]) => text));
  link.href = new URL(result.url, root).href;
  return link;
}

/** Whether the first result is what was meant: a corrected spelling led to it, or the words are in its name.
 * @param {Found} found */
function certain({ answer, results }) {
  const names = results[0].title.concat(...results[0].about);
  return !answer.partly && (answer.notes.length > 0 || names.some(([, marked]) => marked));
}

/** @param {Element} box @param {string} words */
async function look(box, words) {
  const { find } = await loadView();
  const found = await find(words, () => true);
  if (!found || !("answer" in found) || !found.results.length) return;
  if (certain(found)) {
    box.replaceChildren(element("p", "", ...parts("missing.meant", { page: [linkTo(found.results[0])] })));
    return;
  }
  const items = found.results
    .slice(0, MOST)
    .map((result) => element("li", "", linkTo(result), t("missing.kind", { kind: result.kind })));
  box.replaceChildren(element("p", "", t("missing.found", { words })), element("ul", "", ...items));
}

export function startMissing() {
  const box = document.querySelector(".pn-missing__found");
  if (!box || !location.href.startsWith(root.href)) return;
  const words = wordsOf(location.href);
  if (words && words !== "404") look(box, words).catch(() => {}); // the links below remain
}

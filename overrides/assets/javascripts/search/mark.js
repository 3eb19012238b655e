/* Marks on an opened page what was searched for (?h=, once for each form). Loaded by box.js only where it is asked for. */
import { element } from "../elements.js";
import { fold, foldWithPlaces } from "./fold.js";
import { rangesOf } from "./match.js";

const MOST = 500; // marks
const BLOCK =
  "address,article,aside,blockquote,dd,details,div,dl,dt,figcaption,figure,h1,h2,h3,h4,h5,h6,hr,li,ol,p,pre,section,summary,table,tbody,td,tfoot,th,thead,tr,ul";
const UNMARKED = "math,script,style,template,noscript,svg,[hidden],.headerlink";

/** All text in one string, so that a match may run over markup; a line feed where a block ends parts words.
 * @param {Element} article */
function read(article) {
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement?.closest(UNMARKED) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  /** @type {{ node: Text, start: number }[]} */
  const nodes = [];
  let whole = "";
  let block = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = /** @type {Text} */ (node);
    const around = text.parentElement?.closest(BLOCK) ?? null;
    if (block && around !== block) whole += "\n";
    block = around;
    nodes.push({ node: text, start: whole.length });
    whole += text.data;
  }
  return { nodes, whole };
}

/** Mark folded forms in an article.
 * @param {Element} article
 * @param {string[]} forms */
export function mark(article, forms) {
  const { nodes, whole } = read(article);
  const ranges = rangesOf(forms, { source: whole, ...foldWithPlaces(whole) }, MOST);
  // From the last node to the first: splitting a node moves what comes after it.
  let open = ranges.length - 1;
  for (let place = nodes.length - 1; place >= 0 && open >= 0; place--) {
    const { node, start } = nodes[place];
    const end = start + node.data.length;
    for (let index = open; index >= 0 && ranges[index][1] > start; index--) {
      const from = Math.max(ranges[index][0], start) - start;
      const to = Math.min(ranges[index][1], end) - start;
      if (from >= to || !node.data.slice(from, to).trim()) continue; // space between blocks takes no mark
      const part = node.splitText(from);
      part.splitText(to - from);
      const marked = element("mark", "pn-search__mark");
      part.replaceWith(marked);
      marked.append(part);
    }
    while (open >= 0 && ranges[open][0] >= start) open--;
  }
}

const asked = new URLSearchParams(location.search)
  .getAll("h")
  .slice(0, 8)
  .map((form) => fold(form.slice(0, 200)).trim())
  .filter(Boolean);
const article = document.querySelector("article");
if (article && asked.length) mark(article, asked);

/* Marks on an opened page what was searched for (?h=, once for each form). Loaded by search.js only where it is asked for. */
(function () {
  "use strict";
  const { foldWithPlaces, fold, finder } = window.pnSearch;
  const MOST = 500; // marks
  const forms = new URLSearchParams(location.search).getAll("h").slice(0, 8).map((form) => fold(form.slice(0, 200)).trim()).filter(Boolean);
  const article = document.querySelector("article");
  if (!article || !forms.length) return;

  const BLOCK = "address,article,aside,blockquote,dd,details,div,dl,dt,figcaption,figure,h1,h2,h3,h4,h5,h6,hr,li,ol,p,pre,section,summary,table,tbody,td,tfoot,th,thead,tr,ul";
  const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest("math,script,style,template,noscript,svg,[hidden],.headerlink") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );

  // All text in one string, so that a match may run over markup; a line feed where a block ends parts words.
  const nodes = [];
  let whole = "";
  let block = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const around = node.parentElement.closest(BLOCK);
    if (block && around !== block) whole += "\n";
    block = around;
    nodes.push({ node, start: whole.length });
    whole += node.data;
  }

  const folded = foldWithPlaces(whole);
  const ranges = [];
  for (const form of forms)
    for (const match of folded.text.matchAll(finder(form))) {
      const last = match.index + match[0].length - 1;
      const end = folded.at[last] + (whole.codePointAt(folded.at[last]) > 0xffff ? 2 : 1);
      ranges.push([folded.at[match.index], end]);
      if (ranges.length >= MOST) break;
    }
  ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const joined = [];
  for (const range of ranges) {
    const last = joined[joined.length - 1];
    if (last && range[0] <= last[1]) last[1] = Math.max(last[1], range[1]);
    else joined.push(range);
  }

  // From the last node to the first: splitting a node moves what comes after it.
  let open = joined.length - 1;
  for (let place = nodes.length - 1; place >= 0 && open >= 0; place--) {
    const { node, start } = nodes[place];
    const end = start + node.data.length;
    for (let index = open; index >= 0 && joined[index][1] > start; index--) {
      const from = Math.max(joined[index][0], start) - start;
      const to = Math.min(joined[index][1], end) - start;
      if (from >= to || !node.data.slice(from, to).trim()) continue; // space between blocks takes no mark
      const part = node.splitText(from);
      part.splitText(to - from);
      const mark = document.createElement("mark");
      mark.className = "pn-search__mark";
      part.replaceWith(mark);
      mark.append(part);
    }
    while (open >= 0 && joined[open][0] >= start) open--;
  }
})();

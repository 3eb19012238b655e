/* The page for addresses that do not exist: looks for the words of the address and names the pages that have them. */
(function () {
  "use strict";
  const box = document.querySelector(".pn-missing__found");
  const space = window.pnSearch;
  if (!box || !space || !location.href.startsWith(space.base)) return;

  const MOST = 3;

  /** The words of an address: its last part without the ending. */
  function wordsOf(address) {
    let path = address.slice(space.base.length).split(/[?#]/)[0];
    try {
      path = decodeURIComponent(path);
    } catch (error) {
      // Not UTF-8: searched for as it stands.
    }
    const last = path.split("/").filter((part) => part && part !== "index.html").pop() || "";
    return last.replace(/\.[a-z]{2,5}$/i, "").replace(/[-_+~]+/g, " ").trim().slice(0, 80);
  }

  function linkTo(result) {
    const link = document.createElement("a");
    link.href = new URL(result.url, space.base).href;
    link.append(...result.title.map(([text]) => text));
    return link;
  }

  function entry(result) {
    const item = document.createElement("li");
    item.append(linkTo(result), `（${result.kind}）`);
    return item;
  }

  /** Whether the first result is what was meant: a corrected spelling led to it, or the words are in its name. */
  function certain({ answer, results }) {
    const names = results[0].title.concat(...results[0].about);
    return !answer.partly && (answer.notes.length > 0 || names.some(([, marked]) => marked));
  }

  const words = wordsOf(location.href);
  if (!words || words === "404") return;
  space
    .start()
    .then(() => space.search(words, () => true))
    .then((found) => {
      if (!found || !found.results || !found.results.length) return;
      const head = document.createElement("p");
      if (certain(found)) {
        head.append("你要找的是不是", linkTo(found.results[0]), "？");
        box.replaceChildren(head);
        return;
      }
      head.textContent = `按地址里的「${words}」搜索，找到：`;
      const list = document.createElement("ul");
      list.append(...found.results.slice(0, MOST).map(entry));
      box.replaceChildren(head, list);
    })
    .catch(() => {}); // the links below remain
})();

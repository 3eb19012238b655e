/* The page for addresses that do not exist: looks for the words of the address and names the pages that have them. */
(function () {
  "use strict";
  const box = document.querySelector(".pn-missing__found");
  const space = window.pnSearch;
  if (!box || !space || !location.href.startsWith(space.base)) return;

  const MOST = 6;

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

  function entry(result) {
    const link = document.createElement("a");
    link.href = new URL(result.url, space.base).href;
    link.append(...result.title.map(([text]) => text));
    const item = document.createElement("li");
    item.append(link, `（${result.kind}）`);
    return item;
  }

  const words = wordsOf(location.href);
  if (!words || words === "404") return;
  space
    .start()
    .then(() => space.search(words, () => true))
    .then((found) => {
      if (!found || !found.results || !found.results.length) return;
      const head = document.createElement("p");
      head.textContent = `按地址里的「${words}」搜索，找到：`;
      const list = document.createElement("ul");
      list.append(...found.results.slice(0, MOST).map(entry));
      box.replaceChildren(head, list);
    })
    .catch(() => {}); // the links below remain
})();

/* The part of search that every page loads: it waits for the reader, then fetches the rest.
 *
 * Nothing is loaded before the field has the focus, the address asks for a search (?q=), or for marks (?h=). */
(function () {
  "use strict";
  const own = document.currentScript.src;
  const space = (window.pnSearch = window.pnSearch || {});
  space.base = new URL("../../", own).href; // assets/javascripts/ lies two steps below the site's root

  const loads = new Map();

  /** Load one of our own scripts, once. */
  function part(name) {
    if (!loads.has(name)) {
      const promise = new Promise((resolve, reject) => {
        const script = document.createElement("script");
        script.src = new URL(`${name}.js`, own).href;
        script.charset = "utf-8";
        script.async = false; // in the order asked for
        script.onload = resolve;
        script.onerror = () => reject(new Error(`${name}.js`));
        document.head.append(script);
      });
      promise.catch(() => loads.delete(name));
      loads.set(name, promise);
    }
    return loads.get(name);
  }

  space.start = () => Promise.all(["search-fold", "search-index", "search-query", "search-engine", "search-view"].map(part));

  const input = document.querySelector(".md-search__input");
  const toggle = document.getElementById("__search");
  const meta = document.querySelector(".md-search-result__meta");
  const address = new URLSearchParams(location.search);

  if (address.has("h")) Promise.all([part("search-fold"), part("search-mark")]).catch(() => {});
  if (!input || !toggle) return;

  /** The index's own small file is fetched beside the scripts that read it, not after them. */
  function early() {
    if (window.pnSearchData) return;
    space.early = new Promise((resolve, reject) => {
      window.pnSearchData = (name, from, data) => resolve({ from, data });
      const script = document.createElement("script");
      script.src = `${space.base}search/index.js`;
      script.charset = "utf-8";
      script.onerror = reject;
      script.onload = reject; // of no effect once the file has made its call
      document.head.append(script);
    });
    space.early.catch(() => {});
  }

  function begin() {
    early();
    space.start().catch(() => {
      meta.textContent = "搜索程序没有载入。请检查网络后重新载入本页。";
    });
  }

  /** Open or close the results. By a click, as the theme does: it unlocks the page behind them only when it hears of it. */
  space.setOpen = (open) => {
    if (toggle.checked !== open) toggle.click();
  };

  // The field opens the results, as the theme's own does; the loupe on a narrow screen checks the same box.
  ["focus", "click"].forEach((event) =>
    input.addEventListener(event, () => {
      space.setOpen(true);
      begin();
    }),
  );
  toggle.addEventListener("change", () => {
    if (toggle.checked) input.focus();
  });
  document.querySelector(".md-search__form").addEventListener("submit", (event) => event.preventDefault());

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const at = document.activeElement;
    if (toggle.checked || (at && (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)))) return;
    if (event.key === "/" || event.key === "s" || event.key === "f") {
      event.preventDefault();
      input.focus();
      input.select();
    }
  });

  if (address.has("q")) {
    input.value = address.get("q");
    input.focus();
  }
  // Where the reader comes back to this page, the browser has closed the box again, as it was when they left.
  addEventListener("pageshow", () => {
    if (new URLSearchParams(location.search).has("q")) space.setOpen(true);
  });
})();

/* The contents of a page on a phone: opened, they mark the section that is being read; they close behind a choice.
   Without this script they are a list that opens and closes. */
import { around, every, need } from "./elements.js";

/** @param {HTMLElement} contents */
function mark(contents) {
  const links = /** @type {HTMLAnchorElement[]} */ (every("a", contents));
  let here = links[0];
  for (const link of links) {
    link.removeAttribute("aria-current");
    const section = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (section && section.getBoundingClientRect().top < window.innerHeight / 3) here = link;
  }
  here.setAttribute("aria-current", "location");
  here.scrollIntoView({ block: "nearest" });
}

export function startContents() {
  /** @type {HTMLDetailsElement | null} */
  const contents = document.querySelector(".pn-contents");
  if (!contents) return;
  const close = () => (contents.open = false);
  contents.addEventListener("toggle", () => contents.open && mark(contents));
  contents.addEventListener("click", (event) => around(event, "a") && close());
  document.addEventListener("pointerdown", (event) => around(event, ".pn-contents") || close());
  contents.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    close();
    need(contents, "summary").focus();
  });
}

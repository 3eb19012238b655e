/* Around a page: copy its BibTeX or its address, print it, report an error with the section that is being read. */
import { around, button, element, every, need } from "./elements.js";

/** @param {string} text */
async function write(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  const field = element("textarea", "pn-actions__off");
  field.value = text;
  field.setAttribute("readonly", "");
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("copy");
}

/** @param {HTMLElement} pressed @param {string} words */
function say(pressed, words) {
  const place = /** @type {HTMLElement} */ (pressed.nextElementSibling); // .pn-actions__said, there from the start, so that it is announced
  place.textContent = words;
  setTimeout(() => {
    if (place.textContent === words) place.textContent = "";
  }, 4000);
}

/** @param {HTMLElement} pressed */
function copy(pressed) {
  const cite = pressed.dataset.pnCopy === "entry" && pressed.closest(".pn-cite");
  const text = cite
    ? need(cite, ".pn-cite__entry").textContent
    : pressed.dataset.pnAddress || location.href.replace(/#.*$/, "");
  write(text).then(
    () => say(pressed, cite ? "BibTeX 已复制" : "链接已复制"),
    () => say(pressed, "浏览器不让复制，请选中后按 Ctrl+C"),
  );
}

/** The heading of the section at the top of the window. */
function section() {
  const begun = every("article h2[id], article h3[id]").filter(
    (heading) => heading.getBoundingClientRect().top < window.innerHeight / 3,
  );
  return begun.pop()?.firstChild?.textContent?.trim() ?? "";
}

/** Put what is being read into the fields of .github/ISSUE_TEMPLATE/error.yml: the page with its section, and the sentence
 * that is selected.
 * @param {HTMLAnchorElement} link */
function report(link) {
  const address = new URL(link.href);
  const page = (address.searchParams.get("page") ?? "").split("，")[0];
  const here = section();
  const words = String(document.getSelection()).trim().slice(0, 500);
  address.searchParams.set("page", here ? `${page}，「${here}」一节` : page);
  if (words) address.searchParams.set("sentence", words);
  link.href = address.href;
}

export function startActions() {
  document.addEventListener("click", (event) => {
    const pressed = around(event, "[data-pn-copy], [data-pn-print], [data-pn-report]");
    if (!pressed) return;
    if ("pnCopy" in pressed.dataset) copy(pressed);
    else if ("pnPrint" in pressed.dataset) window.print();
    else report(/** @type {HTMLAnchorElement} */ (pressed));
  });
  for (const each of every("[data-pn-copy], [data-pn-print]")) each.hidden = false;
  for (const block of every(".highlight > pre")) {
    const made = button("pn-copy", "复制", () => {
      write(block.textContent).then(
        () => (made.textContent = "已复制"),
        () => (made.textContent = "不能复制"),
      );
      setTimeout(() => (made.textContent = "复制"), 3000);
    });
    made.setAttribute("aria-label", "复制这段代码");
    block.after(made);
  }
}

/* Around a page: copy its BibTeX or its address, print it, report an error with the section that is being read. */
(function () {
  "use strict";

  function write(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    return new Promise(function (resolve, reject) {
      var field = document.createElement("textarea");
      field.value = text;
      field.setAttribute("readonly", "");
      field.className = "pn-actions__off";
      document.body.append(field);
      field.select();
      var done = document.execCommand("copy");
      field.remove();
      if (done) resolve();
      else reject(new Error("copy"));
    });
  }

  function say(button, words) {
    var place = button.nextElementSibling; // .pn-actions__said, there from the start, so that it is announced
    place.textContent = words;
    setTimeout(function () { if (place.textContent === words) place.textContent = ""; }, 4000);
  }

  function copy(button) {
    var entry = button.dataset.pnCopy === "entry";
    var text = entry
      ? button.closest(".pn-cite").querySelector(".pn-cite__entry").textContent
      : button.dataset.pnAddress || location.href.replace(/#.*$/, "");
    write(text).then(
      function () { say(button, entry ? "BibTeX 已复制" : "链接已复制"); },
      function () { say(button, "浏览器不让复制，请选中后按 Ctrl+C"); },
    );
  }

  /** The heading of the section at the top of the window. */
  function section() {
    var found = "";
    document.querySelectorAll("article h2[id], article h3[id]").forEach(function (heading) {
      if (heading.getBoundingClientRect().top < window.innerHeight / 3) found = heading.firstChild.textContent.trim();
    });
    return found;
  }

  document.addEventListener("click", function (event) {
    var element = event.target instanceof Element && event.target.closest("[data-pn-copy], [data-pn-print], [data-pn-report]");
    if (!element) return;
    if ("pnCopy" in element.dataset) copy(element);
    else if ("pnPrint" in element.dataset) window.print();
    else {
      // The fields of .github/ISSUE_TEMPLATE/error.yml: the page with its section, and the sentence that is selected.
      var address = new URL(element.href);
      var page = address.searchParams.get("page").split("，")[0];
      var here = section();
      var words = String(document.getSelection()).trim().slice(0, 500);
      address.searchParams.set("page", here ? page + "，「" + here + "」一节" : page);
      if (words) address.searchParams.set("sentence", words);
      element.href = address.href;
    }
  });

  function start() {
    document.querySelectorAll("[data-pn-copy], [data-pn-print]").forEach(function (button) { button.hidden = false; });
    document.querySelectorAll(".highlight > pre").forEach(function (block) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "pn-copy";
      button.textContent = "复制";
      button.setAttribute("aria-label", "复制这段代码");
      button.addEventListener("click", function () {
        write(block.textContent).then(function () { button.textContent = "已复制"; }, function () { button.textContent = "不能复制"; });
        setTimeout(function () { button.textContent = "复制"; }, 3000);
      });
      block.after(button);
    });
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();

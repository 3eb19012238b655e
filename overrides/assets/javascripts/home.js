/* The field on the home page opens the search; without this script it leads to the list of all pages. */
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var field = event.target instanceof Element && event.target.closest("[data-pn-search]");
    var input = document.querySelector(".md-search__input");
    if (!field || !input || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    var toggle = document.getElementById("__search");
    if (toggle && !toggle.checked) toggle.click();
    input.focus();
  });
})();

/* The uses of a term are printed where the reader has opened them: the theme opens them all for a print (print.css). */
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var label = event.target instanceof Element && event.target.closest(".pn-entry__uses > summary");
    if (label) label.parentElement.classList.toggle("pn-entry__uses--open", !label.parentElement.open); // it opens after the click
  });
})();

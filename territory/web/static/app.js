// What the pages add to htmx: the page is told ready, and a job that ends is announced.
(function () {
  "use strict";

  function ready() {
    document.body.dataset.pret = "oui";
  }

  function announce(text) {
    var place = document.getElementById("annonce");
    if (place && place.textContent !== text) { place.textContent = text; }
  }

  // A row of a table shows its zone or place on the map beside it.
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-montre]");
    if (!button) { return; }
    var frame = document.getElementById(button.dataset.carte || "carte");
    if (frame && frame.contentWindow) {
      frame.contentWindow.postMessage({ montre: button.dataset.montre }, "*");
      frame.scrollIntoView({ block: "nearest" });
    }
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    var title = event.detail.elt && event.detail.elt.querySelector("h2");
    if (title) { announce(title.textContent); }
  });

  document.addEventListener("htmx:responseError", function (event) {
    var answer = event.detail.xhr.responseText || "";
    var said = new DOMParser().parseFromString(answer, "text/html").querySelector(".said");
    announce(said ? said.textContent : "Une erreur s’est produite.");
    var target = event.detail.target;
    if (said && target) { target.replaceChildren(said); }
  });

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", ready);
  } else {
    ready();
  }
})();

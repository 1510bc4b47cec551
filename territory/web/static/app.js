// What the pages add to htmx: the page is told ready, and a job that ends is announced and shown.
(function () {
  "use strict";

  function ready() {
    var focused = document.getElementById(sessionStorage.getItem("foyer"));
    sessionStorage.removeItem("foyer");
    if (focused) { focused.focus(); }
    document.querySelectorAll("iframe[data-seule]").forEach(showAlone);
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

  // A card opened on the map marks the row of the page that tells the same.
  window.addEventListener("message", function (event) {
    var frame = document.getElementById("carte"), key = event.data && event.data.ouvert;
    if (!frame || event.source !== frame.contentWindow || typeof key !== "string") { return; }
    document.querySelectorAll(".pointed").forEach(function (row) { row.classList.remove("pointed"); });
    var button = Array.from(document.querySelectorAll("[data-montre]")).find(function (one) {
      return one.dataset.montre === key && one.closest("li, tr");
    });
    if (!button) { return; }
    var row = button.closest("li, tr"), title = row.querySelector("h3, th");
    row.classList.add("pointed");
    if (window.matchMedia("(min-width: 64rem)").matches) { row.scrollIntoView({ block: "nearest" }); }
    if (title) { announce(title.textContent); }
  });

  // The map of one outing: told as soon as it can hear, and again once it is there.
  function showAlone(frame) {
    function tell() { frame.contentWindow.postMessage({ seule: frame.dataset.seule }, "*"); }
    frame.addEventListener("load", tell);
    tell();
  }

  function isChanged(field) {
    if (field.type === "checkbox" || field.type === "radio") { return field.checked !== field.defaultChecked; }
    if (!field.options) { return field.value !== field.defaultValue; }
    var chosen = Array.from(field.options).findIndex(function (one) { return one.defaultSelected; });
    return field.selectedIndex !== Math.max(chosen, 0);
  }

  // What a job changed is shown at once where it was asked: nobody reads the plan of before. A form
  // being filled is never lost: the page then only says that it is old.
  function show(job) {
    var back = new URL(job.dataset.retour, location.href), here = location.pathname;
    if (back.pathname !== here && !back.pathname.startsWith(here + "/")) { return; }
    var fields = document.querySelectorAll("form input:not([type=hidden]), form select, form textarea");
    if (Array.from(fields).some(isChanged)) {
      job.querySelector("[data-ancien]").hidden = false;
      return;
    }
    back.hash = "";
    sessionStorage.setItem("foyer", document.activeElement.id);
    location.assign(back);
  }

  document.addEventListener("htmx:afterSwap", function (event) {
    var swapped = event.detail.elt, title = swapped && swapped.querySelector("h2");
    if (title) { announce(title.textContent); }
    if (swapped && swapped.dataset.retour) { show(swapped); }
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

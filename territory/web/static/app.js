// What the pages add to htmx: the page is told ready, and a job that ends is announced and shown.
(function () {
  "use strict";

  var hadFocus = false;

  function ready() {
    byKeys(sessionStorage.getItem("clavier") || "");
    if (sessionStorage.getItem("montre") === location.pathname) {
      var part = document.querySelector(":target");
      focusOn(part && part.querySelector("h2") || document.getElementById("change") || document.querySelector("h1"));
    }
    sessionStorage.removeItem("montre");
    document.querySelectorAll("iframe[data-seule]").forEach(showAlone);
    document.body.dataset.pret = "oui";
  }

  // Titles that are given the focus are outlined for whoever goes on by keyboard.
  function byKeys(word) {
    sessionStorage.setItem("clavier", word);
    document.body.dataset.clavier = word;
  }
  document.addEventListener("keydown", function () { byKeys("oui"); }, true);
  document.addEventListener("pointerdown", function () { byKeys(""); }, true);

  // Whoever has no mouse goes on from here.
  function focusOn(title) {
    title.tabIndex = -1;
    title.focus();
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

  function words(form) { return new URLSearchParams(new FormData(form)).toString(); }

  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.detail.elt.tagName === "FORM") { event.detail.elt.dataset.envoi = words(event.detail.elt); }
  });

  // Whether something was typed that is not sent yet.
  function isFilled(form) {
    if (form.dataset.envoi === words(form)) { return false; }
    return Array.from(form.querySelectorAll("input:not([type=hidden]), select, textarea")).some(isChanged);
  }

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
    if (back.pathname !== here && !back.pathname.startsWith(here + "/")) {
      job.querySelector("[data-ancien]").hidden = here !== "/";
      return;
    }
    if (Array.from(document.forms).some(isFilled)) {
      job.querySelector("[data-ancien]").hidden = false;
      return;
    }
    back.hash = "";
    sessionStorage.setItem("montre", here);
    location.assign(back);
  }

  // What had the focus may be gone with what is swapped: its place is taken by the new title.
  document.addEventListener("htmx:beforeSwap", function (event) {
    hadFocus = event.detail.target.contains(document.activeElement);
  });

  document.addEventListener("htmx:afterSwap", function (event) {
    var swapped = event.detail.elt, title = swapped && swapped.querySelector("h2");
    if (title) { announce(title.textContent); }
    if (title && hadFocus && document.activeElement === document.body) { focusOn(title); }
    if (swapped && swapped.dataset.retour) { show(swapped); }
  });

  document.addEventListener("htmx:responseError", function (event) {
    var answer = event.detail.xhr.responseText || "";
    var said = new DOMParser().parseFromString(answer, "text/html").querySelector(".said");
    announce(said ? said.textContent : document.body.dataset.erreur);
    var target = event.detail.target;
    if (said && target) { target.replaceChildren(said); }
  });

  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", ready);
  } else {
    ready();
  }
})();

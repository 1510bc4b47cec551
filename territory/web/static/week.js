// A week by mouse: an outing, or one of its stops, dropped on a half-day fills the form that moves
// it and sends it. By keyboard or finger: a stop taken by a button is put down by another.
// After an outing: + and - beside each number, nothing typed staying « not counted ».
(function () {
  "use strict";

  var dragged = null, taken = null;
  var grid = document.querySelector(".week-grid");

  function cell(event) { return dragged ? event.target.closest("td[data-moment]") : null; }

  function holds(td, what) {
    return Boolean(td.querySelector("[data-sortie='" + CSS.escape(what.dataset.sortie) + "']"));
  }

  function leave() {
    document.querySelectorAll("td.over").forEach(function (td) { td.classList.remove("over"); });
  }

  function send(what, td) {
    var stop = what.dataset.arret, box = document.getElementById(stop ? "deplacer-arret" : "deplacer");
    if (!box || holds(td, what)) { return; }
    box.open = true;
    if (stop) { box.querySelector("[name=arret]").value = what.dataset.sortie + " " + stop; }
    else { box.querySelector("[name=sortie]").value = what.dataset.sortie; }
    box.querySelector("[name=moment]").value = td.dataset.moment;
    box.querySelector("[name=qui]").value = td.dataset.qui;
    box.querySelector("form").requestSubmit();
  }

  document.addEventListener("dragstart", function (event) {
    var slot = event.target.closest("[data-sortie]");
    if (!slot) { return; }
    letGo();
    dragged = slot;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", slot.dataset.arret || slot.dataset.sortie);
  });

  document.addEventListener("dragover", function (event) {
    var td = cell(event);
    leave();
    if (td) { event.preventDefault(); td.classList.add("over"); }
  });

  document.addEventListener("dragend", function () { dragged = null; leave(); });

  document.addEventListener("drop", function (event) {
    var td = cell(event);
    if (!td) { return; }
    event.preventDefault();
    send(dragged, td);
  });

  function takers() { return document.querySelectorAll(".week-grid [data-arret] button"); }

  function name(button, word) {
    button.textContent = word;
    button.setAttribute("aria-label", word + " : " + button.closest("[data-arret]").firstElementChild.textContent);
  }

  function letGo() {
    if (!taken) { return; }
    name(taken, grid.dataset.prendre);
    taken = null;
    grid.querySelectorAll("button[data-pose]").forEach(function (button) { button.remove(); });
  }

  function offer(td) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "quiet small";
    button.dataset.pose = "oui";
    button.textContent = grid.dataset.poser;
    button.setAttribute("aria-label", grid.dataset.poser + ", " + td.dataset.titre);
    td.append(button);
  }

  function take(button) {
    var what = button.closest("[data-arret]"), first;
    letGo();
    taken = button;
    name(taken, grid.dataset.laisser);
    grid.querySelectorAll("td[data-moment]").forEach(function (td) {
      if (!holds(td, what)) { offer(td); }
    });
    first = button.closest("tr").querySelector("button[data-pose]") || grid.querySelector("button[data-pose]");
    if (first) { first.focus(); }
    document.getElementById("annonce").textContent = grid.dataset.pris;
  }

  // The half-day next to one, that way, where what is taken can be put down.
  function beside(td, across, down) {
    var row = td.parentElement, next = td;
    while (next) {
      row = down ? row.parentElement.rows[row.sectionRowIndex + down] : row;
      next = row && row.cells[next.cellIndex + across];
      if (next && next.querySelector("button[data-pose]")) { return next.querySelector("button[data-pose]"); }
    }
    return null;
  }

  var WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  document.addEventListener("keydown", function (event) {
    var back = taken, way = WAYS[event.key], pose = event.target.closest("button[data-pose]"), next;
    if (!back) { return; }
    if (event.key === "Escape") { letGo(); back.focus(); }
    if (!way || !pose) { return; }
    event.preventDefault();
    next = beside(pose.closest("td"), way[0], way[1]);
    if (next) { next.focus(); }
  });

  takers().forEach(function (button) { button.hidden = false; });

  document.addEventListener("click", function (event) {
    var taker = event.target.closest(".week-grid [data-arret] button");
    var pose = event.target.closest("button[data-pose]");
    if (taker && taker === taken) { letGo(); } else if (taker) { take(taker); }
    if (pose) { send(taken.closest("[data-arret]"), pose.closest("td")); }
  });

  document.querySelectorAll(".stepper button").forEach(function (button) { button.hidden = false; });

  document.addEventListener("click", function (event) {
    var button = event.target.closest(".stepper button");
    if (!button) { return; }
    var field = button.parentElement.querySelector("input");
    var step = Number(button.dataset.pas), now = field.value === "" ? 0 : Number(field.value);
    var next = now + step;
    field.value = next >= 0 ? next : "";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    var place = document.getElementById("annonce");
    if (place) { place.textContent = field.labels[0].textContent + " : " + (field.value || document.body.dataset.vide); }
  });
})();

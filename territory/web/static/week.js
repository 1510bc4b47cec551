// A week by mouse: an outing dropped on a half-day fills the form « Déplacer » and sends it.
// After an outing: + and - beside each number, nothing typed staying « not counted ».
(function () {
  "use strict";

  var dragged = "";

  function cell(event) { return dragged ? event.target.closest("td[data-moment]") : null; }

  function leave() {
    document.querySelectorAll("td.over").forEach(function (td) { td.classList.remove("over"); });
  }

  document.addEventListener("dragstart", function (event) {
    var slot = event.target.closest("[data-sortie]");
    if (!slot) { return; }
    dragged = slot.dataset.sortie;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged);
  });

  document.addEventListener("dragover", function (event) {
    var td = cell(event);
    leave();
    if (td) { event.preventDefault(); td.classList.add("over"); }
  });

  document.addEventListener("dragend", function () { dragged = ""; leave(); });

  document.addEventListener("drop", function (event) {
    var td = cell(event), box = document.getElementById("deplacer");
    if (!td || !box) { return; }
    event.preventDefault();
    if (td.querySelector("[data-sortie='" + CSS.escape(dragged) + "']")) { return; }
    box.open = true;
    box.querySelector("[name=sortie]").value = dragged;
    box.querySelector("[name=moment]").value = td.dataset.moment;
    box.querySelector("[name=qui]").value = td.dataset.qui;
    box.querySelector("form").requestSubmit();
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

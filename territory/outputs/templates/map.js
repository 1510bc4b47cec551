/* The map of the team: notes, marks, layers, clicks. Every text goes in as text, never as HTML. */
var territoire = (function () {
  "use strict";
  const reperes = {}, aires = {}, sorties = {};
  let dit = true; /* whether a card that opens is told to the page around */

  function bloc(nom, texte, parent) {
    const e = document.createElement(nom);
    const fr = texte && texte.fr; /* what stays French on a page in another language */
    if (fr) e.lang = "fr";
    e.textContent = fr || texte;
    parent.appendChild(e);
    return e;
  }
  function bulle(note, cle) {
    const boite = document.createElement("div");
    bloc("h3", note.title, boite);
    note.lines.forEach(function (ligne) { if (ligne) bloc("p", ligne, boite); });
    const fiche = cle && document.getElementById("fiche-" + cle);
    if (fiche && !document.documentElement.classList.contains("seule")) {
      const b = bloc("button", "Pourquoi cette zone", boite);
      b.type = "button";
      b.addEventListener("click", function () { ouvrir(fiche); });
    }
    return boite;
  }
  /* The card of a zone beside the map, unfolded, with the focus of the keyboard. */
  function ouvrir(fiche) {
    const plus = fiche.querySelector("details");
    plus.open = true;
    fiche.scrollIntoView({ block: "start" });
    plus.querySelector("summary").focus({ preventScroll: true });
  }
  function nommer(couche, texte) {
    const e = couche.getElement && couche.getElement();
    if (e && e.classList.contains("leaflet-marker-icon")) e.setAttribute("aria-label", texte);
  }
  function dire(couche, note, cle) {
    const seule = document.documentElement.classList.contains("seule");
    couche.bindPopup(function () { return bulle(note, cle); },
      { maxWidth: 300, maxHeight: seule ? 220 : 420 }); /* seen with what is around it */
    couche.note = note;
    couche.on("add", function () { nommer(couche, note.title); });
    nommer(couche, note.title);
    if (!cle) return;
    reperes[cle] = couche;
    couche.on("popupopen", function () { if (dit) annoncer(cle); });
  }
  /* To the page around, by the name that its own buttons give: a zone by its lasting one. */
  function annoncer(cle) {
    if (window.parent === window) return;
    const ligne = document.querySelector("[data-nom][data-zone='" + CSS.escape(cle) + "']");
    window.parent.postMessage({ ouvert: ligne ? ligne.dataset.nom : cle }, "*");
  }
  function sortie(groupe, cle) { sorties[cle] = groupe; }

  function signe(ligne) {
    if (ligne.style === "partenaire") {
      return L.circleMarker(ligne.at, { radius: 5, color: "#1d2530", weight: 2, fillColor: "#fff",
        fillOpacity: 1 });
    }
    const e = document.createElement("span");
    e.className = "signe pose " + ligne.style;
    e.textContent = ligne.label;
    const muet = ligne.style === "quartier";
    return L.marker(ligne.at, { icon: L.divIcon({ html: e, className: "", iconSize: [0, 0] }),
      interactive: !muet, keyboard: !muet, zIndexOffset: muet ? -500 : 300 });
  }
  function poser(groupe, lignes) {
    lignes.forEach(function (ligne) {
      const m = signe(ligne).addTo(groupe);
      if (ligne.style !== "quartier") dire(m, ligne.note, ligne.key);
    });
  }
  /* A click on a zone goes on to the map, which tells of the zone and of the square under it. */
  function zone(groupe, forme, cle, doute) {
    const bord = L.polygon(forme, { color: "#fff", weight: doute ? 6 : 8, fill: false, interactive: false });
    const aire = L.polygon(forme, doute
      ? { color: "#111", weight: 2.5, dashArray: "7 5", fillColor: "url(#hachures-zone)", fillOpacity: 1 }
      : { color: "#111", weight: 4, fillColor: "#111", fillOpacity: 0.08 });
    aires[cle] = L.featureGroup([bord, aire]).addTo(groupe);
  }
  function filtrer(map, choix, groupe) {
    const lignes = document.querySelectorAll("[data-zone]");
    let vues = 0;
    lignes.forEach(function (l) {
      const vue = !choix.value || l.dataset.commune === choix.value;
      l.hidden = !vue;
      vues += vue;
      [aires, reperes].forEach(function (t) {
        const c = t[l.dataset.zone];
        if (!c) return;
        c.closePopup();
        if (vue) groupe.addLayer(c); else groupe.removeLayer(c);
      });
    });
    document.getElementById("commune-compte").textContent =
      vues + " zone" + (vues > 1 ? "s" : "") + " sur " + lignes.length;
  }
  function fleches(groupe, lignes, couleur) {
    lignes.forEach(function (l) {
      const e = document.createElement("div");
      e.className = "fleche pose";
      e.style.borderBottomColor = couleur;
      e.style.transform = "translate(-50%,-50%) rotate(" + l[2] + "deg)";
      L.marker([l[0], l[1]], { icon: L.divIcon({ html: e, className: "", iconSize: [0, 0] }),
        interactive: false, keyboard: false, zIndexOffset: -400 }).addTo(groupe);
    });
  }

  function chiffres(c) {
    const boite = document.createElement("div");
    const cle = "zone-" + c[9], zone = c[9] && reperes[cle];
    if (zone) boite.appendChild(bulle(zone.note, cle));
    bloc(zone ? "h4" : "h3", "Carreau de 200 m", boite);
    const liste = bloc("dl", "", boite);
    [["Habitants", c[0]], ["Public estimé", c[1]], ["Part en quartier prioritaire", c[2], "aucune"],
      ["Permanence la plus proche", c[3]], ["Structures proches", c[4]], ["Contacts", c[5]],
      ["Contacts attendus", c[6]], ["Dernier passage", c[7]]].forEach(function (l) {
      bloc("dt", l[0], liste);
      bloc("dd", l[1] === null ? l[2] || "inconnu" : l[1], liste);
    });
    if (c[8]) bloc("p", "Chiffres imputés par l’Insee à partir d’un carreau plus grand.", boite);
    return boite;
  }

  function carte(id, bornes, textes) {
    const map = L.map(id, { zoomControl: false, zoomSnap: 0.5, minZoom: 10, maxZoom: 18,
      fadeAnimation: false });
    map.createPane("carreaux").style.zIndex = 190;
    map.createPane("quartiers").style.zIndex = 350;
    L.control.zoom({ zoomInTitle: "Agrandir", zoomOutTitle: "Réduire" }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    map.attributionControl.setPrefix(false).addAttribution(textes.sources);
    function loin() {
      map.getContainer().classList.toggle("loin", map.getZoom() < 14);
      map.getContainer().classList.toggle("moyen", map.getZoom() < 16);
    }
    map.on("zoomend", loin);
    let cadre = bornes;
    function cadrer() {
      map.invalidateSize({ animate: false });
      map.fitBounds(cadre, { animate: false });
    }
    map.on("cadre", function (e) { cadre = e.bornes; cadrer(); });
    encadree(map);
    cadrer();
    loin();
    suivre(map, cadrer);
    map.setMaxBounds(L.latLngBounds(bornes).pad(0.6));
    map.on("popupopen", function (e) {
      const b = e.popup.getElement().querySelector(".leaflet-popup-close-button");
      if (b) { b.setAttribute("aria-label", "Fermer"); b.title = "Fermer"; }
    });
    window.addEventListener("beforeprint", function () {
      document.querySelectorAll("details").forEach(function (d) { d.open = true; });
      cadrer();
    });
    window.matchMedia("print").addEventListener("change", function () { setTimeout(cadrer, 0); });
    return map;
  }

  /* A frame may open before it has a size: the town is then looked at once it has one. */
  function suivre(map, cadrer) {
    let vue = Math.min(map.getSize().x, map.getSize().y) > 100;
    new ResizeObserver(function () {
      map.invalidateSize({ animate: false });
      const assez = Math.min(map.getSize().x, map.getSize().y) > 100;
      if (assez && !vue) cadrer();
      vue = vue || assez;
    }).observe(map.getContainer());
  }

  /* Alone in the frame of a page: the page has the tables, and says what to show. */
  function encadree(map) {
    if (location.hash === "#carte") document.documentElement.classList.add("seule");
    window.addEventListener("message", function (e) {
      if (window.parent === window || e.source !== window.parent || !e.data) return;
      if (typeof e.data.seule === "string") seule(map, e.data.seule);
      if (typeof e.data.montre !== "string") return;
      const ligne = Array.from(document.querySelectorAll("[data-nom]")).find(function (l) {
        return l.dataset.nom === e.data.montre; /* a zone by its lasting name: ranks change */
      });
      dit = false;
      montrer(map, ligne ? ligne.dataset.zone : e.data.montre);
      dit = true;
    });
  }

  /* One outing, without the others of the week. */
  function seule(map, cle) {
    Object.keys(sorties).forEach(function (c) { if (c !== cle) sorties[c].remove(); });
    const une = Object.hasOwn(sorties, cle) && sorties[cle];
    if (!une) return;
    map.addLayer(une.groupe);
    map.fire("cadre", { bornes: une.getBounds().pad(0.15) });
  }

  function montrer(map, cle) {
    const m = Object.hasOwn(reperes, cle) && reperes[cle];
    if (!m) return;
    if (m.groupe && !map.hasLayer(m.groupe)) map.addLayer(m.groupe);
    if (m.getBounds) map.fitBounds(m.getBounds().pad(0.2), { animate: false });
    else map.setView(m.getLatLng(), Math.max(map.getZoom(), 15), { animate: false });
    map.getContainer().scrollIntoView({ block: "nearest" });
    m.openPopup();
  }

  /* Each layer knows the one that is ticked, through the outing it is part of. */
  function ranger(couche, groupe) {
    if (!couche.eachLayer) return;
    couche.eachLayer(function (m) { m.groupe = groupe; ranger(m, groupe); });
  }

  function commandes(map, o) {
    const fonds = {}, calques = {};
    o.themes.forEach(function (t) { fonds[t[0]] = t[1]; });
    if (o.themes.length) fonds["Aucune"] = L.layerGroup();
    o.calques.forEach(function (c) {
      const teinte = c[2] ? "<span class='pastille' style='background:" + c[2] + "'></span>" : "";
      calques[teinte + c[0]] = c[1];
      ranger(c[1], c[1]);
    });
    /* closed until asked for: open, it covers a third of the map */
    const choix = L.control.layers(fonds, calques, { collapsed: true }).addTo(map);
    const lien = choix.getContainer().querySelector(".leaflet-control-layers-toggle");
    lien.textContent = "Calques";
    lien.title = "Calques : choisir ce que la carte montre";
    lien.setAttribute("aria-label", lien.title);
    choix.getContainer().addEventListener("keydown", function (e) {
      if (e.key === "Escape") { choix.collapse(); lien.focus(); }
    });
    map.on("baselayerchange", function (e) {
      document.querySelectorAll("[data-theme]").forEach(function (l) {
        l.hidden = l.dataset.theme !== e.name;
      });
    });
    map.on("click", function (e) {
      const i = o.carreaux.at(e.latlng);
      if (i >= 0) L.popup({ maxWidth: 300, maxHeight: 420 }).setLatLng(e.latlng).setContent(chiffres(o.chiffres[i])).openOn(map);
    });
    document.querySelectorAll("[data-repere]").forEach(function (b) {
      b.addEventListener("click", function () { montrer(map, b.dataset.repere); });
    });
    const commune = document.getElementById("commune"), un = Object.values(aires)[0];
    if (commune && un) {
      commune.addEventListener("change", function () { filtrer(map, commune, un.groupe); });
    }
    requestAnimationFrame(function () {
      requestAnimationFrame(function () { document.body.dataset.pret = "1"; });
    });
  }

  return { carte: carte, commandes: commandes, dire: dire, fleches: fleches, reperes: poser,
    sortie: sortie, zone: zone };
})();

"""The chapter of docs/zones_reelles.md on the nine towns of Est Ensemble, and its picture."""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scripts.est_ensemble import (
    CONTACTS,
    DECAY_MIN,
    DETOUR,
    FRAILTY,
    LEFT,
    METRES_A_MINUTE,
    SETTINGS,
    rank_of_planted,
)
from scripts.real_zones_pictures import Panel, Scene, picture
from scripts.real_zones_tables import covered, opinion_of, share_in, zone_table
from territory.outputs.french import distance, number, percent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scripts.est_ensemble import Found, Towns
    from territory.model.results import Gap

SEEDS = range(20)
NEAR_M = 250.0  # a place a coordinator would think of
KINDS = {"france_services": "France services", "mediatheque": "médiathèque"}
# Written by hand on reading the map, the lists and the figures of these zones; never on a figure.
OPINIONS = {
    "Z-930080106": (
        "**À moitié.** Du côté d’Édouard Vaillant, y aller se défend. Mais « Préfecture » est le centre de Bobigny, où des lieux publics "
        "ne manquent pas : si l’un d’eux tient déjà une permanence, ce que nos listes ne disent pas, cette moitié tombe. Rien n’y a été "
        "planté. Et le nom affiché, celui d’un quartier partagé entre trois communes, n’y serait pas compris : il manque « Bobigny »."
    ),
    "Z-930481101": (
        "**Oui pour le lieu, non pour la raison.** C’est un bout de Montreuil, loin de tout dans nos listes. Rien n’y a été planté : "
        "presque tout le manque vient de l’éloignement, et celui-ci de notre hypothèse d’une seule permanence pour une commune de cette taille. "
        "La réponse est une permanence, pas le reproche d’un oubli."
    ),
    "Z-930630106": (
        "**Oui : c’est l’angle mort planté**, en entier, avec un IRIS des Lilas en trop. Mais deux zones passent devant, et « à vérifier » "
        "est le bon mot : sans la réponse sous les yeux, rien ne la distingue des deux premières que la faible part de la distance dans le manque."
    ),
    "Z-930481001": (
        "**Oui pour aller voir, et on ne trouverait rien d’oublié.** C’est une fausse alerte : un tirage malchanceux, comme la simulation en donne "
        "à tout IRIS. Dans la vie, l’hôpital et la PMI voisins seraient les premiers à appeler."
    ),
    "Z-930060110": (
        "**Non, pas en priorité.** Ni quartier prioritaire, ni besoin au-dessus de la moyenne, et la moitié du manque tient à la distance. "
        "Ce qui existe de l’autre côté des limites du territoire n’est pas compté : un coordinateur le saurait."
    ),
    "Z-930060112": (
        "**Non.** Une France services est à quelques rues : l’IRIS passe le filtre de justesse, et la plupart des autres façons de compter "
        "l’écartent. Si les gens n’y sont pas rencontrés, ce n’est pas faute d’accès."
    ),
    "Z-930080119": (
        "**Non en l’état.** C’est encore le centre de Bobigny, et presque aucune autre façon de compter ne la garde parmi les premières."
    ),
    "Z-930480803": (
        "**On ne peut pas dire.** Un seul IRIS, presque tout en quartier prioritaire, mais peu de contacts attendus, et aucune autre "
        "façon de compter ne la garde. Un coordinateur y passerait en allant à la deuxième zone, du même côté de Montreuil."
    ),
}  # fmt: skip


def towns_picture(towns: Towns, found: Found, path: Path) -> None:
    """Draw the nine towns: need, walk, contacts, zones."""
    units, table = found.drawn.units, found.drawn.table
    scene = Scene(
        units, towns.communes, towns.permanences.geometry, found.gaps, found.drawn.planted
    )
    density = table["target"] / (units.geometry.area / 1e4)
    panels = (
        Panel("Besoin : chômeurs par hectare (estimés)", density, (5, 10, 15, 25)),
        Panel(
            "Accès : minutes à pied (carrés blancs : permanences supposées)",
            table["minutes_permanence"],
            (5, 8, 15, 25),
        ),
        Panel(
            "Contacts : rencontrées pour 100 attendues",
            100 * table["contacts"] / table["expected"],
            (25, 50, 100, 150),
        ),
    )
    source = (
        "Activités simulées. Insee (recensement 2016), IGN (IRIS), ANCT, ministère de la Culture."
    )
    picture(path, scene, panels, "Est Ensemble, 161 IRIS (activités simulées)", source)


def towns_lines(towns: Towns, found: Found) -> Iterator[str]:
    """Yield the chapter of the nine towns."""
    yield "## Est Ensemble : neuf communes, par IRIS\n"
    yield from method_lines(towns, found)
    yield "![Est Ensemble : besoin, accès, contacts, zones (activités simulées)](images/zones_est_ensemble.png)\n"
    yield from zone_table(found.gaps, found.drawn.table["target"], found.drawn.planted)
    yield ""
    yield from planted_lines(towns, found)
    yield "### Un coordinateur serait-il d’accord ?\n"
    for gap in found.gaps:
        yield from judged(gap, towns, found)


def method_lines(towns: Towns, found: Found) -> Iterator[str]:
    """Yield what is real, what is assumed, what is drawn."""
    table, near = found.drawn.table, np.sort(found.drawn.minutes.to_numpy(), axis=1)
    share = SETTINGS.max_share * len(table)
    yield f"- **Réel** : {len(table)} IRIS, {number(table['residents'].sum())} habitants de 15 à 64 ans, {number(table['target'].sum())} chômeurs (recensement 2016, taux ramenés vers"
    yield f"  la moyenne quand l’IRIS est petit), {len(towns.quarters)} quartiers prioritaires de 2015 pour les noms."
    yield f"- **Supposé** : aucun réseau de rues n’est donné pour ces communes. La marche est la ligne droite entre milieux d’IRIS × {number(DETOUR, 1)}, à"
    yield f"  {number(METRES_A_MINUTE * 60 / 1000, 1)} km/h : ni canal, ni voie ferrée, ni autoroute. Ces {len(towns.permanences)} lieux publiés sont **supposés** tenir une permanence (toutes les France"
    yield "  services fixes ; la médiathèque là où il n’y en a pas) :"
    for _, place in towns.permanences.iterrows():
        commune = towns.communes.loc[place["commune_code"], "name"]
        yield f"  - {commune} : {place['name']} ({KINDS[place['kind']]})"
    yield f"- **Simulé** : {number(CONTACTS)} personnes rencontrées en un an, par IRIS de résidence, selon le besoin × exp(−(minutes / {number(DECAY_MIN)})²) × un hasard entre IRIS (gamma de"
    yield f"  variance {number(FRAILTY, 2)}). Trois IRIS voisins d’une même commune, tirés au sort parmi ceux qui passent le filtre, gardent {percent(LEFT)} de leurs contacts."
    yield f"- **Fenêtres** : un IRIS vaut une dizaine de carreaux, et le plus proche voisin est à {number(np.median(near[:, 1]))} minutes (médiane), le sixième à {number(np.median(near[:, 6]))}. Les douze minutes"
    yield f"  des carreaux n’en réuniraient souvent que cinq ; ici {number(SETTINGS.window_min)} minutes, et toujours {percent(SETTINGS.max_share)} des contacts attendus (environ {number(share)} IRIS).\n"


def planted_lines(towns: Towns, found: Found) -> Iterator[str]:
    """Yield whether the planted blind spot is found, here and in other draws."""
    table, planted = found.drawn.table, list(found.drawn.planted)
    names = ", ".join(f"« {towns.iris.loc[i, 'name']} »" for i in planted)
    commune = towns.communes.loc[towns.iris.loc[planted[0], "commune_code"], "name"]
    inside = table.loc[planted]
    yield "### L’angle mort est-il trouvé ?\n"
    yield f"- Planté à {commune} : {names} ; {number(inside['contacts'].sum())} rencontrées pour {number(inside['expected'].sum())} attendues."
    for gap in found.gaps:
        share = covered([gap], table["target"], planted)
        if share >= 0.5:
            yield f"- **Trouvé au rang {gap.rank}, « {gap.verdict} »** : la zone tient {percent(share)} de son public."
            break
    else:
        yield "- **Pas trouvé** parmi les zones affichées."
    ranks = [rank_of_planted(towns, seed) for seed in SEEDS]
    first, three = sum(r == 1 for r in ranks), sum(r is not None and r <= 3 for r in ranks)
    lost = sum(r is None or r > SETTINGS.count for r in ranks)
    yield f"- Un seul tirage ne prouve rien. Sur {len(ranks)} autres (autre angle mort, autres contacts) : {first} fois au premier rang, {three} fois dans les trois premiers, {lost} fois hors des {SETTINGS.count} premiers."
    yield f"- Pour être déclarée établie, une zone devrait dépasser un manque de {number(found.scan.chance, 1)} écarts-types : l’éloignement suffit souvent à en donner autant ici. D’où tant de zones « à vérifier »,"
    yield "  et c’est juste : la distance décourage vraiment dans cette simulation, sans que personne ait été oublié.\n"


def judged(gap: Gap, towns: Towns, found: Found) -> Iterator[str]:
    """Yield what is known of the place of one zone, then the opinion written by hand."""
    iris = towns.iris.loc[list(gap.cells)]
    communes = sorted({str(towns.communes.loc[c, "name"]) for c in iris["commune_code"]})
    names = ", ".join(map(str, iris["name"]))
    yield f"**{gap.rank}. {gap.name}** ({', '.join(communes)} : {names}). {facts_of(gap, towns, found)}\n"
    yield f"{opinion_of(gap.zone_id, OPINIONS)}\n"


def facts_of(gap: Gap, towns: Towns, found: Found) -> str:
    """Return what the lists say of the place: quarters, need, places near by."""
    table, iris = found.drawn.table, towns.iris.loc[list(gap.cells)]
    target = table.loc[iris.index, "target"]
    inside = iris.intersection(towns.quarters.union_all()).area / iris.area
    share = float((inside * target).sum() / target.sum())
    level = (gap.target / gap.residents) / (table["target"].sum() / table["residents"].sum())
    planted = share_in(gap.cells, table["target"], frozenset(found.drawn.planted))
    said = "aucune part plantée" if planted == 0 else f"plantée à {percent(planted)}"
    return (
        f"En quartier prioritaire : {percent(share)} ; taux de besoin : {number(level, 2)} fois la moyenne ; {said}. "
        f"{near_by(iris.union_all(), towns)}"
    )


def near_by(shape: object, towns: Towns) -> str:
    """Return the places that could hold a permanence within NEAR_M of a zone, nearest first."""
    away = towns.others.distance(shape).sort_values(kind="stable")
    close = away[away <= NEAR_M]
    where = f"dans la zone ou à moins de {distance(NEAR_M)}"
    if not len(close):
        return f"Aucun autre lieu publié {where}."
    names = dict.fromkeys(str(towns.others.loc[i, "name"]) for i in close.index)
    return f"Autres lieux publiés {where} : {', '.join(names)}."

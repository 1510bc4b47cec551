"""The chapter of docs/permanences_reelles.md on sectors: three posts, then two, four or eight."""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scripts.est_ensemble_sectors import (
    CONTACT_H,
    FIELD_H,
    MET,
    OUTING_H,
    OUTINGS,
    RIDE_MIN,
    SESSION_H,
    WEEKS,
)
from scripts.real_zones_tables import row
from territory.outputs.french import minutes, number, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

TOWNS = {
    "93006": "Bagnolet", "93008": "Bobigny", "93010": "Bondy", "93045": "Les Lilas", "93048": "Montreuil",
    "93053": "Noisy-le-Sec", "93055": "Pantin", "93061": "Le Pré-Saint-Gervais", "93063": "Romainville",
}  # fmt: skip
CUTS = {
    "report": "bilan (2, 4 et 3 communes)",
    "towns": "communes entières, heures égales",
    "towns_people": "communes entières, public égal",
    "report_iris": "bilan, mesuré par IRIS",
    "iris_0": "IRIS, limites ignorées",
    "iris_0.5": "IRIS, limites à demi tenues",
    "iris_1": "IRIS, limites gardées entières",
}
ENDINGS = {
    "optimal": "prouvé",
    "within_gap": "assez égal",
    "time_up": "non prouvé",
    "impossible": "impossible",
    "": "–",
}


def sector_lines(sectors: dict[str, Any]) -> Iterator[str]:
    """Yield the sectors, the changes of posts and the organisations."""
    yield "## Qui couvre quoi : trois postes, neuf communes\n"
    yield f"Charge en heures par semaine ({number(sectors['hours'], 1)} en tout) : {OUTINGS} sorties et événements par an de {number(OUTING_H)} h et {number(MET)} personnes touchées ({number(60 * CONTACT_H)} min chacune) partagées selon le public,"
    yield f"trajets depuis la permanence la plus proche ({number(RIDE_MIN)} min au plus), {number(SESSION_H)} h par permanence, là où elle se tient. Les nombres sont ceux du bilan, sur {number(WEEKS)} semaines ; les durées sont supposées.\n"
    yield "![Trois postes : bilan, communes entières, IRIS](images/secteurs_est_ensemble.png)\n"
    yield from cut_lines(sectors)
    yield from change_lines(sectors["changes"])
    yield from organisation_lines(sectors["organisations"])


def cut_lines(sectors: dict[str, Any]) -> Iterator[str]:
    """Yield the real sectors beside balanced ones."""
    yield row(
        (
            "découpage",
            "heures",
            "écart d’heures",
            "public",
            "écart de public",
            "marche au centre",
            "limites coupées",
            "preuve",
        )
    )
    yield row(["---"] * 8)
    for c in sectors["cuts"]:
        loads, people = (
            " / ".join(number(v, d) for v in c[k]) for k, d in (("loads", 1), ("people", 0))
        )
        yield row(
            (
                CUTS[c["name"]],
                loads,
                percent(c["deviation"]),
                people,
                percent(c["people_deviation"]),
                minutes(c["mean_min"]),
                str(c["splits"]),
                ENDINGS[c["ending"]],
            )
        )
    cuts = {c["name"]: c for c in sectors["cuts"]}
    yield ""
    for name in ("towns", "towns_people"):
        yield f"- {CUTS[name].capitalize()} : {parts(cuts[name]['towns'])}."
    report, best = cuts["report"], cuts["towns_people"]
    yield f"- **Le découpage du bilan est égal en public à {percent(report['people_deviation'])} près** ; aucun découpage en communes entières ne fait mieux que {percent(best['people_deviation'])}. En heures, l’écart est de {percent(report['deviation'])} : trois des cinq permanences"
    yield "  nommées sont chez C. Si les trois postes se partagent les permanences, seul l’écart de public compte, et rien n’oblige à redécouper. Il est d’un seul tenant et tient ensemble Pantin et Les Lilas, ce que les habitudes demandent."
    free = cuts["iris_0"]
    yield f"- Par IRIS et sans limites, des heures presque égales ({percent(free['deviation'])} d’écart) portent l’écart de public à {percent(free['people_deviation'])}, et coupent {free['splits']} fois une commune. **Ce qu’on égalise est un choix du territoire**, pas du calcul.\n"


def parts(towns: list[list[str]]) -> str:
    """Return « Bagnolet, Montreuil / Pantin... »."""
    return " / ".join(", ".join(TOWNS[c] for c in codes) for codes in towns)


def change_lines(changes: dict[str, Any]) -> Iterator[str]:
    """Yield what passes from whom to whom when post B is absent and when a fourth post comes."""
    titles = {
        "towns_absent": "B absent, communes entières", "iris_absent": "B absent, par IRIS",
        "towns_fourth": "un poste D de plus, communes entières", "iris_fourth": "un poste D de plus, par IRIS",
    }  # fmt: skip
    yield "### Quand les postes changent\n"
    yield "Public qui change de médiateur, le moins possible à 10 % d’écart d’heures près.\n"
    yield row(
        (
            "changement",
            "change de mains",
            "part",
            "inévitable",
            "écart d’heures",
            "preuve",
            "qui passe à qui",
        )
    )
    yield row(["---"] * 7)
    for key, title in titles.items():
        c = changes[key]
        moves = " ; ".join(f"{a} → {b} : {TOWNS[t]} ({number(v)})" for a, b, t, v in c["moves"])
        yield row(
            (
                title,
                number(c["people"]),
                percent(c["share"]),
                number(c["least"]),
                percent(c["deviation"]),
                ENDINGS[c["ending"]],
                moves,
            )
        )
    yield "\nQuand B s’absente, tout ce qu’il avait change de mains : le découpage ne peut qu’éviter d’y ajouter. Le poste D par communes fait changer bien plus de monde que par IRIS.\n"


def organisation_lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the organisations side by side."""
    yield "### Autres organisations, mêmes données\n"
    yield f"{number(FIELD_H)} heures dehors par poste et par semaine (supposé). *Présence* : heures par semaine où un médiateur est à moins de 15 min à pied d’une personne. *Sans personne* : public sans un quart d’heure par semaine. *Une absence* : cette part, la plus gênante des absences.\n"
    yield row(
        (
            "organisation",
            "public couvert",
            "présence",
            "sans personne",
            "trajets (h)",
            "contacts par an (95 %)",
            "une absence",
            "écart d’heures",
        )
    )
    yield row(["---"] * 8)
    for r in rows:
        contacts = f"{number(r['contacts_year'])} ({number(r['contacts_year_low'])} à {number(r['contacts_year_high'])})"
        yield row(
            (
                r["name"],
                percent(r["covered"]),
                f"{number(r['presence_h'], 1)} h",
                percent(r["without"]),
                number(r["travel_h"], 1),
                contacts,
                percent(r["absent_worst"]),
                percent(r["load_deviation"]),
            )
        )
    yield "\nUn poste par groupe de quartiers ne couvre que ceux-ci, par construction. À plus de cinq postes, l’écart d’heures des secteurs d’IRIS vient de ce qu’un seul IRIS de Noisy-le-Sec tient deux permanences : une unité ne se coupe pas."
    yield "Le modèle ne compte pas ce que la confiance d’une présence quotidienne ajouterait.\n"

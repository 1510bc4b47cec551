"""
Regenerate docs/zones.md: what each score finds of planted zones, from the measured figures.

The figures are those `python benchmarks/underserved.py --json benchmarks/underserved_measured.json`
wrote last; nothing is measured here.
"""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from territory.outputs.french import number, percent
from territory.simulate import SCENARIOS
from territory.simulate.baselines import BASELINES

MEASURED = ROOT / "benchmarks" / "underserved_measured.json"
PAGE = ROOT / "docs" / "zones.md"
METHODS = {
    "contacts_per_resident": "contacts par habitant",
    "contacts_per_need": "contacts par personne du public",
    "minutes": "minutes jusqu’à la permanence",
    "contact_density": "densité des contacts",
    "need_only": "besoin seul",
    "naive_composite": "somme de rangs (besoin, minutes, peu de contacts)",
    "outside_clusters": "hors des amas de contacts (DBSCAN)",
    "gate_only": "filtre seul",
    "gate_contacts_per_need": "filtre, puis contacts par personne du public",
    "gate_lowest_count": "filtre, puis le moins de contacts, puis le plus de besoin",
    "gate_gamma_poisson": "filtre, puis P(moins de la moitié de l’attendu)",
    "walk_kernel": "P(moins de la moitié), voisins à pied réunis",
    "gate_walk_kernel": "filtre, puis P(moins de la moitié), voisins à pied réunis",
    "gate_poisson_scan": "filtre, puis balayage à pied de Poisson",
    "product": "**territory**",
}
COMPARED = (
    "naive_composite",
    "gate_lowest_count",
    "walk_kernel",
    "gate_walk_kernel",
    "gate_poisson_scan",
)
TOWNS = {
    "grid": "ville en damier coupée par une barrière sinueuse à trois passages",
    "open": "la même ville sans barrière",
    "river": "fleuve à deux ponts, deux rives inégales",
    "radial": "vieille ville en anneaux, voie ferrée, faubourgs autour des gares",
    "estates": "grands ensembles en impasses entre trois autoroutes",
    "coast": "ville étirée le long de la mer, coupée par trois ravins",
}
SHORT = {
    "grid": "damier",
    "open": "damier sans barrière",
    "river": "fleuve",
    "radial": "vieille ville",
    "estates": "grands ensembles",
    "coast": "littoral",
}
WORLDS = {
    "default": "cas ordinaire (1 500 contacts, 85 % situés)",
    "few": "peu de contacts (600)",
    "many": "beaucoup de contacts (4 000)",
    "no_frailty": "hasard pur, sans quartier plus liant qu’un autre",
    "near": "zones plantées à moins de 8 minutes d’une permanence",
    "median": "zones plantées de besoin ordinaire",
    "mixed": "les trois sortes de zones ensemble",
    "clumped": "rencontres par groupes de quatre, en sortie",
    "null": "aucune zone plantée",
    "null_poisson": "aucune zone plantée, hasard pur",
    "null_exact": "aucune zone plantée, hasard pur, besoin connu, distance sans effet",
    "null_clumped": "aucune zone plantée, rencontres par groupes",
}


def main() -> None:
    """Write the page."""
    measured = json.loads(MEASURED.read_text(encoding="utf-8"))
    PAGE.write_text("\n".join(page(measured)) + "\n", encoding="utf-8")


def page(measured: dict[str, Any]) -> list[str]:
    """Return the lines of docs/zones.md."""
    cases, seeds = measured["cases"], measured["seeds"]
    return [
        "# Zones mal desservies : ce que trouve chaque façon de compter",
        "",
        "On ne sait jamais, sur un vrai territoire, quelles zones sont vraiment oubliées. On en dessine donc où on le sait : `territory.simulate.plant(graine)`.",
        f"Chaque chiffre est une moyenne sur {seeds['count']} territoires (graines {seeds['first']} à {seeds['first'] + seeds['count'] - 1}), qui n’ont servi à aucun réglage ; ± une erreur type.",
        "Page écrite par `python scripts/underserved_page.py` d’après `benchmarks/underserved.py`.",
        "",
        *planted_lines(),
        "## Cas ordinaire",
        "",
        *figures_table(cases["grid/default"]),
        "",
        "- **Aire** : chance qu’une personne du public d’une zone plantée ait un score plus haut qu’une autre ; 0,5 = au hasard.",
        "- **Précision moyenne** : part de public vraiment oublié quand on descend la liste des carreaux.",
        "- **Trouvées** : part des zones plantées dont la moitié du besoin est dans les 4 (ou 6) premières zones. **Juste** : part du besoin de ces zones qui est vraiment planté.",
        "- Toutes les zones sont tracées de la même façon, sauf celles des balayages : leurs fenêtres.",
        "- « Filtre » : à 8 minutes ou plus d’une permanence, et 0,9 fois le besoin moyen par habitant au moins. Les zones plantées ici passent ce filtre : **la comparaison juste est entre les lignes qui l’ont**.",
        "",
        *sure_lines(cases),
        "## Autres mondes",
        "",
        "Part des zones plantées que trouvent les six premières zones de chaque façon de compter ; entre parenthèses, l’aire.",
        "",
        *across(cases, [f"grid/{w}" for w in SCENARIOS if not w.startswith("null")], WORLDS),
        "",
        "Les mondes dont les zones ne passent pas le filtre disent ce qu’il coûte : une zone proche d’une permanence lui échappe toujours ; sans filtre, une partie est trouvée.",
        "",
        "## Autres villes",
        "",
        *across(cases, [f"{t}/default" for t in TOWNS], TOWNS),
        "",
        "## Ce que cela ne dit pas",
        "",
        "- Ces villes sont dessinées : elles ont des barrières, des impasses et des rives, pas la vie d’un quartier.",
        "- Le besoin y est connu à 15 % près ; les contacts y dépendent du besoin, un peu de la distance, et du hasard.",
        "- Une zone de 1,5 % du besoin y attend une vingtaine de contacts. Au-dessous d’une douzaine, rien ne peut être établi.",
    ]


def planted_lines() -> list[str]:
    """Return what a drawn territory holds."""
    return [
        "## Ce qui est planté",
        "",
        "1. Environ mille carreaux de 200 m, des rues, 16 permanences placées selon le besoin, des minutes à pied entre tous les carreaux.",
        "2. Des habitants et un public cible inégalement répartis ; l’analyste n’en voit qu’une estimation.",
        "3. **Quatre zones oubliées** : 1 à 3 % du besoin chacune, six carreaux au moins, un quart seulement des contacts habituels.",
        "4. **Des leurres** : deux zones lointaines mais bien servies par les sorties, trois zones oubliées de faible besoin, des parcs.",
        "5. Des contacts tirés au hasard, plus irréguliers que le hasard pur : certains carreaux se lient plus que d’autres. 15 % ne sont connus que par le lieu de rencontre.",
        "",
    ]


def figures_table(case: dict[str, Any]) -> list[str]:
    """Return the table of all methods in one case."""
    heads = ["aire", "précision moyenne", "trouvées (4)", "trouvées (6)", "juste (6)"]
    keys = ["auc", "average_precision", "hit4", "hit6", "precision6"]
    rows = [
        row(label(name), *[told(case[name][k], error=k == "auc") for k in keys])
        for name in ordered(case)
    ]
    return [row("façon de compter", *heads), rule(6), *rows]


def sure_lines(cases: dict[str, Any]) -> list[str]:
    """Return what the methods that claim zones claim wrongly, and how sure their chances are."""
    tested = [n for n in ordered(cases["grid/default"]) if cases["grid/default"][n]["alarm"]]
    worlds = [w for w in WORLDS if w.startswith("null")]
    empty = [f"{t}/{w}" for t in TOWNS for w in worlds if f"{t}/{w}" in cases]
    lines = [
        "## Zones annoncées à tort",
        "",
        "Part des territoires **sans aucune zone plantée** où une zone est pourtant déclarée établie (p ≤ 0,05) : il faudrait 5 %.",
        "",
        row("ville", "monde", *[label(n) for n in tested]),
        rule(2 + len(tested)),
    ]
    for case in empty:
        town, world = case.split("/")
        alarms = [rate(cases[case].get(n, {}).get("alarm")) for n in tested]
        lines.append(row(SHORT[town], WORLDS[world], *alarms))
    lines += [
        "",
        "La valeur p de Poisson, celle des manuels, n’est pas honnête pour des contacts de maraude : ils sont plus irréguliers que le hasard pur. Même sous le hasard pur,",
        "elle se trompe : le besoin n’est qu’estimé, et l’on rencontre un peu moins les gens qui habitent loin. Quand rien de cela n’est, elle tient à peu près.",
        "",
    ]
    return lines + calibration_lines(cases["grid/default"])


def calibration_lines(case: dict[str, Any]) -> list[str]:
    """Return what the stated chances are worth, for methods that state some."""
    lines = []
    for name in ordered(case):
        rows = case[name].get("calibration")
        if rows:
            lines += [f"Chances annoncées par {label(name)}, cas ordinaire :", ""]
            lines += [
                row("chance annoncée, à partir de", "zones", "besoin vraiment planté"),
                rule(3),
            ]
            lines += [
                row(percent(r["from"]), number(r["zones"]), percent(r["planted"])) for r in rows
            ]
            lines.append("")
    return lines


def across(cases: dict[str, Any], wanted: list[str], names: dict[str, str]) -> list[str]:
    """Return hits of the six first zones, a line a case and a column a method worth comparing."""
    methods = [*COMPARED, *(n for n in cases["grid/default"] if n not in BASELINES)]
    lines = [row("", *[label(m) for m in methods]), rule(1 + len(methods))]
    for case in (c for c in wanted if c in cases):
        town, world = case.split("/")
        name = names.get(world) or names[town]
        cells = [pair(cases[case].get(m)) for m in methods]
        lines.append(row(name, *cells))
    return lines


def ordered(case: dict[str, Any]) -> list[str]:
    """Return the methods, baselines first, in their order."""
    return [n for n in BASELINES if n in case] + [n for n in case if n not in BASELINES]


def label(name: str) -> str:
    """Return the French name of a method."""
    return METHODS.get(name, f"`{name}`")


def told(figure: list[float] | None, *, error: bool = False) -> str:
    """Return a figure, and its standard error when wanted."""
    if figure is None:
        return "–"
    return number(figure[0], 2) + (f" ± {number(figure[1], 2)}" if error else "")


def rate(figure: list[float] | None) -> str:
    """Return a share of territories."""
    return "–" if figure is None else percent(figure[0])


def pair(figures: dict[str, Any] | None) -> str:
    """Return hits, and the area in brackets."""
    return "–" if figures is None else f"{percent_of(figures['hit6'])} ({told(figures['auc'])})"


def percent_of(figure: list[float] | None) -> str:
    """Return the share as a percentage."""
    return "–" if figure is None else percent(figure[0])


def row(*cells: str) -> str:
    """Return one line of a table."""
    return "| " + " | ".join(cells) + " |"


def rule(columns: int) -> str:
    """Return the line under the heads."""
    return "|" + " --- |" * columns


if __name__ == "__main__":
    main()

"""Write docs/permanences.md: how places and half-days are chosen, and what was measured."""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from territory.outputs.french import number, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

MEASURED = ROOT / "benchmarks" / "siting_measured"
SAID = {
    "optimal": "prouvé",
    "within_gap": "à l'écart accepté",
    "time_up": "temps écoulé",
    "RuntimeError": "erreur",
    "no answer (Empty)": "sans réponse",
}
Row = dict[str, Any]
INTRODUCTION = """\
# Permanences : quel lieu, quelle demi-journée

Une punaise sur une carte n'est pas une réponse : `territory sites` propose un **lieu avec sa demi-journée**.

## La question posée

Une *option* est un lieu, une demi-journée. Elle existe si le lieu peut accueillir, s'il est ouvert le temps d'une
permanence et si quelqu'un de l'équipe est libre. Les permanences tenues aujourd'hui sont des options comme les autres,
gardées sauf avis contraire (`deplacables`, `fermables`).

Le public de chaque carreau choisit entre les permanences ouvertes **et ne pas venir** (Huff 1963). Une option attire selon
la marche, le public, la demi-journée, le marché voisin ; « rester chez soi » attire aussi. De ceux d'un carreau, une option
reçoit la part de son attrait dans la somme des attraits. D'où, sans rien ajouter :

- une permanence de plus prend du monde à ses voisines, et on voit à laquelle (Les Lilas et Pantin) ;
- une deuxième demi-journée au même endroit apporte moins que la première ;
- au-delà de la capacité d'une demi-journée, les personnes sont refusées, comptées comme perdues, et dites.

L'objectif est le nombre de personnes reçues par semaine. Les limites : heures de l'équipe, médiateurs libres par
demi-journée, demi-journées par lieu, nombre d'ouvertures et de fermetures, fréquentation minimale, garantie « aucun QPV à
plus de n minutes ». Une demande impossible reçoit la plus petite chose à relâcher et la meilleure réponse partielle.

Ce qui est supposé est dit à chaque réponse : combien de visites par personne (mesuré sur le journal s'il suffit, avec
intervalle, sinon une hypothèse), l'attrait de rester chez soi, celui d'un marché. Les nombres de personnes servent à
comparer des choix.

## Ce qui est prouvé

La recherche (ajouts, retraits, échanges, secousses) donne un bon choix. La preuve est un programme linéaire de coupes
qu'aucun choix ne peut dépasser : pour chaque groupe de carreaux, le plus bas de plusieurs plans au-dessus de la part de
Huff (approximation extérieure, modèle linéaire de choix de Haase 2009, plans sous-modulaires) ; pour chaque demi-journée
qui déborde, un minimum de personnes refusées. Les options que leur coût réduit exclut sont ôtées, puis HiGHS cherche des
choix entiers. « Aucun autre choix ne reçoit plus de monde » n'est écrit que si la borne le dit. Quand peu de
demi-journées s'ouvrent, tous les choix sont examinés (énumération bornée).

Les questions classiques ont leurs propres moteurs, toujours avec une borne : `max_cover` (couverture maximale, budget),
`p_median` (distance moyenne, capacités), `p_center` (le plus mal servi).
"""


def main() -> None:
    """Write the page from the stored figures; say which are missing."""
    if not MEASURED.exists():
        print("Aucune mesure : lancez benchmarks/siting.py.")
        return
    lines = [
        INTRODUCTION,
        "## Mesuré\n",
        "`benchmarks/siting.py`, deux cœurs. Secondes de processeur",
    ]
    lines[-1] += (
        ", sauf mention ; « écart » : au meilleur connu ; « certifié » : entre la valeur et la borne prouvée.\n"
    )
    lines += [*medians(), *covers(), *centers(), *slots()]
    (ROOT / "docs" / "permanences.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def rows(name: str) -> list[Row]:
    """Return the figures of one part of the benchmark, none when it was not run."""
    path = MEASURED / f"{name}.json"
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else []


def medians() -> Iterable[str]:
    """Yield what was measured of the p-median."""
    quick, rooms = rows("median"), rows("median_rooms")
    plain = [r for r in quick if r["best"]]
    yield "### p-médiane (OR-Library)\n"
    if plain:
        optimal = sum(abs(r["gap"]) < 1e-9 for r in plain)
        proved = sum(r["status"] == "optimal" for r in plain)
        worst = max(r["certified"] for r in plain)
        yield f"- {len(plain)} fichiers, 4 s chacun : {optimal} à l'optimum publié, {proved} prouvés ; écart certifié le plus grand {percent(worst, 2)}."
        yield f"- Temps de processeur le plus long : {number(max(r['cpu_s'] for r in plain), 1)} s."
    yield from (
        f"- Ville tirée au sort {r['case']} : écart certifié {percent(r['certified'], 2)} en {number(r['cpu_s'], 1)} s, {number(r['mb'])} Mo."
        for r in quick
        if not r["best"]
    )
    if rooms:
        best = sum(abs(r["gap"]) < 1e-9 for r in rooms)
        worst = max(rooms, key=lambda r: r["gap"])
        proved = sum(r["status"] == "optimal" for r in rooms)
        yield f"- Avec capacités ({len(rooms)} fichiers, 10 s) : {best} au meilleur connu, pire écart {percent(worst['gap'], 2)} ({worst['case']}), {proved} prouvés."
    yield from peers(rows("median_peers"), "case", "method", "status")


def covers() -> Iterable[str]:
    """Yield what was measured of covering."""
    yield "\n### Couverture maximale\n"
    small = [r for r in rows("cover") if r["solver"] == "ours" and r["best_known"]]
    if small:
        best = sum(abs(r["value"] - r["best_known"]) < 1e-6 * r["best_known"] for r in small)
        yield f"- SJC : {best} sur {len(small)} à l'optimum, le plus long {number(max(r['cpu_s'] for r in small), 1)} s."
    large = [r for r in rows("cover") if r["name"] == "5000x1000"]
    for r in large:
        if "value" in r:
            name = "ici" if r["solver"] == "ours" else "HiGHS seul"
            gap = abs(r["bound"] - r["value"]) / r["bound"]
            yield f"- 5 000 x 1 000, p = 20, {name} : certifié {percent(gap, 2)}, {number(r['cpu_s'], 1)} s, {number(r['mb'])} Mo."
    cities = [r for r in rows("cover_cities") if "value" in r]
    if cities:
        yield "\n| ville | p | ici : écart | certifié | s | HiGHS seul : écart | s |"
        yield "| --- | --- | --- | --- | --- | --- | --- |"
        for r in (r for r in cities if r["solver"] == "ours"):
            peer = [
                o
                for o in cities
                if (o["name"], o["p"]) == (r["name"], r["p"]) and o["solver"] == "highspy"
            ]
            theirs = (
                f"{percent(off(peer[0]), 2)} | {number(peer[0]['cpu_s'], 0)}"
                if peer
                else "sans réponse | "
            )
            sure = percent(abs(r["bound"] - r["value"]) / r["bound"], 2)
            yield f"| {r['name']} | {r['p']} | {percent(off(r), 2)} | {sure} | {number(r['cpu_s'], 0)} | {theirs} |"
    yield from peers(rows("cover_peers"), "name", "solver", "ending")


def off(row: Row) -> float:
    """Return the share of the best known that a value is short of."""
    return float((row["best_known"] - row["value"]) / row["best_known"])


def centers() -> Iterable[str]:
    """Yield what was measured of the p-center."""
    found = [r for r in rows("center") if r["solver"] == "ours"]
    if found:
        yield "\n### p-centre\n"
        yield (
            "; ".join(
                f"{r['name']} : {number(r['value'])} (publié {number(r['best_known'])}), {SAID[r['ending']]}, {number(r['cpu_s'], 1)} s"
                for r in found
            )
            + "."
        )


def slots() -> Iterable[str]:
    """Yield what was measured of places with half-days."""
    found = rows("slots")
    if not found:
        return
    yield "\n### Lieu et demi-journée : 1 000 carreaux, 150 lieux, 10 demi-journées, avec capacités\n"
    yield "20 s d'horloge. « Rester » : attrait de rester chez soi ; plus il est faible, plus une permanence de plus fait double"
    yield "emploi, et plus la preuve est difficile. « Pleines » : plusieurs demi-journées débordent.\n"
    yield "| rester | affluence | écarts certifiés (3 villes) | fins | s |"
    yield "| --- | --- | --- | --- | --- |"
    for outside, crowd in dict.fromkeys((r["outside"], r["crowd"]) for r in found):
        same = [r for r in found if (r["outside"], r["crowd"]) == (outside, crowd)]
        gaps = ", ".join(percent(r["gap"], 2) for r in same)
        ends = ", ".join(sorted({SAID[r["ending"]] for r in same}))
        word = "faible" if crowd == "few" else "pleines"
        yield f"| {number(outside)} | {word} | {gaps} | {ends} | {number(max(r['cpu_s'] for r in same), 1)} |"
    for r in rows("slots_peer"):
        if r["method"] != "ours" and (r["outside"], r["crowd"]) == (3.0, "few"):
            ours = next(
                o for o in found if (o["seed"], o["outside"], o["crowd"]) == (r["seed"], 3.0, "few")
            )
            yield (
                f"\nLe même problème (rester 3, affluence faible) donné tel quel à HiGHS : {number(r['people'], 1)} personnes après "
                f"{number(r['cpu_s'], 0)} s, écart {percent(r['gap'], 0)} ; ici {number(ours['people'], 1)} personnes en "
                f"{number(ours['cpu_s'], 1)} s, écart {percent(ours['gap'], 2)}."
            )


def peers(found: list[Row], name: str, solver: str, ending: str) -> Iterable[str]:
    """Yield the table of peers measured in one run."""
    if not found:
        return
    yield "\n| instance | méthode | modèle (s) | en tout (s) | valeur | ce que la méthode en dit | Mo |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for r in found:
        value = number(r["value"], 1) if r.get("value") is not None else "sans réponse"
        built = number(r["build_s"], 2) if r.get("build_s") is not None else ""
        spent = number(r["cpu_s"], 2) if r.get("cpu_s") is not None else ""
        memory = number(r["mb"] + r.get("child_mb", 0)) if r.get("mb") is not None else ""
        best = r.get("best") or r.get("best_known")
        lies = str(r[ending]).lower() == "optimal" and best and abs(r["value"] - best) > 1e-6 * best
        said = SAID.get(r[ending], f"« {r[ending]} »")
        said += f" (faux : {number(best)})" if lies else ""
        method = "ici" if r[solver] == "ours" else r[solver]
        yield (
            f"| {r[name]} p {r['p']} | {method} | {built} | {spent} | {value} | {said} | {memory} |"
            if "p" in r
            else f"| {r[name]} | {method} | {built} | {spent} | {value} | {said} | {memory} |"
        )


if __name__ == "__main__":
    main()

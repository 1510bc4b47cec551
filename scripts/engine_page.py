"""Write docs/moteur_de_marche.md and its picture from what `benchmarks/network.py` measured."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from territory.outputs.french import number

MEASURED = ROOT / "benchmarks" / "network_measured.json"
PAGE = ROOT / "docs" / "moteur_de_marche.md"
PICTURE = ROOT / "docs" / "images" / "moteur_croissance.png"
NAMES = {"bondy": "Bondy", "heidelberg": "Heidelberg", "porto": "Porto"}
COLUMNS = {
    "prepare": "préparation", "matrix": "matrice", "limited": "limitée", "nearest": "plus proche",
    "paths": "chemins", "pace": "autre allure",
}  # fmt: skip
PARTLY = {"matrix", "limited", "paths"}
GROWTH = ("50000", "500000", "2000000")
INTRO = """# Le moteur de marche : ce qui a été mesuré

Toutes les réponses de l'outil reposent sur des minutes à pied. Elles sont **exactes** : aux
arrondis près, celles de l'algorithme de référence (Dijkstra), quels que soient l'ordre des rues,
les sens interdits aux piétons, la pente ou l'allure.

Comment : les nœuds sont rangés par dissection (coupes droites du plan, affinées par des flots là
où le moins de rues traversent), puis contractés ; les raccourcis ne dépendent pas des durées,
qu'une autre allure recalcule sans rien reconstruire ; un balayage descendant répond à des
milliers de lieux à la fois (Dibbelt, Strasser, Wagner 2016 ; Delling et al. 2011). Le tout en
petites boucles compilées par numba, gardées sur le disque avec les produits des grandes villes et
rouvertes par projection en mémoire, leur empreinte vérifiée. Une petite question ne charge rien
de cela.

Mesuré par `benchmarks/network.py`, tous les moteurs dans le même passage sur deux cœurs ;
**secondes de processeur (tous fils) / secondes d'horloge**, meilleur de trois ; entre
parenthèses, combien de fois le processeur de territory. « matrice » : 600 × 5 000 lieux ; «
limitée » : les mêmes dans la demi-heure ; « plus proche » : de chaque nœud vers le plus proche de
50 lieux ; « chemins » : 200 × 200 avec tous les nœuds parcourus ; « autre allure » : les mêmes
rues à une autre vitesse. Une étoile : demandé en partie, puis extrapolé. Page écrite par `python
scripts/engine_page.py`.
"""


def main() -> None:
    """Write the page and the picture of growth."""
    measured = json.loads(MEASURED.read_text(encoding="utf-8"))
    specs = [s for s in measured if s not in {"compiled", *GROWTH}]
    parts = [INTRO, *(town(spec, measured[spec]) for spec in specs)]
    parts += [growth(measured), bars(measured), LIMITS]
    PAGE.write_text("\n".join(parts), encoding="utf-8")
    draw_growth(measured)


def town(spec: str, found: dict[str, Any]) -> str:
    """Return the table of one graph."""
    name = NAMES.get(spec, "Ville dessinée")
    title = f"## {name}, {whole(found['nodes'])} nœuds, {whole(found['streets'])} tronçons"
    head = f"| moteur | {' | '.join(COLUMNS.values())} | écart (s) | Mo |"
    rows = [row(engine, found["engines"]) for engine in found["engines"]]
    return "\n".join([title, "", head, "|" + " --- |" * (len(COLUMNS) + 3), *rows, ""])


def row(engine: str, engines: dict[str, Any]) -> str:
    """Return the line of one engine."""
    told, ours = engines[engine], engines["territory"]
    cells = [cell(told, ours, column, engine) for column in COLUMNS]
    error = plain(told["error_s"]) if "error_s" in told else "–"
    label = "**territory**" if engine == "territory" else engine
    return f"| {label} | {' | '.join(cells)} | {error} | {told['peak_mb']} |"


def cell(told: dict[str, Any], ours: dict[str, Any], column: str, engine: str) -> str:
    """Return « CPU / clock (×ratio) », or a dash for what the engine does not answer."""
    if column not in told:
        return "–"
    cpu, wall = told[column]
    star = "*" if told["share"] < 1 and column in PARTLY else ""
    ratio = ""
    if engine != "territory" and column in ours:
        ratio = f" (×{plain(cpu / ours[column][0])})"
    return f"{plain(cpu)}{star} / {plain(wall)}{ratio}"


def growth(measured: dict[str, Any]) -> str:
    """Return seconds of processor from 50,000 to 2 million nodes, and the exponents."""
    lines = [
        "## Quand la ville grandit", "",
        "Villes dessinées ; secondes de processeur. L'exposant est celui de la croissance, du plus",
        "petit au plus grand.",
        "", "![Croissance](images/moteur_croissance.png)", "",
        f"| moteur | question | {' | '.join(whole(int(s)) for s in GROWTH)} | exposant | Mo |",
        "|" + " --- |" * (len(GROWTH) + 4),
    ]  # fmt: skip
    for engine in ("territory", "routingkit_cch", "scipy"):
        for column in ("prepare", "matrix", "nearest", "paths", "pace"):
            values = series(measured, engine, column)
            if len(values) == len(GROWTH):
                peak = measured[GROWTH[-1]]["engines"][engine]["peak_mb"]
                told = " | ".join(map(plain, (*values.values(), exponent(values))))
                lines.append(f"| {engine} | {COLUMNS[column]} | {told} | {peak} |")
    return "\n".join([*lines, ""])


def series(measured: dict[str, Any], engine: str, column: str) -> dict[int, float]:
    """Return CPU seconds by number of nodes."""
    found = {}
    for spec in GROWTH:
        told = measured.get(spec, {"engines": {}})["engines"].get(engine, {})
        if column in told:
            found[measured[spec]["nodes"]] = told[column][0]
    return found


def exponent(values: dict[int, float]) -> float:
    """Return the exponent of growth between the smallest and the largest."""
    nodes = list(values)
    return float(np.log(values[nodes[-1]] / values[nodes[0]]) / np.log(nodes[-1] / nodes[0]))


def bars(measured: dict[str, Any]) -> str:
    """Return each bar of the plan beside what was measured."""
    city, porto = measured["60000"]["engines"], measured["porto"]["engines"]
    large = measured[GROWTH[-1]]["engines"]
    rows = []
    for name, engines in (("ville dessinée", city), ("Porto", porto)):
        ours = engines["territory"]
        times = partial(ratio_of, engines)

        rows += [
            (f"matrice, {name} : scipy, processeur", "≥ 30", times("scipy", "matrix")),
            (f"matrice, {name} : scipy, horloge", "≥ 60", times("scipy", "matrix", 1)),
            (f"matrice, {name} : networkx", "≥ 1 000", times("networkx", "matrix")),
            (f"matrice, {name} : pandana", "≥ 250", times("pandana", "matrix")),
            (f"matrice, {name} : RoutingKit (la meilleure des deux)", "≥ 3",
             min(times("pyroutingkit", "matrix"), times("routingkit_cch", "matrix"))),
            (f"plus proche, {name} : scipy", "≥ 3", times("scipy", "nearest")),
            (f"chemins, {name} : scipy", "≥ 3", times("scipy", "paths")),
            (f"chemins, {name} : RoutingKit", "≥ 1,3", times("routingkit_cch", "paths")),
            (f"préparation, {name} (s)", "≤ 1", ours["prepare"][0]),
        ]  # fmt: skip
    matrix, prepare = (series(measured, "territory", c) for c in ("matrix", "prepare"))
    rows += [
        ("préparation, 2 millions (s)", "≤ 60", large["territory"]["prepare"][0]),
        ("mémoire, 2 millions (Mo)", "≤ 3 000", large["territory"]["peak_mb"]),
        ("matrice, 2 millions : scipy", "≥ 100",
         large["scipy"]["matrix"][0] / large["territory"]["matrix"][0]),
        ("exposant de la matrice", "≤ 0,95", exponent(matrix)),
        ("exposant de la préparation", "≤ 1,3", exponent(prepare)),
        ("compilation à la première utilisation (s)", "≤ 12", measured["compiled"]["cold_s"]),
        ("la même, passages à pied compris (s)", "≤ 25", measured["compiled"]["cold_with_flows_s"]),
        ("chargement dans un processus (s)", "≤ 1,2", measured["compiled"]["load_s"]),
    ]  # fmt: skip
    lines = [
        "## Les barres du projet",
        "",
        "| mesure | barre | trouvé | |",
        "| --- | --- | --- | --- |",
    ]
    for label, bar, value in rows:
        lines.append(f"| {label} | {bar} | {plain(value)} | {verdict(bar, value)} |")
    return "\n".join([*lines, ""])


def ratio_of(engines: dict[str, Any], engine: str, column: str, clock: int = 0) -> float:
    """Return how many times ours an engine takes, in CPU seconds or by the clock (1)."""
    return float(engines[engine][column][clock] / engines["territory"][column][clock])


def verdict(bar: str, value: float) -> str:
    """Say whether a value keeps to its bar."""
    limit = float(bar[2:].replace(" ", "").replace(",", "."))
    return "oui" if (value >= limit if bar[0] == "≥" else value <= limit) else "**non**"


def plain(value: float) -> str:
    """Return three figures, in French."""
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return whole(float(f"{value:.3g}"))
    return f"{value:.3g}".replace(".", ",") if abs(value) >= 1e-4 else "< 0,0001"


def whole(value: float) -> str:
    """Return a whole number with its thousands apart."""
    return str(number(round(value)))


def draw_growth(measured: dict[str, Any]) -> None:
    """Draw processor seconds against nodes, both in powers of ten."""
    figure = Figure(figsize=(8, 3.6), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    marks = {"territory": "o-", "routingkit_cch": "s--", "scipy": "^:"}
    for panel, column in zip(panels, ("prepare", "matrix"), strict=True):
        for engine, mark in marks.items():
            values = series(measured, engine, column)
            panel.loglog(list(values), list(values.values()), mark, label=engine, color="black",
                         linewidth=2 if engine == "territory" else 1)  # fmt: skip
        panel.set_title({"prepare": "préparation", "matrix": "matrice 600 × 5 000"}[column])
        panel.set_xlabel("nœuds")
        panel.grid(which="major", alpha=0.3)
    panels[0].set_ylabel("secondes de processeur")
    panels[0].legend(frameon=False)
    figure.savefig(PICTURE, dpi=110)


LIMITS = """## Limites

- Un chemin entre deux lieux, seul, est cherché par scipy : charger le moteur coûterait plus.
- Les durées de la matrice sont des nombres entiers d'unités (1/4 096 s à Porto) : deux réponses
  peuvent différer d'un millième de seconde selon que le moteur ou scipy a répondu. Les chemins
  sont comptés en nombres exacts (float64).
- Changer d'allure prend trois à cinq fois le temps de RoutingKit ; le nôtre compte aussi la mise
  en ordre des durées données.
- OSRM et Valhalla ne s'installent pas ici (Python 3.11) ; leurs mesures d'avant sont dans le plan
  du projet.
"""

if __name__ == "__main__":
    main()

"""Write docs/secteurs.md: how sectors are cut and compared, and what was measured."""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

import json
import sys
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from territory.outputs.french import number, percent

if TYPE_CHECKING:
    from collections.abc import Iterable

MEASURED = ROOT / "benchmarks" / "sectors_measured.json"
BAR = 1.1
INTRODUCTION = """\
# Secteurs : qui couvre quoi

`territory sectors` partage le territoire entre les médiateurs : d'un seul tenant le long des rues, de charge égale **en
heures**, compacts **en minutes**.

- **Charge** : heures par semaine, part par part : avec le public en sortie, marche pendant la sortie, marche pour y aller et
  revenir, permanences tenues, suites données aux contacts. Le besoin partage ce qui n'a pas de lieu. Inconnu n'est pas zéro :
  une unité sans charge connue compte comme la moyenne de sa commune, et c'est dit.
- **D'un seul tenant** : deux carreaux sont voisins s'ils se touchent et si l'on va de l'un à l'autre à pied sans détour : un
  canal, une voie ferrée, le périphérique se passent à leurs ponts seulement.
- **Limites** (`limites`) : communes ou unités territoriales gardées entières (`fermes`), coupées si cela en vaut la peine
  (`souples`), ou sans effet (`aucune`). Réserves : une unité reste à une personne.
- **Reprise** : à une absence, à un poste de plus (`--absent`, `--posts`), le découpage qui fait changer le moins de monde de
  visage ; ce qui change est listé, avec les partenaires à présenter. Un lieu sensible n'est que compté.
- **Organisations** (`--compare`) : plusieurs villes par médiateur, un quartier par médiateur, 4 à 8 postes, sur les mêmes
  données : présence, marche perdue, contacts attendus avec intervalle, tenue à une absence. Le modèle ne connaît ni la
  confiance ni le bouche-à-oreille : il ne peut pas donner raison à « un quartier par médiateur », il dit ce que cette
  organisation devrait rattraper.
- **Grand territoire** : au-delà de 4 000 carreaux, on partage 2 000 blocs de carreaux voisins d'une même commune, dont les heures
  sont celles de leurs carreaux ; reprises et organisations aussi. Ce qui change de mains reste dit carreau par carreau.

Ordre des critères : le moins de morceaux, puis l'écart à la part égale au-delà de la tolérance, puis la compacité. « Aucun
découpage n'est plus équilibré » n'est écrit que si c'est prouvé : énumération jusqu'à 14 unités, programme en nombres
entiers jusqu'à 40. Au-delà, « les charges ne s'écartent pas plus que demandé ».

Méthode : centres par k-moyennes pondérées, transport équilibré vers les centres (programme linéaire, HiGHS), réparation des
morceaux, puis bordures déplacées et échangées sur la charge et l'inertie, avec secousses ; plusieurs départs, même graine,
même réponse tant que la recherche finit avant son horloge.
"""


def main() -> None:
    """Write the page from the stored figures; say when there are none."""
    if not MEASURED.exists():
        print("Aucune mesure : lancez benchmarks/sectors.py.")
        return
    found = json.loads(MEASURED.read_text(encoding="utf-8"))
    text = "\n".join([INTRODUCTION, *measured(found)]) + "\n"
    (ROOT / "docs" / "secteurs.md").write_text(text, encoding="utf-8")


def measured(found: list[dict[str, Any]]) -> Iterable[str]:
    """Yield the tables: ours on all seeds, then beside the others on the first one."""
    yield "## Mesuré\n"
    yield "`benchmarks/sectors.py` : damier à quatre endroits denses. « Inertie » : à côté de k-moyennes pondérées, qui"
    yield "n'équilibrent rien. Secondes de processeur.\n"
    ours = [r for r in found if r["method"] == "ours"]
    for cells, k in dict.fromkeys((r["cells"], r["k"]) for r in ours):
        same = [r for r in ours if (r["cells"], r["k"]) == (cells, k)]
        ratios = [r["inertia_ratio"] for r in same]
        yield (
            f"- {number(cells)} carreaux, {k} secteurs, {len(same)} tirage{'s' if len(same) > 1 else ''} : écart de charge au plus "
            f"{percent(max(r['deviation'] for r in same), 1)}, morceaux en trop {max(r['pieces'] for r in same)}, inertie "
            f"× {number(median(ratios), 2)} (médiane), {sum(r <= BAR for r in ratios)} fois sur {len(same)} à × 1,1 ou moins, au plus "
            f"× {number(max(ratios), 2)} ; {number(max(r['cpu_s'] for r in same), 1)} s au plus."
        )
    yield "\n| carreaux | méthode | écart de charge | morceaux en trop | inertie | s |"
    yield "| --- | --- | --- | --- | --- | --- |"
    yield from (line(r) for r in found if r["seed"] == 0)


def line(row: dict[str, Any]) -> str:
    """Return one row of the table."""
    name = "ici" if row["method"] == "ours" else row["method"]
    head = f"| {number(row['cells'])} | {name} |"
    if "failed" in row:
        slow = row["failed"].startswith("too slow")
        return f"{head} {'non lancé : trop lent' if slow else 'sans réponse en une minute'} | | | |"
    return (
        f"{head} {percent(row['deviation'], 1)} | {row['pieces']} | × {number(row['inertia_ratio'], 2)} | "
        f"{number(row['cpu_s'], 1)} |"
    )


if __name__ == "__main__":
    main()

"""Write docs/acces.md: what product 55 says, read on Bondy, and what was measured."""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.bondy import prepare_bondy
from territory.analysis.access import DAYS
from territory.analysis.access_slots import SLOT_TITLES
from territory.analysis.access_supply import SUPPLY_TITLES
from territory.analysis.quarters import in_force
from territory.outputs.french import number, percent
from territory.pipeline.steps import build
from territory.pipeline.workspace import Built, open_territory
from tests.real_data import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

MEASURED = ROOT / "benchmarks" / "access_measured.json"
INTRODUCTION = """\
# Accès : qui a une permanence à portée, quand, et combien ils sont à se la partager

Le produit `55_access` répond par carreau de 200 m. Les minutes sont à pied, par les rues. Hors de portée vaut 0 heure,
jamais « inconnu » : les carreaux les plus mal servis restent dans le classement.

- **Heures tenues** (`staffing`) : les heures de chaque médiateur, par lieu et demi-journée. Une permanence des semaines
  paires ou impaires compte pour moitié ; celle qui passe 12 h 30 est partagée entre les deux demi-journées.
- **Heures pour 1 000 personnes** (`supply`) : ces heures partagées entre les personnes du public qui peuvent venir. Une
  permanence à 10 min pèse moitié moins qu'à la porte, et rien au-delà de 25 min (`demi_min`, `limite_min`).
- **De l'autre côté de la limite** : les habitants et les lieux connus à moins de 2 km (`marge_m`) entrent dans le calcul
  et n'apparaissent jamais dans les résultats. Leur public est estimé au même rapport qu'ici (par ménage pauvre).
- **`edge`** : carreau à moins de 800 m (`bord_m`) de la limite, sans habitants connus au-delà. À lire avec prudence.

| colonne de `supply` | titre |
| --- | --- |
{supply}

| colonne de `slot_reach` | titre |
| --- | --- |
{slots}

Les cinq méthodes : 2SFCA (Luo et Wang 2003), E2SFCA (Luo et Qi 2009, décroissance de Dai 2010), 3SFCA (Wan et al. 2012),
FCA équilibrée (Paez et al. 2019), disponibilité spatiale (Soukhov et al. 2023). La dernière distribue exactement les
heures offertes ; 2SFCA et E2SFCA comptent la même personne auprès de chaque permanence à sa portée. D'où la table
`agreement` : si les méthodes ou les distances ne désignent pas les mêmes carreaux, il ne faut pas conclure.
"""


def main() -> None:
    """Build Bondy and write the page; say so when its files are not here."""
    if not FOLDER.exists():
        print("Les fichiers réels de Bondy ne sont pas là : docs/acces.md reste tel quel.")
        return
    with tempfile.TemporaryDirectory() as workshop:
        folder = Path(workshop) / "bondy"
        prepare_bondy(FOLDER, folder)
        built = build(open_territory(folder))
        text = INTRODUCTION.format(supply=titles(SUPPLY_TITLES), slots=titles(SLOT_TITLES))
        lines = [text, *bondy(built), *measured()]
    (ROOT / "docs" / "acces.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def titles(known: dict[str, str]) -> str:
    """Return the rows of a table of columns and titles."""
    return "\n".join(f"| `{column}` | {title} |" for column, title in known.items())


def bondy(built: Built) -> Iterable[str]:
    """Yield what the product says of Bondy: quarters, half-days, agreement, edge."""
    product = built.products["55_access"]
    yield "## Bondy (activités et permanences simulées)\n"
    yield "| | public | min. (médiane) | à 15 min | structures à 15 min | h pour 1 000 | au bord |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    yield from quarter_rows(built)
    yield "\nMoyennes et médianes sur les personnes du public, non sur les carreaux.\n"
    yield from (f"- {sentence}" for sentence in product.facts["sentences"])
    yield f"- {wednesday(product.tables['slots'])}"
    yield f"- {product.facts['edge']}"
    yield "\n| comparé à l'E2SFCA | accord des rangs | dixième le moins servi | dixième le mieux servi |"
    yield "| --- | --- | --- | --- |"
    for name, row in product.tables["agreement"].iterrows():
        figures = " | ".join(number(v, 2) for v in row)
        yield f"| {SUPPLY_TITLES[str(name)]} | {figures} |"


def quarter_rows(built: Built) -> Iterable[str]:
    """Yield a row for the town, for each quarter in force that holds cells, and for the rest."""
    cells, zones = built.table("cells").sort_index(), in_force(built.table("zones"))
    zones = zones[zones["kind"] == "qpv"]
    table = built.table("access").join(built.table("need")["target"])
    middle = cells.geometry.representative_point()
    yield quarter_row("Bondy", table)
    for _, zone in zones.iterrows():
        inside = table[middle.within(zone.geometry).to_numpy()]
        if inside["target"].sum() >= 50:
            yield quarter_row(str(zone["name"]), inside)
    yield quarter_row("hors QPV", table[~middle.within(zones.geometry.union_all()).to_numpy()])


def quarter_row(name: str, rows: pd.DataFrame) -> str:
    """Return one row: means and medians are over the people of the target."""
    ordered = rows.sort_values("minutes_permanence")
    people = ordered["target"].fillna(0.0).to_numpy(float)
    middle = np.searchsorted(people.cumsum(), people.sum() / 2)
    walk = ordered["minutes_permanence"].to_numpy(float)

    def mean(column: str) -> float:
        return float((ordered[column].to_numpy(float) * people).sum() / people.sum())

    figures = [
        number(people.sum()),
        number(walk[middle], 0) if np.isfinite(walk[middle]) else "hors de portée",
        percent(people[walk <= 15].sum() / people.sum()),
        number(mean("structures_15"), 1),
        number(mean("staff_h_1000"), 2),
        percent(mean("edge")),
    ]
    return f"| {name} | {' | '.join(figures)} |"


def wednesday(slots: pd.DataFrame) -> str:
    """Say what somebody free on Wednesday afternoons only can reach."""
    walk = slots[f"{DAYS[2]} apres-midi"]
    if not np.isfinite(walk).any():
        return "Une personne libre le seul mercredi après-midi n'a aucune permanence, où qu'elle habite."
    return (
        f"Libre le seul mercredi après-midi : {percent((walk <= 15).mean())} des carreaux à 15 min."
    )


def measured() -> Iterable[str]:
    """Yield the figures of the benchmark, as they were stored."""
    yield "\n## Mesuré\n"
    yield "`benchmarks/access.py`, secondes de processeur, même passage ; « vides » : carreaux que rien ne dessert.\n"
    yield "| taille | méthode | ici | paquet access | écart | vides ici | vides dans access |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for found in json.loads(MEASURED.read_text(encoding="utf-8")):
        yield from (
            measured_row(found["size"], name, cell)
            for name, cell in found.items()
            if isinstance(cell, dict)
        )


def measured_row(size: str, method: str, cell: dict[str, Any]) -> str:
    """Return one row of the benchmark."""
    peer, gap, empty = "sans équivalent", "", ""
    if "peer_s" in cell:
        peer = f"{number(cell['peer_s'], 3)} s ({number(cell['ratio'], 1)} fois)"
        gap, empty = f"{cell['gap']:.0e}", f"{cell['peer_nan']} NaN"
    ours = f"{number(cell['ours_s'], 3)} s"
    return f"| {size} | {method} | {ours} | {peer} | {gap} | {cell['ours_zero']} à 0 | {empty} |"


if __name__ == "__main__":
    main()

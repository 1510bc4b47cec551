"""What the pages about real towns share: the table of zones, and how much of a planted truth."""

# ruff: noqa: E501 - French sentences

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.zone_reasons import distance_share
from territory.outputs.french import minutes, number, percent, small_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from territory.model.results import Gap

HEADS = (
    "rang", "zone", "unités", "verdict", "rencontrées", "attendues", "rapport (95 %)", "marche", "manque",
    "p", "retrouvée", "distance", "plantée", "ce qui changerait le verdict",
)  # fmt: skip
KEY = (
    "*Unités* : carreaux ou IRIS. *Rencontrées, attendues* : personnes en un an. *Rapport* : rencontrées sur attendues, fourchette vraisemblable. *Marche* : "
    "jusqu’à la permanence la plus proche (médiane sur le public). *Manque* : en écarts-types. *p* : part des tirages, sans zone oubliée, "
    "qui montrent un tel manque. *Retrouvée* : part des autres façons de compter qui la gardent parmi les cinq premières. *Distance* : part du "
    "manque que l’éloignement donne d’ordinaire. *Plantée* : part de son public qui est dans l’angle mort planté."
)  # fmt: skip


def zone_table(gaps: Iterable[Gap], target: pd.Series, planted: Iterable[str]) -> Iterator[str]:
    """Yield the zones as a table; `target` by unit, `planted` the units nobody really visited."""
    secret = frozenset(planted)
    yield row(HEADS)
    yield row(["---"] * len(HEADS))
    for gap in gaps:
        yield row(zone_cells(gap, share_in(gap.cells, target, secret)))


def row(cells: Iterable[str]) -> str:
    """Return one row of a table."""
    return f"| {' | '.join(cells)} |"


def zone_cells(gap: Gap, planted: float) -> list[str]:
    """Return what is said of one zone, in the order of HEADS."""
    doubt, far = gap.doubt, distance_share(gap)
    if doubt is None:
        raise ValueError(gap.zone_id)
    return [
        str(gap.rank),
        gap.name,
        str(len(gap.cells)),
        str(gap.verdict),
        small_count(gap.contacts),
        number(gap.expected),
        f"{number(doubt.ratio_low, 2)} à {number(doubt.ratio_high, 2)}",
        minutes(np.inf if gap.minutes is None else gap.minutes),
        number(gap.score, 1),
        number(doubt.p_value, 3),
        "–" if doubt.stability is None else percent(doubt.stability),
        "–" if far is None else percent(far),
        percent(planted),
        doubt.change,
    ]


def share_in(members: Sequence[str], weight: pd.Series, among: frozenset[str]) -> float:
    """Return which share, 0-1, of the weight of `members` is in `among`; 0 when they have none."""
    whole = weight.reindex(list(members)).fillna(0.0)
    total = float(whole.sum())
    return float(whole[whole.index.isin(among)].sum()) / total if total > 0 else 0.0


def covered(gaps: Sequence[Gap], weight: pd.Series, planted: Sequence[str]) -> float:
    """Return which share, 0-1, of the weight of `planted` lies in the zones `gaps`."""
    held = frozenset(cell for gap in gaps for cell in gap.cells)
    return share_in(planted, weight, held)


def opinion_of(zone_id: str, written: Mapping[str, str]) -> str:
    """Return the opinion written by hand on a zone; says when the run found one nobody judged."""
    return written.get(zone_id, "Aucun avis n’a encore été écrit sur cette zone.")

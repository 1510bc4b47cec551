"""What passes from whom to whom when sectors change: areas, people, partners met there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.model.sector_changes import Takeover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Who = Sequence[frozenset[str]]

RELATION_PEOPLE = 50.0  # a partner one works with weighs as so many people: a choice, not a measure
MET = ("rencontree", "active")


@dataclass(frozen=True, slots=True, eq=False)
class Partners:
    """Places where a partner was met: name, unit (position), may it be named [places]."""

    names: tuple[str, ...]
    units: NDArray[np.int64]
    shown: NDArray[np.bool_]


def partners_met(places: pd.DataFrame, unit: pd.Series, hidden: frozenset[str]) -> Partners:
    """
    Return the partners met of `places` (tables.PLACES) that lie in a unit.

    `unit` [place_id] is a position, NA for none; `hidden` are places never named.
    """
    met = places["status"].isin(MET).fillna(value=False) | places["last_met_on"].notna()
    kept = places[met.astype(bool) & unit.reindex(places.index).notna()].sort_index()
    return Partners(
        tuple(kept["name"].fillna("Lieu sans nom").astype(str)),
        unit.reindex(kept.index).to_numpy(np.int64),
        np.array([i not in hidden for i in kept.index], bool),
    )


def handover_weight(people: Reals, partners: Partners) -> Reals:
    """Return what changes hands with each unit [units]: its public, and its partners met."""
    relations = np.bincount(partners.units, minlength=len(people)).astype(float)
    weight: Reals = people + RELATION_PEOPLE * relations
    return weight


def takeovers(
    before: Who,
    after: Who,
    people: Reals,
    partners: Partners,
    areas: Callable[[Iterable[int]], tuple[str, ...]],
) -> tuple[Takeover, ...]:
    """
    Return what is taken over, by who had it and who gets it, of most people first.

    `before` and `after` [units] are the workers of each unit; a unit is taken over when none of
    its workers had it. `people` [units]; `areas` names units (positions) in French.
    """
    pairs: dict[tuple[tuple[str, ...], tuple[str, ...]], list[int]] = {}
    for u, (had, has) in enumerate(zip(before, after, strict=True)):
        if has and not has & had:
            pairs.setdefault((tuple(sorted(had)), tuple(sorted(has))), []).append(u)
    found = [
        _takeover(pair, np.array(units, np.int64), people, partners, areas)
        for pair, units in sorted(pairs.items())
    ]
    return tuple(sorted(found, key=lambda t: (-(t.people or 0.0), t.former, t.new)))


def _takeover(
    pair: tuple[tuple[str, ...], tuple[str, ...]],
    units: NDArray[np.int64],
    people: Reals,
    partners: Partners,
    areas: Callable[[Iterable[int]], tuple[str, ...]],
) -> Takeover:
    here = np.isin(partners.units, units)
    named = {n for n, told in zip(partners.names, here & partners.shown, strict=True) if told}
    hidden = int((here & ~partners.shown).sum())
    crowd = float(people[units].sum())
    return Takeover(*pair, areas(units), len(units), crowd, tuple(sorted(named)), hidden)

"""The plan of sectors: who gets which, how heavy each is and of what, told from a partition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy

from territory.analysis.sectors.indices import sector_indices
from territory.model.results import Sector, SectorPlan
from territory.model.sector_tables import HOUR_PARTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from territory.model.sector_results import SectorOutcome

    Reals = NDArray[np.float64]
    Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """
    The units to share, sorted by id, each array [units] in that order.

    `load` keeps SECTOR_LOAD, `balanced_h` what each counts for (`known_load`), `communes` the
    commune of each, `cells` the cells of each unit, `minutes` [units, units] on foot (inf out of
    reach), `xy` [units, 2] metres in the metric CRS, `links` pairs of neighbours [pairs, 2].
    """

    load: pd.DataFrame
    balanced_h: Reals
    communes: NDArray[np.object_]
    cells: tuple[tuple[str, ...], ...]
    minutes: Reals
    xy: Reals
    links: Longs

    @property
    def people(self) -> Reals:
        """Target residents [units], nobody where unknown."""
        return np.asarray(self.load["people"].fillna(0.0), float)


def agents_of(
    sector: Longs, agents: Sequence[str], ties: Reals, *, locked: Mapping[int, str]
) -> list[list[str]]:
    """
    Return the workers of each sector of `sector` [units], at least one each, everybody used.

    Locked sectors go to their worker; the others so that as much as can be of `ties` [agents,
    units] is kept (what ties each worker to each unit: people known, permanences held), else in
    order of code. When there are more workers than sectors, each one left joins where it is most
    tied.
    """
    count = int(sector.max()) + 1
    within = np.array([np.bincount(sector, row, minlength=count) for row in ties])
    kept = within.reshape(len(agents), count).T.copy()
    top = 1.0 + kept.sum()
    for s, agent in locked.items():
        kept[s, list(agents).index(agent)] += top
    rows, columns = scipy.optimize.linear_sum_assignment(-kept)
    held = {int(s): [agents[a]] for s, a in zip(rows, columns, strict=True)}
    for a in sorted(set(range(len(agents))) - set(columns.tolist())):
        held[int(kept[:, a].argmax())].append(agents[a])
    return [sorted(held[s]) for s in range(count)]


def sector_plan(
    units: Units,
    outcome: SectorOutcome,
    held: Sequence[Sequence[str]],
    *,
    permanences: Sequence[tuple[str, int]] = (),
    kind: str = "carreaux",
) -> SectorPlan:
    """
    Return the plan of a partition: `held` are the workers of each sector, `kind` what units are.

    `permanences` are (name, unit position) of places that may be shown. Sectors are named S1, S2...
    in the order of their workers.
    """
    order = sorted(range(len(held)), key=lambda s: list(held[s]))
    share = float(units.balanced_h.sum()) / len(held) or 1.0
    found = sector_indices(
        units.balanced_h, units.xy[:, 0], units.xy[:, 1], units.links, outcome.sector, k=len(held),
        minutes=units.minutes, bounds=list(units.communes),
    )  # fmt: skip
    rows = [
        _sector(
            units, outcome.sector == s, f"S{n}", tuple(held[s]),
            (share, permanences, int(found.pieces[s])),
        )
        for n, s in enumerate(order, 1)
    ]  # fmt: skip
    walk = public_walk(units, outcome.sector)
    told = {"spread": found.spread, "gini": found.gini, "pairs_cut": float(found.pairs_cut)}
    return SectorPlan(
        tuple(rows), outcome.load_deviation, outcome.ending, outcome.note, kind,
        walk if np.isfinite(walk) else None, found.splits, told,
    )  # fmt: skip


def public_walk(units: Units, sector: Longs) -> float:
    """
    Return the mean walk, minutes, of the public to the middle of its sector; inf when unknown.

    `sector` [units] from 0.
    """
    parts = [sector == s for s in np.unique(sector)]
    walks = np.array([_walk(units, mine) for mine in parts], float)  # None is NaN
    people = np.array([units.people[mine].sum() for mine in parts])
    known = np.isfinite(walks) & (people > 0)
    return float(people[known] @ walks[known] / people[known].sum()) if known.any() else np.inf


def sector_of_cells(plan: SectorPlan) -> dict[str, str]:
    """Return the sector_id of each cell_id of the plan."""
    return {cell: s.sector_id for s in plan.sectors for cell in s.cells}


def _sector(
    units: Units,
    mine: NDArray[np.bool_],
    name: str,
    agents: tuple[str, ...],
    common: tuple[float, Sequence[tuple[str, int]], int],
) -> Sector:
    share, permanences, pieces = common
    rows, load = units.load[mine], float(units.balanced_h[mine].sum())
    parts = {part: _total(rows[part]) for part in HOUR_PARTS}
    return Sector(
        name,
        agents,
        tuple(sorted({str(c) for c in units.communes[mine]})),
        load,
        load / share - 1.0,
        people=_total(rows["people"]),
        hours=parts,
        cells=tuple(sorted(c for i in np.flatnonzero(mine) for c in units.cells[i])),
        compact_min=_walk(units, mine),
        pieces=pieces,
        permanences=tuple(sorted(n for n, at in permanences if mine[at])),
        assumed=int(rows["load_h"].isna().sum()),
    )


def _total(column: pd.Series) -> float | None:
    """Return the sum of what is known, None when nothing is."""
    return float(column.sum()) if column.notna().any() else None


def _walk(units: Units, mine: NDArray[np.bool_]) -> float | None:
    """Return the mean walk of the public from the unit nearest to it, of those it reaches."""
    walks, people = units.minutes[np.ix_(mine, mine)], units.people[mine]
    known = np.isfinite(walks)
    reached = known @ people
    if not reached.any():
        return None
    far = np.where(known, walks, 0.0) @ people / np.where(reached > 0, reached, np.nan)
    most = reached >= reached.max() * (1 - 1e-9)
    return float(np.nanmin(np.where(most, far, np.nan)))

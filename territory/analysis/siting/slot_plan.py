"""From chosen options to what a coordinator reads: sites in order, who comes, how sure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.analysis.site_words import (
    UNNAMED,
    basis_notes,
    equal_sentence,
    site_reason,
    spoken,
)
from territory.analysis.siting.slot_problem import attendance
from territory.analysis.siting.transfers import (
    LEAST,
    before_after,
    by_place,
    closing_sentence,
    flows,
    moves,
    own_share,
)
from territory.model.results import Ending, Share, Site, SitePlan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from territory.analysis.siting.huff import Decay, Willingness
    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.model.walks import Walks
    from territory.settings import Sites

_NOBODY = 1e-6  # people a week below which a site brings nobody


@dataclass(frozen=True, slots=True, eq=False)
class SlotScene:
    """
    All that a plan is told from: options, rows and problem as `slot_problem` takes them.

    `minutes` [cell_id x place_id] and `target` [cell_id] people give the cover; `commune_of`
    [cell_id] codes and `communes` their names; `near` [option_id] comes from `attractors`; `groups`
    [options] from `twins`.
    """

    options: pd.DataFrame
    rows: pd.DataFrame
    problem: SlotProblem
    minutes: Walks
    target: pd.Series
    commune_of: pd.Series
    communes: Mapping[str, str]
    near: pd.Series
    groups: NDArray[np.int64]
    visits: Willingness
    decay: Decay
    settings: Sites

    def held(self) -> list[int]:
        """Return the positions of the permanences held now."""
        return [int(k) for k in np.flatnonzero(self.problem.present)]

    def home(self) -> pd.Series:
        """Return the commune code of each row, NA unknown."""
        return self.rows["cell_id"].map(self.commune_of)

    def label(self, k: int) -> str:
        """Return how an option is told: « place, half-day »; a sensitive place has no name."""
        row = self.options.iloc[k]
        return f"{row['name'] if row['named'] else UNNAMED}, {spoken(row['slot'])}"


def slot_plan(
    scene: SlotScene,
    chosen: Sequence[int],
    *,
    bound: float,
    ending: Ending,
    notes: Sequence[str] = (),
) -> SitePlan:
    """
    Tell the options `chosen` (positions) as a plan: new half-days in order of what each brings.

    Each next site is the one that brings most people a week to those before; those that bring
    nobody and were not asked for are dropped. `bound` is people a week; `notes` come first.
    """
    problem = scene.problem
    kept = [k for k in chosen if problem.present[k]]
    order = _ordered(problem, kept, [k for k in chosen if not problem.present[k]])
    final = [*kept, *order]
    closed = [k for k in scene.held() if k not in kept]
    sites = tuple(_site(scene, rank, kept, order, final) for rank in range(1, len(order) + 1))
    crowds = any(site.near for site in sites)
    told = [*notes, *(_closing(scene, k, closed) for k in closed)]
    told += [sentence for site in sites if (sentence := equal_sentence(site))]
    told += basis_notes(scene.visits, scene.decay, scene.settings, crowds=crowds)
    sure = scene.visits.measured
    return SitePlan(
        sites, scene.settings.limit_min, ending, float(bound),
        people_before=attendance(problem, scene.held()).total,
        people_week=attendance(problem, final).total,
        closed=tuple(scene.label(k) for k in closed), visits=scene.visits.visits,
        visits_low=scene.visits.low if sure else None,
        visits_high=scene.visits.high if sure else None, notes=tuple(told),
    )  # fmt: skip


def attendance_table(scene: SlotScene, chosen: Sequence[int]) -> pd.DataFrame:
    """
    Return who comes from where, before and with the options `chosen`: `before_after`, on flow_id.

    People a week by commune of residence and place, those for whom there is no room included.
    """
    places = list(scene.options["place_id"])
    before, after = (
        by_place(flows(scene.problem, picked, scene.home()), places)
        for picked in (scene.held(), list(chosen))
    )
    table = before_after(before, after)
    names = table["commune_code"].astype(str) + "-" + table["place_id"].astype(str)
    return table.set_axis(pd.Index(names, name="flow_id", dtype="object"))


def _ordered(problem: SlotProblem, kept: list[int], new: list[int]) -> list[int]:
    """Order new options by what each adds to those before; useless ones go unless they must be."""
    order: list[int] = []
    left = list(new)
    while left:
        gains = {k: attendance(problem, [*kept, *order, k]).total for k in left}
        best = min(left, key=lambda k: (-round(gains[k], 9), k))
        now = attendance(problem, [*kept, *order]).total
        if gains[best] - now <= _NOBODY:
            return order + [k for k in left if problem.fixed[k]]
        order.append(best)
        left.remove(best)
    return order


def _site(scene: SlotScene, rank: int, kept: list[int], order: list[int], final: list[int]) -> Site:
    k, options, problem = order[rank - 1], scene.options, scene.problem
    before, after = [*kept, *order[: rank - 1]], [*kept, *order[:rank]]
    row, at = options.iloc[k], final.index(k)
    whole = attendance(problem, final)
    gained = attendance(problem, after).total - attendance(problem, before).total
    near_before, near_after = (_covered(scene, picked) for picked in (before, after))
    low, high = _interval(scene, final, at)
    commune = None if pd.isna(row["commune_code"]) else str(row["commune_code"])
    homes = flows(problem, final, scene.home())
    own = float(own_share(homes, {k: commune})[k])
    site = Site(
        rank, str(row["place_id"]), str(row["name"]), str(row["kind"]), commune,
        near_after - near_before, near_before, near_after, float(scene.target.sum()), "",
        slot=str(row["slot"]), weekday=int(row["weekday"]), half_day=str(row["half_day"]),
        start_min=int(row["start_min"]), end_min=int(row["end_min"]), hours=float(row["hours"]),
        people_week=float(whole.served[at]), people_low=low, people_high=high,
        gained_week=float(gained), turned_away=float(whole.coming[at] - whole.served[at]),
        own_share=None if np.isnan(own) else own,
        host=str(row["host"]), opening=str(row["opening"]), certainty=scene.visits.words,
        near="" if pd.isna(scene.near.iloc[k]) else str(scene.near.iloc[k]),
        publics=_shares(flows(problem, final, scene.rows["public"])[k], {}),
        communes=_shares(homes[k], scene.communes),
        transfers=_transfers(scene, before, k), equal_slots=_equals(scene, k, final),
    )  # fmt: skip
    return replace(site, reason=site_reason(site, scene.settings.limit_min))


def _covered(scene: SlotScene, picked: list[int]) -> float:
    """Return target residents within the limit of a place of the options `picked`, people."""
    walks, hosts = scene.minutes, scene.options["place_id"].iloc[picked]
    ours = walks.destinations.isin(hosts)[walks.column]
    near = walks.where(ours & (walks.minutes <= float(scene.settings.limit_min))).counts > 0
    return float(scene.target[scene.target.index.isin(walks.origins[near])].sum())


def _interval(scene: SlotScene, final: list[int], at: int) -> tuple[float | None, float | None]:
    """Return people received in the option at both ends for one place, None when not measured."""
    visits = scene.visits
    if not visits.measured:
        return None, None
    ends = (
        replace(scene.problem, weights=scene.problem.weights * end)
        for end in (visits.one_low, visits.one_high)
    )
    low, high = (float(attendance(problem, final).served[at]) for problem in ends)
    return low, high


def _shares(people: pd.Series, names: Mapping[str, str]) -> tuple[Share, ...]:
    told = people[people >= LEAST]
    order = sorted(told.index, key=lambda code: (-told[code], code))
    return tuple(Share(names.get(str(c), str(c)), float(told[c])) for c in order)


def _transfers(scene: SlotScene, before: list[int], k: int) -> tuple[Share, ...]:
    """Return the permanences that lose people to option `k`, by place, the largest loss first."""
    then, now = (attendance(scene.problem, c).coming for c in (before, [*before, k]))
    lost = pd.Series(then - now[:-1], index=[_name(scene, j) for j in before], dtype=float)
    return _shares(lost.groupby(level=0).sum(), {})


def _equals(scene: SlotScene, k: int, final: list[int]) -> tuple[str, ...]:
    same = [j for j in np.flatnonzero(scene.groups == scene.groups[k]) if j not in final]
    ordered = sorted(same, key=lambda j: int(scene.problem.slot[j]))
    return tuple(str(scene.options["slot"].iloc[j]) for j in ordered)


def _closing(scene: SlotScene, k: int, closed: list[int]) -> str:
    """Tell where the people of a permanence that closes would go, nothing else being opened."""
    held = scene.held()
    stay = [j for j in held if j not in closed]
    before, after = (
        pd.Series(attendance(scene.problem, c).coming, index=c, dtype=float) for c in (held, stay)
    )
    names = [_name(scene, j) for j in stay]
    gains = moves(before[stay].groupby(names).sum(), after.groupby(names).sum())
    return closing_sentence(scene.label(k), float(before[k]), gains, {n: n for n in gains})


def _name(scene: SlotScene, k: int) -> str:
    row: Any = scene.options.iloc[k]
    return str(row["name"]) if row["named"] else UNNAMED

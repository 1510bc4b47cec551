"""The choice itself: guarantees that can be, one search without repetitions, the best half-days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.guarantee import can_be, smallest_guarantee, within_reach
from territory.analysis.siting.settled_slots import settled_slots
from territory.analysis.siting.slot_build import part, with_reach
from territory.analysis.siting.slot_problem import attendance
from territory.analysis.siting.slot_twins import (
    preference,
    repeats,
    settled,
    with_pulls,
    without_twins,
)
from territory.model.results import Ending

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import SlotProblem

THIN = "\u202f"


@dataclass(frozen=True, slots=True)
class Choice:
    """
    Options chosen (sorted positions), the bound in people a week, the ending, French notes.

    `problem` is the one to judge the choice by: a second half-day of a place draws less in it.
    « impossible » when a guarantee or a request could not be kept: the choice is then the best of
    those that keep what can be, and `notes` say what could not.
    """

    chosen: tuple[int, ...]
    bound: float
    ending: Ending
    notes: tuple[str, ...]
    problem: SlotProblem


def choose_slots(  # noqa: PLR0913 - the problem, what is told of it, and how long to search
    problem: SlotProblem,
    options: pd.DataFrame,
    groups: NDArray[np.int64],
    *,
    walks: pd.DataFrame | None = None,
    guarantee_min: float | None = None,
    repeat: float = 1.0,
    time_limit_s: float = 20.0,
    gap: float = 0.0,
    seed: int = 0,
) -> Choice:
    """
    Choose the half-days that receive most people a week, as `settled_slots` does.

    `options` are those of `slot_options`, `groups` [options] of `twins`: of each group as many are
    searched as a place may hold, then each moves to the half-day that suits the team. With
    `guarantee_min`, each quarter of `walks` (`quarter_walks`) has a chosen permanence within so
    many minutes; when that cannot be, within the smallest number of minutes that can. Beside the
    first half-day of a place, the next draw `repeat` of what they would alone. Raises WrongUsage as
    `settled_slots`.
    """
    promised, notes = _promised(problem, options, walks, guarantee_min)
    kept = searched(promised, options, groups)
    small = part(with_pulls(promised, kept, repeats(promised, kept, repeat)), kept)
    start = tuple(int(k) for k in np.flatnonzero(small.present & ~small.forbidden))
    found = settled_slots(small, start=start, time_limit_s=time_limit_s, gap=gap, seed=seed)
    ending = Ending.IMPOSSIBLE if notes else found.ending
    if found.ending is Ending.IMPOSSIBLE:
        notes.append(
            "Toutes les demandes ne peuvent pas être tenues ensemble : heures de l'équipe, places "
            "libres, fréquentation minimale ou lieux imposés. Retirez-en une."
        )
    if problem.limits.opened > 0 and (problem.present | problem.forbidden).all():
        ending = Ending.IMPOSSIBLE
        notes.append("Aucun lieu connu ne peut accueillir une permanence de plus.")
    chosen = settled(promised, options, groups, [int(kept[k]) for k in found.chosen])
    judged = with_pulls(problem, chosen, repeats(problem, chosen, repeat))
    bound = max(found.bound, attendance(judged, chosen).total)
    return Choice(chosen, bound, ending, tuple(notes), judged)


def searched(
    problem: SlotProblem, options: pd.DataFrame, groups: NDArray[np.int64]
) -> NDArray[np.int64]:
    """
    Return the options (sorted positions) among which an equal of every choice is found.

    `groups` [options] are those of `twins`.
    """
    held = [int(k) for k in np.flatnonzero(problem.present)]
    return without_twins(problem, groups, preference(options, problem, held))


def _promised(
    problem: SlotProblem, options: pd.DataFrame, walks: pd.DataFrame | None, limit: float | None
) -> tuple[SlotProblem, list[str]]:
    """Return the problem with the guarantee asked, or the nearest that can be, and what to say."""
    if limit is None or walks is None or not len(walks):
        return problem, []
    asked = with_reach(problem, within_reach(walks, options, limit))
    if can_be(asked):
        return asked, []
    told = f"Aucun choix ne met tous les QPV à {limit:g}{THIN}min à pied ou moins d'une permanence"
    least = smallest_guarantee(problem, walks, options)
    if least is None:
        hosts = walks[[p for p in walks.columns if p in set(options["place_id"])]]
        far = [str(z) for z in walks.index[~np.isfinite(hosts.to_numpy(float)).any(axis=1)]]
        where = f" Hors d'atteinte de tout lieu possible{THIN}: {', '.join(far)}." if far else ""
        return problem, [f"{told}, ni à aucune distance calculée.{where}"]
    near = with_reach(problem, within_reach(walks, options, least))
    return near, [f"{told}. Le plus petit nombre de minutes possible est {least:.0f}."]

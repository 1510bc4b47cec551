"""The proof: a linear programme of cuts that no choice exceeds, then whole choices only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.growing import Growing
from territory.analysis.highs import Programme
from territory.analysis.siting.slot_cut_kernel import FIRST, LOWEST, SECOND, SMOOTH
from territory.analysis.siting.slot_cuts import crowd_of, lost_cut, people_cuts, smooth_lost_cut
from territory.analysis.siting.slot_problem import attendance
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from territory.analysis.siting.clock import Clock
    from territory.analysis.siting.slot_cuts import Crowd
    from territory.analysis.siting.slot_problem import Rules, SlotProblem

WHOLE = 1e-9  # away from 0 or 1 by less is rounding
SETTLED = 1e-5  # of the bound: cuts that move it less are not worth a turn


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """Values [options] of the linear programme, its bound, and what each option would cost it."""

    taken: NDArray[np.float64]
    bound: float
    reduced: NDArray[np.float64]


class Proof:
    """
    Upper bounds on what a choice may bring: columns are options, people of groups, people lost.

    Cuts are added where the last answer breaks them; they hold for every whole choice, so that the
    best of the programme bounds all choices.
    """

    def __init__(self, problem: SlotProblem, rules: Rules, *, seed: int) -> None:
        self._problem, self._crowd = problem, crowd_of(problem)
        self._by_row = problem.pull.tocsr()
        alone = _alone(problem)
        self._tight = np.flatnonzero((alone > problem.capacity) & ~problem.forbidden)
        self._sizes = (problem.options, self._crowd.groups, len(self._tight))
        served = np.minimum(alone, problem.capacity)
        programme = _programme(problem, rules, self._crowd, len(self._tight), served)
        self._growing = Growing(programme, seed=seed)
        self._low = problem.fixed.astype(float)
        self._high = (~problem.forbidden).astype(float)
        self._cut_people(self._low, None)

    def relax(self, start: NDArray[np.float64], clock: Clock) -> Relaxed | None:
        """
        Return the bound of the linear programme, cut until it settles; None when nothing fits.

        `start` [options] is a good choice: the first cuts are taken there.
        """
        self._cut_people(start, None)
        found, middle, before = None, start.astype(float), np.inf
        while found is None or not clock.up:
            solved = self._growing.solve(time_limit_s=max(clock.left, 1.0))
            if solved.values is None or solved.reduced is None:
                return found
            n = self._sizes[0]
            bound = solved.bound + self._crowd.sure
            found = Relaxed(solved.values[:n], bound, solved.reduced[:n])
            middle = (middle + found.taken) / 2  # cuts between two answers bite deeper
            added = self._cut_people(middle, solved.values)
            added += self._cut_people(found.taken, solved.values)
            added += self._cut_lost(found.taken, solved.values)
            if not added or before - bound < SETTLED * bound:
                break
            before = bound
        return found

    def settle(
        self,
        best: float,
        relaxed: Relaxed,
        clock: Clock,
        better: Callable[[NDArray[np.int64]], float],
        gap: float,
    ) -> tuple[float, Ending]:
        """
        Return the bound of whole choices, and how it ended; each choice met is told to `better`.

        `best` is what the best known choice brings (-inf: none is known). Only choices that bring
        more than `gap` (share of the bound) beyond it are looked for: options that cannot be in
        one, or must be, by their reduced cost are fixed first. `better` returns what is best after
        the choice (positions [chosen]) it is told.
        """
        n, bound = self._sizes[0], relaxed.bound
        wanted = best / (1.0 - gap) if gap < 1.0 else bound
        if bound <= wanted:
            return bound, Ending.WITHIN_GAP
        self._fix(wanted, relaxed)
        self._growing.forget_loose()
        self._growing.make_whole(np.arange(n))
        self._want(wanted)
        while not clock.up and bound - best > gap * bound:
            solved = self._growing.solve(time_limit_s=clock.left, gap=gap / 4)
            if solved.ending is Ending.IMPOSSIBLE:
                return wanted, Ending.OPTIMAL  # nothing brings more than wanted
            bound = min(bound, max(solved.bound + self._crowd.sure, wanted))
            if solved.values is None:
                break
            chosen = np.flatnonzero(solved.values[:n] > 0.5)  # noqa: PLR2004 - yes or no
            best = max(best, better(chosen))
            whole = np.isin(np.arange(n), chosen).astype(float)
            added = self._cut_whole(whole, solved.values) + self._cut_short(chosen)
            if not added:
                break
        return bound, Ending.TIME_UP

    def _want(self, wanted: float) -> None:
        """Ask for choices that bring `wanted` at least."""
        if np.isfinite(wanted):
            n, groups, lost = self._sizes
            brings = sp.csr_matrix(np.r_[np.zeros(n), -np.ones(groups), np.ones(lost)])
            self._growing.add(brings, np.array([self._crowd.sure - wanted]))

    def _fix(self, wanted: float, relaxed: Relaxed) -> None:
        room = relaxed.bound - wanted
        beyond = np.abs(relaxed.reduced) > room + WHOLE * abs(relaxed.bound)
        self._low[beyond & (relaxed.taken > 1 - WHOLE)] = 1.0
        self._high[beyond & (relaxed.taken < WHOLE)] = 0.0
        _, groups, lost = self._sizes
        low = np.r_[self._low, np.zeros(groups + lost)]
        high = np.r_[self._high, np.full(groups + lost, np.inf)]
        self._growing.bound_columns(low, high)

    def _cut_whole(self, whole: NDArray[np.float64], values: NDArray[np.float64]) -> int:
        """Cut at a whole choice by the planes that meet there; each is low on another side."""
        added = sum(self._cut_people(whole, values, p) for p in (SMOOTH, FIRST, SECOND))
        return added + self._cut_lost(whole, values)

    def _cut_people(
        self, taken: NDArray[np.float64], values: NDArray[np.float64] | None, plane: int = LOWEST
    ) -> int:
        """Cut the people of groups at `taken`; only those that `values` [columns] break."""
        n, groups, lost = self._sizes
        slopes, high = people_cuts(self._crowd, taken, plane)
        broken = np.ones(groups, bool)
        if values is not None:
            come = values[n : n + groups]
            scale = max(float(np.abs(come).sum()), 1e-12)
            broken = come > high + slopes @ values[:n] + 1e-7 * scale
        eye = sp.identity(groups, format="csr")
        rows = sp.hstack([-slopes, eye, sp.csr_matrix((groups, lost))]).tocsr()[broken]
        rows.eliminate_zeros()
        self._growing.add(rows, high[broken])
        return int(broken.sum())

    def _cut_lost(self, taken: NDArray[np.float64], values: NDArray[np.float64]) -> int:
        """Cut the people lost for want of room, by the options as they are, and by those whole."""
        n, groups, lost = self._sizes
        rows, chosen = [], np.flatnonzero(taken > 0.99)  # noqa: PLR2004 - all but whole
        for at in np.flatnonzero(taken[self._tight] > 0.01):  # noqa: PLR2004 - hardly taken
            option = int(self._tight[at])
            level = np.minimum(taken / taken[option], 1.0)
            others = np.union1d(chosen, np.flatnonzero(self._problem.fixed))
            for slopes in (
                smooth_lost_cut(self._problem, self._by_row, option, level),
                lost_cut(self._problem, self._by_row, option, others[others != option])[0],
            ):
                if slopes @ values[:n] > values[n + groups + at] + 1e-7:
                    mark = np.zeros(groups + lost)
                    mark[groups + at] = -1.0
                    rows.append(sp.csr_matrix(np.r_[slopes, mark]))
        if rows:
            self._growing.add(sp.vstack(rows).tocsr(), np.zeros(len(rows)))
        return len(rows)

    def _cut_short(self, chosen: NDArray[np.int64]) -> int:
        """Forbid together the options that leave one of them below its least attendance."""
        problem, added = self._problem, 0
        asked = np.where(problem.present | problem.fixed, 0.0, problem.least)
        found = attendance(problem, chosen)
        for option in chosen[found.coming < asked[chosen] - 1e-9]:
            rivals = _rivals(problem, int(option), chosen, float(asked[option]))
            row = np.zeros(sum(self._sizes))
            row[rivals] = 1.0
            self._growing.add(sp.csr_matrix(row), np.array([len(rivals) - 1.0]))
            added += 1
        return added


def _rivals(
    problem: SlotProblem, option: int, chosen: NDArray[np.int64], asked: float
) -> NDArray[np.int64]:
    """Return a smallest set found, within `chosen`, that leaves `option` below `asked`."""
    kept = chosen
    for rival in chosen[chosen != option]:
        fewer = kept[kept != rival]
        at = int(np.flatnonzero(fewer == option)[0])
        if attendance(problem, fewer).coming[at] < asked - 1e-9:
            kept = fewer
    return kept


def _alone(problem: SlotProblem) -> NDArray[np.float64]:
    """Return who would come to each option beside the fixed ones only, people a week."""
    fixed = np.asarray(problem.pull[:, np.flatnonzero(problem.fixed)].sum(axis=1), float).ravel()
    away = problem.outside + fixed
    pull = problem.pull.tocsc()
    column = np.repeat(np.arange(problem.options), np.diff(pull.indptr))
    own = np.where(problem.fixed[column], 0.0, pull.data)
    share = problem.weights[pull.indices] * pull.data / (away[pull.indices] + own)
    return np.asarray(np.bincount(column, weights=share, minlength=problem.options), float)


def _programme(
    problem: SlotProblem, rules: Rules, crowd: Crowd, lost: int, served: NDArray[np.float64]
) -> Programme:
    """Return the programme before any cut; nobody is received beyond `served` [options] alone."""
    n, rest = problem.options, crowd.groups + lost
    most = sp.hstack([rules.most, sp.csr_matrix((len(rules.high), rest))])
    need = sp.hstack([-rules.need, sp.csr_matrix((len(rules.low), rest))])
    value = np.r_[np.zeros(n), np.ones(crowd.groups), -np.ones(lost)]
    room = sp.csr_matrix(value - np.r_[served, np.zeros(rest)])
    rows = sp.vstack([most, need, room]).tocsr()
    high = np.r_[rules.high, -rules.low, -crowd.sure]
    return Programme(
        value, rows, np.full(len(high), -np.inf), high,
        np.r_[problem.fixed.astype(float), np.zeros(rest)],
        np.r_[(~problem.forbidden).astype(float), np.full(rest, np.inf)],
        np.zeros(n + rest, bool), maximise=True,
    )  # fmt: skip

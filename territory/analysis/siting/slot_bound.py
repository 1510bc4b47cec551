"""The bound: a linear programme of cuts that no choice exceeds, whole or in a part of them."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.growing import Growing
from territory.analysis.highs import Programme
from territory.analysis.siting.slot_cuts import crowd_of, lost_cut, people_cuts, smooth_lost_cut
from territory.analysis.siting.slot_problem import attendance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.siting.clock import Clock
    from territory.analysis.siting.slot_cuts import Crowd
    from territory.analysis.siting.slot_problem import Rules, SlotProblem

WHOLE = 1e-9  # away from 0 or 1 by less is rounding
NEAR = 1e-7  # of a value: linear programmes are not solved nearer
TURNS = 3  # of cuts in one box
MOST_CUTS = 1500  # kept at a time
SETTLED = 1e-5  # of the bound: cuts that move it less are not worth a turn


@dataclass(frozen=True, slots=True, eq=False)
class Relaxed:
    """Values [options] of the linear programme, its bound, and what each option would cost it."""

    taken: NDArray[np.float64]
    bound: float
    reduced: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """Choices between `low` and `high` [options], with so many half-days in each place [places]."""

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    places_low: NDArray[np.float64]
    places_high: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Bounded:
    """The bound of a box; where it is met: `taken` [options], people, `counts` [places]."""

    bound: float
    taken: NDArray[np.float64]
    come: NDArray[np.float64]
    lost: NDArray[np.float64]
    counts: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sizes:
    """Columns of the programme, in order: options, people of groups, people lost, places used."""

    options: int
    groups: int
    lost: int
    places: int

    def row(
        self,
        options: NDArray[np.float64] | None = None,
        groups: NDArray[np.float64] | None = None,
        lost: NDArray[np.float64] | None = None,
        places: NDArray[np.float64] | None = None,
    ) -> NDArray[np.float64]:
        """Return values [columns]: `options`, `groups`, `lost`, `places` [each], 0 where none."""
        parts = zip((options, groups, lost, places), (self.options, self.groups, self.lost,
                                                      self.places), strict=True)  # fmt: skip
        return np.concatenate([np.zeros(n) if part is None else part for part, n in parts])


class Bounds:
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
        places = int(problem.place.max(initial=-1)) + 1
        self._sizes = Sizes(problem.options, self._crowd.groups, len(self._tight), places)
        served = np.minimum(alone, problem.capacity)
        programme = _programme(problem, rules, self._crowd, self._sizes, served)
        self._growing = Growing(programme, seed=seed)
        self._cut_people(problem.fixed.astype(float), None)

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
            n = self._sizes.options
            bound = solved.bound + self._crowd.sure
            found = Relaxed(solved.values[:n], bound, solved.reduced[:n])
            middle = (middle + found.taken) / 2  # cuts between two answers bite deeper
            added = self._cut_people(middle, solved.values)
            added += self._cut(found.taken, solved.values)
            if not added or before - bound < SETTLED * bound:
                break
            before = bound
        return found

    def box(self, wanted: float, relaxed: Relaxed) -> Box:
        """Return the choices that may bring more than `wanted`, by the reduced costs found."""
        low, high = self._problem.fixed.astype(float), (~self._problem.forbidden).astype(float)
        beyond = np.abs(relaxed.reduced) > relaxed.bound - wanted + WHOLE * abs(relaxed.bound)
        low[beyond & (relaxed.taken > 1 - WHOLE)] = 1.0
        high[beyond & (relaxed.taken < WHOLE)] = 0.0
        places = self._sizes.places
        return Box(low, high, np.zeros(places), np.full(places, np.inf))

    def bounded(self, box: Box, wanted: float, clock: Clock) -> Bounded | None:
        """
        Return the bound of the choices of `box`, cut where it is broken; None: none is above.

        `wanted` is what they must exceed to be looked at. « None » too when nothing fits in `box`.
        """
        self._hold(box)
        found, before = None, np.inf
        for _ in range(TURNS):
            solved = self._growing.solve(time_limit_s=max(clock.left, 1.0))
            if solved.values is None:
                return None
            bound = solved.bound + self._crowd.sure
            if bound <= wanted + NEAR * abs(wanted):
                return None
            found = self._read(solved.values, bound)
            added = self._cut(found.taken, solved.values)
            if not added or clock.up or before - bound < SETTLED * bound:
                break
            before = bound
        if self._growing.cuts > MOST_CUTS:
            self._growing.forget_loose()
        return found

    def judged(self, chosen: NDArray[np.int64], found: Bounded) -> int:
        """Cut at the whole choice `chosen` [chosen], met as `found`; return how many cuts."""
        whole = np.isin(np.arange(self._sizes.options), chosen).astype(float)
        values = self._sizes.row(found.taken, found.come, found.lost)
        return self._cut(whole, values) + self._cut_short(chosen)

    def _hold(self, box: Box) -> None:
        sizes = self._sizes
        come, lost = np.full(sizes.groups, np.inf), np.full(sizes.lost, np.inf)
        low = sizes.row(box.low, places=box.places_low)
        self._growing.bound_columns(low, sizes.row(box.high, come, lost, box.places_high))

    def _read(self, values: NDArray[np.float64], bound: float) -> Bounded:
        ends = np.cumsum(astuple(self._sizes))[:-1]
        return Bounded(bound, *np.split(values, ends))

    def _cut(self, taken: NDArray[np.float64], values: NDArray[np.float64]) -> int:
        return self._cut_people(taken, values) + self._cut_lost(taken, values)

    def _cut_people(self, taken: NDArray[np.float64], values: NDArray[np.float64] | None) -> int:
        """Cut the people of groups at `taken`; only those that `values` [columns] break."""
        n, groups = self._sizes.options, self._sizes.groups
        slopes, high = people_cuts(self._crowd, taken)
        broken = np.ones(groups, bool)
        if values is not None:
            come = values[n : n + groups]
            scale = max(float(np.abs(come).sum()), 1e-12)
            broken = come > high + slopes @ values[:n] + 1e-7 * scale
        rest = sp.csr_matrix((groups, self._sizes.lost + self._sizes.places))
        rows = sp.hstack([-slopes, sp.identity(groups), rest]).tocsr()[broken]
        rows.eliminate_zeros()
        self._growing.add(rows, high[broken])
        return int(broken.sum())

    def _cut_lost(self, taken: NDArray[np.float64], values: NDArray[np.float64]) -> int:
        """Cut the people lost for want of room, by the options as they are, and by those whole."""
        n, groups = self._sizes.options, self._sizes.groups
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
                    mark = -(np.arange(self._sizes.lost) == at).astype(float)
                    rows.append(sp.csr_matrix(self._sizes.row(slopes, lost=mark)))
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
            row = np.isin(np.arange(problem.options), rivals).astype(float)
            self._growing.add(sp.csr_matrix(self._sizes.row(row)), np.array([len(rivals) - 1.0]))
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
    problem: SlotProblem, rules: Rules, crowd: Crowd, sizes: Sizes, served: NDArray[np.float64]
) -> Programme:
    """
    Return the programme before any cut; nobody is received beyond `served` [options] alone.

    How many half-days each place holds is a column of its own: HiGHS then divides between places
    before half-days that are much alike.
    """
    n, rest = sizes.options, sizes.groups + sizes.lost + sizes.places
    most = sp.hstack([rules.most, sp.csr_matrix((len(rules.high), rest))])
    need = sp.hstack([-rules.need, sp.csr_matrix((len(rules.low), rest))])
    value = sizes.row(groups=np.ones(sizes.groups), lost=-np.ones(sizes.lost))
    room = sp.csr_matrix(value - sizes.row(served))
    held = sp.csr_matrix((np.ones(n), (problem.place, np.arange(n))), shape=(sizes.places, n))
    others = sp.csr_matrix((sizes.places, sizes.groups + sizes.lost))
    count = sp.hstack([held, others, -sp.identity(sizes.places)])
    limits = np.r_[rules.high, -rules.low, -crowd.sure]
    end, most_of = np.zeros(sizes.places), (np.full(k, np.inf) for k in astuple(sizes)[1:])
    return Programme(
        value, sp.vstack([most, need, room, count]).tocsr(),
        np.r_[np.full(len(limits), -np.inf), end], np.r_[limits, end],
        sizes.row(problem.fixed.astype(float)),
        sizes.row((~problem.forbidden).astype(float), *most_of),
        np.zeros(n + rest, bool), maximise=True,
    )  # fmt: skip

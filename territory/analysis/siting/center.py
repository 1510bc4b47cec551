"""The places from which the farthest demand is nearest: p-center, exact, with a proven bound."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.siting.cover_problem import count, positions, seconds
from territory.errors import WrongUsage
from territory.model.results import Ending, SiteOutcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import ArrayLike, NDArray

    from territory.analysis.siting.center_probe import Probe

    Verdict = NDArray[np.intp] | bool | None  # a choice of sites, none exists, or not known

PATIENCE = 400  # tries of a search without anything better
SAME = 1e-9  # of a cost: less is no difference


def p_center(
    cost: ArrayLike,
    p: int,
    *,
    fixed: Sequence[int] = (),
    forbidden: Sequence[int] = (),
    time_limit_s: float = 60.0,
    seed: int = 0,
) -> SiteOutcome:
    """
    Choose `p` candidates (the `fixed` ones included) so that the largest cost is smallest.

    `cost` [demand, candidates] >= 0, inf = not allowed; every row counts, whatever its weight;
    each demand goes to its cheapest site. Bisection on the distinct costs (Minieka 1970), each one
    asked as a covering question: reductions, linear relaxation, search, then HiGHS. « Optimal » is
    proved; stopped before (clock, Ctrl-C) it ends as « time up » with the best choice so far. The
    bound is proven; objective and bound are inf when the request is impossible, the objective also
    when nothing was found in the time. Raises WrongUsage when an argument makes no sense.
    """
    began = time.perf_counter()
    hunt = _asked(cost, p, fixed, forbidden, began + seconds(time_limit_s), seed)
    try:
        ending = _settle(hunt)
    except KeyboardInterrupt:
        ending = Ending.TIME_UP
    return _outcome(hunt, ending, began)


@dataclass(slots=True)
class _Hunt:
    """What is asked, and what is known: a radius below `low` is too small, `high` is enough."""

    cost: NDArray[np.float64]
    p: int
    fixed: NDArray[np.bool_]
    free: NDArray[np.bool_]
    until: float
    seed: int
    radii: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    low: int = 0
    high: int = 0
    chosen: NDArray[np.intp] | None = None
    probes: dict[int, Probe] = field(default_factory=dict)

    @property
    def left_s(self) -> float:
        return max(self.until - time.perf_counter(), 0.0)

    def probe(self, at: int) -> Probe:
        """Return the covering question of one radius, reduced once."""
        from territory.analysis.siting.center_probe import Probe  # noqa: PLC0415 - numba is slow

        if at not in self.probes:
            near = self.cost <= self.radii[at]
            rows = np.flatnonzero(~near[:, self.fixed].any(axis=1))
            columns = np.flatnonzero(self.free & ~self.fixed)
            table = sp.csr_matrix(near[np.ix_(rows, columns)].astype(np.int8))
            self.probes[at] = Probe(table, self.p - int(self.fixed.sum()))
        return self.probes[at]

    def learn(self, at: int, verdict: Verdict) -> None:
        """Keep what a verdict on radius `at` says about all others."""
        if verdict is False:
            self.low = max(self.low, at + 1)
        elif verdict is not None and verdict is not True:
            columns = np.flatnonzero(self.free & ~self.fixed)
            self.chosen = np.r_[np.flatnonzero(self.fixed), columns[verdict]]
            reached = float(self.cost[:, self.chosen].min(axis=1).max())
            self.high = min(self.high, int(np.searchsorted(self.radii, reached)))


def _asked(
    cost: ArrayLike, p: int, fixed: Sequence[int], forbidden: Sequence[int], until: float, seed: int
) -> _Hunt:
    table = np.asarray(cost, float)
    table = table.reshape(0, 0) if table.size == 0 and table.ndim == 1 else table
    if table.ndim != 2:  # noqa: PLR2004
        raise WrongUsage("Les coûts doivent avoir une ligne par demande, une colonne par candidat.")
    if not (table >= 0).all():
        raise WrongUsage("Un coût manque ou est négatif : mettez inf pour ce qui n'est pas permis.")
    must, never = (positions(s, table.shape[1], w) for s, w in
                   ((fixed, "fixed"), (forbidden, "forbidden")))  # fmt: skip
    return _Hunt(table, count(p), must, ~never, until, seed)


def _settle(hunt: _Hunt) -> Ending:
    """Close in on the smallest radius: relaxations from below, searches from above, then proofs."""
    possible = hunt.fixed.sum() <= hunt.p <= hunt.free.sum() and not (hunt.fixed & ~hunt.free).any()
    if not possible:
        return Ending.IMPOSSIBLE
    if not len(hunt.cost):
        hunt.chosen = np.flatnonzero(hunt.fixed)
        return Ending.OPTIMAL
    nearest = hunt.cost[:, hunt.free].min(axis=1, initial=np.inf)
    if hunt.p == 0 or np.isinf(nearest).any():
        return Ending.IMPOSSIBLE
    reach = hunt.cost[:, hunt.free]
    hunt.radii = np.unique(reach[(reach >= nearest.max()) & np.isfinite(reach)])
    hunt.high = len(hunt.radii)
    hunt.learn(hunt.high - 1, _searched(hunt, hunt.high - 1))  # an answer, whatever the time
    _bisect(hunt, _searched, trusted=False)
    _bisect(hunt, _relaxed, trusted=True)
    while hunt.low < hunt.high and hunt.left_s > 0:
        at = min(hunt.high, len(hunt.radii)) - 1
        verdict = _proved(hunt, at)
        if verdict is None:
            return Ending.TIME_UP
        hunt.learn(at, verdict)
    if hunt.low < hunt.high:
        return Ending.TIME_UP
    return Ending.OPTIMAL if hunt.chosen is not None else Ending.IMPOSSIBLE


def _bisect(hunt: _Hunt, ask: Callable[[_Hunt, int], Verdict], *, trusted: bool) -> None:
    """Halve what is not known; a verdict that is not one counts as « too small » if not trusted."""
    low, high = hunt.low, hunt.high
    while low < high and hunt.left_s > 0:
        at = (low + high) // 2
        verdict = ask(hunt, at)
        hunt.learn(at, verdict)
        if verdict is False or (verdict is None and not trusted):
            low = at + 1
        else:
            high = min(at, hunt.high) if not trusted else at
        low = max(low, hunt.low)


def _searched(hunt: _Hunt, at: int) -> Verdict:
    probe = hunt.probe(at)
    if probe.settled is not None:
        return probe.settled
    return probe.by_search(until=hunt.until, patience=PATIENCE, seed=hunt.seed)


def _relaxed(hunt: _Hunt, at: int) -> Verdict:
    probe = hunt.probe(at)
    if probe.settled is not None:
        return probe.settled
    return False if probe.by_prices(time_limit_s=hunt.left_s) else None


def _proved(hunt: _Hunt, at: int) -> Verdict:
    probe = hunt.probe(at)
    if probe.settled is not None:
        return probe.settled
    return probe.by_proof(time_limit_s=hunt.left_s, seed=hunt.seed)


def _outcome(hunt: _Hunt, ending: Ending, began: float) -> SiteOutcome:
    demands = len(hunt.cost)
    if hunt.chosen is None:
        known = len(hunt.radii) and ending is not Ending.IMPOSSIBLE
        bound = float(hunt.radii[min(hunt.low, len(hunt.radii) - 1)]) if known else np.inf
        bound = 0.0 if not known and ending is Ending.TIME_UP else bound
        none = (-1,) * demands
        return SiteOutcome((), np.inf, bound, ending, none, time.perf_counter() - began)
    marks = np.zeros(hunt.cost.shape[1], bool)
    marks[hunt.chosen] = True
    marks[np.flatnonzero(hunt.free & ~marks)[: hunt.p - int(marks.sum())]] = True
    chosen = np.flatnonzero(marks)
    near = hunt.cost[:, chosen]
    serving = chosen[near.argmin(axis=1)] if demands else chosen[:0]
    objective = float(near.min(axis=1, initial=np.inf).max(initial=0.0)) if demands else 0.0
    bound = objective
    if ending is not Ending.OPTIMAL and hunt.low < len(hunt.radii):
        bound = min(float(hunt.radii[hunt.low]), objective)
    ending = Ending.OPTIMAL if bound >= objective else ending
    return SiteOutcome(
        tuple(map(int, chosen)), objective, bound, ending, tuple(map(int, serving)),
        time.perf_counter() - began,
    )  # fmt: skip

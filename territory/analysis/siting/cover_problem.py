"""A maximal covering question, checked, then made as small as it can be without loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from territory.analysis.siting.dominance import as_table, equal_rows, not_dominated
from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Reals = NDArray[np.float64]

MONEY = 1e-9  # of the budget: sums of costs are floats


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What is asked, checked.

    `table` int8 [demands, candidates], `weights` [demands], `cost` [candidates] and `budget` (inf =
    no limit), `p` None when only the budget counts; `fixed` and `free` are marks [candidates].
    """

    table: sp.csr_matrix
    weights: Reals
    cost: Reals
    budget: float
    p: int | None
    fixed: NDArray[np.bool_]
    free: NDArray[np.bool_]

    @property
    def possible(self) -> bool:
        """Whether any choice at all keeps the conditions."""
        must = int(self.fixed.sum())
        if (self.fixed & ~self.free).any() or self.cost[self.fixed].sum() > self.allowed:
            return False
        if self.p is None:
            return True
        return must <= self.p and (self.capped or self.p <= self.free.sum())

    @property
    def capped(self) -> bool:
        """Whether money limits the choice (`p` is then the most that may open)."""
        return bool(np.isfinite(self.budget))

    @property
    def allowed(self) -> float:
        """The budget, with the rounding of sums."""
        return self.budget * (1 + MONEY)

    def value(self, chosen: NDArray[np.intp]) -> float:
        """Return the weight that positions `chosen` [any] cover, whatever the order of demands."""
        covered = self.table[:, chosen].sum(axis=1).A1 > 0
        return float(np.sort(self.weights[covered]).sum())


@dataclass(frozen=True, slots=True)
class Reduced:
    """
    The same question without what changes nothing; candidates keep their number in `names`.

    `table` [demands, candidates] holds only demands with two candidates or more; `own` is what a
    candidate covers alone; `base` what the `opened` ones cover; `most` may open, at most
    for `budget`.
    """

    table: sp.csr_matrix
    weights: Reals
    own: Reals
    cost: Reals
    most: int
    budget: float
    base: float
    names: NDArray[np.intp]
    opened: NDArray[np.intp]

    @property
    def plain(self) -> bool:
        """Whether the answer is plain: nothing may be added, or everything."""
        every = len(self.own) <= self.most and self.cost.sum() <= self.budget
        return self.most <= 0 or bool(every)


def asked(  # noqa: PLR0913, PLR0917 - the words of the contract
    weights: ArrayLike,
    covers: object,
    p: int | None,
    fixed: Sequence[int],
    forbidden: Sequence[int],
    costs: ArrayLike | None,
    budget: float | None,
) -> Asked:
    """
    Return the question as arrays; raises WrongUsage when it makes no sense.

    `weights` [demands], `covers` [demands, candidates], `costs` [candidates] or None.
    """
    values = numbers(weights, "poids")
    table = as_table(shaped(covers, len(values)))
    n = table.shape[1]
    if (costs is None) != (budget is None) or (p is None and budget is None):
        raise WrongUsage("Donnez p, ou les coûts et le budget ensemble.")
    price = np.ones(n) if costs is None else numbers(costs, "coûts")
    if len(price) != n:
        raise WrongUsage(f"Il y a {n} candidats et {len(price)} coûts.")
    money = np.inf if budget is None else float(budget)
    if np.isnan(money) or money < 0:
        raise WrongUsage("Le budget doit être un nombre positif ou nul.")
    must, never = positions(fixed, n, "fixed"), positions(forbidden, n, "forbidden")
    return Asked(table, values, price, money, None if p is None else count(p), must, ~never)


def numbers(values: ArrayLike, what: str) -> Reals:
    """Return finite numbers >= 0 [n], or raise WrongUsage in a sentence about `what`."""
    try:
        found = np.asarray(values, float)
    except (TypeError, ValueError) as error:
        raise WrongUsage(f"Les {what} doivent être des nombres.") from error
    if found.ndim != 1:
        raise WrongUsage(f"Les {what} doivent tenir en une seule ligne.")
    if not (np.isfinite(found) & (found >= 0)).all():
        raise WrongUsage(f"Les {what} doivent être des nombres finis, positifs ou nuls.")
    return found


def count(p: int) -> int:
    """Return `p` as a whole number >= 0, or raise WrongUsage."""
    if isinstance(p, bool) or p != p or int(p) != p or p < 0:  # noqa: PLR0124 - NaN
        raise WrongUsage("Le nombre de lieux doit être un entier positif ou nul.")
    return int(p)


def positions(chosen: Sequence[int], n: int, what: str) -> NDArray[np.bool_]:
    """Mark [n] the candidates of `chosen`; raises WrongUsage when one does not exist."""
    found = np.asarray(list(chosen))
    marks = np.zeros(n, bool)
    if found.size == 0:
        return marks
    if found.ndim != 1 or found.dtype.kind not in "iu" or found.min() < 0 or found.max() >= n:
        raise WrongUsage(f"{what} : une position n'est pas celle d'un des {n} candidats.")
    marks[found] = True
    return marks


def seconds(time_limit_s: float) -> float:
    """Return the time limit, or raise WrongUsage when it is not a number >= 0."""
    limit = float(time_limit_s)
    if not limit >= 0:
        raise WrongUsage("La durée limite doit être un nombre de secondes positif ou nul.")
    return limit


def shaped(covers: Any, demands: int) -> Any:  # noqa: ANN401 - scipy is not typed
    """Return `covers` as an array or sparse table of `demands` rows, or raise WrongUsage."""
    if sp.issparse(covers):
        table = covers
    else:
        table = np.asarray(covers)
        if table.ndim == 1 and table.size == 0:
            table = table.reshape(demands, 0)
    if table.ndim != 2 or table.shape[0] != demands:  # noqa: PLR2004
        raise WrongUsage(f"La couverture doit avoir une ligne pour chacune des {demands} demandes.")
    data = table.data if sp.issparse(table) else table
    if data.dtype.kind not in "biuf" or (data.dtype.kind == "f" and np.isnan(data).any()):
        raise WrongUsage("La couverture doit dire oui ou non, sans valeur manquante.")
    return table


def reduced(question: Asked) -> Reduced:
    """
    Return the smallest equal question.

    Demands of the fixed ones, without weight or without candidate are left out; demands with the
    same candidates are one; a candidate covering nothing another does not is left out; a demand
    with one candidate belongs to it.
    """
    must = np.flatnonzero(question.fixed)
    held = question.table[:, must].sum(axis=1).A1 > 0
    base = float(question.weights[held].sum())
    names = np.flatnonzero(question.free & ~question.fixed)
    budget = question.allowed - float(question.cost[must].sum())
    names = names[question.cost[names] <= budget] if question.capped else names
    rows = np.flatnonzero(~held & (question.weights > 0))
    most = len(names) if question.p is None else min(question.p - len(must), len(names))
    return simplified(
        Reduced(question.table[rows][:, names], question.weights[rows], np.zeros(len(names)),
                question.cost[names], most, budget, base, names, must)
    )  # fmt: skip


def narrowed(problem: Reduced, out: NDArray[np.bool_], within: NDArray[np.bool_]) -> Reduced:
    """Return the question left once `out` [candidates] are forbidden and `within` are open."""
    held = problem.table[:, np.flatnonzero(within)].sum(axis=1).A1 > 0
    left = np.flatnonzero(~out & ~within)
    base = problem.base + float(problem.weights[held].sum() + problem.own[within].sum())
    budget = problem.budget - float(problem.cost[within].sum())
    most = min(problem.most - int(within.sum()), len(left))
    return simplified(
        Reduced(problem.table[~held][:, left], problem.weights[~held], problem.own[left],
                problem.cost[left], most, budget, base, problem.names[left],
                np.r_[problem.opened, problem.names[within]])
    )  # fmt: skip


def simplified(problem: Reduced) -> Reduced:
    """Merge equal demands, leave out dominated candidates, fold demands of one candidate."""
    table, weights = _merged(problem.table, problem.weights)
    kept = not_dominated(table, problem.cost) | (problem.own > 0)
    table, weights = _merged(table[:, kept], weights)
    size = np.diff(table.indptr)
    alone = size == 1
    own = problem.own[kept] + np.bincount(table[alone].indices, weights[alone], int(kept.sum()))
    return Reduced(table[size > 1], weights[size > 1], own, problem.cost[kept],
                   min(problem.most, int(kept.sum())), problem.budget, problem.base,
                   problem.names[kept], problem.opened)  # fmt: skip


def _merged(table: sp.csr_matrix, weights: Reals) -> tuple[sp.csr_matrix, Reals]:
    some = np.diff(table.indptr) > 0
    table, weights = table[some], weights[some]
    first, group = equal_rows(table)
    return table[first], np.bincount(group, weights, len(first)).astype(float)

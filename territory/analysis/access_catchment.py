"""Supply per head by floating catchments: what places offer, shared among those who can come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from territory.errors import WrongUsage
from territory.model.walks import Walks, walks_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Array = NDArray[np.float64]

__all__ = ["catchment_access", "gaussian", "nearest_minutes", "opportunities", "within"]

METHODS = ("2sfca", "e2sfca", "3sfca", "bfca", "availability")
ROUNDING = 1e-9  # a weight may leave [0, 1] by that much
NOTHING = 1e-280  # weights and people below are nobody: dividing by them overflows


def within(limit_min: float) -> Callable[[Array], Array]:
    """Return the weight of minutes [any]: 1 up to `limit_min` minutes, limit included, 0 beyond."""
    return lambda minutes: (np.asarray(minutes, float) <= limit_min).astype(float)


def gaussian(half_min: float = 10.0, cut_min: float = 25.0) -> Callable[[Array], Array]:
    """
    Return the Gaussian weight of minutes [any]: 1 at the door, 1/2 at `half_min`, 0 beyond the cut.

    Both are minutes; `cut_min` itself still counts. Source: Dai 2010. Raises WrongUsage when they
    are not positive.
    """
    if not (half_min > 0 and cut_min > 0):
        raise WrongUsage("Accès : la demi-distance et la limite doivent être positives.")

    def weight(minutes: Array) -> Array:
        walk = np.asarray(minutes, float)
        near = walk <= cut_min
        return np.where(near, 0.5 ** ((np.where(near, walk, 0.0) / half_min) ** 2), 0.0)

    return weight


def catchment_access(
    demand: ArrayLike,
    supply: ArrayLike,
    minutes: ArrayLike | Walks,
    *,
    weight: Callable[[Array], ArrayLike],
    method: str = "e2sfca",
) -> Array:
    """
    Return supply per head [demand], or supply captured for "availability"; unreachable = 0.

    `demand` [demand] are people, `supply` [supply] what is offered in any unit, `minutes` [demand,
    supply]; `weight` turns minutes [any] into [0, 1], one by one. Minutes inf or NaN are out of
    reach, people and supply that are NaN count as none: the answer is never NaN.
    Methods: 2sfca (Luo and Wang 2003), e2sfca (Luo and Qi 2009), 3sfca (Wan et al. 2012), bfca
    (Paez et al. 2019), availability (Soukhov et al. 2023). 2sfca and e2sfca differ by the weight
    given only. Raises WrongUsage (French) for another method, shapes that do not fit, a negative or
    infinite quantity, a weight outside [0, 1].
    """
    if method not in METHODS:
        raise WrongUsage(f"La méthode d'accès « {method} » n'existe pas : {', '.join(METHODS)}.")
    people, offer = _quantities(demand, "demande"), _quantities(supply, "offre")
    reach = _reach(_walks(minutes, len(people), len(offer)), weight)
    if method == "bfca":
        return _floating(people, offer, reach, reach.by_row(), reach.by_column())
    pull = reach.weight * reach.by_row() if method == "3sfca" else reach.weight
    pull = _divide(pull, reach.most(pull))  # cancels out, and never overflows
    per_head = _floating(people, offer, reach, pull, pull)
    return people * per_head if method == "availability" else per_head


def opportunities(
    supply: ArrayLike, minutes: ArrayLike | Walks, *, weight: Callable[[Array], ArrayLike]
) -> Array:
    """
    Return the supply in reach of each origin [origins], each unit counting its weight.

    `supply` [supply] in any unit, `minutes` [origins, supply], inf or NaN out of reach: cumulative
    opportunities with `within`, a soft edge with `gaussian`. Raises WrongUsage as
    `catchment_access`.
    """
    offer = _quantities(supply, "offre")
    walks = _walks(minutes, None, len(offer))
    reach = _reach(walks, weight)
    return reach.per_row(reach.weight * offer[reach.column])


def nearest_minutes(supply: ArrayLike, minutes: ArrayLike | Walks) -> Array:
    """
    Return minutes [origins] to the nearest destination that offers something, inf without any.

    `supply` [supply] and `minutes` [origins, supply] as in `opportunities`. Raises WrongUsage as
    `catchment_access`.
    """
    offer = _quantities(supply, "offre")
    walks = _walks(minutes, None, len(offer))
    return walks.where(offer[walks.column] > 0).least()[0]


def _quantities(values: ArrayLike, name: str) -> Array:
    """Return numbers >= 0 [n], unknown ones as none."""
    array = _numbers(values, name)
    if array.ndim > 1:
        raise WrongUsage(f"Accès : {name} doit être une simple liste de nombres.")
    known = np.nan_to_num(np.atleast_1d(array), nan=0.0, posinf=np.inf, neginf=-np.inf)
    if (known < 0).any() or np.isinf(known).any():
        raise WrongUsage(f"Accès : {name} contient un nombre négatif ou infini.")
    return known


def _numbers(values: ArrayLike, name: str) -> Array:
    """Return numbers [any]; NA, None and what is masked become NaN."""
    given: Any = values
    try:
        if hasattr(given, "to_numpy"):
            return np.asarray(given.to_numpy(dtype=float, na_value=np.nan), float)
        if hasattr(given, "filled"):
            return np.asarray(given.astype(float).filled(np.nan), float)
        return np.asarray(given, float)
    except (TypeError, ValueError) as error:
        raise WrongUsage(f"Accès : {name} n'est pas un tableau de nombres.") from error


def _walks(minutes: ArrayLike | Walks, rows: int | None, columns: int) -> Walks:
    """Return the walks [rows, columns] within reach; a flat list of one row or column is taken."""
    if isinstance(minutes, Walks):
        return _fitting(minutes, len(minutes.origins) if rows is None else rows, columns)
    walks = _numbers(minutes, "minutes")
    wanted = (len(walks) if walks.ndim == 2 else 1) if rows is None else rows  # noqa: PLR2004
    flat = walks.ndim < 2 and (1 in {wanted, columns} or not walks.size)  # noqa: PLR2004
    if walks.size == wanted * columns and (flat or not walks.size):
        walks = walks.reshape(wanted, columns)
    if (walks < 0).any():
        raise WrongUsage("Accès : une durée de marche est négative.")
    return _fitting(walks_of(np.atleast_2d(walks)), wanted, columns, walks.shape)


def _fitting(walks: Walks, rows: int, columns: int, given: tuple[int, ...] | None = None) -> Walks:
    shape = walks.shape if given is None else given
    if shape != (rows, columns):
        raise WrongUsage(
            f"Accès : minutes de forme {shape}, attendu ({rows}, {columns}) : une ligne "
            "par origine, une colonne par lieu."
        )
    return walks


@dataclass(frozen=True, slots=True, eq=False)
class _Reach:
    """The pairs in reach of each other: origin, place and weight of each, [pairs]."""

    row: NDArray[np.int32]
    column: NDArray[np.int32]
    weight: Array
    shape: tuple[int, int]

    def per_row(self, values: Array) -> Array:
        """Sum values [pairs] by origin."""
        return np.bincount(self.row, values, minlength=self.shape[0]).astype(float)

    def per_column(self, values: Array) -> Array:
        """Sum values [pairs] by place."""
        return np.bincount(self.column, values, minlength=self.shape[1]).astype(float)

    def by_row(self) -> Array:
        """Return the share [pairs] of the place in all that draws the origin."""
        return _divide(self.weight, self.per_row(self.weight)[self.row])

    def by_column(self) -> Array:
        """Return the share [pairs] of the origin in all that the place draws."""
        return _divide(self.weight, self.per_column(self.weight)[self.column])

    def most(self, values: Array) -> Array:
        """Return the largest of values >= 0 [pairs] of the place of each pair."""
        largest = np.zeros(self.shape[1])
        np.maximum.at(largest, self.column, values)
        return largest[self.column]


def _reach(walks: Walks, weight: Callable[[Array], ArrayLike]) -> _Reach:
    """Return the pairs whose walk is known, finite, and weighs something."""
    row, column, near = walks.row, walks.column, walks.minutes.astype(float)
    given = np.zeros(0)
    if len(near):
        with np.errstate(all="ignore"):
            given = _numbers(weight(near), "le poids")
    if given.shape not in {(), near.shape}:
        raise WrongUsage("Accès : le poids doit avoir la forme des minutes.")
    if (given < -ROUNDING).any() or (given > 1 + ROUNDING).any():
        raise WrongUsage("Accès : un poids sort de l'intervalle de 0 à 1.")
    pull = np.broadcast_to(given, near.shape)
    kept = np.flatnonzero(pull > 0)  # NaN weighs nothing
    return _Reach(row[kept], column[kept], np.minimum(pull[kept], 1.0), walks.shape)


def _floating(people: Array, offer: Array, reach: _Reach, asked: Array, given: Array) -> Array:
    """Share what each place offers among those who ask, and add up what each origin is given."""
    level = _divide(offer, reach.per_column(people[reach.row] * asked))
    return reach.per_row(given * level[reach.column])


def _divide(top: Array, bottom: Array) -> Array:
    """Divide, nothing over nothing being nothing."""
    return np.divide(top, bottom, out=np.zeros(top.shape), where=bottom > NOTHING)

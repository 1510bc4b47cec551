"""Walks between many named points, kept only where they are short enough to matter."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray
    from scipy.sparse import csr_array

    Reals = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Walks:
    """
    Minutes on foot from `origins` to `destinations`; a pair that is not kept is out of reach.

    `begins` [origins + 1] says where the pairs of each origin begin, `column` [pairs] (int32) the
    position of their destination, rising in a row, `minutes` [pairs] (float32 or float64, finite)
    the walk: 0 is a walk, unlike what is not kept. Memory grows with the pairs, never with their
    square.
    """

    origins: pd.Index
    destinations: pd.Index
    begins: NDArray[np.int64]
    column: NDArray[np.int32]
    minutes: NDArray[np.floating]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of origins and of destinations."""
        return len(self.origins), len(self.destinations)

    @property
    def row(self) -> NDArray[np.int32]:
        """Position [pairs] of the origin of each pair."""
        return np.repeat(np.arange(len(self.origins), dtype=np.int32), np.diff(self.begins))

    @property
    def turned(self) -> Walks:
        """The same walks, from each destination to the origins it is in reach of."""
        ends = self.destinations, self.origins
        return from_pairs(*ends, self.column, self.row, self.minutes)

    @property
    def counts(self) -> NDArray[np.int64]:
        """Number [origins] of destinations in reach."""
        return np.diff(self.begins)

    def around(self, origin: int) -> tuple[NDArray[np.int32], Reals]:
        """Return the destinations [k] in reach of the origin at that position, and minutes [k]."""
        own = slice(self.begins[origin], self.begins[origin + 1])
        return self.column[own], self.minutes[own].astype(float)

    def where(self, kept: NDArray[np.bool_]) -> Walks:
        """Return the walks whose pair is `kept` [pairs]."""
        ends = self.origins, self.destinations
        return _in_order(*ends, self.row[kept], self.column[kept], self.minutes[kept])

    def within(self, limit_min: float) -> Walks:
        """Return the walks of `limit_min` minutes at most."""
        return self.where(self.minutes <= float(limit_min))  # as precise as the minutes, no more

    def among(self, origins: pd.Index | None = None, destinations: pd.Index | None = None) -> Walks:
        """
        Return the walks between other points in their order; None keeps those there are.

        A name that is not known is out of reach of all; one asked for twice has its walks twice.
        Raises WrongUsage when two of the points there are bear one name.
        """
        starts = self.origins if origins is None else origins
        ends = self.destinations if destinations is None else destinations
        if _same(self.origins, starts) and _same(self.destinations, ends):
            return replace(self, origins=starts, destinations=ends)
        pair, row, column = np.arange(len(self.minutes)), self.row, self.column
        if origins is not None:
            stands = _positions(self.origins, origins)
            pair, row = copies(row, stands, len(self.origins))
            column = column[pair]
        if destinations is not None:
            stands = _positions(self.destinations, destinations)
            again, column = copies(column, stands, len(self.destinations))
            pair, row = pair[again], row[again]
        return from_pairs(starts, ends, row, column, self.minutes[pair])

    def weights(self, weight: Callable[[Reals], Reals]) -> csr_array:
        """
        Return `weight` (of minutes [pairs], float64) as a sparse matrix, 0 out of reach.

        Stored values [pairs] are in the order of `minutes`, those that weigh 0 too; the matrix is
        the caller's own.
        """
        from scipy.sparse import csr_array  # noqa: PLC0415 - pages read walks without it

        values = weight(self.minutes.astype(float))
        return csr_array((values, self.column, self.begins), shape=self.shape, copy=True)

    def table(self) -> pd.DataFrame:
        """Return minutes [origins x destinations], inf out of reach: small sets only."""
        minutes = np.full(self.shape, np.inf, self.minutes.dtype)
        minutes[self.row, self.column] = self.minutes
        return pd.DataFrame(minutes, index=self.origins, columns=self.destinations)

    def least(self) -> tuple[Reals, NDArray[np.int64]]:
        """
        Return minutes [origins] to the nearest destination and its position, inf and -1 without.

        The first by position when several are as near.
        """
        order = np.lexsort((self.minutes, self.row))  # those as near keep their order
        first = order[np.diff(self.row[order], prepend=-1) > 0]
        minutes, which = np.full(len(self.origins), np.inf), np.full(len(self.origins), -1)
        minutes[self.row[first]] = self.minutes[first]
        which[self.row[first]] = self.column[first]
        return minutes, which


def from_pairs(
    origins: pd.Index,
    destinations: pd.Index,
    row: NDArray[np.integer],
    column: NDArray[np.integer],
    minutes: NDArray[np.floating],
) -> Walks:
    """Return the walks of pairs [pairs] in any order, each pair once."""
    pair = row * np.int64(max(len(destinations), 1)) + column
    if (pair[1:] < pair[:-1]).any():
        order = _order(row, column, (len(origins), len(destinations)))
        row, column, minutes = row[order], column[order], minutes[order]
    return _in_order(origins, destinations, row, column, minutes)


def _order(
    row: NDArray[np.integer], column: NDArray[np.integer], shape: tuple[int, int]
) -> NDArray[np.int64]:
    """Return the order [pairs] by row then column, as quickly as there are pairs: by counting."""
    from scipy.sparse import coo_array  # noqa: PLC0415 - pages read walks without it

    ranks = coo_array((np.arange(len(row)), (row, column)), shape=shape).tocsr()
    ranks.sort_indices()
    order: NDArray[np.int64] = ranks.data
    return order


def _in_order(
    origins: pd.Index,
    destinations: pd.Index,
    row: NDArray[np.integer],
    column: NDArray[np.integer],
    minutes: NDArray[np.floating],
) -> Walks:
    begins = np.zeros(len(origins) + 1, np.int64)
    np.cumsum(np.bincount(row, minlength=len(origins)), out=begins[1:])
    return Walks(origins, destinations, begins, column.astype(np.int32), minutes)


def walks_of(minutes: pd.DataFrame | Walks | ArrayLike) -> Walks:
    """
    Return minutes [origins x destinations], a table or an array, as walks.

    inf and NA are out of reach; the points of an array are numbered.
    """
    if isinstance(minutes, Walks):
        return minutes
    if not isinstance(minutes, pd.DataFrame):
        minutes = pd.DataFrame(np.asarray(minutes, float))
    values = minutes.to_numpy()
    if not np.issubdtype(values.dtype, np.floating):
        values = minutes.to_numpy(float, na_value=np.nan)
    row, column = np.nonzero(np.isfinite(values))
    return _in_order(minutes.index, minutes.columns, row, column, values[row, column])


def square_walks(distances: object, n: int) -> Walks:
    """
    Return distances [n, n], or walks from n points to the same, as walks.

    Raises WrongUsage when they are not square, or walks whose ends are not the same points.
    """
    if isinstance(distances, Walks):
        walks = distances
    else:
        square = np.asarray(distances, float)
        square = np.zeros((0, 0)) if square.size == 0 else np.atleast_2d(square)
        if square.shape != (n, n):
            raise WrongUsage(f"Distances {square.shape} pour {n} lieux : il faut un carré.")
        walks = walks_of(square)
    if walks.shape != (n, n):
        raise WrongUsage(f"Distances {walks.shape} pour {n} lieux : il faut un carré.")
    if not walks.origins.equals(walks.destinations):
        raise WrongUsage("Les marches vont vers d’autres lieux que leurs départs.")
    return walks


def copies(
    at: NDArray[np.integer], stands: NDArray[np.integer], places: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """
    Return each (index in `at`, who) where `who` stands at that position, by index then who.

    `at` [k] are positions 0..places-1, `stands` [names] the position of each name, -1 = nowhere.
    """
    order = np.argsort(stands, kind="stable")[np.count_nonzero(stands < 0) :]
    many_there = np.bincount(stands[order], minlength=places)
    if many_there.max(initial=0) <= 1:
        return _only(at, stands[order], order, places)
    many = many_there[at]
    index = np.repeat(np.arange(len(at)), many)
    skipped = np.cumsum(many_there)[at] - np.cumsum(many)  # from rows of the answer to `order`
    return index, order[np.arange(len(index)) + skipped[index]].astype(np.int32)


def _only(
    at: NDArray[np.integer], stands: NDArray[np.integer], who: NDArray[np.intp], places: int
) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return `copies` when nobody of `who` stands where another does."""
    there = np.full(places, -1, np.int32)
    there[stands] = who
    found = there[at]
    index = np.flatnonzero(found >= 0)
    return index, found[index]


def _same(known: pd.Index, names: pd.Index) -> bool:
    return known is names or (known.equals(names) and known.is_unique)


def _positions(known: pd.Index, names: pd.Index) -> NDArray[np.intp]:
    if not known.is_unique:
        raise WrongUsage("Deux lieux portent le même nom : leurs marches ne se choisissent pas.")
    positions: NDArray[np.intp] = known.get_indexer(names)
    return positions

"""The question of sectors, checked once: loads, places, neighbours, locks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse as sp

from territory.errors import WrongUsage

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Reals = NDArray[np.float64]
    Ints = NDArray[np.int32]

FREE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """
    Units to share among `k` sectors, rows in an order that does not depend on who gave them.

    `load` [units]; `weight` [units] the load, with a little for empty units; `points` [units, 2]
    metres; `minutes` [units, units] or None; `links` bool sparse [units, units], symmetric;
    `locks` [units] a sector or -1; `group` [units] the bound of each unit (one each: no bound), of
    which each split costs `split_cost`. `moving` [units, sectors] is what giving a unit to a sector
    costs besides, `pull` the price of its distance.
    """

    load: Reals
    weight: Reals
    points: Reals
    minutes: Reals | None
    links: sp.csr_matrix
    k: int
    tolerance: float
    locks: Ints
    group: Ints
    split_cost: float = 0.0
    moving: Reals | None = None
    pull: float = 1.0

    @property
    def share(self) -> float:
        """Load of a sector were all equal; 1 when there is nothing to share."""
        return float(self.load.sum()) / self.k or 1.0


def numbers(values: ArrayLike, name: str, size: int | None = None) -> Reals:
    """
    Return `values` [units] as finite numbers.

    `name` is French, for the message. Raises WrongUsage for another shape, another `size`, or a
    number that is NaN or infinite.
    """
    try:
        array = np.array(values, dtype=float)
    except (TypeError, ValueError) as error:
        raise WrongUsage(f"« {name} » : des nombres sont attendus.") from error
    if array.ndim != 1 or (size is not None and len(array) != size):
        raise WrongUsage(f"« {name} » : un nombre par unité est attendu.")
    if not np.isfinite(array).all():
        raise WrongUsage(f"« {name} » : un nombre manque ou est infini.")
    return array


def positive(values: ArrayLike, name: str, size: int | None = None) -> Reals:
    """Return `values` [units] as numbers, none negative; raises WrongUsage, as `numbers`."""
    array = numbers(values, name, size)
    if (array < 0).any():
        raise WrongUsage(f"« {name} » : un nombre est négatif.")
    return array


def between(values: ArrayLike | None, n: int) -> Reals | None:
    """
    Return walking minutes [units, units], both ways alike, out of reach set beyond the longest.

    Raises WrongUsage for another shape, a NaN or a negative number.
    """
    if values is None:
        return None
    array = np.array(values, dtype=float)
    if array.shape != (n, n):
        raise WrongUsage("« minutes » : un tableau carré, une ligne par unité, est attendu.")
    if np.isnan(array).any() or (array < 0).any():
        raise WrongUsage("« minutes » : une durée manque ou est négative.")
    reached = array[np.isfinite(array)].max(initial=1.0)
    array[~np.isfinite(array)] = 10.0 * reached
    np.fill_diagonal(array, 0.0)
    return np.asarray((array + array.T) / 2.0)


def linked(adjacency: Any, n: int) -> sp.csr_matrix:  # noqa: ANN401 - three forms
    """
    Return the neighbours as a symmetric sparse bool matrix [units, units] without loops.

    `adjacency` is a sparse or dense matrix [units, units] or a list of pairs of positions. A list
    of two pairs is pairs; an array [2, 2] is a matrix. Raises WrongUsage for another shape or a
    position that does not exist.
    """
    if adjacency is None or isinstance(adjacency, str):
        raise WrongUsage("« adjacency » : une matrice ou des paires d'unités sont attendues.")
    matrix = sp.csr_matrix(adjacency) if sp.issparse(adjacency) else _from_array(adjacency, n)
    if matrix.shape != (n, n):
        raise WrongUsage("« adjacency » : une ligne et une colonne par unité sont attendues.")
    matrix = (matrix != 0).astype(np.int8)
    both = sp.csr_matrix(matrix + matrix.T)
    both.setdiag(0)
    both.eliminate_zeros()
    both.sort_indices()
    return both.astype(bool)


def _from_array(adjacency: Any, n: int) -> sp.csr_matrix:  # noqa: ANN401
    array = np.asarray(list(adjacency) if not isinstance(adjacency, np.ndarray) else adjacency)
    if array.size == 0:
        return sp.csr_matrix((n, n))
    square = array.shape == (n, n) and (n != 2 or isinstance(adjacency, np.ndarray))  # noqa: PLR2004
    if square:
        return sp.csr_matrix(array)
    if array.ndim != 2 or array.shape[1] != 2:  # noqa: PLR2004 - pairs
        raise WrongUsage("« adjacency » : une matrice ou des paires d'unités sont attendues.")
    pairs = positions(array.ravel(), n, "adjacency").reshape(-1, 2)
    return sp.csr_matrix((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))


def positions(values: ArrayLike, n: int, name: str, least: int = 0) -> NDArray[np.int64]:
    """Return whole numbers [values] from `least` to n - 1; raises WrongUsage for any other."""
    array = numbers(values, name)
    if (array != np.round(array)).any() or (array < least).any() or (array >= n).any():
        raise WrongUsage(f"« {name} » : une unité ou un secteur n'existe pas.")
    return array.astype(np.int64)


def locks_of(locked: Mapping[int, int] | ArrayLike | None, n: int, k: int) -> Ints:
    """
    Return the sector each unit is locked in [units], -1 when free.

    `locked` is {unit: sector} or an array with -1. Raises WrongUsage for a unit or a sector that
    does not exist.
    """
    if locked is None:
        return np.full(n, FREE, np.int32)
    if not isinstance(locked, Mapping):
        given = numbers(locked, "locked", n)
        return positions(given, k, "locked", least=FREE).astype(np.int32)
    found = np.full(n, FREE, np.int32)
    units = positions(list(locked.keys()), n, "locked")
    found[units] = positions(list(locked.values()), k, "locked")
    return found


def pieces_of(links: sp.csr_matrix, sector: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
    """Return the piece [units] of each unit: units linked inside one sector share a number."""
    edges = links.tocoo()
    same = sector[edges.row] == sector[edges.col]
    kept = sp.csr_matrix(
        (np.ones(int(same.sum())), (edges.row[same], edges.col[same])), shape=links.shape
    )
    return np.asarray(sp.csgraph.connected_components(kept, directed=False)[1], np.int64)


def excess_pieces(links: sp.csr_matrix, sector: NDArray[np.integer[Any]]) -> int:
    """Count the pieces beyond one a sector, of `sector` [units]."""
    if len(sector) == 0:
        return 0
    return int(pieces_of(links, sector).max()) + 1 - len(np.unique(sector))


def sector_loads(load: Reals, sector: NDArray[np.integer[Any]], k: int) -> Reals:
    """Return the load [sectors] of each sector of `sector` [units]."""
    return np.bincount(sector, load, minlength=k)[:k].astype(float)


def deviation_of(load: Reals, sector: NDArray[np.integer[Any]], k: int) -> float:
    """Return the largest |load of a sector / equal share - 1| of `sector` [units]; 0 / 0 is 0."""
    if load.sum() <= 0:
        return 0.0
    return float(np.abs(sector_loads(load, sector, k) * k / load.sum() - 1.0).max())

"""Ways of sharing a territory among posts: today's, one sector each, one quarter each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy

from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    Bools = NDArray[np.bool_]

GROUP_MIN = 10.0  # quarters of one group are that near on foot


@dataclass(frozen=True, slots=True, eq=False)
class Organisation:
    """
    Who may be met where: `covers` bool [posts, units], units of nobody allowed.

    A unit covered by several posts is shared by them. `name` is French.
    """

    name: str
    covers: Bools

    @property
    def posts(self) -> int:
        """How many workers it takes."""
        return len(self.covers)


def by_communes(
    name: str, unit_commune: Sequence[str], communes: Mapping[str, Sequence[str] | None]
) -> Organisation:
    """
    Return the organisation that gives each worker its communes (None: all of them).

    `unit_commune` [units] are codes, `communes` those of each worker by code of the worker.
    """
    town = np.asarray(unit_commune, dtype=object)
    rows = [
        np.ones(len(town), bool) if codes is None else np.isin(town, list(codes))
        for _, codes in sorted(communes.items())
    ]
    return Organisation(name, np.array(rows, bool).reshape(len(rows), len(town)))


def by_sectors(name: str, sector: ArrayLike, posts: int) -> Organisation:
    """
    Return the organisation of one sector a post: `sector` [units] from 0 to posts - 1, -1 nobody's.

    Raises WrongUsage for a sector that does not exist.
    """
    labels = np.asarray(sector)
    if labels.ndim != 1 or (labels >= posts).any() or (labels < -1).any():
        raise WrongUsage("Un secteur n'existe pas.")
    return Organisation(name, labels[None, :] == np.arange(posts)[:, None])


def by_quarters(
    name: str,
    quarter: Sequence[str | None],
    people: ArrayLike,
    minutes: ArrayLike,
    posts: int,
    *,
    group_min: float = GROUP_MIN,
) -> Organisation:
    """
    Return the organisation that dedicates each post to one group of priority quarters all week.

    `quarter` [units] is a code or None, `people` [units] the public, `minutes` [units, units] on
    foot. A group is a quarter and those within `group_min` of it (nearest units); groups are taken
    where most of the public lives, none twice. With fewer groups than posts, quarters stand alone;
    with fewer quarters, posts join where each has most people to meet. The rest of the territory is
    nobody's. Raises WrongUsage without any quarter or post.
    """
    codes = sorted({q for q in quarter if q is not None})
    if not codes or posts < 1:
        raise WrongUsage("Il faut au moins un quartier prioritaire et un poste.")
    members = np.array([[q == code for q in quarter] for code in codes])
    crowd = members @ np.nan_to_num(np.asarray(people, float))
    near = _apart(members, np.asarray(minutes, float)) <= group_min
    groups = _groups(near, crowd)
    if len(groups) < posts:
        groups = _groups(np.eye(len(codes), dtype=bool), crowd)
    held = np.zeros(len(groups), int)
    held[:posts] = 1
    size = np.array([crowd[g].sum() for g in groups])
    while held.sum() < posts:
        held[(size / held).argmax()] += 1
    rows = [members[g].any(axis=0) for g, n in zip(groups, held, strict=True) for _ in range(n)]
    return Organisation(name, np.array(rows))


def handover(former: Organisation, new: Organisation, people: ArrayLike) -> Bools:
    """
    Return the units [units] that some post of `new` must take over, posts matched by `matched`.

    A unit is handed over when the post that has it in `new` did not cover it before. `people`
    [units] weigh the matching only.
    """
    rows = matched(former, new, people)
    before = np.zeros_like(new.covers)
    before[rows >= 0] = former.covers[rows[rows >= 0]]
    return np.asarray((new.covers & ~before).any(axis=0))


def matched(former: Organisation, new: Organisation, people: ArrayLike) -> NDArray[np.int64]:
    """
    Return, for each post of `new`, the post of `former` it goes on from (-1: a new one).

    Posts are matched so that as many as can be of `people` [units] keep somebody they knew.
    """
    crowd = np.nan_to_num(np.asarray(people, float))
    kept = (new.covers * crowd) @ former.covers.T.astype(float)
    rows, columns = scipy.optimize.linear_sum_assignment(-kept)
    found = np.full(new.posts, -1, np.int64)
    found[rows] = columns
    return found


def _groups(near: Bools, crowd: NDArray[np.float64]) -> list[Bools]:
    """Return groups of quarters, of most people first: each takes those near it that are free."""
    free, found = np.ones(len(near), bool), []
    while free.any():
        size = np.where(free, (near & free) @ crowd, -1.0)
        group = near[size.argmax()] & free
        found.append(group)
        free &= ~group
    return found


def _apart(members: Bools, minutes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the minutes [quarters, quarters] between the nearest units of two quarters."""
    to_quarter = np.array([minutes[:, m].min(axis=1) for m in members])
    apart = np.array([[row[m].min() for m in members] for row in to_quarter])
    np.fill_diagonal(apart, 0.0)
    both: NDArray[np.float64] = np.minimum(apart, apart.T)
    return both

"""
What organisations bring and cost, on the same data: presence, ways lost, contacts, absences.

The model, on purpose small. A post works `field_h` hours a week outside: permanences of its area
first, then outings spread over its area in proportion to the public, each leaving from the middle
of the area (the unit nearest on foot to its public) and coming back; beyond `ride_min` minutes of
walk, it rides. Somebody is *present* for a person when at work within `near_min` on foot. Contacts
grow with the hours of presence to a power below 1, unknown between two bounds: the hundredth hour
in one place meets fewer new people than the first. They are set by what today's organisation met
in the log. What trust or word of mouth would add to a daily presence is not in the model:
`contacts_ratio` says what it would have to make up for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy.sparse as sp

from territory.errors import WrongUsage
from territory.model.sector_tables import FIGURES, ORGANISATIONS
from territory.model.tables import conform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from territory.analysis.sectors.organisations import Organisation

    Reals = NDArray[np.float64]

_TAIL = (2.5, 97.5)
_LEAST_CV = 1e-6
_HOUR_MIN = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """
    The data that organisations share, by unit.

    `people` [units] the public (unknown counts as nobody here, and is told apart), `doubt` [units]
    its relative standard deviation, `load_h` [units] hours a week, `held_h` [units] hours of staff
    a week of permanences, `minutes` [units, units] on foot, inf out of reach.
    """

    people: Reals
    doubt: Reals
    load_h: Reals
    held_h: Reals
    minutes: Reals


@dataclass(frozen=True, slots=True)
class Assumptions:
    """
    What the comparison assumes; hours are a week, of one post.

    `contacts_week` people the whole team meets in a week (NaN unknown), known from
    `contacts_counted` people (the fewer, the wider the interval), counts varying `clumping` times
    more than chance. `power` bounds how contacts grow with presence. `weeks` are worked in a year.
    """

    field_h: float
    outing_h: float
    contacts_week: float
    contacts_counted: float
    clumping: float = 1.0
    near_min: float = 15.0
    least_h: float = 0.25
    ride_min: float = 40.0
    power: tuple[float, float] = (0.5, 0.9)
    weeks: float = 46.0
    draws: int = 300


def scene(
    people: ArrayLike, doubt: ArrayLike, load_h: ArrayLike, held_h: ArrayLike, minutes: ArrayLike
) -> Scene:
    """
    Return the checked data: all [units], `minutes` [units, units]; NA people count as nobody.

    Raises WrongUsage for another shape, a negative number or NaN minutes.
    """
    crowd = np.nan_to_num(np.asarray(people, float))
    rows = [crowd, *(np.nan_to_num(np.asarray(v, float)) for v in (doubt, load_h, held_h))]
    walks = np.asarray(minutes, float)
    if any(r.shape != crowd.shape for r in rows) or walks.shape != (len(crowd), len(crowd)):
        raise WrongUsage("Les tableaux des unités n'ont pas la même taille.")
    if any((r < 0).any() or np.isinf(r).any() for r in rows) or not (walks >= 0).all():
        raise WrongUsage("Un nombre est négatif, ou une durée de marche manque.")
    if not len(crowd) or not crowd.any():
        raise WrongUsage("Il faut au moins une unité où vit du public.")
    return Scene(rows[0], rows[1], rows[2], rows[3], walks)


def compared(
    organisations: Sequence[Organisation], ground: Scene, assumed: Assumptions, *, seed: int = 0
) -> pd.DataFrame:
    """
    Return the figures of each organisation, as ORGANISATIONS of model/sector_tables.

    The first one is the reference of the contacts: the team met its contacts so organised. Public,
    power and luck are drawn `draws` times, the same for all, so that differences between lines are
    theirs; a figure is the mean of the draws, its interval holds 95 % of them. Raises WrongUsage
    without any organisation, for one without post, two of one name, or posts without
    hours.
    """
    if not organisations or any(not o.posts for o in organisations):
        raise WrongUsage("Il faut au moins une organisation, et un poste à chacune.")
    if len({o.name for o in organisations}) < len(organisations):
        raise WrongUsage("Deux organisations portent le même nom.")
    if not assumed.field_h > 0 or not assumed.outing_h > 0 or assumed.draws < 1:
        raise WrongUsage("Les heures de terrain et la durée des sorties doivent être positives.")
    draw = np.random.default_rng(abs(seed))
    crowds = _crowds(ground, assumed.draws, draw)
    luck = _luck(assumed, draw)
    found = [_figures(o, ground, assumed, crowds, luck) for o in organisations]
    rows = [
        _row(o, ground, one, found[0], luck) for o, one in zip(organisations, found, strict=True)
    ]
    index = pd.Index([o.name for o in organisations], dtype="object")
    return conform(pd.DataFrame(rows, index=index), ORGANISATIONS).loc[index]


@dataclass(frozen=True, slots=True, eq=False)
class _Luck:
    """What is drawn once for all: power [draws], people met in a year [draws], their noise."""

    power: Reals
    year: Reals
    noise: Reals
    clumping: float


def _crowds(ground: Scene, draws: int, draw: np.random.Generator) -> Reals:
    """Draw the public [units, draws]: a gamma of that mean and relative deviation."""
    shape = 1.0 / np.maximum(ground.doubt, _LEAST_CV) ** 2
    drawn = draw.gamma(shape[:, None], size=(len(shape), draws)) / shape[:, None]
    sure = (ground.doubt <= _LEAST_CV)[:, None]
    return np.asarray(ground.people[:, None] * np.where(sure, 1.0, drawn))


def _luck(assumed: Assumptions, draw: np.random.Generator) -> _Luck:
    """Draw the power, and the true contacts of a year of today's team given those counted."""
    power = draw.uniform(*assumed.power, assumed.draws)
    shape = max(assumed.contacts_counted, 0.0) / max(assumed.clumping, 1.0) + 0.5
    rate = draw.gamma(shape, size=assumed.draws) / shape
    noise = draw.standard_normal(assumed.draws)
    year = assumed.contacts_week * assumed.weeks * rate
    return _Luck(power, year, noise, max(assumed.clumping, 1.0))


def _figures(
    org: Organisation, ground: Scene, assumed: Assumptions, crowds: Reals, luck: _Luck
) -> dict[str, Reals]:
    """Return each figure [draws], « reach » (what contacts grow with) among them."""
    near = sp.csr_matrix((ground.minutes <= assumed.near_min) | np.eye(len(crowds), dtype=bool))
    near = near.astype(float)
    base = _middles(org, ground)
    trip = np.minimum(ground.minutes[base], assumed.ride_min)
    travel, each = [], np.empty((len(base), *crowds.shape))  # [posts, units, draws]: no copy of it
    for post, area in enumerate(zip(org.covers, trip, _held(org, ground), strict=True)):
        hours, lost = _spread(*area, assumed, crowds)
        each[post] = near @ hours
        travel.append(lost)
    presence, total = each.sum(axis=0), crowds.sum(axis=0)
    left = np.array([_alone(presence - one, crowds, assumed) for one in each])
    return {
        "presence_h": (presence * crowds).sum(axis=0) / total,
        "without": _alone(presence, crowds, assumed),
        "travel_h": np.sum(travel, axis=0),
        "reach": (crowds * presence**luck.power).sum(axis=0),
        "absent_worst": left.max(axis=0),
        "absent_mean": left.mean(axis=0),
        "load_deviation": _uneven(org, ground, crowds),
        "compact_min": _compact(org, ground, crowds, base),
    }


def _held(org: Organisation, ground: Scene) -> Reals:
    """Return the hours of permanence of each post in each unit [posts, units]."""
    shared = np.maximum(org.covers.sum(axis=0), 1)
    return np.asarray(org.covers * (ground.held_h / shared))


def _spread(
    area: NDArray[np.bool_], trip: Reals, held: Reals, assumed: Assumptions, crowds: Reals
) -> tuple[Reals, Reals]:
    """Return the hours of a post [units, draws], and those lost on the way [draws]."""
    kept = held * min(1.0, assumed.field_h / held.sum()) if held.any() else held
    crowd = crowds * area[:, None]
    total = crowd.sum(axis=0)
    share = crowd / np.where(total > 0, total, 1.0)
    way_h = 2.0 * (trip @ share) / _HOUR_MIN
    outings = (assumed.field_h - kept.sum()) / (assumed.outing_h + way_h)
    outings = np.where(total > 0, np.maximum(outings, 0.0), 0.0)
    return kept[:, None] + share * outings * assumed.outing_h, outings * way_h


def _alone(presence: Reals, crowds: Reals, assumed: Assumptions) -> Reals:
    lost = presence < assumed.least_h - 1e-9
    return np.asarray((crowds * lost).sum(axis=0) / crowds.sum(axis=0))


def _middles(org: Organisation, ground: Scene) -> NDArray[np.int64]:
    """Return the unit of each area nearest on foot to its public; far ways count as the longest."""
    finite = np.isfinite(ground.minutes)
    longest = ground.minutes[finite].max(initial=1.0)
    walks = np.where(finite, ground.minutes, 10.0 * longest)
    found = []
    for area in org.covers:
        mine = np.flatnonzero(area) if area.any() else np.arange(len(area))
        far = walks[np.ix_(mine, mine)] @ ground.people[mine]
        found.append(mine[far.argmin()])
    return np.array(found, np.int64)


def _uneven(org: Organisation, ground: Scene, crowds: Reals) -> Reals:
    """Return the largest gap to the mean load [draws]; the load of a unit follows its public."""
    scale = crowds / np.where(ground.people > 0, ground.people, 1.0)[:, None]
    scale[ground.people <= 0] = 1.0
    shared = org.covers / np.maximum(org.covers.sum(axis=0), 1)
    loads = shared @ (ground.load_h[:, None] * scale)
    mean = loads.mean(axis=0)
    return np.asarray(
        np.where(mean > 0, np.abs(loads / np.where(mean > 0, mean, 1) - 1).max(axis=0), np.nan)
    )


def _compact(org: Organisation, ground: Scene, crowds: Reals, base: NDArray[np.int64]) -> Reals:
    """Return the mean walk [draws] from the middle of an area, of those who can be walked to."""
    walks = ground.minutes[base]
    known = org.covers & np.isfinite(walks)
    people = known.astype(float) @ crowds
    summed = np.where(known, walks, 0.0) @ crowds
    return np.asarray(
        summed.sum(axis=0) / np.where(people.sum(axis=0) > 0, people.sum(axis=0), np.nan)
    )


def _row(
    org: Organisation, ground: Scene, mine: dict[str, Reals], first: dict[str, Reals], luck: _Luck
) -> dict[str, float]:
    """Return the line of one organisation: means and ends of the draws."""
    ratio = mine["reach"] / np.where(first["reach"] > 0, first["reach"], np.nan)
    expected = luck.year * ratio
    spread = np.sqrt(np.maximum(expected, 0.0) * luck.clumping)
    drawn = {**mine, "contacts_ratio": ratio,
             "contacts_year": np.maximum(expected + luck.noise * spread, 0.0)}  # fmt: skip
    row = {"posts": float(org.posts), "covered": _covered(org, ground)}
    for name in FIGURES:
        values = drawn[name]
        ends = np.percentile(values, _TAIL)
        middle = expected if name == "contacts_year" else values
        row |= {name: float(middle.mean()), f"{name}_low": ends[0], f"{name}_high": ends[1]}
    return row


def _covered(org: Organisation, ground: Scene) -> float:
    return float(ground.people[org.covers.any(axis=0)].sum() / ground.people.sum())

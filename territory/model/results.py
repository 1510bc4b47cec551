"""
Frozen answers: what the analyses and the planner say, ready for a page, a sheet or `--json`.

Definitions: a *half-day* is (date, "matin" | "apres-midi"); minutes are civil minutes after
midnight; walks are metres along streets and whole seconds. `reason` fields are French sentences.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - read back from a product by pydantic
from dataclasses import dataclass, field
from enum import StrEnum

from territory.model.marked import marked

FIRST = 5  # zones a coordinator really goes to


class Ending(StrEnum):
    """How a search ended; nothing is called optimal that is not proved."""

    OPTIMAL = "optimal"
    WITHIN_GAP = "within_gap"
    TIME_UP = "time_up"
    IMPOSSIBLE = "impossible"
    FAILED = "failed"


class Verdict(StrEnum):
    """How sure one may be that a zone is underserved."""

    ESTABLISHED = marked("établi")
    PROBABLE = marked("probable")
    TO_CHECK = marked("à vérifier")
    TOO_LITTLE = marked("données insuffisantes")


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason with figures: `kind` is besoin, acces or effort; weights add up to the score."""

    kind: str
    sentence: str
    weight: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """
    How sure one may be of a zone, and what would change that.

    `p_value`: how often chance and usual distance alone would show such a lack (NaN: not asked).
    `ratio` contacts to expected, median and 95 % interval; `usual` contacts expected once distance
    has taken what it usually takes; `deviation` the standard deviation of the count; `percentile_*`
    of the need, 0-100, NA when not estimated; `flip` contacts more that would undo the verdict
    (None: it is not one to undo); `change` says so in French. `variants` other ways of computing
    were tried, of which the share `stability` keeps the zone among the first five (None: not
    tried); `opinions` are French sentences of other methods; `edge`: near a border beyond which
    nothing is known.
    """

    p_value: float
    ratio: float
    ratio_low: float
    ratio_high: float
    usual: float
    deviation: float
    percentile: float | None = None
    percentile_low: float | None = None
    percentile_high: float | None = None
    flip: int | None = None
    change: str = ""
    variants: int = 0
    stability: float | None = None
    opinions: tuple[str, ...] = ()
    edge: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """
    An underserved zone: whole cells, ranked, with three reasons and a verdict.

    `residents` and `target` are people living there, `minutes` a walk, `contacts` and `expected`
    people informed in the period (by meeting place), `p_below_half` the posterior probability that
    contacts are truly below half of the expected; `score` is how many standard deviations of
    contacts are missing. `streets` are the main streets inside, longest first.
    """

    rank: int
    zone_id: str
    name: str
    commune_code: str | None
    cells: tuple[str, ...]
    residents: float
    target: float
    minutes: float | None  # need-weighted median to the nearest permanence; None = out of reach
    contacts: float
    expected: float
    months_since: float | None  # last outing near half of the target; None = none in the period
    p_below_half: float
    score: float
    verdict: Verdict
    reasons: tuple[Reason, Reason, Reason]
    doubt: Doubt | None = None
    streets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SiteOutcome:
    """
    Chosen candidate positions (sorted), their objective, a proven bound, and how it ended.

    `objective` and `bound` are in the unit of the weights; `assignment` [demand] is the candidate
    serving each demand, -1 = none; `seconds` is how long the search took.
    """

    chosen: tuple[int, ...]
    objective: float
    bound: float
    ending: Ending
    assignment: tuple[int, ...]  # candidate serving each demand, -1 = none
    seconds: float


@dataclass(frozen=True, slots=True)
class Share:
    """People a week under a name: of a public, a commune, or another permanence."""

    name: str
    people: float


@dataclass(frozen=True, slots=True)
class Site:
    """
    A suggested permanence: the place, its half-day, what it brings, and why.

    `gained_target`, `covered_before`, `covered_after` and `target_total` are target residents,
    people: within the plan's limit thanks to this site, before it, with it, and in the whole
    territory. `slot` is « mercredi matin », `weekday` 0 Monday, times minutes after midnight,
    `hours` of workers a week, preparation included. People a week: `people_week` received there
    (95 % interval, None when attendance was not measured), `gained_week` received more in the whole
    territory than without it, `turned_away` for whom there is no room, `publics` and `communes` who
    they are, `transfers` where they would come otherwise. `own_share` (0-1) live in the commune of
    the place, None unknown. `host`, `opening` and `certainty` are French words on what is sure;
    `near` the market or crowd then open close by; `equal_slots` other half-days worth as much.
    """

    rank: int
    place_id: str
    name: str
    kind: str
    commune_code: str | None
    gained_target: float
    covered_before: float
    covered_after: float
    target_total: float
    reason: str
    slot: str = ""
    weekday: int | None = None
    half_day: str = ""
    start_min: int | None = None
    end_min: int | None = None
    hours: float | None = None
    people_week: float | None = None
    people_low: float | None = None
    people_high: float | None = None
    gained_week: float | None = None
    turned_away: float = 0.0
    own_share: float | None = None
    host: str = ""
    opening: str = ""
    certainty: str = ""
    near: str = ""
    publics: tuple[Share, ...] = ()
    communes: tuple[Share, ...] = ()
    transfers: tuple[Share, ...] = ()
    equal_slots: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SitePlan:
    """
    Suggested sites with the proof of how much better any other choice could be.

    `limit_min` is minutes on foot. `bound` is what no choice exceeds: people received a week in all
    permanences (`measure` is that unit, in French).
    `people_before` and `people_week` are received a week without and with the sites; `closed` the
    permanences that would close (« place, half-day »), `visits` a week of one person of the public
    at the very most (95 % interval, None when not measured), `notes` French sentences on what the
    answer rests on and what it could not keep.
    """

    sites: tuple[Site, ...]
    limit_min: float
    ending: Ending
    bound: float
    measure: str = "personnes par semaine"
    people_before: float | None = None
    people_week: float | None = None
    closed: tuple[str, ...] = ()
    visits: float | None = None
    visits_low: float | None = None
    visits_high: float | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sector:
    """
    What one mediator (or team) covers: communes, or the part of them that `cells` are.

    `load` is what was balanced: hours a week, of which `hours` are the parts (codes of
    sector_tables.HOUR_PARTS, None unknown); people of the public when only they are known.
    `people` are target residents (None unknown), `compact_min` minutes on foot from the middle of
    the sector to its public, a mean, `pieces` the parts that do not hold together on foot,
    `permanences` the names of the places held there that may be shown, `assumed` how many units
    have an unknown load, counted as their commune's mean. `areas` are names: communes whole, or
    their parts.
    """

    sector_id: str
    agents: tuple[str, ...]
    communes: tuple[str, ...]
    load: float
    deviation: float  # load / equal share - 1
    people: float | None = None
    hours: dict[str, float | None] = field(default_factory=dict)
    cells: tuple[str, ...] = ()
    compact_min: float | None = None
    pieces: int = 1
    permanences: tuple[str, ...] = ()
    assumed: int = 0
    areas: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SectorPlan:
    """
    All sectors; every unit (cell or commune) is in exactly one, and so is a commune not cut.

    `load_deviation` is the largest gap of a sector to an equal share, as a share of it; `note` says
    in French what the search proved. `units` is carreaux or communes; `compact_min` the mean walk
    of the public to the middle of its sector; `splits` counts the sectors beyond one in a commune.
    `indices` are those of `sector_indices`: spread and gini of the loads, pairs_cut. `kept` says in
    French what stays with whom because somebody asked for it.
    """

    sectors: tuple[Sector, ...]
    load_deviation: float
    ending: Ending
    note: str
    units: str = "communes"
    compact_min: float | None = None
    splits: int = 0
    indices: dict[str, float] = field(default_factory=dict)
    kept: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OutsideTotals:
    """
    People outside tax households, over the whole territory, as the team estimates them.

    `people_shown` live in places that may be shown, of whom `people_in_target` are in the target;
    `people_kept_out` live in sensitive places and are in no figure of a cell; `people_unplaced` in
    places without a position or too far from every cell. Of `places_told`, some have no estimate:
    their people are unknown, as are those of places nobody told.
    """

    people_shown: float
    people_in_target: float
    people_kept_out: float
    people_unplaced: float
    places_told: int
    places_without_estimate: int


@dataclass(frozen=True, slots=True)
class Variant:
    """One other way of computing: its French name, and which of the first zones it finds again."""

    name: str
    kept: tuple[str, ...]  # zone_id


@dataclass(frozen=True, slots=True)
class Calibration:
    """
    What counts of walkers made of the passage.

    `given` counts, of which `used` are near enough to a street whose passage is known; `missing`
    more would be needed. `coefficients` by purpose are empty when the passage stays relative.
    `error` is the mean absolute error of each count guessed from all others, over the mean count
    (0.3 = 30 %), None when relative. `note` says in French why enough counts gave nothing.
    """

    given: int = 0
    used: int = 0
    missing: int = 0
    coefficients: Mapping[str, float] = field(default_factory=dict)
    error: float | None = None
    note: str = ""

"""
The plan of a week: who goes where, when and why; what was left out, and what would admit it.

Times are civil minutes after midnight, walks metres along streets, `reason` fields French
sentences. A *half-day* is (date, "matin" | "apres-midi").
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - read at run time by the JSON writer

from territory.model.results import Ending  # noqa: TC001 - read at run time by the JSON writer


@dataclass(frozen=True, slots=True)
class Stop:
    """
    One stop of an outing: where, when, for how long, and why.

    `x` and `y` are metres in the metric CRS of the territory; `walk_m` and `walk_s` lead here from
    the stop before (or from the start). `value` is what it brings (people expected); `loss` how
    many fewer are expected without it, the week planned again (None: not computed). `code` is what
    is typed for it after the outing. Of a stretch of streets, `streets` are the names in order.
    `ride` tells the vehicles to take to come here ("" on foot).
    """

    order: int
    place_id: str | None  # None: a stretch of streets inside a zone
    name: str
    kind: str
    arrive_min: int
    leave_min: int
    walk_m: int
    walk_s: int
    x: float
    y: float
    closes_min: int | None  # end of the opening span that holds the visit; None = hours unknown
    reason: str
    value: float = 0.0
    loss: float | None = None
    code: str = ""
    zone_id: str | None = None
    streets: tuple[str, ...] = ()
    ride: str = ""


@dataclass(frozen=True, slots=True)
class Shelter:
    """Where to go instead when it rains: an indoor place open then, and how far it is."""

    place_id: str
    name: str
    opens_min: int
    closes_min: int
    walk_min: int
    reason: str


@dataclass(frozen=True, slots=True)
class Session:
    """
    One half-day of one mediator or pair: maraude, permanence, event or meeting.

    A fixed appointment has neither stops nor path, and no zone. `walk_m` is metres with the way
    back. `bring` is what to carry, `announce` the concrete offer to tell of (French; "" none),
    `lunch_min` when lunch starts within the outing (None: outside of it), `shelters` plans B,
    `ride_back` the vehicles to take after the last stop ("" on foot). `partners` are the codes of
    other teams that come along; those of an appointment are also among its `agents`.
    """

    session_id: str
    on: date
    half_day: str
    kind: str
    agents: tuple[str, ...]
    start_min: int
    end_min: int
    title: str
    place_id: str | None
    zone_id: str | None
    stops: tuple[Stop, ...]
    path: tuple[tuple[float, float], ...]  # the walk along the streets, metres in the metric CRS
    streets: tuple[str, ...]  # names of the streets walked, in order
    walk_m: int
    reason: str
    fixed: bool
    locked: bool = False
    code: str = ""
    bring: tuple[str, ...] = ()
    announce: str = ""
    lunch_min: int | None = None
    shelters: tuple[Shelter, ...] = ()
    partners: tuple[str, ...] = ()
    ride_back: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """
    A zone, place or appointment that the week could not hold, and the rule that kept it out.

    `rule` is a code of the rules, `remedy` the smallest change that admits it, proved by planning
    again ("" when none was sought or found), and what it would bring or cost. `by_placing`: no rule
    has to change, asking for the visit is enough.
    """

    name: str
    reason: str
    rule: str = ""
    remedy: str = ""
    place_id: str | None = None
    zone_id: str | None = None
    by_placing: bool = False


@dataclass(frozen=True, slots=True)
class Turns:
    """
    What one mediator had of something that is shared out, over `weeks`, the one planned included.

    `kind`: "soirees" (evenings), "lieux_difficiles" (days with one), "marche_km" (of signed weeks);
    `fair` is their share by contract among those who can have any.
    """

    kind: str
    had: float
    fair: float
    weeks: int


@dataclass(frozen=True, slots=True)
class Carried:
    """
    What one mediator carries in the week, and what is owed from the weeks before.

    `hours` of outings, `walk_m`, `evenings` and days with `difficult` places; `due_h` the hours of
    outings that would have been a fair share, debts included, as far as the week can hold them
    (None: no ledger); `left_h` those still owed after the week (0: none); `turns` what is shared
    out beside the hours.
    """

    agent: str
    hours: float
    walk_m: int
    evenings: int
    difficult: int
    due_h: float | None = None
    left_h: float | None = None
    turns: tuple[Turns, ...] = ()


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """
    The week: sessions by date and start, what was left out, and how it was found.

    `value` is what the outings are worth (people expected, and in people what presence in zones
    that lack it is), `bound` what no plan could exceed (None: not sought); `carried` the load of
    each mediator; `changes` French sentences on what moved since the plan before; `notes` French
    sentences on what the answer rests on.
    """

    week: str  # ISO, "2026-W48"
    sessions: tuple[Session, ...]
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]
    ending: Ending
    seed: int
    value: float = 0.0
    bound: float | None = None
    carried: tuple[Carried, ...] = ()
    changes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

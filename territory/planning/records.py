"""Rows of the contracted tables as small frozen records, sorted: row order never matters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.freshness import freshness, less_trusted
from territory.errors import BrokenTable
from territory.model.facts import HOURS
from territory.model.french_calendar import FrenchCalendar
from territory.model.recurrence_text import read_recurrence
from territory.planning.explain import fact_doubt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.model.recurrence import Recurrence

PARTNER = "partenaire"
DAY_MIN = 24 * 60
_WORKER = (
    "role", "communes", "start_place_id", "walk_kmh", "walk_max_m", "weekly_hours", "active_from",
    "active_to",
)  # fmt: skip
_LINE = (
    "agent_code", "weekday", "from_on", "to_on", "start_min", "end_min", "weeks", "kind",
    "place_id", "recurrence", "headcount", "partners",
)  # fmt: skip
_SEEN = (
    "name", "kind", "opening_hours", "status", "sensitive", "fixed_point", "closures",
    "commune_code", "geometry",
)  # fmt: skip
_DATED = (
    "state", "on", "kind", "start_min", "end_min", "hours", "place_id", "place_name", "agents",
    "sensitive",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agent:
    """
    One worker, or a partner team: communes covered (empty = all), start of rounds, speed, walk.

    `weekly_min` is the contract, minutes a week; `active_from` and `active_to` the first and last
    days in the team. None is unknown: no limit.
    """

    code: str
    communes: frozenset[str]
    start_place_id: str | None
    walk_kmh: float | None
    walk_max_m: float | None
    weekly_min: int | None = None
    active_from: date | None = None
    active_to: date | None = None

    def active(self, on: date) -> bool:
        """Whether the worker is in the team on day `on`."""
        begun = self.active_from is None or self.active_from <= on
        return begun and (self.active_to is None or on <= self.active_to)


@dataclass(frozen=True, slots=True)
class Slot:
    """
    One line of availability; minutes after midnight, whole day when the hours are unknown.

    `headcount` is how many people an appointment needs (None: those of its lines), `partners` the
    codes of the other teams that come along.
    """

    slot_id: str
    agent: str
    weekday: int | None
    from_on: date | None
    to_on: date | None
    start_min: int
    end_min: int
    weeks: str
    kind: str
    place_id: str | None
    recurrence: Recurrence | None = None
    headcount: int | None = None
    partners: tuple[str, ...] = ()

    def applies(self, on: date, calendar: FrenchCalendar | None = None) -> bool:
        """
        Whether the line holds on the civil date `on`: weekday, period, ISO week, recurrence.

        `calendar` (None: all France, school holidays unknown) tells the holidays of a recurrence.
        """
        back = self.recurrence
        if self.weekday is not None and self.weekday != on.weekday():
            return False
        undated = self.weekday is None and self.from_on is None and back is None
        if undated and self.kind != "absent":
            return False
        if back is not None and not back.falls_on(on, calendar or FrenchCalendar()):
            return False
        if (self.from_on and on < self.from_on) or (self.to_on and on > self.to_on):
            return False
        parity = {0: "paire", 1: "impaire"}[on.isocalendar().week % 2]
        return self.weeks in {"toutes", parity}


@dataclass(frozen=True, slots=True)
class Place:
    """A place as the planner sees it; `hours` is OSM text, None when unknown; x, y are metres."""

    place_id: str
    name: str
    kind: str
    hours: str | None
    status: str
    sensitive: bool
    fixed_point: bool
    x: float | None
    y: float | None
    closures: str | None = None
    trust: float = 1.0  # 0-1, less when its facts are old (analysis.freshness)
    age_months: int | None = None  # since they were last seen to be true
    hours_doubt: str | None = None  # said of its hours, "" when recent; None: not judged
    avoided: bool = False  # by a rule of the team
    commune: str | None = None

    @property
    def welcomes(self) -> bool:
        """Whether a round may stop there: located, fixed, not sensitive nor avoided, no refusal."""
        known = self.x is not None and self.fixed_point and not self.sensitive
        return known and not self.avoided and self.status != "refus"


@dataclass(frozen=True, slots=True)
class Planned:
    """One activity already planned on a date, minutes after midnight; hours may be unknown."""

    activity_id: str
    on: date
    kind: str
    start_min: int | None
    end_min: int | None
    place_id: str | None
    place_name: str
    agents: tuple[str, ...]
    sensitive: bool


def team_records(team: pd.DataFrame) -> tuple[Agent, ...]:
    """Return the workers who may walk rounds, by code; `partenaire` roles are left out."""
    rows = _rows(team, _WORKER)
    return tuple(_agent(code, row) for code, row in rows if _text(row["role"]) != PARTNER)


def partner_records(team: pd.DataFrame) -> tuple[Agent, ...]:
    """Return the other teams, lines of role `partenaire`, by code."""
    rows = _rows(team, _WORKER)
    return tuple(_agent(code, row) for code, row in rows if _text(row["role"]) == PARTNER)


def own_agents(agents: pd.Series, team: pd.DataFrame) -> pd.Series:
    """Return codes joined by | without those of other teams of `team` (TEAM); NA for none left."""
    others = {code for code, row in _rows(team, ("role",)) if _text(row["role"]) == PARTNER}
    left = agents.map(
        lambda text: "|".join(c for c in text.split("|") if c.strip() not in others),
        na_action="ignore",
    )
    return left.where(left.ne(""))


def slot_records(availability: pd.DataFrame) -> tuple[Slot, ...]:
    """
    Return the lines of availability (`tables.AVAILABILITY`), sorted by id.

    Raises BrokenTable (French) when a recurrence was not written by its reader.
    """
    return tuple(_slot(key, row) for key, row in _rows(availability, _LINE))


def place_records(
    places: pd.DataFrame, on: date, judged: pd.DataFrame | None = None
) -> dict[str, Place]:
    """
    Return the places by id, in sorted order, their facts as fresh as on day `on`.

    Coordinates are in the CRS of the table (metres). `judged`, of `fact_freshness` on the same day,
    tells the doubt their hours deserve.
    """
    aged, doubts = freshness(places, on), dict[str, str]()
    trust = aged["trust"]
    if judged is not None:
        hours = judged[judged["fact"] == HOURS]
        doubts = dict(zip(hours["place_id"], map(fact_doubt, hours.itertuples()), strict=True))
        trust = less_trusted(trust, judged)
    ages = dict(zip(places.index.astype(str), zip(trust, aged["months"], strict=True), strict=True))
    return {
        key: _place(key, row, trusted=ages[key][0], months=ages[key][1], doubt=doubts.get(key))
        for key, row in _rows(places, _SEEN)
    }


def planned_records(activities: pd.DataFrame) -> tuple[Planned, ...]:
    """Return the activities of state `prevu`, by id."""
    rows = _rows(activities, _DATED)
    dated = [(key, row) for key, row in rows if not pd.isna(row["on"])]
    return tuple(_planned(key, row) for key, row in dated if _text(row["state"]) == "prevu")


def _rows(table: pd.DataFrame, names: Sequence[str]) -> list[tuple[str, Mapping[str, object]]]:
    """Return some columns of the rows by key, sorted; taken by column, which is much quicker."""
    if table.empty:
        return []
    plain = pd.DataFrame(table)  # a layer looks at each of its columns anew
    columns = [plain[name].array.tolist() for name in names]
    rows = (dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True))
    return sorted(zip(table.index.astype(str), rows, strict=True), key=lambda item: item[0])


def _agent(code: str, row: Mapping[str, object]) -> Agent:
    return Agent(
        code=code,
        communes=frozenset(_codes(row["communes"])),
        start_place_id=_text(row["start_place_id"]) or None,
        walk_kmh=_real(row["walk_kmh"]),
        walk_max_m=_real(row["walk_max_m"]),
        weekly_min=_minutes(row["weekly_hours"]),
        active_from=_day(row["active_from"]),
        active_to=_day(row["active_to"]),
    )


def _slot(key: str, row: Mapping[str, object]) -> Slot:
    start, end = _count(row["start_min"]), _count(row["end_min"])
    return Slot(
        slot_id=key,
        agent=_text(row["agent_code"]),
        weekday=_count(row["weekday"]),
        from_on=_day(row["from_on"]),
        to_on=_day(row["to_on"]),
        start_min=0 if start is None else start,
        end_min=DAY_MIN if end is None else end,
        weeks=_text(row["weeks"]) or "toutes",
        kind=_text(row["kind"]),
        place_id=_text(row["place_id"]) or None,
        recurrence=_recurrence(_text(row["recurrence"])),
        headcount=_count(row["headcount"]),
        partners=tuple(sorted(_codes(row["partners"]))),
    )


def _recurrence(text: str) -> Recurrence | None:
    heard = read_recurrence(text) if text else None
    if text and heard is None:
        raise BrokenTable(f"Table « availability » : récurrence illisible, « {text} ».")
    return heard.recurrence if heard else None


def _place(
    key: str, row: Mapping[str, object], *, trusted: float, months: object, doubt: str | None
) -> Place:
    point = row["geometry"]
    located = point is not None and not getattr(point, "is_empty", True)
    fixed = row["fixed_point"]
    return Place(
        place_id=key,
        name=_text(row["name"]),
        kind=_text(row["kind"]),
        hours=_text(row["opening_hours"]) or None,
        status=_text(row["status"]),
        sensitive=_yes(row["sensitive"]),
        fixed_point=pd.isna(fixed) or bool(fixed),
        x=float(point.x) if located else None,  # type: ignore[attr-defined]
        y=float(point.y) if located else None,  # type: ignore[attr-defined]
        closures=_text(row["closures"]) or None,
        commune=_text(row["commune_code"]) or None,
        trust=trusted,
        age_months=_count(months),
        hours_doubt=doubt,
    )


def _planned(key: str, row: Mapping[str, object]) -> Planned:
    start, end, hours = _count(row["start_min"]), _count(row["end_min"]), _real(row["hours"])
    if end is None and start is not None and hours is not None:
        end = start + round(60 * hours)
    return Planned(
        activity_id=key,
        on=_day(row["on"]) or date.min,
        kind=_text(row["kind"]) or "autre",
        start_min=start,
        end_min=end,
        place_id=_text(row["place_id"]) or None,
        place_name=_text(row["place_name"]),
        agents=tuple(sorted(_codes(row["agents"]))),
        sensitive=_yes(row["sensitive"]),
    )


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value).strip()


def _codes(value: object) -> set[str]:
    return {code.strip() for code in _text(value).split("|") if code.strip()}


def _real(value: object) -> float | None:
    return None if pd.isna(value) else float(str(value))


def _minutes(hours: object) -> int | None:
    value = _real(hours)
    return None if value is None else round(60 * value)


def _count(value: object) -> int | None:
    return None if pd.isna(value) else int(float(str(value)))


def _yes(value: object) -> bool:
    return not pd.isna(value) and bool(value)


def _day(value: object) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(value).date()

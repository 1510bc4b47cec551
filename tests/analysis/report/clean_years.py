"""Years of a log drawn from a seed in which nothing is wrong, and one way to spoil each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from random import Random
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.report.counting import counted
from territory.analysis.report.ground import COLUMNS
from territory.analysis.report.guards import Said, guards
from territory.analysis.report.lines import Lines, activity_lines, people_lines
from territory.analysis.report.noted import noted_by
from territory.model.report import Figures, Guard, Span
from territory.model.tables import ACTIVITIES, CONTACTS, PLACES, conform, empty_table
from tests.analysis.report.golden import COMMUNES, working_days

if TYPE_CHECKING:
    from territory.settings.report import Profile

YEAR = Span(date(2026, 1, 1), date(2026, 12, 31), "année 2026")
TURN = 10  # what repeats every ten activities falls on whole percentages
RECEIVED = 20
KINDS = ("maraude", "evenement", "permanence")
HOMES = ("qpv", "qva", "proximite", "autre")
CHANNELS = ("bouche_a_oreille", "espace_public", "permanence", "partenaire")
PLACES_REFERRED = ("plie", "mission_locale", "france_travail")


@dataclass(frozen=True)
class Year:
    """A log: activities and contacts as rows, and what the team says itself."""

    activities: list[dict[str, object]]
    contacts: list[dict[str, object]]
    said: Said
    lacking: str = ""  # perimeters that were not given, as analysis.perimeters writes

    def lines(self) -> Lines:
        activities = conform(_frame(self.activities, "activity_id"), ACTIVITIES)
        contacts = conform(_frame(self.contacts, "contact_id"), CONTACTS)
        zones = pd.DataFrame(
            {"residence": "qpv", "quarter": "Q1", "lacking": pd.NA}, index=activities.index
        )
        if self.lacking:
            zones = zones.assign(residence="inconnue", quarter=pd.NA, lacking=self.lacking)
        placed = activity_lines(activities, _no_partner(), zones, YEAR)
        people, noted = people_lines(placed, contacts, YEAR), noted_by(activities, contacts, YEAR)
        return Lines(placed, people, _no_partner(), _no_ground(), noted)

    def found(self, profile: Profile) -> tuple[Figures, tuple[Guard, ...]]:
        lines = self.lines()
        figures = counted(profile.countings, lines, {}, {})
        return figures, guards(profile, figures, lines, self.said)


def _frame(rows: list[dict[str, object]], key: str) -> pd.DataFrame:
    return pd.DataFrame(rows).set_index(key).assign(geometry=None)


@cache
def _no_partner() -> pd.DataFrame:
    return empty_table(PLACES).drop(columns="geometry").assign(step="")


def _no_ground() -> pd.DataFrame:
    return pd.DataFrame(columns=list(COLUMNS), index=pd.Index([], name="unit"))


def clean_year(seed: int) -> Year:
    """Return a year where every count is made, adds up, is large, and lies on a working day."""
    random = Random(seed)  # noqa: S311 - a test year
    days = working_days(date(2026, 1, 5))
    women, young, old = random.randint(2, 18), random.randint(2, 9), random.randint(2, 9)
    towns, homes, channels, places, barriers, registered, supported = (
        random.choices(values, k=TURN)
        for values in (COMMUNES, HOMES, CHANNELS, PLACES_REFERRED, ("langue", "logement|mobilite"),
                       ("oui", "non"), ("oui", "non"))
    )  # fmt: skip
    rows: list[dict[str, object]] = []
    contacts: list[dict[str, object]] = []
    for at in range(TURN * random.randint(3, 12)):
        key, turn = f"A{at:04d}", at % TURN
        on = pd.Timestamp(next(days))
        rows.append(
            {
                "activity_id": key, "on": on, "kind": random.choice(KINDS), "state": "realise",
                "start_min": 540, "end_min": 720, "hours": 3.0, "place_name": f"lieu {at}",
                "commune_code": towns[turn], "agents": random.choice(("M1", "M2|M3")),
                "sensitive": False, "n_informed": random.randint(RECEIVED, 60),
                "n_engaged": RECEIVED, "n_assessed": RECEIVED, "n_referred": RECEIVED,
                "n_women": women, "n_men": RECEIVED - women, "n_under_26": young,
                "n_26_59": RECEIVED - young - old, "n_60_plus": old,
            }
        )  # fmt: skip
        line = {"activity_id": key, "on": on, "count": RECEIVED}
        contacts += [
            {**line, "contact_id": f"{key}a", "stage": "accroche", "channel": channels[turn],
             "home_zone": homes[turn], "barriers": barriers[turn],
             "registered": registered[turn], "supported": supported[turn]},
            {**line, "contact_id": f"{key}o", "stage": "oriente", "referred_to": places[turn]},
        ]  # fmt: skip
    return Year(rows, contacts, Said())


def changed(year: Year, **values: object) -> Year:
    """Return the year whose first activity holds these values."""
    first, *others = year.activities
    return replace(year, activities=[{**first, **values}, *others])


def more(year: Year, **values: object) -> Year:
    """Return the year with one more activity, like the first but for its counts, all 0."""
    first = year.activities[0]
    empty = {name: 0 for name in first if name.startswith("n_")}
    return replace(
        year, activities=[*year.activities, {**first, **empty, "activity_id": "B", **values}]
    )


def exits(year: Year, **outcomes: int) -> Year:
    """Return the year with positive exits, counted alone."""
    lines = [
        {"contact_id": f"S{outcome}", "activity_id": None, "on": pd.Timestamp("2026-03-02"),
         "count": count, "stage": "sortie_positive", "outcome": outcome}
        for outcome, count in outcomes.items()
    ]  # fmt: skip
    return replace(year, contacts=[*year.contacts, *lines])


def told(year: Year, **traits: object) -> Year:
    """Return the year whose people engaged hold these traits, a value or one by turn."""
    lines = [
        {**line, **{name: _of(value, at) for name, value in traits.items()}}
        if line["stage"] == "accroche" else line
        for at, line in enumerate(year.contacts)
    ]  # fmt: skip
    return replace(year, contacts=lines)


def _of(value: object, at: int) -> object:
    return value[at // 2 % len(value)] if isinstance(value, tuple) else value

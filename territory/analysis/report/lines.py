"""The log as two tables of lines ready to be counted: activities, and people by stage and trait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.report.realised import realised
from territory.analysis.residence import QPV
from territory.io.contact_links import COLUMN_OF_STAGE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.model.report import Span

# The stages « sexe » and « age » are the people whose sex, or age, is told: of one stage a line.
PUBLIC = {"sexe": "gender", "age": "age_band"}
UNSAID = ("autre_ou_inconnu", "inconnu")
RECEIVED = ("diagnostic", "accroche", "informe")  # whose lines tell it, the first that does
WIDE = {
    "gender": {"n_women": "femme", "n_men": "homme", "n_gender_unknown": "autre_ou_inconnu"},
    "age_band": {
        "n_under_26": "moins_26",
        "n_26_59": "26_59",
        "n_60_plus": "60_plus",
        "n_age_unknown": "inconnu",
    },
}
COUNTS = (*COLUMN_OF_STAGE.values(), *(column for trait in WIDE.values() for column in trait))
TRAITS = (
    "channel", "home_zone", "gender", "age_band", "home_city_code", "barriers", "referred_to",
    "outcome", "registered", "supported", "cohort",
)  # fmt: skip
TOLD = ("activity_id", "on", "stage", *TRAITS, "people", "source")
PLACED = (
    "kind", "state", "month", "commune_code", "place_kind", "zone", "slot", "weekday", "mode",
    "referred", "place", "place_id", "sensitive", "quarter", "creneau", "bureau",
)  # fmt: skip
WORDS = (  # few words, many lines: kept as categories
    *TRAITS, "stage", "step", "source", "covered", "qpv_code", "agents", "lacking", "place",
    *(name for name in PLACED if name not in {"referred", "sensitive"}),
)  # fmt: skip
HALF_DAYS = ("matin", "après-midi", "soir", "")
NOON_MIN, EVENING_MIN = 13 * 60, 18 * 60
OFFICE_MIN = 9 * 60, 17 * 60
SATURDAY = 5


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """
    What figures count: `activities` and `people`, one line each, and `partners`, as at the end.

    `activities` is on activity_id, `people` on « activity_id:column » or contact_id: `people` NA is
    a count that nobody made. `ground` are the inhabitants of communes and quarters (report.ground).
    `noted` is what the log notes at all by the last day (report.noted), None when not looked at.
    """

    activities: pd.DataFrame
    people: pd.DataFrame
    partners: pd.DataFrame
    ground: pd.DataFrame
    noted: frozenset[str] | None = None


def activity_lines(
    activities: pd.DataFrame, places: pd.DataFrame, zones: pd.DataFrame, span: Span
) -> pd.DataFrame:
    """
    Return the ACTIVITIES of `span`, whatever became of them, with what they are counted by.

    `zones` is what the point of each activity tells: residence (analysis.residence), « inconnue »
    without a point, quarter (report.ground) and lacking (perimeters). Adds month, place_kind, zone,
    quarter, lacking, slot, weekday, creneau (both), bureau (in office hours: oui, non), mode (seul,
    binôme, NA), referred, place (what names it: its key, else its name), covered (the QPV of the
    point, else as written).
    """
    first, last = pd.Timestamp(span.first), pd.Timestamp(span.last)
    ours = activities[activities["on"].between(first, last)]
    kinds = ours["place_id"].map(places["kind"].astype("object"))
    zone = zones["residence"].reindex(ours.index).fillna("inconnue").astype("string")
    quarter = zones["quarter"].reindex(ours.index).astype("string")
    slot, day = _half_days(ours["start_min"]), ours["on"].dt.day_of_week.astype("Int64")
    weekday = day.astype("string")
    lines = pd.DataFrame(ours.drop(columns="geometry", errors="ignore")).assign(
        month=_months(ours["on"]),
        place_kind=kinds.astype("string"),
        zone=zone,
        quarter=quarter,
        covered=quarter.fillna(ours["qpv_code"]).where(quarter.isna() | (zone == QPV)),
        lacking=zones["lacking"].reindex(ours.index).astype("string"),
        slot=slot,
        weekday=weekday,
        creneau=weekday + " " + slot,
        bureau=_in_office_hours(day, ours["start_min"], ours["end_min"]),
        mode=_modes(ours["agents"]),
        referred=(ours["n_referred"] > 0).astype("boolean"),
        place=ours["place_id"].fillna(ours["place_name"]),
    )
    return in_categories(lines)


def filled(words: pd.Series, others: pd.Series) -> pd.Series:
    """Return `words`, a category, with those of `others` where they are not known."""
    others = others.astype("category")
    every = words.cat.categories.union(others.cat.categories)
    return words.cat.set_categories(every).fillna(others.cat.set_categories(every))


def in_categories(lines: pd.DataFrame) -> pd.DataFrame:
    """Return `lines` with their words as categories, whatever they were written as."""
    return lines.astype({name: "category" for name in WORDS if name in lines})


def within(lines: Lines, span: Span, partners: pd.DataFrame) -> Lines:
    """
    Return what counts in `span` of the lines of a longer one, with `partners` as at its end.

    Lines of people follow their activity; those that stand alone, their own day.
    """
    first, last = pd.Timestamp(span.first), pd.Timestamp(span.last)
    activities = lines.activities[lines.activities["on"].between(first, last)]
    key = lines.people["activity_id"]
    alone = key.isna() & lines.people["on"].between(first, last)
    people = lines.people[alone.to_numpy(dtype=bool) | _in(key, activities.index)]
    return Lines(activities, people, partners, lines.ground)


def _months(days: pd.Series) -> pd.Series:
    """Return the month of each day (2026-03), each day being written once."""
    which, each = days.factorize()
    written = np.array([*(f"{day:%Y-%m}" for day in each), None], dtype=object)
    return pd.Series(written[which], index=days.index, dtype="str")


def _in(keys: pd.Series | pd.Index, others: pd.Series | pd.Index) -> NDArray[np.bool_]:
    """Return whether each key is one of `others`, NA never: arrow texts are slow to look up."""
    known = others.dropna().astype("object")
    return np.asarray(keys.astype("object").isin(known), dtype=bool)


def _half_days(starts: pd.Series) -> pd.Series:
    """Return the half-day of each start (minutes after midnight), NA when it is not known."""
    minutes = starts.astype("float64")
    words = pd.Series(HALF_DAYS[2], index=starts.index, dtype="string")
    words = words.mask(minutes < EVENING_MIN, HALF_DAYS[1]).mask(minutes < NOON_MIN, HALF_DAYS[0])
    return words.mask(minutes.isna())


def _in_office_hours(day: pd.Series, start: pd.Series, end: pd.Series) -> pd.Series:
    """Return whether each activity is Monday to Friday from 9 to 17 h: oui, non, NA unknown."""
    begins = start.astype("Float64")
    inside = (day < SATURDAY) & (begins >= OFFICE_MIN[0]) & (end.astype("Float64") <= OFFICE_MIN[1])
    return inside.astype("boolean").map({True: "oui", False: "non"}).astype("string")


def _modes(agents: pd.Series) -> pd.Series:
    """Return how many went: « seul », « binome » for two or more, NA when nobody is named."""
    several = agents.str.contains("|", regex=False)
    return several.map({True: "binome", False: "seul"}).astype("string")


def people_lines(activities: pd.DataFrame, contacts: pd.DataFrame, span: Span) -> pd.DataFrame:
    """
    Return the people of `span`, one line a count: stage, people (NA: not counted), traits, place.

    `activities` as `activity_lines`, realised ones alone are taken. A stage told by lines of
    CONTACTS is told by them alone (LOG_FORMAT section 3.3); what the lines tell of nobody comes
    from the counts of the activity. Lines of an activity that is not of the span, or was not
    realised, count for nothing; those that stand alone count by their own day.
    """
    done = realised(activities)
    done = done.set_axis(done.index.astype("object"))
    told, counts = _told(contacts, done, span), done[["on", *COUNTS]]
    wide = [_wide(counts, told, stage, column) for stage, column in COLUMN_OF_STAGE.items()]
    public = [
        lines for stage, trait in PUBLIC.items() for lines in _public(counts, told, stage, trait)
    ]
    lines = pd.concat([told, *wide, *public]).astype({"people": "Int64"})
    return pd.concat([in_categories(lines), _where(lines, done)], axis=1)


def _told(contacts: pd.DataFrame, done: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Return the lines of CONTACTS that count: of an activity realised, or alone by their day."""
    key = contacts["activity_id"].astype("object")
    alone = key.isna() & contacts["on"].between(pd.Timestamp(span.first), pd.Timestamp(span.last))
    lines = contacts[["on", "stage", *TRAITS]].assign(
        activity_id=key, people=contacts["count"].astype("Int64"), source="contacts"
    )
    ours = lines.loc[(alone | _in(key, done.index)).astype(bool), list(TOLD)]
    return ours.astype(dict.fromkeys(TRAITS, "category"))


def _wide(done: pd.DataFrame, told: pd.DataFrame, stage: str, column: str) -> pd.DataFrame:
    """Return the counts of `column`, for the activities of which no line tells the stage."""
    lined = told.loc[(told["stage"] == stage).fillna(value=False), "activity_id"]
    return _counts(done[~_in(done.index, lined)], column, stage)


def _public(done: pd.DataFrame, told: pd.DataFrame, stage: str, trait: str) -> list[pd.DataFrame]:
    """
    Return the people of each sex or age: counts of the activities, else lines that tell it.

    An activity that counts women and not men tells no share: its people are one count not made.
    """
    columns = WIDE[trait]
    needed = [column for column, value in columns.items() if value not in UNSAID]
    some, every = done[list(columns)].notna().any(axis=1), done[needed].notna().all(axis=1)
    counts = [
        _counts(done[every & done[column].notna()], column, stage).assign(**{trait: value})
        for column, value in columns.items()
    ]
    counts.append(_counts(done[some & ~every], needed[0], stage).assign(people=pd.NA))
    lines = told[told[trait].notna() & ~_in(told["activity_id"], done.index[some])]
    lines = lines[lines["stage"] == _first_stage(lines)]
    return [*counts, lines.assign(stage=stage).rename(index=lambda key: f"{key}:{stage}")]


def _first_stage(lines: pd.DataFrame) -> pd.Series:
    """Return, for each line, the first stage of RECEIVED that lines of its activity tell."""
    ranks = lines["stage"].map({stage: rank for rank, stage in enumerate(RECEIVED)})
    group = lines["activity_id"].where(lines["activity_id"].notna(), lines.index)
    first = ranks.groupby(group).transform("min")
    return first.map(dict(enumerate(RECEIVED)))


def _counts(done: pd.DataFrame, column: str, stage: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "activity_id": done.index,
            "on": done["on"].to_numpy(),
            "stage": stage,
            "people": done[column].astype("Int64").to_numpy(),
            "source": "activités",
        },
        index=pd.Index([f"{key}:{column}" for key in done.index], dtype="str", name="contact_id"),
    )


def _where(lines: pd.DataFrame, done: pd.DataFrame) -> pd.DataFrame:
    """Return where and how the activity of each line was; of those that stand alone, when."""
    found = done[[*PLACED]].reindex(lines["activity_id"]).set_axis(lines.index)
    days = lines["on"].where(lines["activity_id"].isna())
    nowhere = pd.Series("inconnue", index=lines.index)
    return found.assign(
        month=filled(found["month"], _months(days)), zone=filled(found["zone"], nowhere)
    )

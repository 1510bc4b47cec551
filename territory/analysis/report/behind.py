"""The lines behind one figure: what each is, and what it adds to the figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.report.chosen import chosen, frame_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.analysis.report.findings import Findings
    from territory.analysis.report.lines import Lines
    from territory.settings.report import Counting

ACTIVITIES, PEOPLE, PARTNERS = "activités", "personnes", "structures"
COLUMNS = ("on", "kind", "what", "commune_code", "place", "agents", "adds", "sensitive", "source")
SUMMED = frozenset({"personnes", "activites", "heures", "structures"})


@dataclass(frozen=True, slots=True, eq=False)
class Behind:
    """
    The lines of one figure on their names: COLUMNS, of one `table`; `adds` NA: not counted.

    `what` is the state, the stage or the status. `summed`: the figure is the sum of `adds`, else it
    rests on the lines in another way (distinct places, ratio). Where a sensitive place is, or who
    has which difficulty where, is in no column (PRIVACY sections 3 and 4).
    """

    counting: Counting
    name: str
    table: str
    lines: pd.DataFrame
    summed: bool


def behind(found: Findings, name: str, names: Mapping[str, str]) -> Behind:
    """
    Return the lines behind the figure `name` of a report, by day.

    `names` are the places by key. Raises KeyError when the report has no such figure.
    """
    members = found.figures.lines[name]
    by_code = {counting.code: counting for counting in found.profile.countings}
    counting = by_code[str(found.figures.table.loc[name, "definition"])]
    told = counting
    while told.ratio:
        told = by_code[told.ratio[0]]
    frame, table = _frame(told, found.lines, set(members))
    kept = frame.loc[frame.index.isin(set(members))]
    lines = _told(kept, table, told, found.lines.activities, names)
    summed = not counting.ratio and counting.counted in SUMMED
    return Behind(counting, name, table, lines.sort_values("on", kind="stable"), summed)


def _frame(counting: Counting, lines: Lines, members: set[object]) -> tuple[pd.DataFrame, str]:
    """Return the table that holds the lines of a counting, and which it is."""
    tables = {ACTIVITIES: lines.activities, PEOPLE: lines.people, PARTNERS: lines.partners}
    if counting.counted in {"saisi", "calcule"}:
        held = {table: int(frame.index.isin(members).sum()) for table, frame in tables.items()}
        table = max(held, key=held.__getitem__)
        return tables[table], table
    table = {"personnes": PEOPLE, "structures": PARTNERS}.get(str(counting.counted), ACTIVITIES)
    return chosen(frame_of(counting, lines), counting), table


def _told(
    lines: pd.DataFrame,
    table: str,
    counting: Counting,
    activities: pd.DataFrame,
    names: Mapping[str, str],
) -> pd.DataFrame:
    """Return COLUMNS of some lines, without where sensitive places are."""
    found = pd.DataFrame(index=lines.index.rename("line"))
    if table == PARTNERS:
        place, adds, agents = lines["name"], pd.Series(1.0, index=lines.index), None
        on, what, source = lines["last_met_on"].fillna(lines["first_contact_on"]), "step", "source"
    elif table == PEOPLE:
        own = pd.to_datetime(lines["activity_id"].astype("object").map(activities["on"]))
        on, what, source = pd.to_datetime(lines["on"]).fillna(own), "stage", "source"
        place, adds = _names(lines["place"], names), lines["people"]
        agents = lines["activity_id"].astype("object").map(activities["agents"])
    else:
        on, what, source, agents = lines["on"], "state", "", lines["agents"]
        place = _names(lines["place"], names)
        adds = lines["hours"] if counting.counted == "heures" else lines["state"].notna()
    secret = lines["sensitive"].fillna(value=True).astype(bool)
    hidden = secret | (counting.by == "freins")
    found["on"] = pd.to_datetime(on)
    found["kind"] = lines["kind"].mask(secret) if table == PARTNERS else lines["kind"]
    found["what"], found["adds"] = lines[what], adds.astype("Float64")
    found["commune_code"] = lines["commune_code"].astype("object").mask(hidden)
    found["place"] = place.astype("object").mask(hidden)
    found["agents"] = pd.NA if agents is None else agents
    found["sensitive"] = secret
    found["source"] = lines[source] if source else ACTIVITIES
    return found[list(COLUMNS)]


def _names(places: pd.Series, names: Mapping[str, str]) -> pd.Series:
    """Return the name of each place, as it was written where none is known."""
    known = places.astype("object").map(names).astype("object")
    return known.where(known.notna(), places.astype("object"))

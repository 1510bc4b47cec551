"""When each fact of each place was last verified, and by which file, from the tables as read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from territory.io.positions import POSITIONS, corrected_on
from territory.model.facts import BY_EDITION, BY_LINE, FACT_TABLE, FACTS, days_of
from territory.model.kinds import OWN
from territory.model.tables import check_table, conform

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.io.positions import Position
    from territory.io.raw_folder import RawFile

_DATED = re.compile(r"(?<!\d)(20\d\d)(?:[-_]?(0[1-9]|1[0-2])(?:[-_]?([0-3]\d))?)?(?!\d)")
_SERVED = ("audiences", "opening_hours")  # what services tell of their structure
_SERVICES = "inclusion_services"
_KEY = ["place_id", "column"]


@dataclass(frozen=True, slots=True)
class Told:
    """One received table of places, or of services of places, as its reader gave it."""

    file: RawFile
    kind: str
    table: pd.DataFrame


def told_by(files: Iterable[RawFile], kind: str, tables: Iterable[pd.DataFrame]) -> list[Told]:
    """Return the tables of one kind, in the order of the received files, each with its file."""
    held = [file for file in files for found, _ in file.sources if found == kind]
    return [Told(file, kind, table) for file, table in zip(held, tables, strict=True)]


def edition_day(file: RawFile) -> date | None:
    """
    Return the first day of the edition of a published file, None when nothing tells it.

    From its name when it gives at least a month, else the vintage, else the day it was fetched when
    that was « édition en cours », else the year of its name. A year or a month is its first day.
    """
    named = _DATED.search(file.name)
    told = named if named is not None and named[2] else _DATED.search(file.vintage)
    if told is None:
        told = _DATED.search(file.fetched_on) if file.vintage else named
    return None if told is None else _first_day(told)


def editions(files: Iterable[RawFile]) -> dict[str, str]:
    """Return the ISO day of the edition of every published file that tells one, by file name."""
    days = {file.name: edition_day(file) for file in files}
    return {name: day.isoformat() for name, day in sorted(days.items()) if day is not None}


def place_facts(
    told: Sequence[Told],
    places: pd.DataFrame,
    *,
    before: pd.Index,
    merges: Mapping[str, str],
    positions: Mapping[str, Position],
) -> pd.DataFrame:
    """
    Return the table FACT_TABLE: one row for each fact that PLACES hold.

    `told` in the order they were put together, places first; `before` are the places before
    `merges` (left out -> kept). A fact taken from a place left out, or from a service, keeps the
    day and file of its own. The day is the fact's own, else the line's (or, for a fact that a
    meeting verifies, the last meeting), else the edition of a published file, else NA.
    """
    rows = pd.concat([_empty(), *_corrected(places, positions), *_once(told)])
    left_out = {a: b for a, b in merges.items() if a in before and b in before}
    left = rows["place_id"].where(rows["place_id"].isin(list(left_out)), "")
    rows = rows.assign(place_id=rows["place_id"].replace(left_out), left=left)
    rows = rows.sort_values("left", kind="stable").drop_duplicates(_KEY).set_index(_KEY)
    table = pd.concat([_of(code, rows, places) for code in FACTS])
    table = conform(table.set_axis(table["place_id"] + ":" + table["fact"]), FACT_TABLE)
    check_table(table, FACT_TABLE)
    return table


def _of(code: str, rows: pd.DataFrame, places: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one fact: of its first column that the place holds and a file told."""
    found = []
    for column in FACTS[code].columns:
        held = places.index[places[column].notna()]
        one = rows.loc[rows.index.get_level_values("column") == column].droplevel("column")
        found.append(one[one.index.isin(held)])
    first = pd.concat(found)
    first = first[~first.index.duplicated()]
    return first.rename_axis("place_id").reset_index().assign(fact=code)


def _once(told: Sequence[Told]) -> list[pd.DataFrame]:
    """Return the cells told of places, the first table that has one alone, then by services."""
    seen: set[str] = set()
    found = []
    for one in told:
        if one.kind == _SERVICES:
            continue
        found.append(_cells(one, one.table[~one.table.index.isin(seen)]))
        seen |= set(one.table.index)
    served = [_served(one) for one in told if one.kind == _SERVICES]
    return [*found, *_oldest(served)]


def _cells(told: Told, table: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each filled cell of the facts of a table of places."""
    own, ids, cells = table["verified"].map(days_of, na_action=None), table.index.to_series(), []
    for code, fact in FACTS.items():
        line = table[["updated_on", *(["last_met_on"] if fact.met else [])]].max(axis=1)
        day = pd.to_datetime(own.map(lambda days, code=code: days.get(code))).fillna(line)
        for column in fact.columns:
            held = table[column].notna()
            cells.append(_rows(told, column, ids[held], day[held]))
    return pd.concat(cells)


def _served(told: Told) -> pd.DataFrame:
    """Return a row for each filled cell of a table of services, under the place of each."""
    table, cells = told.table.reset_index(drop=True), []
    for column in _SERVED:
        held = table[column].fillna("").ne("")
        cells.append(_rows(told, column, table["place_id"][held], table["updated_on"][held]))
    return pd.concat(cells)


def _oldest(served: Sequence[pd.DataFrame]) -> list[pd.DataFrame]:
    """Return what several services tell together as old as the oldest of them, unknown first."""
    if not served:
        return []
    whole = pd.concat(served).sort_values(["verified_on", "source"], na_position="first")
    return [whole.drop_duplicates(_KEY)]


def _rows(told: Told, column: str, ids: pd.Series, days: pd.Series) -> pd.DataFrame:
    """Return cells with the day of their line, else that of the edition, and which of the two."""
    edition = None if told.kind in OWN else edition_day(told.file)
    line = pd.to_datetime(days)
    basis = line.notna().map({True: BY_LINE, False: BY_EDITION if edition else None})
    day = line if edition is None else line.fillna(pd.Timestamp(edition))
    data = {"place_id": ids.astype(object).to_numpy(), "column": column, "basis": basis.to_numpy(),
            "verified_on": day.to_numpy(), "source": told.file.name}  # fmt: skip
    return pd.DataFrame(data)


def _corrected(places: pd.DataFrame, positions: Mapping[str, Position]) -> list[pd.DataFrame]:
    """Return the points set by hand, which come before those of any file."""
    days = corrected_on(places, positions)
    if not days:
        return []
    seen = pd.to_datetime(pd.Series(days, dtype="object"), errors="coerce")
    data = {"place_id": list(days), "column": "geometry", "verified_on": seen.to_numpy()}
    basis = [None if pd.isna(day) else BY_LINE for day in seen]
    return [pd.DataFrame(data).assign(basis=basis, source=POSITIONS)]


def _empty() -> pd.DataFrame:
    return pd.DataFrame(columns=[*_KEY, "basis", "verified_on", "source"], dtype="object")


def _first_day(found: re.Match[str]) -> date:
    year, month, day = (int(part or 1) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 1)

"""The lines behind the figures of a report, for the workbook of the team: never who was met."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.model.words import ACTIVITY_KINDS, PLACE_KINDS, label

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from territory.analysis.report.findings import Findings
    from territory.analysis.report.lines import Lines

HEADER = ("chiffre", "ligne", "date", "type", "commune", "nombre")
MOST = 20_000  # lines of a workbook that opens at once
Facts = tuple[object, str, str, object]  # day, kind, commune, number


def lines_behind(found: Findings) -> tuple[list[tuple[object, ...]], dict[str, int]]:
    """
    Return the rows of the sheet « lignes », and the first of them (from 0) of each figure.

    A counting that is split gives its lines part by part. The smallest figures come whole when all
    of them would be more than MOST; those left out are in no row.
    """
    codes = [counting.code for counting in found.profile.countings]
    kept = _kept(found, codes)
    facts = {name: _facts(found.lines, name) for name in ("people", "hours", "partners", "one")}
    kinds = {c.code: _kind(c.counted) for c in found.profile.countings}
    rows: list[tuple[object, ...]] = []
    first: dict[str, int] = {}
    for code in codes:
        for name in kept.get(code, ()):
            first.setdefault(code, len(rows))
            first[name] = len(rows)
            rows += _rows(name, found.figures.lines[name], facts[kinds[code]])
    return rows, first


def _kept(found: Findings, codes: list[str]) -> dict[str, list[str]]:
    """Return the figures whose lines are written, by code: its parts, else the whole."""
    lines, table = found.figures.lines, found.figures.table
    names = {code: [str(n) for n in table.index[table["definition"] == code]] for code in codes}
    asked = {code: [n for n in own if n != code] or own for code, own in names.items()}
    sizes = {code: sum(len(lines[n]) for n in own) for code, own in asked.items()}
    room, kept = MOST, {}
    for code in sorted(asked, key=lambda code: (sizes[code], code)):
        if sizes[code] <= room:
            kept[code], room = asked[code], room - sizes[code]
    return kept


def _kind(counted: str | None) -> str:
    return {"personnes": "people", "heures": "hours", "structures": "partners"}.get(
        str(counted), "one"
    )


def _rows(name: str, keys: object, facts: Mapping[Hashable, Facts]) -> Iterator[tuple[object, ...]]:
    nothing: Facts = (None, "", "", None)
    for key in sorted(map(str, keys)):  # type: ignore[call-overload]
        yield (name, key.partition(":")[0], *facts.get(key, nothing))


def _facts(lines: Lines, what: str) -> dict[Hashable, Facts]:
    """Return what is told of each line: where a sensitive place is, and its kind, stay untold."""
    frame = {"people": lines.people, "partners": lines.partners}.get(what, lines.activities)
    secret = frame["sensitive"].fillna(value=True).astype(bool)
    places = what == "partners"
    kinds = frame["kind"].astype("object")
    words = PLACE_KINDS if places else ACTIVITY_KINDS
    named = [label(words, str(kind)) if pd.notna(kind) else "" for kind in kinds]
    towns = frame["commune_code"].astype("object").map(lines.ground["name"].to_dict()).fillna("")
    days = frame["last_met_on" if places else "on"]
    numbers = frame[what] if what in {"people", "hours"} else pd.Series(1, index=frame.index)
    return {
        str(key): (
            None if pd.isna(day) else day.date(),
            "" if hid and places else kind,
            "" if hid else str(town),
            None if pd.isna(number) else _plain(float(number)),
        )
        for key, day, kind, town, hid, number in zip(
            frame.index, days, named, towns, secret, numbers, strict=True
        )
    }


def _plain(value: float) -> float | int:
    return int(value) if value == int(value) else value

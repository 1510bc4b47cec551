"""
Sheets that were printed and what was typed of them: fiches.jsonl and debriefs.jsonl of a territory.

Lines are only ever added. Of two debriefs of one sheet the last holds, the first stays written.
Numbers, codes and known words only: no free text, and so nobody's name.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeVar

import geopandas as gpd
import pandas as pd
from pydantic import ValidationError
from shapely.geometry import Point

from territory.errors import Overtaken
from territory.io.activity_links import link_activities
from territory.io.audit_log import append_json, read_json_lines
from territory.io.one_writer import one_writer
from territory.io.privacy import holds_identifier
from territory.io.values import is_worker_code
from territory.model.debriefs import COUNT_SIGNS, Debrief, PrintedSheet
from territory.model.issues import Issue
from territory.model.jsonable import from_json, to_json
from territory.model.tables import ACTIVITIES, check_table, conform, empty_table
from territory.model.words import ACTIVITY_KINDS, CANCEL_REASONS, STATES, WEATHERS, find

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

T = TypeVar("T")
SHEETS, DEBRIEFS, LOCKS = "fiches.jsonl", "debriefs.jsonl", "semaines"
_COLUMNS = frozenset(column for _, column, _ in COUNT_SIGNS)
_MOST, _DAY_MIN = 2000, 1440


def append_sheets(folder: Path, sheets: Iterable[PrintedSheet]) -> int:
    """
    Add the sheets not yet known to the register of a territory `folder`; return how many.

    Raises OSError when the disk refuses.
    """
    known = read_sheets(folder)
    new = [s for s in sheets if known.get(s.key) != s]
    for sheet in new:
        append_json(folder / SHEETS, to_json(sheet))
    return len(new)


def read_sheets(folder: Path) -> dict[tuple[str, str], PrintedSheet]:
    """Return the sheets printed by (week, code), {} without file; torn lines are passed over."""
    rows, _ = read_json_lines(folder / SHEETS)
    found = [_valid(PrintedSheet, row) for row in rows]
    return {sheet.key: sheet for sheet in found if sheet is not None}


def sheet_of(sheets: Mapping[tuple[str, str], PrintedSheet], code: str) -> PrintedSheet | None:
    """Return the latest sheet that has a code (they come again in 32 weeks), or None."""
    having = [sheet for sheet in sheets.values() if sheet.code == code]
    return max(having, key=lambda sheet: sheet.on, default=None)


def append_debrief(folder: Path, debrief: Debrief, *, revision: int | None = None) -> int:
    """
    Add one debrief to the log of a territory `folder`; return the number of its line.

    The line is flushed to the disk, and closes first one that a crash left torn. With `revision`,
    raises Overtaken (French) when the sheet had another debrief since: see `sheet_revision`. Raises
    OSError when the disk refuses.
    """
    with one_writer(folder / LOCKS):
        if revision not in {None, sheet_revision(read_debriefs(folder)[0], debrief.sheet)}:
            raise Overtaken(
                "Quelqu'un a saisi cette fiche entre-temps : votre saisie n'est pas gardée. "
                "Voici ce qui a été saisi."
            )
        path = append_json(folder / DEBRIEFS, to_json(debrief))
        return path.read_bytes().count(b"\n")


def sheet_revision(debriefs: Mapping[int, Debrief], sheet: PrintedSheet) -> int:
    """Return the line of the last debrief of a sheet among `debriefs`, 0 when there is none."""
    return max((n for n, one in debriefs.items() if one.sheet.key == sheet.key), default=0)


def read_debriefs(folder: Path) -> tuple[dict[int, Debrief], tuple[Issue, ...]]:
    """
    Return the debriefs by line number, in order, and the lines left out, torn or edited.

    No file: no debrief. A line that holds anything but codes, numbers and known words is left out.
    """
    path = folder / DEBRIEFS
    known: dict[int, Debrief] = {}
    issues: list[Issue] = []
    content = path.read_bytes() if path.exists() else b""
    for number, line in enumerate(content.split(b"\n"), 1):
        if not line.strip():
            continue
        debrief = _debrief(line)
        if debrief is None:
            what = "ce retour de sortie n'est pas repris : la ligne est coupée ou a été modifiée."
            issues.append(Issue("E-RETOUR", DEBRIEFS, what, "Saisissez-le de nouveau.", number))
        else:
            known[number] = debrief
    return known, tuple(issues)


def in_force(debriefs: Mapping[int, Debrief]) -> dict[int, Debrief]:
    """Return the last debrief of each sheet, by line number."""
    last = {debriefs[number].sheet.key: number for number in sorted(debriefs)}
    return {number: debriefs[number] for number in sorted(last.values())}


def debrief_activities(debriefs: Iterable[Debrief], *, epsg: int) -> gpd.GeoDataFrame:
    """
    Return the debriefs as ACTIVITIES, one for each sheet, points in EPSG:`epsg`.

    What was not counted is NA. The kind is that of what was done; the identifier is made of the
    week and of the code. Points are those of the sheets, to the 100 m square.
    """
    rows = {f"fiche-{d.sheet.week}-{d.sheet.code}": d for d in debriefs}
    if not rows:
        return empty_table(ACTIVITIES, epsg=epsg)
    frame = pd.DataFrame([_activity(d) for d in rows.values()], index=pd.Index(rows))
    points = [_point(d.sheet) for d in rows.values()]
    frame["geometry"] = gpd.GeoSeries(points, index=frame.index)
    table = conform(frame, ACTIVITIES, epsg=epsg)
    check_table(table, ACTIVITIES, epsg=epsg)
    return table


def with_debriefs(
    activities: gpd.GeoDataFrame, places: gpd.GeoDataFrame, debriefs: Mapping[int, Debrief]
) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """
    Return ACTIVITIES with the debriefs in force (`debriefs` by line number), tied to PLACES.

    Both tables in the same metric CRS, kept. A debrief of an outing that a file tells too (same
    day, same people, at the same time) is kept and told (W-DOUBLON).
    """
    kept = in_force(debriefs)
    made = debrief_activities(kept.values(), epsg=int(activities.crs.to_epsg()))
    made = made[~made.index.isin(activities.index)]
    if not len(made):
        return activities, []
    linked, issues = link_activities(made, places)
    for number, debrief in kept.items():
        if _told_by_a_file(debrief, activities):
            what = f"la fiche {debrief.sheet.code} est aussi dans un fichier d'activités."
            remedy = "Les deux sont gardées ; supprimez la ligne du fichier si c'est la même."
            issues.append(Issue("W-DOUBLON", DEBRIEFS, what, remedy, number))
    return pd.concat([activities, linked]).sort_index(), issues


def stop_activities(
    debriefs: Iterable[Debrief], visit_min: int, like: pd.DataFrame
) -> pd.DataFrame:
    """
    Return a row of ACTIVITIES for each place of a sheet where people were counted apart.

    For learning what visits bring only: the outing itself is counted whole. Each lasts `visit_min`
    minutes, at the start of the outing; columns and types are those of `like`.
    """
    rows = {}
    for done in debriefs:
        for letter, informed in sorted(done.at_stops.items()):
            place = done.sheet.stops.get(letter)
            if place and done.state == "realise":
                rows[f"{done.sheet.week}-{done.sheet.code}-{letter}"] = {
                    "on": pd.Timestamp(done.sheet.on),
                    "kind": "maraude",
                    "state": done.state,
                    "place_id": place,
                    "start_min": done.start_min,
                    "end_min": done.start_min + visit_min,
                    "agents": "|".join(done.sheet.agents),
                    "n_informed": informed,
                }
    frame = pd.DataFrame.from_dict(rows, orient="index").reindex(columns=like.columns)
    return frame.astype({c: like[c].dtype for c in like.columns if c != "geometry"})


def _told_by_a_file(done: Debrief, activities: gpd.GeoDataFrame) -> bool:
    day = activities[activities["on"] == pd.Timestamp(done.sheet.on)]
    held = day[(day["state"] == done.state) & (day["kind"] == done.kind)]
    team = set(done.sheet.agents) - set(done.sheet.partners)
    mates = set(done.sheet.partners)
    same = held.loc[[set(codes.split("|")) - mates == team for codes in held["agents"].fillna("")]]
    start, end = same["start_min"].fillna(0), same["end_min"].fillna(_DAY_MIN)
    return bool(((start < done.end_min) & (end > done.start_min)).any())


def _activity(done: Debrief) -> dict[str, object]:
    held = done.state == "realise"
    return {
        "on": done.sheet.on,
        "kind": done.kind,
        "state": done.state,
        "start_min": done.start_min,
        "end_min": done.end_min,
        "hours": (done.end_min - done.start_min) / 60,
        "place_id": done.sheet.place_id,
        "agents": "|".join(done.sheet.everybody),
        "weather": done.weather,
        "cancel_reason": done.cancel_reason,
        "sensitive": False,
        **(done.counts if held else {}),
    }


def _point(sheet: PrintedSheet) -> Point | None:
    return None if sheet.x is None or sheet.y is None else Point(sheet.x, sheet.y)


def _debrief(line: bytes) -> Debrief | None:
    try:
        found = _valid(Debrief, json.loads(line))
    except (ValueError, RecursionError):
        return None
    return found if found is not None and _is_sound(found) else None


def _valid(kind: type[T], row: object) -> T | None:
    try:
        return from_json(kind, row)
    except ValidationError:
        return None


def _is_sound(done: Debrief) -> bool:
    """Whether a line holds codes, numbers and known words only."""
    sheet = done.sheet
    words = ((STATES, done.state), (ACTIVITY_KINDS, done.kind), (ACTIVITY_KINDS, sheet.kind),
             (WEATHERS, done.weather), (CANCEL_REASONS, done.cancel_reason))  # fmt: skip
    numbers = (*done.counts.values(), *done.at_stops.values())
    codes = (sheet.code, sheet.week, *sheet.stops, *done.at_stops, *done.closed)
    return (
        all(text is None or find(known, text) == text for known, text in words)
        and all(map(is_worker_code, sheet.everybody))
        and all(0 <= n <= _MOST for n in numbers)
        and set(done.counts) <= _COLUMNS
        and {*done.at_stops, *done.closed} <= set(sheet.stops)
        and all(len(code) <= 8 for code in codes)  # noqa: PLR2004 - « 2026-W48 »
        and not any(holds_identifier(str(v)) for v in (sheet.place_id, sheet.zone_id) if v)
    )

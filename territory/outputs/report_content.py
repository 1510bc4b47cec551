"""A report in words: chapters of figures as they may be shown, one content for every document."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.report.chosen import UNTOLD
from territory.analysis.report.counting import LEAST
from territory.analysis.report.hiding import base_name
from territory.outputs.french import month, number, percent
from territory.outputs.french_words import agreed
from territory.outputs.report_grids import grids
from territory.outputs.report_shown import (
    HIDDEN,
    UNKNOWN,
    heading_of,
    number_in,
    plain_number,
    shown_value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from territory.outputs.report_grids import Grid
    from territory.outputs.report_shown import FigureRow, Shown
    from territory.settings.report import Counting, Profile

NOT_SHARED = "–"
NO_LINE_HERE = "aucune ligne dans cette période"  # a zero: the log notes it at other times
NOBODY_SAYS = "répartition non renseignée"
ORDER = (
    "Chiffres clés", "Public", "Territoire", "Partenaires", "Activités", "Parcours",
    "Orientations et sorties", "Prévision", "Ouvertures",
)  # fmt: skip
THOUSAND = 1000.0


@dataclass(frozen=True, slots=True)
class Line:
    """
    One figure as it is shown: texts, "" where there is nothing to say; `name` leads to lines.

    For drawings: `size`, the limits `spread` and the year before `was` are 0-1 of the greatest
    number drawn; `drawn` is that number (the ratio to inhabitants, else the figure). NaN, or None,
    when hidden or unknown.
    """

    name: str
    label: str
    value: str
    share: str
    interval: str
    before: str
    size: float
    mention: str = ""
    spread: tuple[float, float] | None = None
    was: float = math.nan
    drawn: float = math.nan


@dataclass(frozen=True, slots=True)
class Block:
    """One counting: its whole, its parts, its definition; `top` is what size 1 is worth."""

    code: str
    meaning: str
    whole: Line
    parts: tuple[Line, ...]
    unit: str
    mention: str
    key: bool
    drawn: str = "barres"
    top: float = 0.0
    said_unit: str = ""  # as it is said with the number of the whole: « 1 activité »


@dataclass(frozen=True, slots=True)
class Chapter:
    """
    A part of the report: its blocks and its tables, in the order of the profile.

    `cautions` are read before its figures.
    """

    title: str
    blocks: tuple[Block, ...]
    grids: tuple[Grid, ...] = ()
    cautions: tuple[str, ...] = ()


def chapters(profile: Profile, now: Shown, before: Shown) -> tuple[Chapter, ...]:
    """Return the chapters of a report in ORDER, others last, those with nothing to say left out."""
    titles = dict.fromkeys([*map(heading_of, profile.countings), *map(heading_of, profile.tables)])
    ranked = sorted(titles, key=lambda title: ORDER.index(title) if title in ORDER else len(ORDER))
    found = (
        Chapter(
            title,
            tuple(_blocks(profile, title, now, before)),
            grids(profile, title, now),
            tuple(t.caution for t in profile.tables if t.caution and heading_of(t) == title),
        )
        for title in ranked
    )
    return tuple(chapter for chapter in found if chapter.blocks or chapter.grids)


def _blocks(profile: Profile, title: str, now: Shown, before: Shown) -> Iterator[Block]:
    """Yield what is not in a table already, nor computed for nobody."""
    tabled = {code for table in profile.tables for code in table.columns}
    for counting in profile.countings:
        beside = counting.drawn == "aucun" and counting.code in tabled
        if heading_of(counting) == title and not beside:
            yield _block(counting, now, before)


def _block(counting: Counting, now: Shown, before: Shown) -> Block:
    rows = now.rows
    names = [name for name in now.names.get(counting.code, ()) if rows[name]["part"]]
    told = any(rows[name]["part"] != UNTOLD for name in names)
    whole = rows[counting.code]
    one = told and len(names) == 1
    alone = _alone(whole, rows[names[0]], hidden=names[0] in now.hidden) if one else ""
    parts = names if told and len(names) > 1 else []
    parts = [] if _same_unknown(whole, [rows[name] for name in parts]) else parts
    top = _top(counting, parts, now, before)
    mention = [str(whole["mention"]) or _uncounted(whole)]
    mention += [alone, NOBODY_SAYS if names and not told and pd.notna(whole["value"]) else ""]
    return Block(
        counting.code,
        counting.meaning,
        _line(counting, counting.code, now, before, math.nan),
        tuple(_line(counting, name, now, before, top) for name in parts),
        str(whole["unit"]),
        " ; ".join(filter(None, mention)),
        counting.key,
        counting.drawn,
        top,
        str(whole["unit"])
        if pd.isna(whole["value"])
        else agreed(str(whole["unit"]), whole["value"]),
    )


def _same_unknown(whole: FigureRow, parts: Sequence[FigureRow]) -> bool:
    """Whether no part of a figure is known, all for one reason, and its whole says why."""
    unknown = pd.isna(whole["value"]) and all(pd.isna(part["value"]) for part in parts)
    return unknown and len({part["mention"] for part in parts}) == 1 and bool(whole["mention"])


def _alone(whole: FigureRow, part: FigureRow, *, hidden: bool) -> str:
    """Return the sentence about the one part of a figure, "" when its title names it already."""
    if str(whole["label"]).endswith(f" : {part['label']}"):
        return ""
    if hidden or part["unit"] == whole["unit"] or pd.isna(part["value"]):
        return f"seulement : {part['label']}"
    return f"{part['label']} : {plain_number(float(part['value']))} {part['unit']}"


def _top(counting: Counting, names: Sequence[str], now: Shown, before: Shown) -> float:
    """Return the greatest number that may be drawn of some figures: hidden ones have no say."""
    found = [0.0]
    for name in names:
        values = (_drawn(counting, name, now), *(_spread(counting, name, now) or ()))
        was = _was(counting, name, before)
        found += [value for value in (*values, was) if not math.isnan(value)]
    return max(found)


def _drawn(counting: Counting, name: str, shown: Shown) -> float:
    """
    Return what a drawing shows of a figure: for 1 000 inhabitants, else the figure itself.

    NaN when it is hidden, unknown or absent.
    """
    if name not in shown.rows or {name, base_name(counting.code)} & shown.hidden:
        return math.nan
    over, value = shown.rows[name]["over"], shown.rows[name]["value"]
    if pd.isna(value) or (counting.per_thousand and (pd.isna(over) or not over)):
        return math.nan
    return float(THOUSAND * value / over) if counting.per_thousand else float(value)


def _was(counting: Counting, name: str, before: Shown) -> float:
    """Return what is drawn of the year before: months alone are."""
    if counting.drawn != "mois":
        return math.nan
    return _drawn(counting, name_before(counting, name), before)


def _spread(counting: Counting, name: str, now: Shown) -> tuple[float, float] | None:
    """Return the limits of a figure in its own unit, None when they are not printed."""
    row = now.rows[name]
    untold = {name, base_name(counting.code)} & now.hidden
    if untold or counting.per_thousand or pd.isna(row["low"]) or pd.isna(row["high"]):
        return None
    scale = 1.0 if pd.isna(row["over"]) else float(row["over"])
    return float(row["low"]) * scale, float(row["high"]) * scale


def name_before(counting: Counting, name: str) -> str:
    """Return the name that a figure has one year before: a month is of the year before."""
    code, _, part = name.partition("/")
    if counting.by != "mois" or not part[:4].isdigit():
        return name
    return f"{code}/{int(part[:4]) - 1}{part[4:]}"


def _uncounted(row: FigureRow) -> str:
    if not row["used"] and row["value"] == 0:
        return NO_LINE_HERE
    if not row["uncounted"]:
        return ""
    lines = float(row["uncounted"])
    return f"dont {number(lines)} {agreed('activités', lines)} sans comptage"


def _line(counting: Counting, name: str, now: Shown, before: Shown, top: float) -> Line:
    row, hid = now.rows[name], name in now.hidden
    untold = hid or base_name(counting.code) in now.hidden
    share, interval = ("", "") if untold else _share(counting, row, now.rounded.get(name))
    drawn, spread = _drawn(counting, name, now), _spread(counting, name, now)
    text, mention = shown_value(row, hidden=hid), "" if hid else str(row["mention"])
    if row["part"] and mention and text in {UNKNOWN, mention}:
        text, mention = mention, ""  # « jamais » says more than « inconnu »
    return Line(
        name, _label(counting, row), text, share, interval,
        _before(name_before(counting, name), before),
        drawn / top if top else math.nan,
        mention if row["part"] else "",
        (spread[0] / top, spread[1] / top) if spread and top else None,
        _was(counting, name, before) / top if top else math.nan,
        drawn,
    )  # fmt: skip


def _label(counting: Counting, row: FigureRow) -> str:
    """Return the words of a part, « janvier 2026 » for 2026-01."""
    part = str(row["part"])
    if counting.by != "mois" or not part[:4].isdigit():
        return str(row["label"])
    return f"{month(int(part[5:]))} {part[:4]}"


def _share(counting: Counting, row: FigureRow, rounded: float | None) -> tuple[str, str]:
    """Return « 40 % (49 sur 123) » and its interval; no share of fewer than LEAST."""
    over, value = row["over"], row["value"]
    if pd.isna(value) or counting.ratio or (pd.notna(over) and not over):
        return "", ""
    if pd.isna(over):
        return "", _own_interval(row)
    if counting.per_thousand:
        return f"{number(THOUSAND * value / over, 1)} pour 1 000 habitants", ""
    told = f"{number(value)} sur {number(over)}"
    if over < LEAST:
        return f"{NOT_SHARED} ({told})", ""
    percentage = percent(value / over, 1) if rounded is None else percent(rounded)
    share = f"{percentage} ({told})"
    if pd.isna(row["low"]):
        return share, ""
    return share, f"entre {number(100 * row['low'])} et {percent(row['high'])}"


def _own_interval(row: FigureRow) -> str:
    """Return « entre 700 et 900 », the limits of a value that is no share; "" without."""
    if pd.isna(row["low"]) or pd.isna(row["high"]):
        return ""
    low, high = float(row["low"]), float(row["high"])
    if row["unit"] == "part":
        return f"entre {number(100 * low)} et {percent(high)}"
    unit = str(row["unit"])
    return f"entre {number_in(low, unit)} et {number_in(high, unit)}"


def _before(name: str, before: Shown) -> str:
    if name not in before.rows:
        return ""
    return shown_value(before.rows[name], hidden=name in before.hidden)


def numbers(now: Shown, labels: Mapping[str, str]) -> list[tuple[object, ...]]:
    """
    Return the table of numbers, one row a figure that `labels` names: what files are made from.

    Columns: figure, definition (`labels`), part, value (None: unknown or hidden), unit, over, low,
    high, used, uncounted, mention.
    """
    found: list[tuple[object, ...]] = []
    for name, row in now.rows.items():
        if row["definition"] not in labels:
            continue
        hid = name in now.hidden
        untold = hid or base_name(str(row["definition"])) in now.hidden
        mention = HIDDEN if hid else str(row["mention"])
        found.append(
            (
                name, labels[str(row["definition"])], str(row["label"]),
                None if hid else _plain(row["value"]), str(row["unit"]),
                *(None if untold else _plain(row[c]) for c in ("over", "low", "high")),
                *(None if hid else int(row[c]) for c in ("used", "uncounted")), mention,
            )
        )  # fmt: skip
    return found


def _plain(value: float) -> float | int | None:
    if pd.isna(value):
        return None
    return int(value) if float(value) == int(value) else round(float(value), 4)

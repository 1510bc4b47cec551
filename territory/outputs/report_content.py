"""A report in words: chapters of figures as they may be shown, one content for every document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.report.counting import LEAST
from territory.analysis.report.ground_figures import INDEX
from territory.analysis.report.hiding import base_name
from territory.outputs.french import number, percent
from territory.outputs.public import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from territory.model.report import Figures
    from territory.settings.report import Counting, Profile

UNKNOWN = "inconnu"
NOT_SHARED = "–"
THOUSAND = 1000.0


@dataclass(frozen=True, slots=True)
class Line:
    """One figure as it is shown: texts, "" where there is nothing to say; `name` leads to lines."""

    name: str
    label: str
    value: str
    share: str
    interval: str
    before: str
    size: float  # 0-1 of the greatest part shown, for a bar; NaN when hidden or unknown


@dataclass(frozen=True, slots=True)
class Block:
    """One counting: its whole, its parts, its definition."""

    code: str
    meaning: str
    whole: Line
    parts: tuple[Line, ...]
    unit: str
    mention: str
    key: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of the report and its blocks, in the order of the profile."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """Figures and those hidden, for a span and for the one before."""

    figures: Figures
    hidden: frozenset[str]


def chapters(profile: Profile, now: Shown, before: Shown) -> tuple[Chapter, ...]:
    """Return the chapters of a report, each with the blocks that its countings name."""
    titles = dict.fromkeys(counting.heading or "Chiffres" for counting in profile.countings)
    return tuple(Chapter(title, tuple(_blocks(profile, title, now, before))) for title in titles)


def _blocks(profile: Profile, title: str, now: Shown, before: Shown) -> Iterator[Block]:
    for counting in profile.countings:
        if (counting.heading or "Chiffres") == title:
            yield _block(counting, now, before)


def _block(counting: Counting, now: Shown, before: Shown) -> Block:
    table = now.figures.table
    names = table.index[(table["definition"] == counting.code) & (table["part"] != "")]
    top = max((float(v) for v in table.loc[names, "value"].fillna(0)), default=0.0)
    whole = table.loc[counting.code]
    mention = str(whole["mention"]) or _uncounted(whole)
    return Block(
        counting.code,
        counting.meaning,
        _line(counting, counting.code, now, before, top),
        tuple(_line(counting, str(name), now, before, top) for name in names),
        str(whole["unit"]),
        mention,
        counting.key,
    )


def _uncounted(row: pd.Series) -> str:
    if not row["uncounted"]:
        return ""
    return f"dont {number(row['uncounted'])} activités sans comptage"


def _line(counting: Counting, name: str, now: Shown, before: Shown, top: float) -> Line:
    row, hid = now.figures.table.loc[name], name in now.hidden
    known = pd.notna(row["value"]) and not hid
    part = row["part"] != ""
    size = float(row["value"]) / top if known and part and top > 0 else float("nan")
    untold = hid or base_name(counting.code) in now.hidden
    share, interval = ("", "") if untold else _share(counting, row)
    return Line(name, str(row["label"]), shown_value(row, hidden=hid), share, interval,
                _before(name, before), size)  # fmt: skip


def shown_value(row: pd.Series, *, hidden: bool) -> str:
    """Return the text of one row of FIGURES: unknown is a word, never 0."""
    if hidden:
        return HIDDEN
    if pd.isna(row["value"]):
        return UNKNOWN
    if row["unit"] == "part":
        return percent(float(row["value"]), 1)
    whole = float(row["value"])
    if row["unit"] == INDEX:
        return number(whole, 2)
    return number(whole, 0 if whole == int(whole) else 1)


def _share(counting: Counting, row: pd.Series) -> tuple[str, str]:
    """Return « 40 % (49 sur 123) » and its interval; no share of fewer than LEAST."""
    over, value = row["over"], row["value"]
    if pd.isna(over) or pd.isna(value) or counting.ratio or not over:
        return "", ""
    if counting.per_thousand:
        return f"{number(THOUSAND * value / over, 1)} pour 1 000 habitants", ""
    told = f"{number(value)} sur {number(over)}"
    if over < LEAST:
        return f"{NOT_SHARED} ({told})", ""
    if pd.isna(row["low"]):  # everybody is counted: no sample, no interval
        return f"{percent(value / over, 1)} ({told})", ""
    low, high = number(100 * row["low"]), percent(row["high"])
    return f"{percent(value / over, 1)} ({told})", f"entre {low} et {high}"


def _before(name: str, before: Shown) -> str:
    table = before.figures.table
    if name not in table.index:
        return ""
    return shown_value(table.loc[name], hidden=name in before.hidden)


def numbers(now: Shown, labels: Mapping[str, str]) -> list[tuple[object, ...]]:
    """
    Return the table of numbers, one row a figure: what every file and the hash are made from.

    Columns: figure, definition (`labels`), part, value (None: unknown or hidden), unit, over, low,
    high, used, uncounted, mention.
    """
    found: list[tuple[object, ...]] = []
    for name, row in now.figures.table.iterrows():
        hid = name in now.hidden
        untold = hid or base_name(str(row["definition"])) in now.hidden
        mention = HIDDEN if hid else str(row["mention"])
        found.append(
            (
                str(name), labels.get(str(row["definition"]), ""), str(row["label"]),
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

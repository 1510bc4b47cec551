"""Before and after a permanence opened: people received in its commune, and elsewhere meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.report.aim_words import change_mention
from territory.analysis.report.before_after import change, change_beside
from territory.analysis.report.months import MOST_UNCOUNTED, within
from territory.model.report import Part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.analysis.report.before_after import Change
    from territory.settings.report import Opening

LOOKED_AT = "OUV"
BEFORE, AFTER = "OUVa", "OUVb"
BEFORE_ELSEWHERE, AFTER_ELSEWHERE = "OUVc", "OUVd"
RATIO, BESIDE = "OUVr", "OUVs"
COUNTS = (BEFORE, AFTER, BEFORE_ELSEWHERE, AFTER_ELSEWHERE)
WHOLES = {
    LOOKED_AT: "Permanences ouvertes", BEFORE: "Avant, dans la commune",
    AFTER: "Après, dans la commune", BEFORE_ELSEWHERE: "Avant, ailleurs",
    AFTER_ELSEWHERE: "Après, ailleurs", RATIO: "Après rapporté à avant",
    BESIDE: "Après rapporté à avant, à côté d’ailleurs",
}  # fmt: skip
LEAST_MONTHS = 3  # on each side: below, nothing is compared
LEAST_PEOPLE = 20  # here, before and after together
STAGES = ("diagnostic", "informe")  # people received: the first that the log counts
PEOPLE, OPENED = "personnes", "permanences"


@dataclass(frozen=True, slots=True)
class Site:
    """The place of a permanence that opened: its commune (code, name) and whether to name it."""

    commune: str
    name: str
    sensitive: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """Months on one side of an opening: people by month here and elsewhere, and their lines."""

    here: tuple[float, ...]
    elsewhere: tuple[float, ...]
    lines: tuple[str, ...]
    lines_elsewhere: tuple[str, ...]
    known: bool


def opening_parts(
    openings: Sequence[Opening],
    sites: Sequence[Site | None],
    people: pd.DataFrame,
    active: pd.Series,
    last: date,
) -> dict[str, tuple[Part, ...]]:
    """
    Return the figures before and after each of `openings`, by code of figure, one part each.

    `sites` are their places (None: not found), `people` the lines of one stage of the whole log
    (report.lines) with commune_code and sensitive, `active` the days with a realised activity.
    What comes after `last` is not looked at. A sensitive place is never named.
    """
    found: dict[str, list[Part]] = {code: [Part("", label, np.nan, "")] for code, label in
                                    WHOLES.items()}  # fmt: skip
    found[LOOKED_AT] = [Part("", WHOLES[LOOKED_AT], float(len(openings)), OPENED)]
    for rank, (opening, site) in enumerate(zip(openings, sites, strict=True), start=1):
        for code, part in _opening(opening, site, people, active, last).items():
            found[code].append(replace(part, part=str(rank), label=_label(opening, site, rank)))
    return {code: _whole(code, parts) for code, parts in found.items()}


def _whole(code: str, parts: list[Part]) -> tuple[Part, ...]:
    """Return figures of which the whole is the opening, when there is one alone."""
    if code == LOOKED_AT or len(parts) != 2:  # noqa: PLR2004 - the whole and one opening
        return tuple(parts)
    return replace(parts[1], part="", label=f"{WHOLES[code]} : {parts[1].label}"), parts[1]


def _opening(
    opening: Opening, site: Site | None, people: pd.DataFrame, active: pd.Series, last: date
) -> dict[str, Part]:
    """Return the part of one opening in each figure; the label is not told yet."""
    if site is None or site.sensitive:
        why = "lieu sensible : rien n’est dit" if site else "lieu inconnu du suivi et des lieux"
        return {code: Part("", "", np.nan, "", mention=why) for code in WHOLES}
    before, after = _months(opening, active, last)
    sides = [_side(people, site.commune, months) for months in (before, after)]
    why = _refused(sides)
    looked = Part("", "", float(min(len(before), len(after))), "mois de chaque côté", mention=why)
    counts = [sides[0].here, sides[1].here, sides[0].elsewhere, sides[1].elsewhere]
    lines = [sides[0].lines, sides[1].lines, sides[0].lines_elsewhere, sides[1].lines_elsewhere]
    told = {
        code: Part("", "", np.nan if why else sum(count), PEOPLE, people=True, mention=why,
                   lines=named)
        for code, count, named in zip(COUNTS, counts, lines, strict=True)
    }  # fmt: skip
    alone, beside = (None, None) if why else (change(*counts[:2]), change_beside(*counts))
    both = lines[0] + lines[1]
    everywhere = both + lines[2] + lines[3]
    return {LOOKED_AT: looked, **told, RATIO: _ratio(alone, why, both),
            BESIDE: _ratio(beside, why, everywhere)}  # fmt: skip


def _ratio(found: Change | None, why: str, lines: tuple[str, ...]) -> Part:
    """Return a ratio with its limits, or why there is none."""
    if found is None or np.isnan(found.ratio):
        why = why or "non calculé : personne n’est venu d’un côté de la comparaison"
        return Part("", "", np.nan, "fois", mention=why, lines=lines)
    return Part("", "", round(found.ratio, 2), "fois", low=round(found.low, 2),
                high=round(found.high, 2), mention=change_mention(found), lines=lines)  # fmt: skip


def _months(
    opening: Opening, active: pd.Series, last: date
) -> tuple[list[tuple[date, date]], list[tuple[date, date]]]:
    """Return the whole months before and after the opening that the log covers, as many a side."""
    start = pd.Timestamp(opening.since)
    edges = [start + pd.DateOffset(months=at) for at in range(-opening.months, opening.months + 1)]
    spans = [(a.date(), b.date() - timedelta(days=1)) for a, b in pairwise(edges)]
    begun = active.min().date() if len(active) else last
    before = [span for span in spans[: opening.months] if span[0] >= begun]
    after = [span for span in spans[opening.months :] if span[1] <= last]
    length = min(len(before), len(after))
    return before[len(before) - length :], after[:length]


def _side(people: pd.DataFrame, commune: str, months: list[tuple[date, date]]) -> Side:
    """Return the people of each month in the commune, and elsewhere; places untold are left out."""
    told = people["commune_code"].notna() & ~people["sensitive"].fillna(value=True).astype(bool)
    placed = people[told]
    at = (placed["commune_code"] == commune).astype(bool)
    spans = [(within(placed[at], *span), within(placed[~at], *span)) for span in months]
    known = all(_known(pd.concat(pair)) for pair in spans)
    here, elsewhere = ([pair[n] for pair in spans] for n in (0, 1))
    return Side(_sums(here), _sums(elsewhere), _names(here), _names(elsewhere), known)


def _sums(months: Sequence[pd.DataFrame]) -> tuple[float, ...]:
    return tuple(float(month["people"].sum()) for month in months)


def _names(months: Sequence[pd.DataFrame]) -> tuple[str, ...]:
    return tuple(str(name) for month in months for name in month.index)


def _known(lines: pd.DataFrame) -> bool:
    """Whether a month was counted: something noted, four fifths of it with a number."""
    return len(lines) > 0 and float(lines["people"].isna().mean()) <= MOST_UNCOUNTED


def _refused(sides: Sequence[Side]) -> str:
    """Return why nothing is compared, "" when something is."""
    if min(len(side.here) for side in sides) < LEAST_MONTHS:
        return f"non calculé : moins de {LEAST_MONTHS} mois entiers de suivi avant ou après"
    if not all(side.known for side in sides):
        return "non calculé : un mois n’est pas compté"
    if sum(sum(side.here) for side in sides) < LEAST_PEOPLE:
        return f"non calculé : moins de {LEAST_PEOPLE} personnes dans la commune"
    return ""


def _label(opening: Opening, site: Site | None, rank: int) -> str:
    """Return what names an opening: nothing of a sensitive place."""
    if site is not None and site.sensitive:
        return f"ouverture n° {rank}"
    where = f", {site.name}" if site else ""
    return f"{opening.place}{where}, {opening.since:%d/%m/%Y}"

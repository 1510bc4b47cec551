"""How a territory is covered, quarter by quarter: coverage, recency and frequency (S4, S5, S6)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.proportions import wilson
from territory.analysis.report.chosen import told_keys
from territory.analysis.report.counting import LEAST
from territory.analysis.report.ground import TOGETHER, WHOLE, inhabitants
from territory.analysis.report.realised import realised
from territory.analysis.report.spans import month_ends
from territory.model.report import Part

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from territory.analysis.report.lines import Lines
    from territory.model.report import Span

ADULTS, EVERYBODY = "residents_18_64", "residents"
ALL_AGES = "aux habitants de tous âges : ce millésime n’a pas les 18-64 ans"
NEVER, NO_QUARTER = "jamais", "aucun quartier n’est connu"
NO_ACTIVITY = "aucune activité réalisée dans le suivi"
NOT_PLACED = "aucune activité dont le quartier est connu"
QUARTERS = ("qpv", "qva")
NAMED = 3  # quarters that wait as long: those named
KINDS = {  # recency by type of activity
    "S5m": ("maraude", "tour_de_rue", "pied_immeuble", "porte_a_porte"),
    "S5p": ("permanence", "intervention", "atelier"),
    "S5e": ("evenement", "information_collective"),
}
NONE_OF_KIND = "aucune activité de ce type dans le suivi"
INDEX, DAYS, MONTHLY = "indice", "jours", "activités par mois"


def ground_figures(lines: Lines, history: pd.DataFrame, span: Span) -> dict[str, tuple[Part, ...]]:
    """
    Return S4, S5 (of all, and of KINDS) and S6 of `span`, each quarter a part.

    `history` is on activity_id: every realised activity of the log up to the last day, with on,
    quarter (report.ground), kind, sensitive. A sensitive place counts nowhere: it would be told.
    """
    return {
        "S4": coverage(lines.people, lines.ground),
        "S5": recency(history, lines.ground, span.last),
        **{
            code: recency(
                history[history["kind"].isin(kinds)], lines.ground, span.last, NONE_OF_KIND
            )
            for code, kinds in KINDS.items()
        },
        "S6": frequency(realised(lines.activities), lines.ground, span)
        if len(history)
        else (_unknown(MONTHLY, NO_ACTIVITY),),
    }


def coverage(people: pd.DataFrame, ground: pd.DataFrame) -> tuple[Part, ...]:
    """
    Return the share of people informed in each quarter over the share of adults who live there.

    `people` as report.lines, `ground` as `ground_table`. The whole is that of all the quarters
    together. Without ages in the vintage everybody is counted, and each mention says so. Limits are
    those of the share of people (Wilson). People not located are in neither number; NaN with fewer
    than 20 located, and for a quarter of fewer than 200 inhabitants or half imputed.
    """
    informed = people[(people["stage"] == "informe").fillna(value=False).astype(bool)]
    keys = told_keys(informed, "quartier")
    located = informed[keys.notna()]
    quarters = _quarters(ground)
    if not len(quarters):
        return (_unknown(INDEX, NO_QUARTER),)
    among = ADULTS if pd.notna(ground.loc[WHOLE, ADULTS]) else EVERYBODY
    base = float(located["people"].sum()), float(ground.loc[WHOLE, among])
    parts = [
        _index(ground, quarter, among, located[keys.dropna() == quarter], base)
        for quarter in quarters.index
    ]
    together = located[keys.dropna().isin(quarters.index)]
    return (_index(ground, TOGETHER, among, together, base), *_falling(parts))


def _index(
    ground: pd.DataFrame,
    quarter: object,
    among: str,
    ours: pd.DataFrame,
    base: tuple[float, float],
) -> Part:
    """Return the coverage of a quarter, or of all; `base`: people located and adults of all."""
    living, why = inhabitants(ground, str(quarter), among)
    empty = Part("", "", np.nan, INDEX, mention=why)
    if quarter != TOGETHER:
        empty = replace(empty, part=str(quarter), label=_name(ground, quarter))
    return empty if why else _ratio(empty, ours, base[0], living / base[1], among)


def _ratio(empty: Part, ours: pd.DataFrame, all_met: float, share: float, among: str) -> Part:
    """Return `empty` with its index: the share of `ours` in people met over `share` of people."""
    met, untold = float(ours["people"].sum()), int(ours["people"].isna().sum())
    mention = f"rapport {ALL_AGES}" if among == EVERYBODY else ""
    if all_met < LEAST:
        return replace(empty, mention=f"moins de {LEAST} personnes dont le quartier est connu")
    if untold == len(ours) > 0:
        return replace(empty, mention="aucun comptage dans le suivi")
    if not share > 0:
        return replace(empty, mention="population inconnue")
    low, high = (limit / share for limit in wilson(met, all_met))
    return Part(
        empty.part, empty.label, met / all_met / share, INDEX, low=low, high=high,
        uncounted=untold, mention=mention, lines=_keys(ours.index),
    )  # fmt: skip


def recency(
    history: pd.DataFrame, ground: pd.DataFrame, last: date, nothing: str = NO_ACTIVITY
) -> tuple[Part, ...]:
    """
    Return the days from the last activity in each quarter to `last`; the whole is the longest.

    `nothing` is why there is no figure without any activity.

    « Jamais » is a class, not a number: NaN. A quarter without any activity that is known of is
    unknown when others are not located: they may have been there.
    """
    quarters = _quarters(ground)
    if not len(quarters) or not len(history):
        return (_unknown(DAYS, nothing if len(quarters) else NO_QUARTER),)
    lost = history["quarter"].isna() & ~_secret(history)
    keys = told_keys(history, "quartier")
    if keys.isna().all():
        return (_unknown(DAYS, NOT_PLACED), *_same(quarters, DAYS, _not_placed(lost)))
    parts = [
        _waiting(ground, quarter, history[keys == quarter], history["on"][lost], last)
        for quarter in quarters.index
    ]
    never = [part for part in parts if part.mention == NEVER]
    return (_longest(parts), *never, *_falling(part for part in parts if part.mention != NEVER))


def _waiting(
    ground: pd.DataFrame, quarter: object, ours: pd.DataFrame, lost: pd.Series, last: date
) -> Part:
    """Return how long one quarter has waited; `lost` are the days of what nobody can place."""
    code, name = str(quarter), _name(ground, quarter)
    if not len(ours):
        mention = _not_placed(lost.notna()) if len(lost) else NEVER
        return Part(code, name, np.nan, DAYS, mention=mention)
    latest = ours["on"].max()
    later = int((lost > latest).sum())
    mention = f"au plus : {_many(later)} depuis" if later else ""
    days = float((pd.Timestamp(last) - latest).days)
    return Part(code, name, days, DAYS, mention=mention,
                lines=_keys(ours.index[ours["on"] == latest]))  # fmt: skip


def _longest(parts: list[Part]) -> Part:
    """Return the whole: the longest wait of the quarters where there was an activity."""
    waits = [part for part in parts if not np.isnan(part.value)]
    never = sum(part.mention == NEVER for part in parts)
    told = f"{NEVER} : {never} quartier{'s' if never > 1 else ''}" if never else ""
    if not waits:
        return _unknown(DAYS, told or NOT_PLACED)
    longest = max(part.value for part in waits)
    tied = [part for part in waits if part.value == longest]
    mention = " ; ".join(filter(None, [_named(tied), told]))
    lines = tuple(line for part in tied for line in part.lines)
    return Part("", "", longest, DAYS, mention=mention, lines=lines)


def _named(tied: list[Part]) -> str:
    """Return « le plus long : Un », or how many quarters wait as long, the first of them named."""
    if len(tied) == 1:
        return f"le plus long : {tied[0].label}"
    names = ", ".join(part.label for part in tied[:NAMED])
    more = f" et {len(tied) - NAMED} de plus" if len(tied) > NAMED else ""
    return f"le plus long, dans {len(tied)} quartiers à égalité : {names}{more}"


def frequency(done: pd.DataFrame, ground: pd.DataFrame, span: Span) -> tuple[Part, ...]:
    """
    Return activities per month of `span` in each quarter, and the median days between two visits.

    `done` are realised activities of the span. The whole is that of all the quarters together. A
    month that the span cuts counts for its share of days. Days with several activities are one
    visit. Unknown where none is known while others are not located.
    """
    quarters, months = _quarters(ground), months_of(span)
    if not len(quarters):
        return (_unknown(MONTHLY, NO_QUARTER),)
    keys = told_keys(done, "quartier")
    lost = done["quarter"].isna() & ~_secret(done)
    if len(done) and keys.isna().all():
        return (_unknown(MONTHLY, NOT_PLACED), *_same(quarters, MONTHLY, _not_placed(lost)))
    parts = [
        _often(str(quarter), _name(ground, quarter), done[keys == quarter], lost, months)
        for quarter in quarters.index
    ]
    whole = _often("", "", done[keys.isin(quarters.index)], lost, months)
    return (whole, *_falling(parts))


def _often(code: str, name: str, ours: pd.DataFrame, lost: pd.Series, months: float) -> Part:
    aside = _not_placed(lost) if lost.any() else ""
    if not len(ours) and aside:
        return Part(code, name, np.nan, MONTHLY, mention=aside)
    days = ours["on"].drop_duplicates().sort_values()
    gaps = days.diff().dropna().dt.days
    gap = f"délai médian entre deux passages : {_number(gaps.median())} jours" if len(gaps) else ""
    return Part(code, name, len(ours) / months, MONTHLY, lines=_keys(ours.index),
                mention=" ; ".join(filter(None, [gap, aside if not code else ""])))  # fmt: skip


def months_of(span: Span) -> float:
    """Return the months of a span, one that it cuts counted for its share of days."""
    ends = month_ends(span)
    starts = [span.first, *(end + timedelta(days=1) for end in ends[:-1])]
    shares = [
        ((end - start).days + 1) / monthrange(end.year, end.month)[1]
        for start, end in zip(starts, ends, strict=True)
    ]
    return float(sum(shares))


def _quarters(ground: pd.DataFrame) -> pd.DataFrame:
    return ground[ground["kind"].isin(QUARTERS)].sort_index()


def _name(ground: pd.DataFrame, quarter: object) -> str:
    name = ground.loc[quarter, "name"]
    return str(quarter) if pd.isna(name) else str(name)


def _secret(activities: pd.DataFrame) -> pd.Series:
    return activities["sensitive"].fillna(value=True).astype(bool)


def _same(quarters: pd.DataFrame, unit: str, mention: str) -> list[Part]:
    return [Part(str(quarter), _name(quarters, quarter), np.nan, unit, mention=mention)
            for quarter in quarters.index]  # fmt: skip


def _falling(parts: Iterable[Part]) -> list[Part]:
    """Return parts by value, the greatest first, those unknown last."""
    return sorted(parts, key=lambda p: (np.isnan(p.value), -np.nan_to_num(p.value), p.part))


def _unknown(unit: str, mention: str) -> Part:
    return Part("", "", np.nan, unit, mention=mention)


def _not_placed(lost: pd.Series) -> str:
    return _many(int(lost.sum()))


def _many(count: int) -> str:
    one = count == 1
    return f"{count} activité{'' if one else 's'} dont le quartier n’est pas connu"


def _keys(index: pd.Index) -> tuple[str, ...]:
    return tuple(map(str, index))


def _number(value: float) -> str:
    return f"{value:g}".replace(".", ",")

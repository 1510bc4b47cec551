"""What is near on foot: people far from any activity, near a permanence, structures near a QPV."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.access import current, weekly_permanences
from territory.analysis.report.chosen import UNTOLD
from territory.analysis.report.partner_figures import NO_STATUS, STRUCTURES, by_commune
from territory.analysis.report.partner_lines import LISTED
from territory.analysis.report.realised import realised
from territory.model.recurrence import Weekly
from territory.model.recurrence_text import read_recurrence
from territory.model.report import Part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from territory.model.report import Span

NEAR_MIN, FAR_MIN = 10, 15
NO_NETWORK = "non calculé : le réseau piéton n’est pas construit (territory build)"
NO_ACTIVITY = "aucune activité ni permanence dans le suivi"
NO_PERMANENCE = "aucune permanence de chaque semaine dans le planning"
NO_QUARTER = "aucun périmètre de quartier prioritaire n’a été fourni"
INHABITANTS = "habitants"
ODD, EVEN, EVERY = "impaire", "paire", "toutes"


def not_walked() -> dict[str, tuple[Part, ...]]:
    """Return S7, S8 and S11 unknown: nothing tells who walks where."""
    units = {"S7": INHABITANTS, "S8": INHABITANTS, "S11": STRUCTURES}
    return {code: (_unknown(unit, NO_NETWORK),) for code, unit in units.items()}


def weekly_hosts(
    availability: pd.DataFrame, activities: pd.DataFrame, span: Span, today: date
) -> tuple[tuple[str, ...], int]:
    """
    Return the places with a permanence every week on the last day of `span`, and those left aside.

    `availability` keeps tables.AVAILABILITY, `activities` are those of the span. A permanence every
    other week does not count. Of a span that is over, a place without a day of beginning counts
    only if a permanence was held there in the span: else nobody knows that it was open then.
    """
    rows = current(availability, span.last)
    begun = ~(rows["from_on"] > pd.Timestamp(span.last)).fillna(value=False)
    rows = rows[(begun & rows["recurrence"].map(_each_week, na_action=None)).astype(bool)]
    weekly = _every_week(rows)
    if span.last >= today:
        return weekly, 0
    dated = set(_every_week(rows[rows["from_on"].notna()]))
    done = realised(activities)
    held = set(done.loc[(done["kind"] == "permanence").fillna(value=False), "place_id"].dropna())
    kept = tuple(place for place in weekly if place in dated | held)
    return kept, len(weekly) - len(kept)


def _each_week(recurrence: object) -> bool:
    """Whether days that come back do so each week; those of no text do."""
    if pd.isna(recurrence):
        return True
    heard = read_recurrence(str(recurrence))
    rhythm = heard.recurrence.rhythm if heard else None
    return isinstance(rhythm, Weekly) and rhythm == Weekly(rhythm.weekdays)


def _every_week(availability: pd.DataFrame) -> tuple[str, ...]:
    table = weekly_permanences(availability)
    found = {str(place): set(told) for place, told in table.groupby("place_id")["weeks"]}
    return tuple(sorted(place for place, told in found.items() if _covers(told)))


def _covers(weeks: set[str]) -> bool:
    """Whether a place open these weeks is open each week."""
    return EVERY in weeks or {ODD, EVEN} <= weeks


def far_from_all(
    cells: pd.DataFrame,
    minutes: pd.Series,
    rests_on: Sequence[str],
    lost: int,
    names: Mapping[str, str],
) -> tuple[Part, ...]:
    """
    Return S7: inhabitants farther than 10 minutes on foot from any activity or permanence.

    `minutes` [cell_id] are to the nearest one (NaN: the cell is on no street, so left aside),
    `rests_on` the activities and places, of which `lost` are on no map. A part for each commune of
    `names`, when there are several.
    """  # fmt: skip
    if not rests_on:
        return (_unknown(INHABITANTS, NO_ACTIVITY),)
    if lost == len(rests_on):
        return (_unknown(INHABITANTS, f"{_lost(lost)} : rien ne peut être mesuré"),)
    known = cells["residents"].astype(float)[minutes.notna().to_numpy()]
    far = known[(minutes.dropna() > NEAR_MIN).to_numpy()]
    towns = cells["commune_code"].astype("object").fillna(UNTOLD)
    sums, over = (
        part.groupby(towns.reindex(part.index)).sum().round().reindex(sorted(set(towns)))
        for part in (far, known)
    )
    mention = _told([
        f"au plus : {_lost(lost)}" if lost else "", _unlinked(cells, minutes),
    ])  # fmt: skip
    lines = tuple(rests_on)
    whole = Part("", "", float(sums.sum()), INHABITANTS, over=float(over.sum()),
                 mention=mention, lines=lines)  # fmt: skip
    if len(over) == 1:
        return (whole,)
    labels = {UNTOLD: "non localisé", **names}
    parts = [
        Part(str(code), labels.get(str(code), str(code)), float(sums.fillna(0.0)[code]),
             INHABITANTS, over=float(over.fillna(0.0)[code]), lines=lines)
        for code in over.index
    ]  # fmt: skip
    return (whole, *sorted(parts, key=lambda part: (-part.value, part.part)))


def near_permanence(
    cells: pd.DataFrame, minutes: pd.Series, hosts: Sequence[str], lost: int, aside: int
) -> tuple[Part, ...]:
    """
    Return S8: inhabitants within 15 minutes on foot of a weekly permanence; parts: 10, then 15.

    As `far_from_all`; `lost` of the `hosts` are on no map, `aside` places have no known beginning.
    """
    unsure = f"{_many(aside, 'lieu', 'lieux')} sans date de début ni permanence notée"
    if not hosts:
        return (_unknown(INHABITANTS, unsure if aside else NO_PERMANENCE),)
    if lost == len(hosts):
        return (_unknown(INHABITANTS, f"{_lost(lost)} : rien ne peut être mesuré"),)
    known = cells["residents"].astype(float)[minutes.notna().to_numpy()]
    walks = minutes.dropna().to_numpy()
    over, lines = float(known.sum().round()), tuple(hosts)
    near, far = (float(known[walks <= limit].sum().round()) for limit in (NEAR_MIN, FAR_MIN))
    mention = _told([
        f"au moins : {_lost(lost)}" if lost else "",
        f"au moins : {unsure}" if aside else "",
        _unlinked(cells, minutes),
    ])  # fmt: skip
    return (
        Part("", "", far, INHABITANTS, over=over, mention=mention, lines=lines),
        Part(str(NEAR_MIN), "à 10 minutes ou moins", near, INHABITANTS, over=over, lines=lines),
        Part(str(FAR_MIN), "à 15 minutes ou moins", far, INHABITANTS, over=over, lines=lines),
    )


def never_contacted_near(
    partners: pd.DataFrame,
    minutes: pd.Series,
    without_status: int,
    names: Mapping[str, str],
    perimeters: str,
) -> tuple[Part, ...]:
    """
    Return S11: structures listed, never contacted, within 10 minutes on foot of a QPV, by commune.

    `partners` as report.partner_lines, `minutes` [place_id] to the nearest QPV (NaN: on no map),
    `without_status` other structures as near, of which nobody knows; `perimeters` says which QPV
    these are when they are not those in force. A sensitive place is told under no commune.
    """
    never = partners[(partners["step"] == LISTED).fillna(value=False).astype(bool)]
    walks = minutes.reindex(never.index).to_numpy()
    lost = int(np.isnan(walks).sum())
    near = _many(without_status, "lieu connu aussi près n’a", "lieux connus aussi près n’ont")
    others = f"{near} pas de statut" if without_status else ""
    off = _many(lost, "jamais contactée n’est", "jamais contactées ne sont")
    mention = _told([
        perimeters, f"{off} sur aucune carte" if lost else "", others,
    ])  # fmt: skip
    if not len(partners):
        return (_unknown(STRUCTURES, _told([NO_STATUS, others])),)
    if lost == len(never) > 0:
        return (_unknown(STRUCTURES, mention),)
    return by_commune(never[walks <= NEAR_MIN], names, float(len(never) - lost), mention)


def unknown_structures(mention: str) -> tuple[Part, ...]:
    """Return S11 unknown, and why."""
    return (_unknown(STRUCTURES, mention),)


def _unlinked(cells: pd.DataFrame, minutes: pd.Series) -> str:
    people = round(float(cells["residents"].astype(float)[minutes.isna().to_numpy()].sum()))
    told = _many(
        people, "habitant loin de toute rue n’y est", "habitants loin de toute rue n’y sont"
    )
    return f"{told} pas" if people else ""


def _lost(count: int) -> str:
    return (
        _many(count, "lieu ou activité n’est", "lieux ou activités ne sont") + " sur aucune carte"
    )


def _many(count: int, one: str, several: str) -> str:
    return f"{count} {one if count == 1 else several}"


def _told(sentences: Sequence[str]) -> str:
    return " ; ".join(sentence for sentence in sentences if sentence)


def _unknown(unit: str, mention: str) -> Part:
    return Part("", "", np.nan, unit, mention=mention)

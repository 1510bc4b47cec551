"""Sectors as the page shows them: who covers what, how even, what changes hands."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from territory.model.jsonable import from_json
from territory.model.results import SectorPlan
from territory.model.sector_tables import HOUR_PARTS
from territory.outputs.french import THIN, minutes, number, percent
from territory.outputs.sector_account import where

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from territory.model.results import Sector

EVEN = 0.1  # gap to an equal share under which loads are told even
_PARTNERS = 6
ORGANISATION_COLUMNS = (
    ("presence_h", "Présence (h par semaine)", 1),
    ("without", "Public sans personne", None),
    ("travel_h", "Trajets (h par semaine)", 1),
    ("contacts_ratio", "Contacts, par rapport à la première", 2),
    ("absent_worst", "Sans personne à la pire absence", None),
    ("load_deviation", "Écart de charge", None),
)


def balance_sentence(plan: SectorPlan) -> str:
    """Say in one sentence how many sectors there are and how even they are."""
    count, gap = len(plan.sectors), percent(plan.load_deviation)
    if count < 2:  # noqa: PLR2004 - nothing to compare
        return "Un seul secteur : tout le territoire."
    said = "à peu près la même charge" if plan.load_deviation <= EVEN else "des charges inégales"
    return f"{count} secteurs, {said} : aucun ne s’écarte de plus de {gap} d’une part égale."


def sector_rows(plan: SectorPlan, *, hours: bool) -> list[dict[str, Any]]:
    """
    Return who covers what, and each load beside an equal share (1 on the bar).

    `hours` says whether the reader may see the hours of each mediator; people and shares stay.
    """
    most = max((1.0 + sector.deviation for sector in plan.sectors), default=1.0)
    return [_row(sector, plan, max(most, 1.0), hours=hours) for sector in plan.sectors]


def part_rows(plan: SectorPlan) -> list[dict[str, Any]]:
    """Return the hours of each sector by kind of work, unknown said."""
    return [
        {
            "sector": sector.sector_id,
            "who": " + ".join(sector.agents),
            "parts": [_hours(sector.hours.get(part)) for part in HOUR_PARTS],
            "whole": number(sector.load, 1),
        }
        for sector in plan.sectors
        if sector.hours
    ]


def plan_of(value: Mapping[str, Any]) -> SectorPlan:
    """Return the plan that the JSON value of `territory sectors` holds beside its sections."""
    names = {field.name for field in fields(SectorPlan)}
    return from_json(SectorPlan, {key: v for key, v in value.items() if key in names})


def change_of(change: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return what changes hands as text, from `sector_account.change_rows`.

    Partners are named (some), sensitive places only counted.
    """
    before = change["ecart_avant"]
    return {
        "question": change["question"],
        "start": change["depart"],
        "before": "inconnu" if before is None else percent(before),
        "after": percent(change["ecart_apres"]),
        "people": percent(change["part_du_public"]),
        "rows": [_takeover(row) for row in change["reprises"]],
    }


def today_rows(team: pd.DataFrame, names: Mapping[str, str]) -> list[dict[str, str]]:
    """Return the communes that the team file gives to each worker today, by code of the worker."""
    return [
        {"who": str(code), "where": _communes(communes, names)}
        for code, communes in team["communes"].sort_index().items()
    ]


def asked_words(arguments: Mapping[str, Any]) -> str:
    """Say what a supposition asks, from the arguments of its command."""
    gone = [code for code in str(arguments["absent"]).split(",") if code]
    told = [f"sans {', '.join(gone)}"] if gone else []
    posts = arguments["posts"]
    told += [f"{posts} poste{'s' if posts > 1 else ''} en tout"] if posts else []
    return " ; ".join(told) or "comme aujourd’hui"


def organisation_table(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return other organisations as text with their 95 % intervals, in the order received."""
    return [
        {
            "name": row["organisation"],
            "posts": number(row["posts"]),
            "figures": [_figure(row, key, digits) for key, _, digits in ORGANISATION_COLUMNS],
        }
        for row in rows
    ]


def _row(sector: Sector, plan: SectorPlan, most: float, *, hours: bool) -> dict[str, Any]:
    sign = "+" if sector.deviation > 0 else ""
    walk = "" if sector.compact_min is None else minutes(sector.compact_min)
    return {
        "sector": sector.sector_id,
        "who": " + ".join(sector.agents),
        "where": where(sector),
        "share": round(1.0 + sector.deviation, 3),
        "most": round(max(most, 1.0 + plan.load_deviation), 3),
        "gap": f"{sign}{percent(sector.deviation)}",
        "hours": number(sector.load, 1) if hours else "",
        "people": "inconnu" if sector.people is None else number(sector.people),
        "walk": walk or "inconnue",
        "held": ", ".join(sector.permanences) or "aucune",
        "pieces": sector.pieces,
    }


def _takeover(row: Mapping[str, Any]) -> dict[str, str]:
    partners = list(row["partenaires"])
    more = len(partners) - _PARTNERS
    named = ", ".join(partners[:_PARTNERS])
    if more > 0:
        named += f" et {more} autre{'s' if more > 1 else ''}"
    hidden = row["lieux_sensibles"]
    if hidden:
        many = "lieux sensibles" if hidden > 1 else "lieu sensible"
        named += f"{' ; ' if named else ''}{hidden} {many}, à transmettre de vive voix"
    return {
        "old": " + ".join(row["de"]) or "personne",
        "new": " + ".join(row["a"]),
        "where": " ; ".join(row["lieux"]),
        "people": "inconnu" if row["public"] is None else number(row["public"]),
        "partners": named or "aucun connu",
    }


def _communes(communes: object, names: Mapping[str, str]) -> str:
    codes = [code.strip() for code in str(communes).split("|")] if isinstance(communes, str) else []
    return ", ".join(names.get(code, code) for code in codes if code) or "tout le territoire"


def _hours(hours: float | None) -> str:
    return "inconnu" if hours is None else number(hours, 1)


def _figure(row: Mapping[str, Any], key: str, digits: int | None) -> str:
    value, low, high = (row.get(key + end) for end in ("", "_low", "_high"))
    if value is None:
        return "inconnu"
    if digits is None:
        told = percent(value)
        ends = "" if low is None or high is None else f"{number(100 * low)} à {number(100 * high)}"
        return f"{told} ({ends})" if ends else told
    told = number(value, digits)
    if low is None or high is None:
        return told
    return f"{told}{THIN}({number(low, digits)} à {number(high, digits)})"

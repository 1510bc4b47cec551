"""Sectors as the page shows them: who covers what, how even, what changes hands."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from territory.model.jsonable import from_json
from territory.model.marked import marked
from territory.model.results import SectorPlan
from territory.model.sector_tables import HOUR_PARTS
from territory.outputs.sector_account import where
from territory.web.translations import FRENCH, Tongue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from territory.model.results import Sector

EVEN = 0.1  # gap to an equal share under which loads are told even
_PARTNERS = 6
ORGANISATION_COLUMNS = (
    ("presence_h", marked("Présence (h par semaine)"), 1),
    ("without", marked("Public sans personne"), None),
    ("travel_h", marked("Trajets (h par semaine)"), 1),
    ("contacts_ratio", marked("Contacts, par rapport à la première"), 2),
    ("absent_worst", marked("Sans personne à la pire absence"), None),
    ("load_deviation", marked("Écart de charge"), None),
)


def balance_sentence(plan: SectorPlan, tongue: Tongue = FRENCH) -> str:
    """Say in one sentence how many sectors there are and how even they are."""
    count, gap = len(plan.sectors), tongue.figures.percent(plan.load_deviation)
    if count < 2:  # noqa: PLR2004 - nothing to compare
        return tongue.say("Un seul secteur : tout le territoire.")
    said = (
        marked("%(count)s secteurs, à peu près la même charge : aucun ne s’écarte de plus de "
               "%(gap)s d’une part égale.")
        if plan.load_deviation <= EVEN
        else marked("%(count)s secteurs, des charges inégales : aucun ne s’écarte de plus de "
                    "%(gap)s d’une part égale.")
    )  # fmt: skip
    return tongue.say(said, count=count, gap=gap)


def sector_rows(plan: SectorPlan, *, hours: bool, tongue: Tongue = FRENCH) -> list[dict[str, Any]]:
    """
    Return who covers what, and each load beside an equal share (1 on the bar).

    `hours` says whether the reader may see the hours of each mediator; people and shares stay.
    """
    most = max((1.0 + sector.deviation for sector in plan.sectors), default=1.0)
    largest = max(most, 1.0)
    return [_row(sector, plan, largest, tongue, hours=hours) for sector in plan.sectors]


def part_rows(plan: SectorPlan, tongue: Tongue = FRENCH) -> list[dict[str, Any]]:
    """Return the hours of each sector by kind of work, unknown said."""
    return [
        {
            "sector": sector.sector_id,
            "who": " + ".join(sector.agents),
            "parts": [_hours(sector.hours.get(part), tongue) for part in HOUR_PARTS],
            "whole": tongue.figures.number(sector.load, 1),
        }
        for sector in plan.sectors
        if sector.hours
    ]


def plan_of(value: Mapping[str, Any]) -> SectorPlan:
    """Return the plan that the JSON value of `territory sectors` holds beside its sections."""
    names = {field.name for field in fields(SectorPlan)}
    return from_json(SectorPlan, {key: v for key, v in value.items() if key in names})


def change_of(change: Mapping[str, Any], tongue: Tongue = FRENCH) -> dict[str, Any]:
    """
    Return what changes hands as text, from `sector_account.change_rows`.

    Partners are named (some), sensitive places only counted.
    """
    before, percent = change["ecart_avant"], tongue.figures.percent
    return {
        "question": change["question"],
        "start": change["depart"],
        "before": tongue.say("inconnu") if before is None else percent(before),
        "after": percent(change["ecart_apres"]),
        "people": percent(change["part_du_public"]),
        "rows": [_takeover(row, tongue) for row in change["reprises"]],
    }


def today_rows(
    team: pd.DataFrame, names: Mapping[str, str], tongue: Tongue = FRENCH
) -> list[dict[str, str]]:
    """Return the communes that the team file gives to each worker today, by code of the worker."""
    return [
        {"who": str(code), "where": _communes(communes, names) or tongue.say("tout le territoire")}
        for code, communes in team["communes"].sort_index().items()
    ]


def asked_words(arguments: Mapping[str, Any], tongue: Tongue = FRENCH) -> str:
    """Say what a supposition asks, from the arguments of its command."""
    gone = [code for code in str(arguments["absent"]).split(",") if code]
    told = [tongue.say("sans %(codes)s", codes=", ".join(gone))] if gone else []
    posts = arguments["posts"]
    many = tongue.ngettext("%(posts)s poste en tout", "%(posts)s postes en tout", posts)
    told += [many % {"posts": posts}] if posts else []
    return tongue.semicolon.join(told) or tongue.say("comme aujourd’hui")


def organisation_table(
    rows: Iterable[Mapping[str, Any]], tongue: Tongue = FRENCH
) -> list[dict[str, Any]]:
    """Return other organisations as text with their 95 % intervals, in the order received."""
    return [
        {
            "name": row["organisation"],
            "posts": tongue.figures.number(row["posts"]),
            "figures": [
                _figure(row, key, digits, tongue) for key, _, digits in ORGANISATION_COLUMNS
            ],
        }
        for row in rows
    ]


def _row(
    sector: Sector, plan: SectorPlan, most: float, tongue: Tongue, *, hours: bool
) -> dict[str, Any]:
    say, figures = tongue.say, tongue.figures
    sign = "+" if sector.deviation > 0 else ""
    walk = "" if sector.compact_min is None else figures.minutes(sector.compact_min)
    return {
        "sector": sector.sector_id,
        "who": " + ".join(sector.agents),
        "where": where(sector),
        "share": round(1.0 + sector.deviation, 3),
        "most": round(max(most, 1.0 + plan.load_deviation), 3),
        "gap": f"{sign}{figures.percent(sector.deviation)}",
        "hours": figures.number(sector.load, 1) if hours else "",
        "people": say("inconnu") if sector.people is None else figures.number(sector.people),
        "walk": walk or say("inconnue"),
        "held": ", ".join(sector.permanences) or say("aucune"),
        "pieces": sector.pieces,
    }


def _takeover(row: Mapping[str, Any], tongue: Tongue) -> dict[str, str]:
    say, number = tongue.say, tongue.figures.number
    partners = list(row["partenaires"])
    more = len(partners) - _PARTNERS
    named = ", ".join(partners[:_PARTNERS])
    if more > 0:
        named += tongue.ngettext(" et %(n)s autre", " et %(n)s autres", more) % {"n": more}
    hidden = row["lieux_sensibles"]
    if hidden:
        said = tongue.ngettext(
            "%(n)s lieu sensible, à transmettre de vive voix",
            "%(n)s lieux sensibles, à transmettre de vive voix",
            hidden,
        )
        named += f"{' ; ' if named else ''}{said % {'n': hidden}}"
    return {
        "old": " + ".join(row["de"]) or say("personne"),
        "new": " + ".join(row["a"]),
        "where": " ; ".join(row["lieux"]),
        "people": say("inconnu") if row["public"] is None else number(row["public"]),
        "partners": named or say("aucun connu"),
    }


def _communes(communes: object, names: Mapping[str, str]) -> str:
    codes = [code.strip() for code in str(communes).split("|")] if isinstance(communes, str) else []
    return ", ".join(names.get(code, code) for code in codes if code)


def _hours(hours: float | None, tongue: Tongue) -> str:
    return tongue.say("inconnu") if hours is None else tongue.figures.number(hours, 1)


def _figure(row: Mapping[str, Any], key: str, digits: int | None, tongue: Tongue) -> str:
    number = tongue.figures.number
    value, low, high = (row.get(key + end) for end in ("", "_low", "_high"))
    if value is None:
        return tongue.say("inconnu")
    told = tongue.figures.percent(value) if digits is None else number(value, digits)
    if low is None or high is None:
        return told
    ends = (100 * low, 100 * high) if digits is None else (low, high)
    least, most = (number(end, digits or 0) for end in ends)
    return f"{told} ({tongue.say('%(least)s à %(most)s', least=least, most=most)})"

"""Who may hire: employers and SIAE, their sector, when they recruit, how far prospecting went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.partners import shown_name
from territory.model.seasons import season_months

if TYPE_CHECKING:
    from datetime import date

KINDS = ("siae", "entreprise", "commerce")


@dataclass(frozen=True, slots=True)
class Employer:
    """
    One employer or SIAE; texts as written, None when unknown.

    `recruits` tells whether the month is one of its season, None when the season is not understood.
    """

    place_id: str
    name: str
    kind: str
    sector: str | None
    season: str | None
    stage: str | None
    recruits: bool | None


def employers(places: pd.DataFrame, on: date) -> list[Employer]:
    """
    Return the SIAE, firms and shops of PLACES, and whatever has a sector or a stage.

    Those that recruit in the month of `on` first, then those whose season is unknown; each by name.
    """
    told = places[["sector", "season", "prospecting_stage"]].notna().any(axis=1)
    chosen = places[told | places["kind"].isin(KINDS)]
    found = [_employer(str(key), row, on) for key, row in chosen.iterrows()]
    rank = {True: 0, None: 1, False: 2}
    return sorted(found, key=lambda e: (rank[e.recruits], e.name, e.place_id))


def by_stage(found: list[Employer]) -> dict[str, int]:
    """Return how many employers are at each stage as written, "" without any, sorted."""
    stages = [e.stage or "" for e in found]
    return {stage: stages.count(stage) for stage in sorted(set(stages))}


def _employer(key: str, row: pd.Series, on: date) -> Employer:
    sector, season, stage = (
        None if pd.isna(row[name]) else str(row[name])
        for name in ("sector", "season", "prospecting_stage")
    )
    months = season_months(season) if season else None
    recruits = None if months is None else on.month in months
    return Employer(key, shown_name(row), str(row["kind"]), sector, season, stage, recruits)

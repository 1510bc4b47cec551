"""Who may hold a sector: read by pages too, so nothing that computes is loaded here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from datetime import date

APART = ("charge_projet", "coordinateur", "partenaire")  # shared by all sectors, or elsewhere


def sector_team(team: pd.DataFrame, today: date) -> pd.DataFrame:
    """
    Return the rows of `team` (tables.TEAM) that may hold a sector on day `today`, by code.

    Present that day, and neither shared by all (project leads, coordinators) nor of a partner;
    everybody when that leaves nobody.
    """
    day = pd.Timestamp(today)
    gone = team["active_to"].lt(day).fillna(value=False)
    later = team["active_from"].gt(day).fillna(value=False)
    apart = team["role"].isin(APART).fillna(value=False)
    kept = team[~(gone | later | apart).astype(bool)].sort_index()
    return kept if len(kept) else team.sort_index()

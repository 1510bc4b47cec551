"""Structures that fell silent: contacted or met, and nothing for twelve months (S10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.report.chosen import UNTOLD
from territory.analysis.report.partner_lines import CONTACTED, MET
from territory.model.report import Part

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

NO_STATUS = "aucune structure n’a de statut"
STRUCTURES = "structures"
SILENT_MONTHS = 12
CLOSED = ("refus", "inactive")  # said no, or closed: not to be woken up


def dormant(
    partners: pd.DataFrame, history: pd.DataFrame, last: date, names: Mapping[str, str]
) -> tuple[Part, ...]:
    """
    Return S10: structures contacted or met whose last exchange is 12 months before `last` or more.

    `partners` as report.partner_lines at `last`; `history` are the realised activities up to then
    (on, place_id). An exchange is a first contact, a meeting, an activity held there. Structures
    without any day are unknown, told in the mention; those that refused or closed are left out.
    """
    if not len(partners):
        return (Part("", "", np.nan, STRUCTURES, mention=NO_STATUS),)
    known = partners[partners["step"].isin([CONTACTED, MET]) & ~partners["status"].isin(CLOSED)]
    exchange = last_exchange(known, history)
    undated = int(exchange.isna().sum())
    mention = f"{undated} sans aucune date : on ne sait pas" if undated else ""
    if undated == len(known) > 0:
        return (Part("", "", np.nan, STRUCTURES, mention=mention),)
    limit = pd.Timestamp(last) - pd.DateOffset(months=SILENT_MONTHS)
    silent = known[(exchange <= limit).to_numpy()]
    return by_commune(silent, names, float(len(known) - undated), mention)


def last_exchange(partners: pd.DataFrame, history: pd.DataFrame) -> pd.Series:
    """Return the day [place_id] of the last exchange with each structure, NaT without any."""
    held = history.dropna(subset=["place_id"]).groupby("place_id")["on"].max()
    days = partners[["first_contact_on", "last_met_on"]].assign(
        held_on=pd.to_datetime(held).reindex(partners.index)
    )
    return days.max(axis=1)


def by_commune(
    found: pd.DataFrame, names: Mapping[str, str], over: float, mention: str
) -> tuple[Part, ...]:
    """
    Return structures as a whole, out of `over`, and by commune, those that must not be told last.

    `found` is on place_id with commune_code and sensitive; a sensitive place is of no commune.
    """
    secret = found["sensitive"].fillna(value=True).astype(bool)
    towns = found["commune_code"].astype("object").mask(secret).fillna(UNTOLD).astype(str)
    labels = {**names, UNTOLD: "commune non dite"}
    groups = [(code, tuple(map(str, sorted(rows.index)))) for code, rows in found.groupby(towns)]
    groups.sort(key=lambda one: (one[0] == UNTOLD, -len(one[1]), one[0]))
    whole = Part("", "", float(len(found)), STRUCTURES, over=over, mention=mention,
                 lines=tuple(map(str, sorted(found.index))))  # fmt: skip
    parts = [Part(str(code), labels.get(str(code), str(code)), float(len(keys)), STRUCTURES,
                  lines=keys) for code, keys in groups]  # fmt: skip
    return (whole, *parts)

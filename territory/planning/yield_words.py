"""The French sentences of yields: how many people a visit should inform, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.yields_table import THIN_VISITS
from territory.planning.explain import lasting

if TYPE_CHECKING:
    from collections.abc import Mapping

WHOLE = 10  # from so many people on, no decimal
TRAP = (
    "Une seule équipe ne peut pas constater en un an un gain de 10\u202f% : le hasard des "
    "rencontres fait varier davantage son total. Les intervalles disent ce qui est su."
)


def yield_words(row: Mapping[str, object], minutes: int, *, named: bool = True) -> str:
    """
    Return the sentence of a row of `expected_yields` for a visit of `minutes`.

    `named`: the visit is at a known place, else only its kind is. Under THIN_VISITS visits counted
    the sentence begins with « Peu de données ».
    """
    numbers = {k: float(str(row[k])) for k in ("mean", "low", "high", "visit_low", "visit_high")}
    if pd.isna(numbers["mean"]):
        return "Personnes informées : non estimé, la durée de la visite n’est pas connue."
    mean, low, high = (people(numbers[k]) for k in ("mean", "low", "high"))
    said = f"personnes informées attendues en {lasting(minutes)} : environ {mean}"
    said += f" (de {low} à {high}, à 95\u202f%)"
    visits, here = int(str(row["n_visits"])), "ici" if named else "dans ce type de lieu"
    if visits < THIN_VISITS:
        return (
            f"Peu de données ({_visits(visits)} {here}) : {said}, surtout d’après les autres lieux."
        )
    slot = f", dont {row['n_slot']} à ce moment" if named else ""
    ends = f"Une visite en compte de {numbers['visit_low']:.0f} à {numbers['visit_high']:.0f}."
    return f"{said[0].upper()}{said[1:]}, d’après {_visits(visits)} {here}{slot}. {ends}"


def explored_words(share: float) -> str:
    """Return why a visit made to learn is in the plan; `share` is that of the setting, 0-1."""
    return f"Visite choisie pour apprendre : {100 * share:.0f}\u202f% des visites le sont."


def people(number: float) -> str:
    """Return 3.24 as « 3,2 » and 12.4 as « 12 »."""
    return f"{number:.0f}" if round(number, 1) >= WHOLE else f"{number:.1f}".replace(".", ",")


def _visits(count: int) -> str:
    return (
        "aucune visite comptée"
        if not count
        else ("1 visite comptée" if count == 1 else f"{count} visites comptées")
    )

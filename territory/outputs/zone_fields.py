"""What is known of each zone, and of each of its cells, as columns of a table with French names."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.zone_reasons import distance_share
from territory.outputs.french import small_count
from territory.outputs.map_cells import too_few
from territory.outputs.zone_cards import MEANINGS, change_line, doubtful, rounded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.model.results import Gap

# name in a GIS layer, title in a workbook
ZONE_FIELDS = (
    ("sens_du_verdict", "Ce que dit le verdict"),
    ("a_confirmer", "À confirmer"),
    ("score", "Score"),
    ("poids_besoin", "Poids du besoin"),
    ("poids_acces", "Poids de l’accès"),
    ("poids_passages", "Poids des passages"),
    ("moins_de_la_moitie", "Moins de la moitié (chances sur 100)"),
    ("hasard", "Le hasard en donne autant (fois sur 100)"),
    ("pour_100_bas", "Pour 100 attendues, au moins"),
    ("pour_100", "Pour 100 attendues, sans doute"),
    ("pour_100_haut", "Pour 100 attendues, au plus"),
    ("part_distance", "Manque que la distance explique (%)"),
    ("changement", "Ce qui changerait le verdict"),
    ("stabilite", "Variantes où elle reste parmi les 5 premières (%)"),
    ("variantes", "Variantes essayées"),
    ("autres_avis", "Autres avis"),
    ("au_bord", "Au bord du territoire"),
    ("rues", "Rues"),
    ("carreaux", "Carreaux"),
)
CELL_FIELDS = {
    "zone": "Zone",
    "nom": "Nom",
    "carreau": "Carreau",
    "habitants": "Habitants",
    "public": "Personnes concernées",
    "minutes": "Minutes à pied",
    "contacts": "Contacts",
    "attendus": "Contacts attendus",
    "mois": "Mois depuis le dernier passage",
    "priorite": "Priorité (0 à 100)",
}
_HIDDEN = ("habitants", "public", "attendus", "priorite")


def zone_values(gap: Gap) -> tuple[object, ...]:
    """Return the values of ZONE_FIELDS for a zone; None is unknown; weights add up to the score."""
    doubt = gap.doubt
    counted = gap.expected > 0
    score = round(gap.score, 2)
    weights = rounded([r.weight for r in gap.reasons], score, 2) if counted else [None] * 3
    share = distance_share(gap) if counted else None
    ratios = (None,) * 3 if doubt is None else (doubt.ratio_low, doubt.ratio, doubt.ratio_high)
    return (
        MEANINGS[gap.verdict],
        _yes(said=doubtful(gap)),
        score,
        *weights,
        _hundred(gap.p_below_half if counted else None),
        _hundred(None if doubt is None else doubt.p_value, 1),
        *(_hundred(r if counted else None) for r in ratios),
        _hundred(share),
        change_line(gap),
        _hundred(None if doubt is None else doubt.stability),
        None if doubt is None else doubt.variants,
        "" if doubt is None else " ".join(doubt.opinions),
        "" if doubt is None else _yes(said=doubt.edge),
        ", ".join(gap.streets),
        ", ".join(gap.cells),
    )


def zone_cells(gaps: Sequence[Gap], table: pd.DataFrame) -> pd.DataFrame:
    """
    Return one row a cell of each zone, columns CELL_FIELDS: what the figures of the zones add up.

    `table` on cell_id: residents, target, minutes_permanence, contacts, expected, months_since,
    households, priority. Residents, personnes concernées, contacts and attendus of a zone are the
    sums of its rows. Cells of fewer than 11 households have no figure of their own (NA); contacts
    are text, 1 to 4 people « < 5 ».
    """
    pairs = [(g.rank, g.name, cell) for g in gaps for cell in g.cells]
    rows = table.reindex([cell for _, _, cell in pairs])
    found = pd.DataFrame(pairs, columns=["zone", "nom", "carreau"])
    for name, column, digits in (
        ("habitants", "residents", 1),
        ("public", "target", 1),
        ("minutes", "minutes_permanence", 1),
        ("contacts", "contacts", 1),
        ("attendus", "expected", 1),
        ("mois", "months_since", 1),
        ("priorite", "priority", 0),
    ):
        values = rows[column].astype("Float64").astype(float).to_numpy()
        found[name] = np.where(np.isfinite(values), np.round(values, digits), np.nan)
    found["contacts"] = ["" if pd.isna(v) else small_count(v) for v in found["contacts"]]
    found.loc[too_few(rows).to_numpy(), list(_HIDDEN)] = np.nan
    return found


def _yes(*, said: bool) -> str:
    return "oui" if said else "non"


def _hundred(share: float | None, digits: int = 0) -> float | None:
    """Return a share as a number out of 100; unknown is None."""
    if share is None or not isfinite(share):
        return None
    return round(100 * share, digits) if digits else round(100 * share)

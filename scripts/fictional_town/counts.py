"""How many people an outing meets, as counts only, and the lines that break them down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import shapely

if TYPE_CHECKING:
    from numpy.random import Generator

    from scripts.fictional_town.people import People

NOT_COUNTED = 0.04
CHANNELS = ("bouche_a_oreille", "espace_public", "permanence", "partenaire", "autre")
HEARD = (0.31, 0.22, 0.22, 0.15, 0.10)
HOMES = ("qpv", "qva", "proximite", "autre", "inconnue")
FROM_QPV, FROM_ELSEWHERE = (0.62, 0.05, 0.18, 0.08, 0.07), (0.18, 0.10, 0.30, 0.32, 0.10)
AGES = ("moins_26", "26_59", "60_plus", "inconnu")


def counts(mean: float, draw: Generator) -> dict[str, object]:
    """Draw the counts of one activity, more uneven than pure chance; a few were not counted."""
    n = int(draw.poisson(mean * draw.gamma(5, 1 / 5)))
    engaged = int(draw.binomial(n, 0.35))
    women = int(draw.binomial(n, 0.55))
    men = n - women - int(draw.binomial(n - women, 0.05))
    found: dict[str, object] = {
        "nb_informes": n, "nb_accroches": engaged, "nb_diagnostics": int(draw.binomial(engaged, 0.6)),
        "nb_orientes": int(draw.binomial(engaged, 0.45)), "nb_femmes": women, "nb_hommes": men,
    }  # fmt: skip
    return dict.fromkeys(found, "") if draw.random() < NOT_COUNTED else found


def contact_lines(activities: pd.DataFrame, people: People, draw: Generator) -> pd.DataFrame:
    """Break down the people engaged of one activity in two; the lines sum to its count."""
    quarters = shapely.union_all([area for _, area, _ in people.qpv.values()])
    engaged = pd.to_numeric(activities["nb_accroches"], errors="coerce").fillna(0).astype(int)
    rows = []
    for row in activities[engaged >= 3].iloc[::2].itertuples():
        inside = shapely.contains_xy(quarters, row.x, row.y)
        shares = draw.multinomial(int(row.nb_accroches), FROM_QPV if inside else FROM_ELSEWHERE)
        for zone, count in zip(HOMES, shares, strict=True):
            if count:
                rows.append(_line(row.id_activite, zone, int(count), draw))
    return pd.DataFrame(rows)


def _line(activity: object, zone: str, count: int, draw: Generator) -> dict[str, object]:
    """Return one line; people alone in their line are told apart by one more trait at most."""
    age = AGES[draw.choice(len(AGES), p=(0.2, 0.6, 0.12, 0.08))]
    return {
        "id_activite": activity, "nombre": count, "etape": "accroche",
        "canal": CHANNELS[draw.choice(len(CHANNELS), p=HEARD)], "zone_residence": zone,
        "tranche_age": age if count > 1 else "",
    }  # fmt: skip

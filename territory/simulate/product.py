"""What this product says of a drawn territory, from what its analyst sees only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.effort_pooled import pooled, ratios, walk_kernel
from territory.analysis.gaps import cell_scores, gap_scan
from territory.settings import Effort, Gaps
from territory.simulate.answer import Answer, Claim

if TYPE_CHECKING:
    from territory.simulate.truth import PlantedTruth


def product(truth: PlantedTruth) -> Answer:
    """Return priorities of cells and zones, as `territory zones` finds them; contacts by home."""
    settings, walks = Gaps(), pd.DataFrame(truth.minutes.astype(float))
    table = product_table(truth)
    scan = gap_scan(table, walks, settings=settings, seed=truth.seed)
    zones = (
        Claim(np.array(z.members), z.score, p_value=z.p_value, posterior=z.ratio.p_below_half)
        for z in scan.zones
    )
    return Answer(cell_scores(table, scan, settings=settings)["priority"].to_numpy(), tuple(zones))


def product_table(truth: PlantedTruth) -> pd.DataFrame:
    """Return the cells of a drawn territory as `gap_table` has them, RangeIndex."""
    met, need = truth.contacts.astype(float), truth.need.astype(float)
    table = pd.DataFrame(
        {
            "residents": truth.residents.astype(float),
            "target": need,
            "minutes_permanence": truth.minutes_permanence.astype(float),
            "contacts": met,
            "expected": need * met.sum() / max(float(need.sum()), 1e-300),
            "commune_code": "00000",
            "counted": bool(met.sum()),
        }
    )
    limits = Effort()
    kernel = walk_kernel(
        pd.DataFrame(truth.minutes.astype(float)), limits.kernel_min, limits.reach_min
    )
    windows = pooled(table["contacts"], table["expected"], kernel)
    found, _ = ratios(windows, clump=1.0, counted=pd.Series(1.0, index=table.index))
    return table.join(found)

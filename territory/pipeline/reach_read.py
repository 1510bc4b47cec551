"""Product 58 as the last build left it: walks read back without loading what walks them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.io.products import Product, fingerprint, read_product
from territory.pipeline.walk_inputs import walk_rests_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from territory.pipeline.workspace import Built

NAME = "58_reach"
NOWHERE = -1  # node of what is tied to no street


def reach_as_built(built: Built) -> Product | None:
    """Return product 58 as it was built, None unless it rests on the files and settings of now."""
    products = [built.products[name] for name in ("10_zones", "20_places", "30_activity")]
    settings, hashes = walk_rests_on(built.territory, *products)
    return read_product(built.territory.processed, NAME, fingerprint(NAME, settings, hashes))


def minutes_to_nearest(
    reach: Product, cells: Sequence[str], ends: Sequence[str]
) -> tuple[pd.Series, int]:
    """
    Return minutes on foot [cells] to the nearest of `ends`, and how many ends are on no street.

    `ends` are "p:" or "a:" + id. NaN: the cell is tied to no street, its walk is unknown; inf: all
    are farther than what product 58 holds.
    """
    stops, reached = reach.tables["stops"]["node"], reach.tables["reached"]
    nodes = stops.reindex(list(ends)).fillna(NOWHERE).astype("int64")
    ours = reached[reached["node"].isin(nodes[nodes != NOWHERE].unique())]
    least = ours.groupby("cell_id")["minutes"].min().reindex(list(cells)).fillna(np.inf)
    tied = stops.reindex([f"c:{key}" for key in cells]).fillna(NOWHERE).to_numpy() != NOWHERE
    return least.where(tied).astype(float), int((nodes == NOWHERE).sum())

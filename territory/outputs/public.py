"""Counts made ready for outside: by commune and month, sensitive places left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

HIDDEN = "effectif trop faible"


def counts_by_month(activities: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Return people informed [commune x month], whole numbers, realised activities only.

    Activities in a sensitive place or without a known commune are left out, and so is their hour:
    months are the finest time that leaves the team. CRS is not used.
    """
    kept = activities[
        (activities["state"] == "realise")
        & activities["n_informed"].notna()
        & ~activities["sensitive"].fillna(value=True).astype(bool)
        & activities["commune_code"].isin(communes.index)
    ]
    months = kept["on"].dt.strftime("%Y-%m").rename("month")
    named = kept["commune_code"].map(communes["name"]).rename("commune")
    people = kept["n_informed"].astype("int64").to_frame("people").assign(c=named, m=months)
    counts = people.pivot_table("people", "c", "m", "sum", fill_value=0)
    return counts.sort_index()


def printed(counts: pd.DataFrame, mask: pd.DataFrame) -> list[list[str]]:
    """Return the rows of a table with totals as text, hidden counts said to be too small."""
    head = ["commune", *map(str, counts.columns)]
    rows = [
        [str(name), *(HIDDEN if hid else str(n) for n, hid in zip(row, hidden, strict=True))]
        for (name, row), (_, hidden) in zip(counts.iterrows(), mask.iterrows(), strict=True)
    ]
    return [head, *rows]

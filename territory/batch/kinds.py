"""The tables of the dataset of a batch: what one territory adds to each, one file a territory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.model.report import FIGURES
from territory.model.tables import AREA, COUNT, DAY, POINT, REAL, TEXT, YES_NO, Column, conform
from territory.model.tables import TableContract as Table

if TYPE_CHECKING:
    from collections.abc import Mapping

WHERE = (
    Column("territoire", TEXT, "name of the territory in the list"),
    Column("departement", TEXT, "code of its département"),
    Column("reseau", TEXT, "network of teams; NA for none"),
    Column("digest", TEXT, "SHA-256 of the products that the row was taken from"),
)
TERRITORIES = Table(
    "territoires",
    "row",
    (
        *WHERE,
        Column("name", TEXT, "name in the settings"),
        Column("communes", TEXT, "codes joined by |"),
        Column("reference_on", DAY, "day that the computation takes as today"),
        Column("version", TEXT, "version of the package"),
        Column("residents", REAL, "people of fiscal households"),
        Column("target", REAL, "people of the public"),
        Column("contacts", REAL, "people informed in the period of the effort"),
        Column("walk_limit_min", REAL, "minutes on foot within which a permanence serves"),
        Column("searched_share", REAL, "share of the target living where zones are searched, 0-1"),
        Column("nodes", COUNT, "nodes of the walking graph"),
        Column("edges", COUNT, "edges of the walking graph"),
        Column("cells", COUNT, "population cells"),
        Column("zones", COUNT, "underserved zones"),
        Column("quarters", COUNT, "quarters in force"),
        Column("sites", COUNT, "permanences proposed"),
        Column("sites_ending", TEXT, "how the search of sites ended: a code of model.results"),
        Column(
            "sectors_ending", TEXT, "how the search of sectors ended; NA when they were left out"
        ),
        Column("computed", COUNT, "products computed by this run, the others were read back"),
        Column("seconds", REAL, "seconds that this run took, waits included"),
        Column("cpu_seconds", REAL, "seconds of processor that this run took"),
        Column("peak_bytes", COUNT, "most memory held by the worker; NA when the system hides it"),
    ),
)
CELLS = Table(
    "cells",
    "row",
    (
        *WHERE,
        Column("cell_id", TEXT, "square of 200 m"),
        Column("commune_code", TEXT, "commune holding most of it"),
        Column("residents", REAL, "people of fiscal households living in the part kept"),
        Column("imputed", YES_NO, "values imputed by Insee from a larger square"),
        Column("target", REAL, "people of the public"),
        Column("target_low", REAL, "lower limit, 95 %"),
        Column("target_high", REAL, "upper limit, 95 %"),
        Column("percentile", REAL, "of the need, 0-100"),
        Column("in_qpv", REAL, "share of the cell in a priority quarter, 0-1"),
        Column("minutes_permanence", REAL, "walk to the nearest permanence; NA out of reach"),
        Column("structures_near", REAL, "structures in reach"),
        Column("e2sfca_h_1000", REAL, "hours of permanence a week for 1,000 of the public"),
        Column("contacts", REAL, "people informed who live there, as met, spread by distance"),
        Column("expected", REAL, "contacts expected there if effort followed the need"),
        Column("ratio_low", REAL, "contacts to expected, lower limit, 95 %"),
        Column("ratio_high", REAL, "upper limit"),
        Column("p_below_half", REAL, "probability that contacts are below half of the expected"),
        Column("months_since", REAL, "months since the last outing near; NA none in the period"),
        Column("lack", REAL, "standard deviations of contacts missing"),
        Column("priority", REAL, "score of the gap, the need counted in"),
        Column("gi", REAL, "local Gi* of the lack, z-score"),
        Column("cluster", COUNT, "group of missed need that holds the cell (HDBSCAN); -1 for none"),
    ),
    AREA,
)
ZONES = Table(
    "zones",
    "row",
    (
        *WHERE,
        Column("zone_id", TEXT, "zone of the territory"),
        Column("rank", COUNT, "rank in its territory, 1 first"),
        Column("name", TEXT, "French name"),
        Column("commune_code", TEXT, "commune"),
        Column("residents", REAL, "people living there"),
        Column("target", REAL, "people of the public"),
        Column("target_low", REAL, "sum of the lower limits (95 %) of its cells"),
        Column("target_high", REAL, "sum of the upper limits"),
        Column("unserved", REAL, "people of the public out of reach of a permanence"),
        Column("minutes", REAL, "median walk to a permanence, weighted by need; NA out of reach"),
        Column("contacts", REAL, "people informed in the period"),
        Column("expected", REAL, "contacts expected"),
        Column("months_since", REAL, "months since the last outing near half of the target"),
        Column("score", REAL, "standard deviations of contacts missing"),
        Column("verdict", TEXT, "établi, probable, à vérifier, données insuffisantes"),
        Column("p_value", REAL, "how often chance alone would show such a lack"),
        Column("p_below_half", REAL, "probability that contacts are below half of the expected"),
        Column("ratio", REAL, "contacts to expected"),
        Column("ratio_low", REAL, "lower limit, 95 %"),
        Column("ratio_high", REAL, "upper limit"),
        Column("stability", REAL, "share of other ways of computing that keep it, 0-1"),
        Column("change", TEXT, "what would change the verdict, French"),
        Column("reasons", TEXT, "French sentences, one a line"),
        Column("streets", TEXT, "main streets, joined by |"),
    ),
    AREA,
)
QUARTERS = Table(
    "quarters",
    "row",
    (
        *WHERE,
        Column("zone_code", TEXT, "code of the quarter"),
        Column("name", TEXT, "name; NA when the source has none"),
        Column("kind", TEXT, "qpv or qva"),
        Column("generation", COUNT, "2015 or 2024; NA unknown"),
        Column("residents", REAL, "people of its cells, by area; NA without a cell"),
        Column("target", REAL, "people of the public, by area"),
        Column("target_low", REAL, "sum of the lower limits (95 %) of its cells, by area"),
        Column("target_high", REAL, "sum of the upper limits"),
        Column("minutes_permanence", REAL, "median walk, weighted by the public; NA out of reach"),
        Column("served_share", REAL, "share of the public in reach of a permanence, 0-1"),
        Column("unserved", REAL, "people of the public out of reach: what extension would gain"),
        Column("contacts", REAL, "people informed who live there, as met, spread by distance"),
        Column("expected", REAL, "contacts expected there if effort followed the need"),
    ),
    AREA,
)
SITES = Table(
    "sites",
    "row",
    (
        *WHERE,
        Column("rank", COUNT, "rank in its territory, 1 first"),
        Column("place_id", TEXT, "place"),
        Column("name", TEXT, "name of the place"),
        Column("kind", TEXT, "code of words.PLACE_KINDS"),
        Column("commune_code", TEXT, "commune"),
        Column("slot", TEXT, "half-day, as « mercredi matin »"),
        Column("hours", REAL, "hours of workers a week"),
        Column("gained_target", REAL, "people of the public in reach thanks to it"),
        Column("covered_before", REAL, "people of the public in reach without it"),
        Column("covered_after", REAL, "with it"),
        Column("target_total", REAL, "people of the public of the territory"),
        Column("people_week", REAL, "people received a week; NA not measured"),
        Column("gained_week", REAL, "people received more a week in the territory"),
        Column("reason", TEXT, "French sentence"),
    ),
    POINT,
)
INDICATORS = Table(
    "indicators",
    "row",
    (
        *WHERE,
        Column("grain", TEXT, "annee or mois"),
        Column("period", TEXT, "2026 or 2026-03"),
        Column("first_on", DAY, "first day counted"),
        Column("last_on", DAY, "last day counted"),
        *FIGURES.columns,
    ),
)
COUNTS = Table(
    "counts",
    "row",
    (
        *WHERE,
        Column("activity_key", TEXT, "activity, or line that stands alone, in the team's files"),
        Column("on", DAY, "its day"),
        Column("kind", TEXT, "code of words.ACTIVITY_KINDS; NA for a line that stands alone"),
        Column("definition", TEXT, "definition of the report that counts it, as E1"),
        Column("part", TEXT, "part of it; empty for the whole"),
        Column("value", REAL, "people, hours, or 1 for an activity; NA when nobody counted"),
    ),
)
Rows = dict[str, pd.DataFrame]  # of one territory, by kind
KINDS = {t.name: t for t in (TERRITORIES, CELLS, ZONES, QUARTERS, SITES, INDICATORS, COUNTS)}


def kept(
    kind: str, rows: pd.DataFrame, where: Mapping[str, object], *, epsg: int = 2154
) -> pd.DataFrame:
    """
    Return `rows` as the dataset keeps them: the contract of `kind`, numbered, with `where`.

    Geometry stays in `epsg`; what is infinite (out of reach) is NA. Raises BrokenTable when a value
    cannot take its dtype, KeyError for another kind.
    """
    numbered = rows.reset_index(drop=True).assign(**where)
    table = conform(numbered, KINDS[kind], epsg=epsg)
    reals = {c.name: table[c.name].replace([np.inf, -np.inf], np.nan) for c in KINDS[kind].columns
             if c.dtype == REAL}  # fmt: skip
    return table.assign(**reals)


def with_cost(rows: Mapping[str, pd.DataFrame], cost: Mapping[str, object]) -> Rows:
    """Return `rows` with what the run cost in the row of the territory."""
    return {**rows, "territoires": rows["territoires"].assign(**cost)}

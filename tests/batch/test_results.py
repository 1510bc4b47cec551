"""What a territory adds to the dataset: the same numbers as its products and its report."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from territory.batch.dataset import part_bytes
from territory.batch.kinds import KINDS, Rows
from territory.batch.listing import Listed
from territory.batch.results import rows_of
from territory.pipeline.report import report_step
from territory.pipeline.site_extension import derived_groups, extension_of
from territory.pipeline.steps import build, build_sites
from territory.pipeline.workspace import Built, open_territory

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def built(demo_town: Path) -> Built:
    return build(open_territory(demo_town))


@pytest.fixture(scope="module")
def rows(built: Built) -> Rows:
    return rows_of(built, Listed("valfictif", "x", "001", ""))


def test_every_kind_keeps_its_contract(rows: Rows, built: Built) -> None:
    assert list(rows) == list(KINDS)
    for kind, table in rows.items():
        assert list(table.columns) == KINDS[kind].names()
        assert set(table["territoire"]) <= {"valfictif"}
        assert set(table["digest"]) <= {built.digest}
        assert table["reseau"].isna().all()
        reals = table.select_dtypes("float64").to_numpy()
        assert not np.isinf(reals).any()
    assert {kind: len(table) > 0 for kind, table in rows.items()} == dict.fromkeys(KINDS, True)


def test_what_is_left_out_changes_no_product_and_no_row(
    built: Built, rows: Rows, demo_town: Path
) -> None:
    less = build_sites(open_territory(demo_town))
    left_out = {"45_passage", "70_sectors", "80_rounds"}
    assert {name: product.digest for name, product in less.products.items()} == {
        name: product.digest for name, product in built.products.items() if name not in left_out
    }
    assert list(built.products) == sorted(built.products)
    found = rows_of(less, Listed("valfictif", "x", "001", ""))
    for kind, table in found.items():
        apart = ["digest", "sectors_ending"]
        pd.testing.assert_frame_equal(
            table.drop(columns=apart, errors="ignore"),
            rows[kind].drop(columns=apart, errors="ignore"),
        )
    assert found["territoires"]["sectors_ending"].isna().all()


def test_figures_are_those_of_the_products(rows: Rows, built: Built) -> None:
    summary = rows["territoires"].iloc[0]
    assert summary["target"] == pytest.approx(rows["cells"]["target"].sum())
    assert summary["cells"] == len(rows["cells"])
    assert list(rows["zones"].sort_values("rank")["zone_id"]) == [gap.zone_id for gap in built.gaps]
    assert rows["sites"]["place_id"].tolist() == [site.place_id for site in built.sites.sites]


@pytest.mark.parametrize("year", ["2025", "2026"])
def test_indicators_are_those_of_the_report(rows: Rows, built: Built, year: str) -> None:
    table = rows["indicators"]
    ours = table[table["period"] == year].assign(
        figure=lambda t: t["definition"] + t["part"].map(lambda p: f"/{p}" if p else "")
    )
    told = report_step(built, year, "est_ensemble").figures.table
    common = ours.set_index("figure")
    shown = common.loc[[name for name in common.index if name in told.index]]
    assert len(shown) > 10
    for column in ("value", "uncounted", "used"):
        pd.testing.assert_series_equal(
            shown[column], told.loc[shown.index, column], check_names=False, check_index=False
        )
    months = table[(table["grain"] == "mois") & table["period"].str.startswith(year)]
    sums = months.groupby("definition")["value"].sum()
    assert sums["E1"] == common.loc["E1", "value"]
    assert sums["E4"] == common.loc["E4", "value"]


def test_quarters_gain_what_extension_counts(rows: Rows, built: Built) -> None:
    table = rows["quarters"].set_index("zone_code")
    groups = derived_groups(built, 0.0)
    plan = extension_of(built, groups, 1)
    qpv = table[table["kind"] == "qpv"]
    assert plan.groups[0].gain == pytest.approx(qpv["unserved"].max())


def test_parts_are_geoparquet_in_degrees_and_the_same_twice(rows: Rows) -> None:
    content = part_bytes(rows["zones"])
    assert content == part_bytes(rows["zones"].copy())
    read = gpd.read_parquet(io.BytesIO(content))
    assert read.crs.to_epsg() == 4326
    assert read.total_bounds[3] < 90
    empty = part_bytes(rows["zones"].iloc[:0])
    assert list(gpd.read_parquet(io.BytesIO(empty)).columns) == list(read.columns)


def test_counts_add_up_to_the_indicators(rows: Rows) -> None:
    counts, table = rows["counts"], rows["indicators"]
    assert counts["activity_key"].notna().all()
    for grain, form in (("annee", "%Y"), ("mois", "%Y-%m")):
        ours = table[table["grain"] == grain].set_index(["period", "definition", "part"])["value"]
        dated = counts.assign(period=counts["on"].dt.strftime(form))
        sums = dated.groupby(["period", "definition", "part"])["value"].sum(min_count=1)
        for key, value in ours.dropna().items():
            assert sums.get(key, 0.0) == pytest.approx(value), key

"""What was not given, when nobody can tell where a fact lies."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import Point, box

from territory.analysis.perimeters import instead_of_current, lacking
from territory.analysis.residence import ResidenceRules, residence_classes
from territory.model.tables import ZONES, conform

HERE, AWAY = Point(50, 50), Point(5000, 5000)


def zones(*kinds: tuple[str, int | None]) -> gpd.GeoDataFrame:
    rows = {"name": "Q", "kind": [k for k, _ in kinds], "generation": [g for _, g in kinds],
            "geometry": [box(0, 0, 100, 100)] * len(kinds)}  # fmt: skip
    return conform(pd.DataFrame(rows, index=[f"Z{n}" for n in range(len(kinds))]), ZONES)


def reasons(given: gpd.GeoDataFrame, rules: ResidenceRules) -> list[object]:
    facts = gpd.GeoDataFrame(
        {"on": pd.to_datetime(["2026-05-01", "2026-05-01", "2022-05-01", "2026-05-01", None])},
        geometry=[HERE, AWAY, HERE, None, HERE], crs=2154,
    )  # fmt: skip
    found = lacking(facts, given, rules, residence_classes(facts, given, rules)["residence"])
    return [None if pd.isna(one) else str(one) for one in found]


NO_QVA = ResidenceRules(no_qva=True)
BONDY = (("qpv", 2015), ("qpv", None))


@pytest.mark.parametrize(
    ("given", "rules", "expected"),
    [
        ((("qpv", 2024), ("qpv", 2015)), NO_QVA, [None, None, None]),
        ((("qpv", 2024), ("qva", None)), ResidenceRules(), [None, None, "qpv_2015"]),
        ((("qpv", 2024),), ResidenceRules(), [None, "qva", "qpv_2015|qva"]),
        (BONDY, NO_QVA, ["qpv_2024|sans_annee", "qpv_2024|sans_annee", None]),
        (BONDY, ResidenceRules(), ["qpv_2024|sans_annee|qva", "qpv_2024|sans_annee|qva", None]),
    ],
)
def test_each_reason(
    given: tuple[tuple[str, int | None], ...], rules: ResidenceRules, expected: list[str | None]
) -> None:
    # Without a point or a day, it is not the perimeters that miss.
    assert reasons(zones(*given), rules) == [*expected, None, None]


def test_the_quarters_used_instead_are_named() -> None:
    day = date(2026, 12, 31)
    assert instead_of_current(zones(("qpv", 2024)), day, NO_QVA) == ""
    assert instead_of_current(zones(*BONDY), day, NO_QVA) == (
        "quartiers de 2015 et sans année, faute de ceux de 2024"
    )
    overseas = ResidenceRules(no_qva=True, overseas=True)
    assert instead_of_current(zones(("qpv", 2015)), date(2024, 6, 1), overseas) == ""

"""Effort by residence: noted or unknown, and never taken from where people were met."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from territory.analysis.effort import cell_effort, outings_in
from territory.analysis.effort_homes import BY_BOTH, BY_CLASS, BY_COMMUNE, homes_met, unknown_homes
from territory.analysis.effort_people import people_met, strata_need, told_stage
from territory.analysis.need import cell_need
from territory.analysis.residence import ResidenceRules
from territory.model.tables import ACTIVITIES, CONTACTS, ZONES, conform
from tests.analysis import town

if TYPE_CHECKING:
    import geopandas as gpd

TODAY = date(2026, 11, 1)
RULES = ResidenceRules(near_m=100.0, no_qva=True)
HERE, NEXT, AWAY = "93001", "93002", "75101"
STRATA = pd.DataFrame(
    [(HERE, "autre", 300.0), (HERE, "qpv", 100.0), (NEXT, "autre", 100.0), (NEXT, "qpv", 500.0)],
    columns=["commune_code", "residence", "target"],
)


def lines(*rows: tuple[str | None, str | None, str | None, int]) -> pd.DataFrame:
    """Contact lines: (activity, class noted, commune noted, people)."""
    data = {
        "activity_id": [r[0] for r in rows], "home_zone": [r[1] for r in rows],
        "home_city_code": [r[2] for r in rows], "count": [r[3] for r in rows],
        "stage": "informe", "on": pd.Timestamp("2026-10-01"),
    }  # fmt: skip
    return conform(pd.DataFrame(data, index=[f"k{i:03d}" for i in range(len(rows))]), CONTACTS)


def activities(*informed: int | None, cell: int = 0) -> gpd.GeoDataFrame:
    n = len(informed)
    data = {
        "on": pd.Timestamp("2026-10-01"), "state": "realise", "n_informed": list(informed),
        "place_id": [f"p{i}" for i in range(n)], "geometry": [town.SQUARES[cell].centroid] * n,
    }  # fmt: skip
    return conform(pd.DataFrame(data, index=[f"a{i}" for i in range(n)]), ACTIVITIES)


def people(contacts: pd.DataFrame, done: gpd.GeoDataFrame, **more: object) -> pd.DataFrame:
    usual: dict[str, object] = {"stage": "informe", "reference": TODAY, "months": 12}
    return people_met(contacts, outings_in(done, TODAY, 12), done, **(usual | more))


def compared(contacts: pd.DataFrame, done: gpd.GeoDataFrame, level: str) -> pd.DataFrame:
    table = homes_met(people(contacts, done), STRATA, [HERE, NEXT])
    return table[table["level"] == level].set_index(["commune_code", "residence"])


def test_who_is_told_and_who_is_not() -> None:
    done = activities(10, 6)
    noted = lines(("a0", "qpv", HERE, 4), ("a0", "inconnue", HERE, 1), ("a0", "qpv", AWAY, 2),
                  (None, "autre", None, 3))  # fmt: skip
    found = people(noted, done)
    assert found["n"].sum() == 10 + 6 + 3
    unknown = unknown_homes(found, [HERE, NEXT])
    assert unknown.loc["p0"].tolist() == [10, 4, 3, 2]
    assert unknown.loc["p1"].tolist() == [6, 6, 6, 0]
    assert unknown.loc["lieu inconnu"].tolist() == [3, 0, 3, 0]
    by_class = compared(noted, done, BY_CLASS)
    assert by_class["met"].to_dict() == {("ensemble", "autre"): 3, ("ensemble", "qpv"): 4}
    by_both = compared(noted, done, BY_BOTH)
    assert by_both.loc[(HERE, "qpv"), ["met", "unknown"]].tolist() == [4, 1 + 3 + 6]
    assert by_both.loc[(NEXT, "autre"), ["met", "unknown"]].tolist() == [0, 3 + 3 + 6]
    assert by_both.loc[(NEXT, "qpv"), ["met", "unknown"]].tolist() == [0, 3 + 6]


def test_all_told_is_a_plain_ratio() -> None:
    noted = lines(*(("a0", z, c, n) for c, z, n in
                    ((HERE, "autre", 30), (HERE, "qpv", 10), (NEXT, "autre", 10), (NEXT, "qpv", 50))))  # fmt: skip  # noqa: E501
    table = compared(noted, activities(100), BY_BOTH)
    assert table["observed"].tolist() == pytest.approx([30, 10, 10, 50])
    assert table["expected"].tolist() == pytest.approx([30, 10, 10, 50])
    assert table["ratio"].tolist() == pytest.approx([1] * 4)
    assert table["unknown"].tolist() == [0] * 4
    communes = compared(noted, activities(100), BY_COMMUNE)
    assert communes["met"].tolist() == [40, 60]


def test_the_unknown_widen_and_the_extremes_hold_the_rest() -> None:
    noted = [(f"a{i % 5}", z, HERE, 1) for i in range(20) for z in ("qpv", "autre")]
    told = compared(lines(*noted), activities(8, 8, 8, 8, 8), BY_CLASS)
    some = compared(lines(*noted), activities(80, 80, 80, 80, 80), BY_CLASS)
    for row in (told, some):
        assert row["ratio_least"].le(row["ratio_low"]).all()
        assert row["ratio_high"].le(row["ratio_most"]).all()
        assert row["p_below_half_least"].le(row["p_below_half_most"]).all()
    spread = [(t["ratio_most"] - t["ratio_least"]).to_numpy() for t in (told, some)]
    assert (spread[1] > spread[0]).all()
    assert some["met"].tolist() == told["met"].tolist()


def test_answers_of_a_silent_place_weigh_more() -> None:
    """Half answer at one place, a tenth at the other: whoever lives there was met more often."""
    noted = lines(("a0", "qpv", HERE, 100), ("a1", "autre", HERE, 100))
    table = compared(noted, activities(200, 1000), BY_CLASS)
    assert (
        table.loc[("ensemble", "autre"), "observed"]
        > 3 * table.loc[("ensemble", "qpv"), "observed"]
    )
    assert table["observed"].sum() == pytest.approx(1200, rel=0.01)


def test_no_answer_is_no_ratio() -> None:
    table = compared(lines(), activities(10, 6), BY_BOTH)
    assert table["met"].tolist() == [0] * 4
    assert table["unknown"].tolist() == [16] * 4
    assert (
        table[["observed", "expected", "ratio", "ratio_most", "p_below_half"]].isna().all(axis=None)
    )
    nothing = compared(lines(), activities(), BY_CLASS)
    assert nothing["unknown"].tolist() == [0, 0]
    uncounted = people(lines(), activities(None))
    assert uncounted.empty


@settings(max_examples=2, deadline=None)
@given(st.integers(0, 10**6))
def test_residence_and_meeting_place_never_leak_into_one_another(seed: int) -> None:
    rng = np.random.default_rng(seed)
    zones = rng.choice(["qpv", "autre", "inconnue"], 30)
    noted = lines(*((f"a{i % 3}", str(z), HERE, 1) for i, z in enumerate(zones)))
    done, moved = activities(10, 10, 10), activities(10, 10, 10, cell=19)
    swapped = noted.assign(home_zone=noted["home_zone"].map({"qpv": "autre", "autre": "qpv"}))
    # meetings moved across the town: no home moves
    pd.testing.assert_frame_equal(compared(noted, done, BY_BOTH), compared(noted, moved, BY_BOTH))
    # homes swapped: each stratum takes the count of the other, the meeting side is not even read
    before, after = compared(noted, done, BY_CLASS), compared(swapped, done, BY_CLASS)
    assert before["met"].tolist() == after["met"].tolist()[::-1]
    assert before["unknown"].tolist() == after["unknown"].tolist()
    here, there = _effort(done), _effort(moved)
    assert here["met"].idxmax() == "c00"
    assert there["met"].idxmax() == town.IDS[19]
    assert here["met"].sum() == there["met"].sum() == 30


def _effort(done: gpd.GeoDataFrame) -> pd.DataFrame:
    need = cell_need(town.cells(), town.iris(), town.zones())
    return cell_effort(
        done, town.minutes(done), need, reference=TODAY, months=12, half_life_months=9,
        kernel_min=4, reach_min=10, cells=town.cells(),
    )[0]  # fmt: skip


def test_people_met_in_a_quarter_do_not_live_there_for_all_that() -> None:
    """Everybody is met in the QPV, nobody says where home is: no home in the QPV."""
    inside = activities(40, cell=town.IDS.index("c31"))
    table = compared(lines(("a0", "inconnue", None, 40)), inside, BY_CLASS)
    assert table["met"].sum() == 0
    assert table["unknown"].tolist() == [40, 40]


def test_one_stage_only() -> None:
    done = activities(10)
    told = lines(("a0", "qpv", HERE, 5), ("a0", None, None, 5))
    deeper = lines(("a0", "autre", HERE, 3)).assign(stage="accroche").set_axis(["z"])
    both = pd.concat([told, deeper])
    assert told_stage(both) == "informe"
    assert told_stage(deeper) == "accroche"
    assert told_stage(lines()) == "informe"
    assert people(both, done)["n"].sum() == 10
    assert people(both, done, stage="accroche")["n"].sum() == 3


def test_lines_out_of_the_period_are_left_out() -> None:
    done = activities(10).assign(on=pd.Timestamp("2020-01-01"))
    old = lines((None, "qpv", HERE, 2)).assign(on=pd.Timestamp("2020-01-01"))
    assert people(lines(("a0", "qpv", HERE, 4)), done).empty
    assert people(old, done).empty


def test_need_of_each_stratum() -> None:
    need = cell_need(town.cells(), town.iris(), town.zones())
    dated = conform(town.zones().assign(generation=2024), ZONES)
    table = strata_need(town.cells(), need, dated, RULES, on=TODAY)
    assert table["target"].sum() == pytest.approx(need["target"].sum())
    shares = table.set_index("residence")["target"]
    inside = need["target"][[c for c in need.index if c[1] == "3"]].sum()
    half = need["target"][[c for c in need.index if c[1] == "4"]].sum()
    assert shares["qpv"] == pytest.approx(inside + 0.6 * half, rel=1e-6)  # 3 spots of 5
    assert shares["proximite"] > 0
    undated = strata_need(town.cells(), need, town.zones(), RULES, on=TODAY)
    assert undated.set_index("residence")["target"]["inconnue"] == pytest.approx(
        need["target"].sum()
    )


def test_classes_nobody_can_tell_expect_nothing_known() -> None:
    strata = pd.concat(
        [STRATA, pd.DataFrame({"commune_code": [HERE], "residence": "inconnue", "target": 500.0})]
    )
    noted = lines(("a0", "qpv", HERE, 5), ("a0", "autre", NEXT, 5))
    table = homes_met(people(noted, activities(10)), strata, [HERE, NEXT])
    by_class = table[table["level"] == BY_CLASS]
    assert by_class["met"].tolist() == [5, 5]
    assert by_class[["target", "expected", "ratio"]].isna().all(axis=None)
    communes = table[table["level"] == BY_COMMUNE]
    assert communes["expected"].tolist() == pytest.approx([10 * 900 / 1500, 10 * 600 / 1500])

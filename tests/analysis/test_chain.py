from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from territory.analysis.access import catchment_access, cell_access, weekly_permanences
from territory.analysis.effort import EffortTotals, cell_effort, shrunken_rates
from territory.analysis.gaps import underserved
from territory.analysis.need import cell_need
from territory.model.results import Verdict
from territory.settings import Gaps
from tests.analysis import town
from tests.real_data import reference_file


def _effort(need: pd.DataFrame) -> tuple[pd.DataFrame, EffortTotals]:
    return cell_effort(
        town.activities(),
        town.minutes(town.activities()),
        need,
        reference=date(2026, 11, 1),
        months=12,
        half_life_months=9,
        kernel_min=4,
        reach_min=10,
    )


def _need() -> pd.DataFrame:
    return cell_need(town.cells(), town.iris(), town.zones())


def test_need_keeps_the_mass_of_each_iris() -> None:
    need = _need()
    rates = shrunken_rates([100, 150], [1000, 500])
    assert need["target"][[c for c in need.index if c < "c3"]].sum() == pytest.approx(
        720 * rates[0]
    )
    assert need["target"][[c for c in need.index if c >= "c3"]].sum() == pytest.approx(
        480 * rates[1]
    )
    assert need.loc["c40", "in_qpv"] == pytest.approx(0.5)


def test_need_without_iris_rests_on_poverty() -> None:
    need = cell_need(town.cells(), town.iris().iloc[:0], town.zones())
    assert need.loc["c01", "target"] == pytest.approx(60 * 4 / 40)
    assert set(need["basis"]) == {"pauvreté Filosofi"}


def test_access_merges_agents_and_finds_the_nearest() -> None:
    permanences = weekly_permanences(town.availability())
    assert permanences["agents"].tolist() == ["M1|M2"]
    access = cell_access(town.minutes(town.places()), permanences, town.places())
    assert access.loc["c00", "minutes_permanence"] == 0
    assert access.loc["c00", ["structures_near", "slots_near"]].tolist() == [1, 1]


def test_effort_keeps_the_mass_and_counts_the_rest() -> None:
    effort, totals = _effort(_need())
    assert effort["contacts"].sum() == pytest.approx(30)
    assert (totals.contacts_located, totals.contacts_unlocated) == (30, 10)
    assert totals.activities_uncounted == 1


def test_zones_are_explained_and_do_not_overlap() -> None:
    need = _need()
    access = cell_access(
        town.minutes(town.places()), weekly_permanences(town.availability()), town.places()
    )
    gaps = underserved(
        need,
        access,
        _effort(need)[0],
        town.minutes(town.cells()),
        town.cells(),
        town.zones(),
        town.communes(),
        settings=Gaps(part_max=0.2, attendu_min=3),
    )
    members = [c for g in gaps for c in g.cells]
    assert gaps
    assert len(members) == len(set(members))
    for gap in gaps:
        assert sum(r.weight for r in gap.reasons) == pytest.approx(gap.score)
        assert gap.verdict is not Verdict.ESTABLISHED


def test_three_step_catchment_matches_the_reference() -> None:
    case = json.loads(reference_file("fca_3sfca_small/expected.json").read_text("utf-8"))
    walk = pd.read_csv(reference_file("fca_3sfca_small/od.csv")).pivot_table(
        index="origin", columns="dest", values="minutes"
    )
    got = catchment_access(
        np.array([case["population"][o] for o in walk.index]),
        np.array([case["capacity"][str(d)] for d in walk.columns]),
        walk.to_numpy(),
        weight=lambda t: np.exp(t**2 * np.log(0.01) / 400),
        method="3sfca",
    )
    assert got == pytest.approx([case["index_3sfca"][o] for o in walk.index], abs=2e-6)


def test_rates_match_the_published_ones() -> None:
    table = pd.read_csv(reference_file("eb_rates_sids/sids2.csv"))
    got = shrunken_rates(table["SID74"], table["BIR74"])
    assert got[:5] == pytest.approx(
        [0.0016973, 0.0017054, 0.0017731, 0.0020129, 0.0035349], abs=5e-8
    )


@pytest.mark.parametrize(
    ("method", "key"), [("2sfca", "2sfca_binary45_jobs_per_resident"), ("bfca", "bfca_binary45")]
)
def test_catchments_match_the_published_ones(method: str, key: str) -> None:
    folder = "fca_belo_horizonte/"
    case = json.loads(reference_file(folder + "expected.json").read_text("utf-8"))[key]
    land = pd.read_csv(reference_file(folder + "land_use.csv")).set_index("id")
    walk = pd.read_csv(reference_file(folder + "travel_matrix_5x5.csv")).pivot_table(
        index="from_id", columns="to_id", values="travel_time"
    )
    got = catchment_access(
        land["population"].reindex(walk.index).to_numpy(float),
        land["jobs"].reindex(walk.columns).to_numpy(float),
        walk.fillna(np.inf).to_numpy(),
        weight=lambda t: (t <= 45).astype(float),
        method=method,
    )
    assert got == pytest.approx([case[o] for o in walk.index], abs=5.1e-5)

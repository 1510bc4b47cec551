from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from territory.analysis.gaps import described, gap_scan, gap_table
from territory.analysis.opinions import cell_opinions, with_opinions
from territory.analysis.sensitivity import _gathered, _shifted, variants, with_stability
from territory.model.walks import walks_of
from territory.settings import Gaps
from tests.analysis.gap_town import gap_town

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from territory.model.results import Gap


def _found() -> tuple[tuple[Gap, ...], pd.DataFrame]:
    town, settings = gap_town(), Gaps()
    table = gap_table(town.need, town.access, town.effort, town.cells)
    scan = gap_scan(table, town.minutes, settings=settings, seed=3)
    return described(scan, table, (town.cells, town.zones, town.communes), settings=settings), table


def test_a_planted_zone_stays_under_other_honest_choices() -> None:
    town, (gaps, table) = gap_town(), _found()
    other = town.effort.assign(contacts=town.effort["contacts"] * 0.5)
    found = variants(
        gaps,
        table,
        town.minutes,
        town.cells,
        town.iris,
        settings=Gaps(),
        efforts={"moitié des contacts": other},
        seed=1,
    )
    names = [v.name for v in found]
    assert len(names) == len(set(names)) == 16
    assert {"par IRIS", "moitié des contacts", "grille décalée vers le nord"} <= set(names)
    stable = with_stability(gaps, found)
    assert stable[0].doubt.variants == 16
    assert stable[0].doubt.stability >= 0.85
    kept = [sum(g.zone_id in v.kept for v in found) / 16 for g in gaps]
    assert [g.doubt.stability for g in stable] == pytest.approx(kept)
    assert stable[-1].doubt.stability < stable[0].doubt.stability
    again = variants(
        gaps, table, town.minutes, town.cells, town.iris, settings=Gaps(),
        efforts={"moitié des contacts": other}, seed=1,
    )  # fmt: skip
    assert again == found


def test_a_moved_grid_keeps_everybody() -> None:
    town, (_, table) = gap_town(), _found()
    parts = _shifted(town.cells.geometry.to_numpy(), (0.5, 0.5))
    assert parts.sum(axis=0) == pytest.approx(1.0)
    units, between = _gathered(table, walks_of(town.minutes), parts)
    for column in ("target", "contacts", "expected", "residents"):
        assert units[column].sum() == pytest.approx(table[column].sum())
    assert between.table().to_numpy() == pytest.approx(_dense_mean(table, town.minutes, parts))
    inner = units["target"] > 0
    assert (units.loc[inner, "minutes_permanence"] <= 60.001).all()


def _dense_mean(
    table: pd.DataFrame, minutes: pd.DataFrame, parts: csr_array
) -> NDArray[np.float64]:
    """Minutes between units the slow way: every pair of cells, an hour where out of reach."""
    near = np.minimum(minutes.reindex(index=table.index, columns=table.index).to_numpy(float), 60)
    weight = parts.toarray() * np.maximum(table["target"].astype(float).to_numpy(), 1e-6)
    mean = weight / weight.sum(axis=1, keepdims=True)
    between = mean @ near @ mean.T
    between[between > 60 - 1e-9] = np.inf
    np.fill_diagonal(between, 0.0)
    return between


def test_without_variants_nothing_is_said_of_stability() -> None:
    gaps, _ = _found()
    assert with_stability(gaps, ()) == gaps
    bare = (replace(gaps[0], doubt=None),)
    assert with_stability(bare, variants(bare, *_tables(), settings=Gaps()))[0].doubt is None


def _tables() -> tuple[object, ...]:
    town = gap_town()
    return _found()[1], town.minutes, town.cells, town.iris.iloc[:0]


def test_second_opinions_see_the_planted_cold_spot() -> None:
    town, (gaps, table) = gap_town(), _found()
    opinions = cell_opinions(table, town.minutes)
    assert opinions.loc[town.missed, "gi"].mean() < -2
    assert opinions.loc[town.missed, "gi_cold"].any()
    assert (opinions.loc[town.missed, "cluster"] >= 0).mean() > 0.5
    said = with_opinions(gaps, opinions)[0].doubt.opinions
    assert "(Gi*) y voit aussi un point froid" in said[0]
    assert "groupé" in said[1]


def test_second_opinions_of_nothing_missed() -> None:
    town, (_, table) = gap_town(), _found()
    even = table.assign(contacts=table["expected"], theta=1.0)
    opinions = cell_opinions(even, town.minutes)
    assert (opinions["gi"] == 0).all()
    assert not opinions["gi_cold"].any()
    assert (opinions["cluster"] == -1).all()
    unknown = cell_opinions(even.assign(theta=np.nan), town.minutes)
    assert unknown["gi"].isna().all()

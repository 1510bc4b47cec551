"""Counts of walkers in the fictional town: a truth is simulated, counted, given and found again."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from territory.analysis.passage import day_type, passage_table
from territory.cli import run
from territory.io.products import read_product
from territory.model.french_calendar import FrenchCalendar
from territory.model.walking import PERIODS, slots

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    import pandas as pd

HEAD = "date;heure_debut;heure_fin;latitude;longitude;passants"
FACTORS = (0.4, 2.5, 0.8, 1.5)


def truth(town: Path) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """The town as if each purpose were walked more, or less, than the model says."""
    processed = town / "data" / "processed"
    product, walk = read_product(processed, "45_passage"), read_product(processed, "40_walk")
    assert product is not None
    assert walk is not None
    loads, segments = product.tables["purpose_loads"], walk.tables["segments"]
    known = {code: FACTORS[k % len(FACTORS)] for k, code in enumerate(loads.columns)}
    return passage_table(loads, segments["length_m"], coefficients=known), segments


def counted(town: Path, n: int) -> list[str]:
    """Lines of counts of whole periods, on streets where people walk, Poisson around the truth."""
    passage, segments = truth(town)
    draw, lines = np.random.default_rng(3), []
    busy = passage.index[passage["rank"] <= 0.5 * len(passage)]
    for k in range(n):
        on, period = date(2025, 9, 1) + timedelta(days=k), PERIODS[int(draw.integers(5))]
        street = busy[int(draw.integers(len(busy)))]
        off = FrenchCalendar().holiday(on) is not None
        slot = f"{day_type(on, holiday=off)}_{period.code}"
        walkers = draw.poisson(passage.loc[street, slot] * period.hours)
        middle = segments.geometry.loc[[street]].interpolate(0.5, normalized=True)
        spot = middle.to_crs(4326).iloc[0]
        times = ";".join(f"{m // 60}h{m % 60:02d}" for m in (period.start_min, period.end_min))
        lines.append(f"{on:%d/%m/%Y};{times};{spot.y:.7f};{spot.x:.7f};{walkers}".replace(".", ","))
    return lines


def built(town: Path, lines: list[str], folder: Path) -> Path:
    """A copy of the town with these counts among its files, built again."""
    shutil.copytree(town, folder)
    path = folder.parent / "comptages.csv"
    path.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8")
    assert run(["add", str(folder), str(path)]) == 0
    assert run(["build", str(folder)]) == 0
    return folder


@pytest.fixture(scope="module")
def counts(demo_town: Path) -> list[str]:
    return counted(demo_town, 90)


def test_the_truth_is_found_within_the_error_that_is_said(
    demo_town: Path, counts: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town = built(demo_town, counts, tmp_path / "ville")
    said = capsys.readouterr().out
    assert "Passage à pied, calé sur 90 comptages" in said
    product = read_product(town / "data" / "processed", "45_passage")
    assert product is not None
    found = product.facts["calibration"]
    assert (found["given"], found["used"]) == (90, 90)
    codes = [slot for slot, _, _ in slots()]
    real, made = truth(demo_town)[0][codes], product.tables["passage"][codes]
    model = read_product(demo_town / "data" / "processed", "45_passage")
    assert model is not None

    def wrong(table: pd.DataFrame) -> float:
        return float((table[codes] - real).abs().sum().sum() / real.sum().sum())

    assert wrong(made) < found["error"] < wrong(model.tables["passage"])
    for name in ("30_activity", "40_walk"):  # what counts do not change is not computed again
        before = read_product(demo_town / "data" / "processed", name)
        after = read_product(town / "data" / "processed", name)
        assert before is not None
        assert after is not None
        assert after.digest == before.digest


def test_whatever_the_order_of_the_lines(
    demo_town: Path, counts: list[str], tmp_path: Path
) -> None:
    digests = []
    for name, lines in (("a", counts), ("b", counts[::-1])):
        (tmp_path / name).mkdir()
        town = built(demo_town, lines, tmp_path / name / "ville")
        product = read_product(town / "data" / "processed", "45_passage")
        assert product is not None
        digests.append(product.digest)
    assert digests[0] == digests[1]


def test_too_few_are_said_to_be(
    demo_town: Path, counts: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    town = built(demo_town, counts[:5], tmp_path / "ville")
    said = capsys.readouterr().out
    assert "relatif tant qu'il n'est pas calé" in said
    assert "Comptages donnés : 5, dont 5 à moins de 20 m d'une rue" in said
    assert "comptages pour caler le passage" in said
    product, before = (
        read_product(t / "data" / "processed", "45_passage") for t in (town, demo_town)
    )
    assert product is not None
    assert before is not None
    assert product.tables["passage"].equals(before.tables["passage"])


def test_a_mistake_is_told_by_the_check(demo_town: Path, tmp_path: Path, capsys) -> None:
    shutil.copytree(demo_town, tmp_path / "ville")
    path = tmp_path / "comptages.csv"
    path.write_text(f"{HEAD}\n05/03/2024;9h;8h;48,9;2,48;12\n", encoding="utf-8")
    assert run(["add", str(tmp_path / "ville"), str(path)]) == 0
    assert run(["check", str(tmp_path / "ville")]) == 1
    assert "comptages.csv », ligne 2, colonne « heure_fin »" in capsys.readouterr().out
    assert run(["check", str(tmp_path / "ville"), "--strict"]) == 1
    assert "la fin n'est pas après le début" in capsys.readouterr().out

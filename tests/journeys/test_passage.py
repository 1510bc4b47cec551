"""The passage on foot of the fictional town, from received files to what a team opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyogrio

from territory.analysis.passage import street_values
from territory.io.products import read_product
from territory.model.walking import PURPOSES, slots

if TYPE_CHECKING:
    from pathlib import Path


def test_every_segment_has_its_walkers(demo_town: Path) -> None:
    processed = demo_town / "data" / "processed"
    product, walk = read_product(processed, "45_passage"), read_product(processed, "40_walk")
    assert product is not None
    assert walk is not None
    passage, segments = product.tables["passage"], walk.tables["segments"]
    assert passage.index.name == "segment_id"
    assert list(passage.index) == list(segments.sort_index().index)
    assert passage["weekly"].notna().mean() > 0.9
    assert (passage[[s for s, _, _ in slots()]].min() >= 0).all()
    known = {row["purpose"]: row["places"] for row in product.facts["purposes"]}
    assert set(known) == {p.code for p in PURPOSES}
    assert known["transports"] > 20  # stops of the street file
    assert known["services"] > 0
    assert set(product.tables["purpose_loads"].columns) == {k for k, n in known.items() if n}


def test_a_market_day_morning_is_not_a_sunday_evening(demo_town: Path) -> None:
    product = read_product(demo_town / "data" / "processed", "45_passage")
    assert product is not None
    passage = product.tables["passage"]
    monday = street_values(passage, "semaine", 7 * 60, 9 * 60)
    sunday = street_values(passage, "dimanche", 7 * 60, 9 * 60)
    assert monday.sum() > 3 * sunday.sum()
    assert np.isnan(street_values(passage, "samedi", 21 * 60, 23 * 60)).all()


def test_the_team_finds_it_on_the_map_and_in_the_gis_file(demo_town: Path) -> None:
    week = next(p for p in (demo_town / "outputs").iterdir() if (p / "carte.html").exists())
    assert "Passage à pied" in (week / "carte.html").read_text(encoding="utf-8")
    layer = pyogrio.read_dataframe(week / "territoire.gpkg", layer="passage_a_pied")
    assert layer["rang"].min() == 1
    assert layer["indice"].between(0, 100).all()

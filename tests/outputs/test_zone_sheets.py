"""The zones on paper and cell by cell: one A4 page each, sums that can be checked, same bytes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pypdf
import pytest
from shapely.geometry import Polygon

from territory.model.results import Variant
from territory.outputs.zone_fields import CELL_FIELDS, zone_cells
from territory.outputs.zone_map import zone_map
from territory.outputs.zone_sheets import write_zone_sheets
from tests.outputs.map_town import gap, streets, town
from tests.outputs.test_zone_cards import zone

if TYPE_CHECKING:
    from pathlib import Path

SQUARES = [f"c{c:03d}{r:03d}" for c in range(5) for r in range(4)]


def sheets(folder: Path, name: str = "zones.pdf", **changes: Any) -> Path:  # noqa: ANN401
    base = town()
    options = {
        "gaps": (replace(zone(), cells=tuple(SQUARES[12:14])), gap(2, (SQUARES[18],))),
        "variants": (Variant("par IRIS", ("Z1",)), Variant("zones plus petites", ())),
        **{k: base[k] for k in ("communes", "cells", "segments", "settings")},
    }
    return write_zone_sheets(folder / name, **options | changes)


def pages(path: Path) -> list[str]:
    return [" ".join(p.extract_text().split()) for p in pypdf.PdfReader(path).pages]


def test_one_a4_page_per_zone_says_why(tmp_path: Path) -> None:
    path = sheets(tmp_path)
    first, second = (p.replace("\u202f", " ") for p in pages(path))
    for words in (
        "1. Secteur 1 <b>", "Ville, verdict « probable »", "il en manque 30", "Besoin", "Passages",
        "3,0", "entre 21 et 72", "3 fois sur 100", "18 sur 21",
        "Elle sort des premières zones avec", "zones plus petites", "Gi* y voit aussi",
        "2 carreaux de 200 m", "ne pas diffuser",
    ):  # fmt: skip
        assert words in first
    assert "par IRIS" not in first
    assert "2. Secteur 2 <b>" in second
    reader = pypdf.PdfReader(path)
    assert float(reader.pages[0].mediabox.height) == pytest.approx(841.89, abs=0.01)
    assert reader.metadata is not None
    assert reader.metadata.author is None


def test_same_zones_same_bytes_whatever_the_order_of_rows(tmp_path: Path) -> None:
    mixed = streets().sample(frac=1, random_state=2)
    first = sheets(tmp_path, "a.pdf").read_bytes()
    assert sheets(tmp_path, "b.pdf", segments=mixed).read_bytes() == first


def test_without_zone_there_is_still_a_page(tmp_path: Path) -> None:
    assert "Aucune zone peu couverte" in pages(sheets(tmp_path, gaps=()))[0]


def test_a_zone_without_known_cell_has_no_plan(tmp_path: Path) -> None:
    assert "1. Secteur 1" in pages(sheets(tmp_path, gaps=(gap(1, ("nowhere",)),)))[0]


def test_the_plan_of_a_zone_shows_its_outline_and_its_streets() -> None:
    base = town()
    area = base["cells"].geometry.loc[SQUARES[12]]
    drawing = zone_map(area, base["segments"], ("rue Droite",), attribution="A & B")
    assert drawing.count("stroke-dasharray") == 1
    assert "rue Droite" in drawing
    assert "A &amp; B" in drawing
    assert "départ" not in drawing
    holed = Polygon(area.exterior, [area.centroid.buffer(20).exterior.coords])
    assert zone_map(holed, base["segments"], (), attribution="").count("stroke-dasharray") == 2


def cell_table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "residents": [100.0, 50.0, 30.0], "target": [10.0, 5.0, 3.0],
            "minutes_permanence": [12.0, np.inf, 9.0], "contacts": [12.0, 0.6, np.nan],
            "expected": [8.0, 4.0, 2.0], "months_since": [1.0, np.nan, 2.0],
            "priority": [90.0, 80.0, 70.0], "households": [40.0, 20.0, 8.0],
        },
        index=["c1", "c2", "c3"],
    )  # fmt: skip


def test_the_figures_of_a_zone_are_the_sums_of_its_cells() -> None:
    rows = zone_cells([replace(gap(1, ("c1", "c2")), residents=150.0)], cell_table())
    assert list(rows.columns) == list(CELL_FIELDS)
    assert rows[["habitants", "public", "attendus"]].sum().tolist() == [150.0, 15.0, 12.0]
    assert rows["contacts"].tolist() == ["12", "<\u00a05"]
    assert np.isnan(rows["minutes"][1])


def test_small_cells_and_unknown_ones_have_no_figure() -> None:
    rows = zone_cells([gap(1, ("c3",)), gap(2, ("c9",))], cell_table())
    assert rows["zone"].tolist() == [1, 2]
    assert rows[["habitants", "public", "attendus", "priorite"]].isna().all(axis=None)
    assert rows["contacts"].tolist() == ["", ""]
    assert rows["minutes"].tolist()[0] == 9.0
    assert len(zone_cells([], cell_table())) == 0

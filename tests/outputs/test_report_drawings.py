"""Drawings of a report: hidden counts have no length, no grey, and no say in the scale."""

from __future__ import annotations

import math
import re

import geopandas as gpd
import pytest
from shapely import box

from territory.outputs.report_content import Block, Line
from territory.outputs.report_drawings import block_drawings
from territory.outputs.report_map import quarter_map
from territory.outputs.report_shown import HIDDEN

NONE = math.nan


def line(part: str, value: str, size: float = NONE, drawn: float = NONE, was: float = NONE) -> Line:
    return Line(f"X/{part}", part, value, "", "", "", size, "", None, was, drawn)


def block(*parts: Line, drawn: str = "barres") -> Block:
    whole = line("", "60")
    return Block("X", "", whole, parts, "personnes", "", key=False, drawn=drawn, top=40.0)


def widths(svg: str) -> list[float]:
    return [float(found) for found in re.findall(r'<rect [^>]*? width="([\d.]+)"', svg)]


def test_a_hidden_bar_is_words_without_length() -> None:
    told = block(line("a", "40", 1.0), line("b", "20", 0.5), line("c", HIDDEN))
    beside, across = block_drawings(told, "année 2026")
    assert (beside.name, across.name) == ("X-table.svg", "X.svg")
    assert widths(beside.svg)[0] == pytest.approx(2 * widths(beside.svg)[1], abs=0.1)
    assert len(widths(beside.svg)) == 2
    assert HIDDEN in beside.svg
    assert f"c : {HIDDEN}" in across.alt


def test_one_number_or_one_part_that_can_be_seen_has_no_drawing() -> None:
    assert block_drawings(block(), "2026") == ()
    assert block_drawings(block(line("a", "40", 1.0), line("b", HIDDEN)), "2026") == ()


def test_the_line_of_a_year_before_is_broken_where_a_month_is_not_shown() -> None:
    months = [line(f"{name} 2026", "3", 0.5, was=was) for name, was in
              (("janvier", 0.5), ("février", NONE), ("mars", 0.25), ("avril", 1.0))]  # fmt: skip
    (drawing,) = block_drawings(block(*months, drawn="mois"), "année 2026, jusqu’au 31/10/2026")
    path = next(d for d in re.findall(r'path d="([^"]+)"[^>]*dasharray', drawing.svg) if "L" in d)
    assert (path.count("M"), path.count("L")) == (2, 1)
    assert drawing.svg.count("<circle") == 4  # three months and the key
    assert "année 2026<" in drawing.svg


def test_a_map_has_hatches_for_what_is_hidden_and_dots_for_what_is_unknown() -> None:
    squares = gpd.GeoDataFrame(
        {"name": ["Un", "Deux", "Trois"]}, index=["q1", "q2", "q3"], crs=2154,
        geometry=[box(100 * n, 0, 100 * n + 50, 50) for n in range(3)],
    )  # fmt: skip
    ground = gpd.GeoDataFrame(geometry=[box(0, 0, 300, 100)], crs=2154)
    told = block(line("q1", "40", 1.0, 40.0), line("q2", HIDDEN), line("q3", "inconnu"))
    drawing = quarter_map(told, ground, squares)
    assert drawing is not None
    assert drawing.svg.count('fill="url(#faible)"') == 2  # the quarter and the key
    assert drawing.svg.count('fill="url(#inconnu)"') == 2
    assert f"2 Deux {HIDDEN}" in drawing.alt
    few = block(line("q1", "3", 1.0, 3.0), line("q2", HIDDEN), line("q3", "inconnu"))
    assert quarter_map(few, ground, squares) is None  # fewer than 5 people are on no map

"""The still picture: what it shows, what it hides, the same bytes twice, and a real PNG."""

from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.outputs.pictures import write_png, zones_picture
from tests.outputs.map_town import town

if TYPE_CHECKING:
    from pathlib import Path

NAMES = (
    "communes", "zones", "cells", "need", "gaps", "places", "permanences", "sites", "segments",
    "settings",
)  # fmt: skip


def arguments(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    whole = town(**changes)
    return {name: whole[name] for name in NAMES}


def words(svg: str) -> list[str]:
    return ["".join(e.itertext()) for e in ET.fromstring(svg).iter() if e.tag.endswith("text")]  # noqa: S314


def test_numbers_signs_legend_and_sources_are_written() -> None:
    said = words(zones_picture(**arguments()))
    assert {"1", "2", "P"} <= set(said)
    assert "besoin le plus fort (un carreau sur cinq)" in said
    assert any(re.fullmatch(r"\d+\Wm", s) for s in said)  # the scale bar
    assert any(s.startswith("Ville fictive") for s in said)
    real = words(zones_picture(**arguments(fictional=False)))
    assert "© les contributeurs d’OpenStreetMap, Insee, ANCT." in real


def test_a_sensitive_place_has_no_sign() -> None:
    whole = arguments()
    assert words(zones_picture(**whole)).count("P") == 1  # of two permanences, one is sensitive


def test_same_picture_whatever_the_order_of_rows() -> None:
    whole = arguments()
    mixed = {
        k: v.sample(frac=1, random_state=5) if isinstance(v, pd.DataFrame) else v
        for k, v in whole.items()
    }
    assert zones_picture(**mixed) == zones_picture(**whole)


def test_png_has_the_asked_width_and_the_same_bytes(tmp_path: Path) -> None:
    svg = zones_picture(**arguments())
    first = write_png(svg, tmp_path / "a.png", 600).read_bytes()
    assert first.startswith(b"\x89PNG")
    assert abs(struct.unpack(">I", first[16:20])[0] - 600) <= 1
    assert write_png(svg, tmp_path / "b.png", 600).read_bytes() == first


def test_nothing_to_draw_is_still_a_picture() -> None:
    whole = arguments()
    empty = {k: v.iloc[:0] for k, v in whole.items() if isinstance(v, pd.DataFrame)}
    assert ET.fromstring(zones_picture(**{**whole, **empty, "gaps": ()})) is not None  # noqa: S314

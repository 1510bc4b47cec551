"""Products: read back identical, never half-written, never computed twice for nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from geopandas.testing import assert_geodataframe_equal
from shapely.geometry import Point

from territory.io.atomic import new_folder, recover, write_text
from territory.io.products import MANIFEST, Product, fingerprint, read_product, step, write_product

if TYPE_CHECKING:
    from pathlib import Path


def places() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"name": pd.array(["a", None], dtype="string"), "n": pd.array([1, None], dtype="Int64")},
        geometry=[Point(0, 1), None],
        crs=2154,
        index=pd.Index(["x", "y"], name="place_id"),
    )


def stored(folder: Path, **inputs: str) -> Product:
    tables = {"places": places(), "plain": pd.DataFrame({"v": [1.5]})}
    product = Product("20_places", tables, {"note": "é"}, "")
    return write_product(folder, product, settings={"a": 1}, inputs=inputs)


def test_what_is_written_is_read_back_identical(tmp_path: Path) -> None:
    written = stored(tmp_path, src="abc")
    back = read_product(tmp_path, "20_places")
    assert back is not None
    assert_geodataframe_equal(back.tables["places"], places())
    assert back.facts == {"note": "é"}
    assert back.digest == written.digest


def test_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    one, two = stored(tmp_path / "1"), stored(tmp_path / "2")
    assert one.digest == two.digest
    files = sorted(p.name for p in (tmp_path / "1" / "20_places").iterdir())
    for name in files:
        first = (tmp_path / "1" / "20_places" / name).read_bytes()
        assert first == (tmp_path / "2" / "20_places" / name).read_bytes()


def test_a_changed_input_or_a_damaged_file_is_not_trusted(tmp_path: Path) -> None:
    stored(tmp_path, src="abc")
    good = fingerprint("20_places", {"a": 1}, {"src": "abc"})
    assert read_product(tmp_path, "20_places", good) is not None
    changed = fingerprint("20_places", {"a": 1}, {"src": "abd"})
    assert read_product(tmp_path, "20_places", changed) is None
    (tmp_path / "20_places" / "plain.parquet").write_bytes(b"")
    assert read_product(tmp_path, "20_places", good) is None


def test_an_unchanged_step_is_not_computed_again(tmp_path: Path) -> None:
    calls = []

    def compute() -> tuple[dict[str, pd.DataFrame], dict[str, int]]:
        calls.append(1)
        return {"t": pd.DataFrame({"v": [1]})}, {}

    for inputs in ({"a": "1"}, {"a": "1"}, {"a": "2"}):
        step(tmp_path, "50_need", compute, settings={}, inputs=inputs)
    assert len(calls) == 2


def test_a_crash_while_writing_leaves_the_former_product(tmp_path: Path) -> None:
    stored(tmp_path)

    def failing_write() -> None:
        with new_folder(tmp_path / "20_places") as beside:
            write_text(beside / MANIFEST, "{}")
            raise OSError(28, "disk full")

    with pytest.raises(OSError, match="disk full"):
        failing_write()
    assert read_product(tmp_path, "20_places") is not None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["20_places"]


def test_a_kill_between_the_two_renames_is_repaired(tmp_path: Path) -> None:
    stored(tmp_path)
    (tmp_path / "20_places").rename(tmp_path / ".20_places.ancien")
    recover(tmp_path / "20_places")
    assert read_product(tmp_path, "20_places") is not None


def test_a_folder_without_a_readable_manifest_is_no_product(tmp_path: Path) -> None:
    stored(tmp_path)
    for broken in ("{", "[]", json.dumps({"x": 1})):
        (tmp_path / "20_places" / MANIFEST).write_text(broken, encoding="utf-8")
        assert read_product(tmp_path, "20_places") is None


def test_arrays_come_back_by_memory_map_and_stay_as_written(tmp_path: Path) -> None:
    ranks = np.arange(1000, dtype=np.int32)
    product = Product("40_walk", {}, {}, "", {"rank": ranks})
    held = write_product(tmp_path, product, settings={}, inputs={})
    np.testing.assert_array_equal(held.arrays["rank"], ranks)
    assert isinstance(held.arrays["rank"].base, np.memmap)
    held.arrays["rank"][0] = 7  # in memory only
    again = read_product(tmp_path, "40_walk")
    assert again is not None
    assert again.arrays["rank"][0] == 0
    assert again.digest == held.digest
    (tmp_path / "40_walk" / "rank.npy").write_bytes(b"")
    assert read_product(tmp_path, "40_walk") is None

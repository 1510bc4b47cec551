"""Relief and areas to avoid: read, put together, cut to the territory, or refused in French."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
import rasterio
from pyproj import Transformer
from rasterio.transform import from_origin
from shapely.geometry import box, mapping

from territory.errors import UnknownKind, UnreadableFile
from territory.io.heights import read_heights
from territory.io.hindrances import read_avoided
from territory.io.recognise import recognise

if TYPE_CHECKING:
    from pathlib import Path

LEFT, BOTTOM = 650_000.0, 6_860_000.0  # Lambert-93, near Paris
TOWN = box(LEFT + 400, BOTTOM + 400, LEFT + 600, BOTTOM + 600)


def ascii_grid(path: Path, *, left: float = LEFT, cell: float = 25.0, rise: float = 0.1) -> Path:
    """Write a kilometre of ground rising towards the north, as IGN publishes it."""
    side = int(1000 / cell)
    rows = [50 + rise * (1000 - (k + 0.5) * cell) for k in range(side)]
    head = (
        f"ncols {side}\nnrows {side}\nxllcorner {left}\nyllcorner {BOTTOM}\ncellsize {cell}\n"
        "NODATA_value -99999\n"
    )
    body = "\n".join(" ".join([f"{z:.3f}"] * side) for z in rows)
    path.write_text(head + body + "\n", encoding="ascii")
    return path


def height_at(grid: object, x: float, y: float) -> float:
    row, column = int((grid.top - y) / grid.cell_m), int((x - grid.left) / grid.cell_m)
    return float(grid.metres[row, column])


def test_tiles_are_put_together_and_cut_to_the_territory(tmp_path: Path) -> None:
    west = ascii_grid(tmp_path / "dalle_ouest.asc")
    east = ascii_grid(tmp_path / "dalle_est.asc", left=LEFT + 1000)
    far = ascii_grid(tmp_path / "loin.asc", left=LEFT + 90_000)
    grid, reports = read_heights([west, east, far], inside=TOWN, margin_m=1000)
    assert [r.kept for r in reports] == [1, 1, 0]
    assert all(i.code == "W-CRS" for r in reports for i in r.issues)
    assert grid.cell_m == 25
    for x in (LEFT + 510, LEFT + 1110):
        assert height_at(grid, x, BOTTOM + 512.5) == pytest.approx(50 + 51.25, abs=2.6)
    assert np.isnan(height_at(grid, LEFT - 300, BOTTOM + 500))


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # of affine, in rasterio
def test_a_geotiff_in_degrees_is_brought_to_metres(tmp_path: Path) -> None:
    lon, lat = Transformer.from_crs(2154, 4326, always_xy=True).transform(LEFT, BOTTOM + 1000)
    values = np.full((200, 200), 80, np.int16)
    path = tmp_path / "relief.tif"
    with rasterio.open(path, "w", driver="GTiff", width=200, height=200, count=1, dtype="int16",
                       crs="EPSG:4326", transform=from_origin(lon, lat, 1e-4, 1e-4),
                       nodata=-1) as out:  # fmt: skip
        out.write(values, 1)
    assert [s.kind for s in recognise(path)] == ["heights"]
    grid, reports = read_heights([path], inside=TOWN)
    assert reports[0].issues == ()
    assert height_at(grid, LEFT + 500, BOTTOM + 500) == 80


def test_no_tile_near_by_is_no_relief(tmp_path: Path) -> None:
    far = ascii_grid(tmp_path / "loin.asc", left=LEFT + 90_000)
    assert read_heights([far], inside=TOWN)[0] is None
    assert read_heights([], inside=TOWN) == (None, ())


def test_grids_are_recognised_by_their_content(tmp_path: Path) -> None:
    assert [s.label for s in recognise(ascii_grid(tmp_path / "x.bin"))] == [
        "relief (grille d'altitudes)"
    ]


@pytest.mark.parametrize("content", [b"ncols 4\nnrows x\n", b"II*\x00garbage", b"ncols"])
def test_damaged_grids_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "abime.asc"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"« abime.asc » n'est pas une grille d'altitudes"):
        read_heights([path], inside=TOWN)


def test_what_cannot_be_heights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="ne contient pas des altitudes"):
        read_heights([ascii_grid(tmp_path / "prix.asc", rise=90)], inside=TOWN)


def test_a_drawing_without_its_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "dessin.geojson"
    shape = mapping(box(2.4, 48.9, 2.5, 48.95))
    feature = {"type": "Feature", "properties": {"nom": "gare"}, "geometry": shape}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    with pytest.raises(UnknownKind, match="il manque la colonne « eviter »"):
        read_avoided(path)


def test_areas_to_avoid(tmp_path: Path) -> None:
    degrees = Transformer.from_crs(2154, 4326, always_xy=True).transform

    def area(x: float, wanted: object) -> dict[str, object]:
        west, south = degrees(LEFT + x, BOTTOM)
        east, north = degrees(LEFT + x + 100, BOTTOM + 100)
        return {"type": "Feature", "properties": {"eviter": wanted},
                "geometry": mapping(box(west, south, east, north))}  # fmt: skip

    features = [area(0, "oui"), area(500, "non"), area(1000, True)]
    path = tmp_path / "dessin.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert [s.kind for s in recognise(path)] == ["avoid"]
    shape, report = read_avoided(path)
    assert (report.read, report.kept) == (3, 2)
    assert shape.area == pytest.approx(20_000, rel=0.02)
    assert shape.contains(box(LEFT + 30, BOTTOM + 30, LEFT + 60, BOTTOM + 60))
    assert not shape.intersects(box(LEFT + 450, BOTTOM, LEFT + 650, BOTTOM + 100))

"""
Grids of heights (IGN RGE ALTI, BD ALTI and the like): ESRI ASCII or GeoTIFF, told by content.

Read by rasterio; tiles are put together and cut to the territory.
"""

from __future__ import annotations

import warnings
from contextlib import ExitStack
from typing import TYPE_CHECKING

import numpy as np
import rasterio
from rasterio._err import CPLE_BaseError  # what GDAL says, where rasterio lets it through
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.merge import merge
from rasterio.vrt import WarpedVRT

from territory.errors import UnreadableFile
from territory.model.heights import HeightGrid
from territory.model.issues import Issue, ReadReport

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_LOWEST_M, _HIGHEST_M = -100.0, 5000.0  # of French soil, with room: beyond, these are not heights
_MOST_CELLS = 25_000_000  # 100 MB: a finer grid is read coarser
_FINEST_M = 1.0  # underfoot, anything finer is noise
_LARGEST = 1 << 27  # cells of one file; a damaged header may claim any number
_DAMAGE = (RasterioError, CPLE_BaseError, OSError, ValueError, OverflowError, MemoryError)


def is_heights(path: Path) -> bool:
    """Tell from its first bytes whether `path` may be a grid; OSError when it cannot be opened."""
    with path.open("rb") as stream:
        head = stream.read(64)
    return head.startswith(_TIFF) or head.lstrip().lower().startswith(b"ncols")


def read_heights(
    paths: Sequence[Path], *, inside: BaseGeometry, epsg: int = 2154, margin_m: float = 2000.0
) -> tuple[HeightGrid | None, tuple[ReadReport, ...]]:
    """
    Return the heights within `margin_m` metres of `inside` (EPSG:`epsg`), from tiles put together.

    A tile that does not name its CRS is taken as EPSG:`epsg` and said to be; where tiles overlap
    the first of the list counts. None when no tile comes near. Raises UnreadableFile (French) for a
    damaged file, or for values that cannot be heights.
    """
    box = inside.buffer(margin_m).bounds
    reports = []
    with ExitStack() as stack:
        tiles = []
        for path in paths:
            tile, issues = _opened(stack, path, epsg)
            near = not _apart(tile.bounds, box)
            tiles += [tile] if near else []
            reports.append(ReadReport(path.name, "relief", 1, int(near), tuple(issues)))
        grid = _together(tiles, box) if tiles else None
    return grid, tuple(reports)


def _opened(stack: ExitStack, path: Path, epsg: int) -> tuple[WarpedVRT, list[Issue]]:
    """Return the tile as seen in EPSG:`epsg`."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            source = stack.enter_context(rasterio.open(path, driver=_driver(path)))
        if not _is_whole(source, path):
            raise _unreadable(path.name)
        named = source.crs is not None
        crs = source.crs or rasterio.CRS.from_epsg(epsg)
        tile = stack.enter_context(
            WarpedVRT(source, src_crs=crs, crs=rasterio.CRS.from_epsg(epsg), dtype="float32",
                      src_nodata=source.nodata, nodata=np.nan)
        )  # fmt: skip
    except _DAMAGE as error:
        raise _unreadable(path.name) from error
    assumed = f"la grille ne nomme pas sa projection : lue en EPSG:{epsg}."
    return tile, [] if named else [Issue("W-CRS", path.name, assumed)]


def _is_whole(source: rasterio.DatasetReader, path: Path) -> bool:
    """Tell whether the cells a header claims can be there: in text, two bytes each at least."""
    cells = source.width * source.height
    text = source.driver == "AAIGrid"
    return bool(cells <= (path.stat().st_size / 2 + 1 if text else _LARGEST))


def _driver(path: Path) -> str:
    """Return the only form in which GDAL may read the file: no other driver is tried on it."""
    with path.open("rb") as stream:
        return "GTiff" if stream.read(4) in _TIFF else "AAIGrid"


def _together(tiles: list[WarpedVRT], box: tuple[float, float, float, float]) -> HeightGrid:
    names = ", ".join(str(tile.src_dataset.name).rsplit("/", 1)[-1] for tile in tiles)
    cell = max(*(max(tile.res) for tile in tiles), _coarsest(box), _FINEST_M)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", PendingDeprecationWarning)  # of affine, in rasterio
            bands, transform = merge(
                tiles, bounds=box, res=(cell, cell), indexes=[1], nodata=np.nan
            )
    except _DAMAGE as error:
        raise _unreadable(names) from error
    metres = bands[0].astype(np.float32)
    known = metres[np.isfinite(metres)]
    if len(known) and not _LOWEST_M <= known.min() <= known.max() <= _HIGHEST_M:
        raise UnreadableFile(f"« {names} » ne contient pas des altitudes en mètres.")
    return HeightGrid(metres, float(transform.c), float(transform.f), cell)


def _coarsest(box: tuple[float, float, float, float]) -> float:
    """Return the side of the cells for which the grid of `box` is still small enough."""
    return float(np.sqrt((box[2] - box[0]) * (box[3] - box[1]) / _MOST_CELLS))


def _apart(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]


def _unreadable(name: str) -> UnreadableFile:
    return UnreadableFile(f"« {name} » n'est pas une grille d'altitudes lisible.")

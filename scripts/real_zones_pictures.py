"""Four small maps side by side, legible in black and white: need, walk, contacts, zones."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Patch
from PIL import Image

from territory.outputs.french import number

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd
    from numpy.typing import NDArray

    from territory.model.results import Gap

GREYS = ("#ffffff", "#dcdcdc", "#b0b0b0", "#7c7c7c", "#404040")
_COLOURS = 24  # of the stored picture: greys only


@dataclass(frozen=True, slots=True)
class Panel:
    """A title, figures by unit, and the four bounds between five greys."""

    title: str
    figures: pd.Series
    bounds: tuple[float, float, float, float]
    decimals: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What every map shows: units, outlines, permanences, zones, what was planted; one CRS."""

    units: gpd.GeoDataFrame
    communes: gpd.GeoDataFrame
    permanences: gpd.GeoSeries
    gaps: tuple[Gap, ...]
    planted: tuple[str, ...]


def picture(path: Path, scene: Scene, panels: Sequence[Panel], title: str, source: str) -> None:
    """Draw three panels and the zones, and store them as a small PNG; same content, same bytes."""
    west, south, east, north = scene.communes.total_bounds
    tall = min(max((north - south) / (east - west), 0.7), 1.4)
    height = 2 * 4.9 * tall + 1.9
    figure, axes = plt.subplots(2, 2, figsize=(10, height))
    for axis, panel in zip(axes.flat, panels, strict=False):
        shade(axis, scene, panel)
    zones(axes.flat[len(panels)], scene)
    figure.suptitle(title, fontsize=12, y=1 - 0.12 / height)
    figure.text(0.5, 0.08 / height, source, ha="center", va="bottom", fontsize=7)
    figure.subplots_adjust(
        left=0.01, right=0.99, top=1 - 0.65 / height, bottom=0.6 / height, wspace=0.02, hspace=0.16
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100, metadata={"Software": None})
    plt.close(figure)
    with Image.open(path) as drawn:
        small = drawn.convert("L").quantize(_COLOURS)
    small.save(path, optimize=True)


def shade(axis: Any, scene: Scene, panel: Panel) -> None:  # noqa: ANN401 - matplotlib
    """Shade the units by class, mark the permanences, write the classes under the map."""
    classes = classed(panel.figures.reindex(scene.units.index).to_numpy(float), panel.bounds)
    colours = [GREYS[k] for k in classes]
    scene.units.plot(ax=axis, color=colours, edgecolor="#c8c8c8", linewidth=0.25)
    scene.communes.boundary.plot(ax=axis, color="black", linewidth=0.8)
    scene.permanences.plot(
        ax=axis, marker="s", markersize=26, color="white", edgecolor="black", linewidth=1.4
    )
    handles = [Patch(facecolor=c, edgecolor="#808080") for c in GREYS]
    names = ranges(panel.bounds, panel.decimals)
    _legend(axis, panel.title, handles, names, columns=5)


def classed(values: NDArray[np.float64], bounds: Sequence[float]) -> NDArray[np.int64]:
    """Return the class [n], 0 to 4; an unknown value is 0, one out of reach is the last."""
    known: NDArray[np.int64] = np.digitize(
        np.nan_to_num(values, nan=-np.inf, posinf=np.inf), bounds
    )
    return known


def ranges(bounds: Sequence[float], decimals: int = 0) -> list[str]:
    """Return how five classes are called."""
    said = [number(b, decimals) for b in bounds]
    middle = [f"{a} à {b}" for a, b in pairwise(said)]
    return [f"< {said[0]}", *middle, f"≥ {said[-1]}"]


def zones(axis: Any, scene: Scene) -> None:  # noqa: ANN401 - matplotlib
    """Draw the zones with their rank, and the planted blind spot in dashes."""
    scene.units.plot(ax=axis, color="white", edgecolor="#d8d8d8", linewidth=0.25)
    scene.communes.boundary.plot(ax=axis, color="black", linewidth=0.8)
    secret = gpd.GeoSeries([_united(scene, scene.planted)], crs=scene.units.crs)
    secret.plot(ax=axis, color="#bdbdbd", edgecolor="none")
    secret.boundary.plot(ax=axis, color="black", linewidth=1.6, linestyle=(0, (2, 2)))
    for gap in scene.gaps:
        shape = _united(scene, gap.cells)
        series = gpd.GeoSeries([shape], crs=scene.units.crs)
        series.plot(ax=axis, facecolor="none", edgecolor="black", hatch="////", linewidth=1.8)
        at = shape.representative_point()
        box = {"boxstyle": "circle,pad=.25", "fc": "white", "ec": "black"}
        axis.text(at.x, at.y, str(gap.rank), fontsize=10, ha="center", va="center", bbox=box)
    handles = [
        Patch(facecolor="white", edgecolor="black", hatch="////"),
        Patch(facecolor="#bdbdbd", edgecolor="black", linestyle=(0, (2, 2))),
    ]
    names = ["zones trouvées, par rang", "angle mort planté (simulation)"]
    _legend(axis, "Zones peu couvertes", handles, names, columns=2)


def _united(scene: Scene, members: Sequence[str]) -> Any:  # noqa: ANN401 - a shapely geometry
    return scene.units.geometry.reindex(list(members)).union_all()


def _legend(axis: Any, title: str, handles: list[Patch], names: list[str], columns: int) -> None:  # noqa: ANN401
    axis.set_title(title, fontsize=10, y=1.0)
    axis.set_axis_off()
    axis.set_anchor("N")
    axis.legend(
        handles, names, loc="upper center", bbox_to_anchor=(0.5, 0.01), ncols=columns, fontsize=7.5,
        frameon=False, handlelength=1.3, columnspacing=1.0, handletextpad=0.4,
    )  # fmt: skip

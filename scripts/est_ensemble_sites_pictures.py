"""The two pictures of docs/permanences_reelles.md: where to open, and who covers what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import geopandas as gpd
import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
from matplotlib.patches import Patch
from PIL import Image

from scripts.est_ensemble_sites import REPORTED
from scripts.real_zones_pictures import GREYS, classed, ranges

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scripts.est_ensemble_sites import Ground

WALKS = (8, 15, 22, 30)
HATCHES = ("", "....", "////")
SOURCE = (
    "Insee (recensement 2016), IGN (IRIS), ANCT, ministère de la Culture, Seine-Saint-Denis. "
    "Marche en ligne droite × 1,3."
)
_COLOURS = 24


def sites_picture(ground: Ground, figures: dict[str, Any], path: Path) -> None:
    """Draw the walk to the nearest permanence, today and with the new places of the choice."""
    new = [row["place"] for row in figures["choice"]]
    figure, axes = plt.subplots(1, 2, figsize=(10, 5.9))
    titles = (
        "Aujourd’hui (carrés : permanences du bilan)",
        f"Avec {len(new)} demi-journées de plus (ronds)",
    )
    for axis, title, places in zip(axes, titles, ([], new), strict=True):
        walk_map(axis, ground, places, title)
    handles = [Patch(facecolor=c, edgecolor="#808080") for c in GREYS]
    names = [f"{r} min" for r in ranges(WALKS)]
    figure.legend(handles, names, loc="lower center", bbox_to_anchor=(0.5, 0.035), ncols=5,
                  fontsize=8, frameon=False)  # fmt: skip
    finished(figure, "Est Ensemble : minutes à pied jusqu’à la permanence la plus proche", path)


def walk_map(axis: Any, ground: Ground, new: Sequence[str], title: str) -> None:  # noqa: ANN401
    """Shade the IRIS by walk, mark what is held and number what is new."""
    iris = ground.towns.iris.sort_index()
    walk = ground.minutes[[*REPORTED, *new]].min(axis="columns").to_numpy()
    iris.plot(ax=axis, color=[GREYS[k] for k in classed(walk, WALKS)], edgecolor="#c8c8c8",
              linewidth=0.25)  # fmt: skip
    communes(axis, ground)
    held = ground.hosts.geometry.loc[list(REPORTED)]
    held.plot(ax=axis, marker="s", markersize=34, color="white", edgecolor="black", linewidth=1.5,
              zorder=4)  # fmt: skip
    for rank, place in enumerate(new, start=1):
        at = ground.hosts.geometry.loc[place]
        box = {"boxstyle": "circle,pad=.25", "fc": "black", "ec": "white"}
        axis.text(at.x, at.y, str(rank), color="white", fontsize=9, ha="center", va="center",
                  bbox=box, zorder=5)  # fmt: skip
    axis.set_title(title, fontsize=10)
    axis.set_axis_off()


def communes(axis: Any, ground: Ground) -> None:  # noqa: ANN401 - matplotlib
    """Draw the limits of the towns, and their names."""
    ground.towns.communes.boundary.plot(ax=axis, color="black", linewidth=0.9)
    for _, town in ground.towns.communes.iterrows():
        at = town.geometry.representative_point()
        box = {"boxstyle": "round,pad=.12", "fc": "white", "ec": "none", "alpha": 0.8}
        axis.text(at.x, at.y + 260, town["name"], fontsize=6.5, ha="center", va="center", bbox=box)


def sectors_picture(ground: Ground, figures: dict[str, Any], path: Path) -> None:
    """Draw the sectors of the report beside whole towns and IRIS balanced on hours."""
    wanted = {
        "report_iris": "Le bilan : 2, 4 et 3 communes",
        "iris_1": "Communes entières, heures égales",
        "iris_0.5": "IRIS, limites des communes à demi tenues",
    }
    figure, axes = plt.subplots(1, len(wanted), figsize=(12, 5.0))
    cuts = {c["name"]: c for c in figures["cuts"]}
    for axis, (name, title) in zip(axes, wanted.items(), strict=True):
        sector_map(axis, ground, cuts[name]["sector"], title)
    finished(figure, "Est Ensemble : trois postes", path)


def sector_map(axis: Any, ground: Ground, sector: Sequence[int], title: str) -> None:  # noqa: ANN401
    """Shade and hatch the sectors."""
    iris = ground.towns.iris.sort_index()
    for number, hatch in enumerate(HATCHES):
        mine = iris[[s == number for s in sector]]
        shape = gpd.GeoSeries([mine.union_all()], crs=iris.crs)
        shape.plot(ax=axis, facecolor=GREYS[number], edgecolor="black", hatch=hatch, linewidth=1.6)
    communes(axis, ground)
    axis.set_title(title, fontsize=9.5)
    axis.set_axis_off()


def finished(figure: Any, title: str, path: Path) -> None:  # noqa: ANN401 - matplotlib
    """Write title and source, and store a small grey PNG; same content, same bytes."""
    figure.suptitle(title, fontsize=12)
    figure.text(0.5, 0.012, SOURCE, ha="center", va="bottom", fontsize=7)
    figure.subplots_adjust(left=0.01, right=0.99, top=0.88, bottom=0.09, wspace=0.02)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=100, metadata={"Software": None})
    plt.close(figure)
    with Image.open(path) as drawn:
        small = drawn.convert("L").quantize(_COLOURS)
    small.save(path, optimize=True)

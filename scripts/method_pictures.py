"""Draw the pictures of docs/methode.md from a built territory: the fictional town, or another."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from PIL import Image
from scipy.special import gammaln

from territory.analysis.gaps import gap_table
from territory.outputs.french import clock
from territory.pipeline.site_views import curve_of, site_table
from territory.pipeline.steps import build
from territory.pipeline.week import week_step
from territory.pipeline.workspace import next_week, open_territory

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from territory.model.week_results import WeekPlan
    from territory.pipeline.workspace import Built

IMAGES = ROOT / "docs" / "images"
_COLOURS, _DPI = 32, 110  # of the stored pictures: greys, small files
_HATCHES = ("", "///", "...", "xxx", "\\\\\\", "+++")
_HALF, _CLOSE = 0.5, 0.01


def main() -> None:
    """Draw every picture from the territory of the folder given, this one when none is."""
    built = build(open_territory(Path(sys.argv[1]) if sys.argv[1:] else ROOT))
    plan = week_step(built, next_week(built.territory.today))
    drawn = {
        "methode_trois_quantites": three_quantities(built),
        "methode_doute": doubt(built),
        "methode_courbe": curve(built),
        "methode_secteurs": sectors(built),
        "methode_journee": busiest_day(plan),
    }
    for name, figure in drawn.items():
        store(figure, IMAGES / f"{name}.png")


def three_quantities(built: Built) -> Figure:
    """Draw need, minutes and contacts, the first zone outlined in each."""
    cells = built.table("cells")
    table = gap_table(built.table("need"), built.table("access"), built.table("effort"), cells)
    titles = {"target": "besoin : habitants du public", "contacts": "contacts déjà faits",
              "minutes_permanence": "accès : minutes jusqu’à une permanence"}  # fmt: skip
    figure, axes = plt.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    for axis, name in zip(axes, ("target", "minutes_permanence", "contacts"), strict=True):
        values = table[name].replace(np.inf, np.nan)
        shapes = cells.loc[table.index, ["geometry"]].assign(value=values)
        top = float(values.quantile(0.98))
        shapes.plot(column="value", ax=axis, cmap="Greys", vmax=top, legend=True,
                    legend_kwds={"shrink": 0.7}, missing_kwds={"color": "white"})  # fmt: skip
        cells.loc[list(built.gaps[0].cells)].dissolve().boundary.plot(
            ax=axis, color="black", linewidth=2
        )
        axis.set_title(titles[name], fontsize=11)
        axis.set_axis_off()
    return figure


def doubt(built: Built) -> Figure:
    """Draw how likely each ratio of met to expected is, of the surest zone and the least sure."""
    expected = built.table("effort")["expected"]
    spread = built.products["60_gaps"].facts["spread"]
    ordered = sorted(built.gaps, key=lambda gap: gap.p_below_half)
    figure, axes = plt.subplots(1, 2, figsize=(10, 2.8), layout="constrained", sharey=True)
    for axis, gap in zip(axes, (ordered[-1], ordered[0]), strict=True):
        squared = float((expected[list(gap.cells)] ** 2).sum()) / gap.expected**2
        ratio = (np.arange(2500) + _HALF) / 1000
        variance = spread["of_cell"] * squared + spread["of_zone"]
        density = _posterior(gap.contacts, gap.expected, variance, ratio)
        assert abs(density[ratio < _HALF].sum() - gap.p_below_half) < _CLOSE  # noqa: S101
        axis.plot(ratio, density, color="black")
        axis.fill_between(ratio, density, where=ratio < _HALF, color="#bbbbbb")
        axis.axvline(1, color="black", linestyle=":")
        axis.set_title(f"zone {gap.rank} : {gap.verdict}", fontsize=11)
        axis.set_xlabel("rencontrées / attendues")
        axis.set_yticks([])
    return figure


def curve(built: Built) -> Figure:
    """Draw what each half-day more brings."""
    found, _ = curve_of(site_table(built), 6)
    figure, axis = plt.subplots(figsize=(7, 3), layout="constrained")
    added = [point.added for point in found.points]
    axis.plot(added, [point.value for point in found.points], color="black", marker="o")
    axis.set_xlabel("demi-journées ajoutées")
    axis.set_ylabel("personnes par semaine")
    axis.set_ylim(0)
    return figure


def sectors(built: Built) -> Figure:
    """Draw who covers what, told apart by hatches."""
    cells = built.table("cells")
    figure, axis = plt.subplots(figsize=(6, 4), layout="constrained")
    for sector, hatch in zip(built.sectors.sectors, _HATCHES, strict=False):
        held = cells.loc[list(sector.cells)] if sector.cells else cells[
            cells["commune_code"].isin(sector.communes)
        ]  # fmt: skip
        ground = held.dissolve()
        ground.plot(ax=axis, facecolor="white", edgecolor="black", hatch=hatch, linewidth=1.5)
        middle = ground.representative_point().iloc[0]
        plate = {"boxstyle": "round", "facecolor": "white"}
        said = f"{' + '.join(sector.agents)}\n{sector.load:.0f} h / semaine"
        axis.text(middle.x, middle.y, said, ha="center", va="center", bbox=plate)
    axis.set_axis_off()
    return figure


def busiest_day(plan: WeekPlan) -> Figure:
    """Draw the day with most outings: appointments and outings of each, stop by stop."""
    days = [s.on for s in plan.sessions if not s.fixed]
    day = max(sorted(set(days)), key=days.count)
    today = [s for s in plan.sessions if s.on == day]
    people = sorted({agent for s in today for agent in s.agents})
    figure, axis = plt.subplots(figsize=(10, 0.6 * len(people) + 1.2), layout="constrained")
    for session in today:
        for agent in session.agents:
            row = people.index(agent)
            _bar(axis, row, session.start_min, session.end_min, fixed=session.fixed)
            for stop in session.stops:
                axis.barh(row, stop.leave_min - stop.arrive_min, left=stop.arrive_min, height=0.5,
                          color="#555555")  # fmt: skip
    axis.set_yticks(range(len(people)), people)
    hours = range(9 * 60, 18 * 60, 60)
    axis.set_xticks(list(hours), [clock(h) for h in hours])
    axis.invert_yaxis()
    axis.set_title("hachures : rendez-vous ; gris : sortie ; foncé : arrêts", fontsize=11)
    return figure


def store(figure: Figure, path: Path) -> None:
    """Write a figure as a small PNG without the moment it was drawn."""
    figure.savefig(path, dpi=_DPI, metadata={"Software": None})
    plt.close(figure)
    with Image.open(path) as drawn:
        small = drawn.convert("L").quantize(_COLOURS)
    small.save(path, optimize=True)


def _bar(axis: Axes, row: int, start: int, end: int, *, fixed: bool) -> None:
    look = {"color": "white", "edgecolor": "black", "hatch": "///"} if fixed else {
        "color": "#dddddd", "edgecolor": "black"
    }  # fmt: skip
    axis.barh(row, end - start, left=start, height=0.7, **look)


def _posterior(
    met: float,
    expected: float,
    variance: float,
    ratio: np.ndarray[tuple[int], np.dtype[np.float64]],
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the density of the ratio: Gamma(4, 4) before, a negative binomial count."""
    shape, mean = 1 / variance, ratio * expected
    log = 3 * np.log(ratio) - 4 * ratio + gammaln(met + shape)
    log += met * np.log(mean / (mean + shape)) + shape * np.log(shape / (mean + shape))
    found = np.exp(log - log.max())
    whole: np.ndarray[tuple[int], np.dtype[np.float64]] = found / found.sum()
    return whole


if __name__ == "__main__":
    main()

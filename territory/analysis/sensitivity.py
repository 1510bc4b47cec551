"""Would another analyst find the same zones? The same search under other honest choices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from scipy.sparse import coo_array, csr_array, diags_array

from territory.analysis.gaps import gap_scan
from territory.model.progress import SILENT, go_on
from territory.model.results import FIRST, Variant
from territory.model.walks import Walks, from_pairs, walks_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from territory.model.progress import ProgressReporter
    from territory.model.results import Gap
    from territory.settings import Gaps

    Array = NDArray[np.float64]

_HALF = 0.5  # of the need of a zone must be found again
_FAR_MIN = 60.0  # stands for « out of reach » where walks are averaged
_SQUARE_M = 200.0
_DRAWS = 5
_Z90 = 1.645
_ENDS = ("target_low", "target_high")
SUMS = ("residents", "target", "contacts", "expected", "outside_households")


def variants(  # noqa: PLR0913 - what may be chosen otherwise
    gaps: Sequence[Gap],
    table: pd.DataFrame,
    minutes_cells: pd.DataFrame | Walks,
    cells: gpd.GeoDataFrame,
    iris: gpd.GeoDataFrame,
    *,
    settings: Gaps,
    efforts: Mapping[str, pd.DataFrame] | None = None,
    seed: int = 0,
    progress: ProgressReporter = SILENT,
) -> tuple[Variant, ...]:
    """
    Return, for each other honest choice, which of `gaps` stay among its first five zones.

    `table` is that of `gap_table`, `minutes_cells` [cell_id x cell_id]; `cells` and `iris` are in
    one metric CRS; `efforts` are other tables of `cell_effort` by French name (another period, half
    life or kernel). Choices: the grid moved by half a cell (three ways), IRIS as units, other
    gates, windows and shares, other draws of the need. A zone stays when half of its target lies in
    the first five. No choice is judged by chance again: only the ranking counts. `progress` is told
    each choice; raises Stopped when it says so.
    """
    walks = walks_of(minutes_cells).among(table.index, table.index)
    found: list[Variant] = []
    choices = list(_choices(table, cells, iris, settings, efforts or {}, seed))
    for name, other, parts, choice in choices:
        go_on(progress)
        progress.tell("zones sous d’autres choix", len(found) / len(choices))
        units, between = (other, walks) if parts is None else _gathered(other, walks, parts)
        scan = gap_scan(units, between, settings=choice.model_copy(update={"simulations": 0}))
        members = [list(zone.members) for zone in scan.zones[:FIRST]]
        held = np.zeros(len(units))
        held[[m for zone in members for m in zone]] = 1.0
        share = pd.Series(held if parts is None else parts.T @ held, index=table.index)
        found.append(Variant(name, tuple(g.zone_id for g in gaps if _again(g, share, table))))
    return tuple(found)


def with_stability(gaps: Sequence[Gap], found: Sequence[Variant]) -> tuple[Gap, ...]:
    """Return `gaps` with the share of variants that keep each of them among the first five."""
    if not found:
        return tuple(gaps)
    return tuple(
        gap
        if gap.doubt is None
        else replace(
            gap,
            doubt=replace(
                gap.doubt,
                variants=len(found),
                stability=sum(gap.zone_id in v.kept for v in found) / len(found),
            ),
        )
        for gap in gaps
    )


def _again(gap: Gap, share: pd.Series, table: pd.DataFrame) -> bool:
    members = list(gap.cells)
    target = table.loc[members, "target"].astype(float).fillna(0.0)
    return float((share[members] * target).sum()) >= _HALF * float(target.sum())


def _choices(
    table: pd.DataFrame,
    cells: gpd.GeoDataFrame,
    iris: gpd.GeoDataFrame,
    settings: Gaps,
    efforts: Mapping[str, pd.DataFrame],
    seed: int,
) -> Iterator[tuple[str, pd.DataFrame, csr_array | None, Gaps]]:
    """Yield (name, cells, parts of units or None, settings)."""
    shapes = cells.geometry.reindex(table.index).to_numpy()
    for name, step in (("l'est", (0.5, 0)), ("le nord", (0, 0.5)), ("le nord-est", (0.5, 0.5))):
        yield f"grille décalée vers {name}", table, _shifted(shapes, step), settings
    if len(iris):
        large = settings.model_copy(update={"max_share": max(settings.max_share, 0.1)})
        yield "par IRIS", table, _inside(shapes, iris.geometry.sort_index().to_numpy()), large
    for name, update in _other_settings(settings):
        yield name, table, None, settings.model_copy(update=update)
    for name, effort in efforts.items():
        columns = effort.reindex(table.index)[["contacts", "expected", "p_below_half"]]
        yield name, table.assign(**columns), None, settings
    random = np.random.default_rng(seed)
    for k in range(1, _DRAWS + 1):
        yield f"besoin tiré au sort n° {k}", _drawn(table, random), None, settings


def _other_settings(settings: Gaps) -> Iterator[tuple[str, dict[str, float]]]:
    for word, factor in (("plus petites", 2 / 3), ("plus grandes", 4 / 3)):
        yield (
            f"zones {word}",
            {
                "window_min": settings.window_min * factor,
                "max_share": min(0.5, settings.max_share * factor),
            },
        )
    for step in (-2.0, 2.0):
        far = max(settings.access_min + step, 0.0)
        yield f"permanence jugée loin dès {far:g} min".replace(".", ","), {"access_min": far}
    for word, step in (("moins", -0.15), ("plus", 0.15)):
        yield f"seuil de besoin {word} élevé", {"need_level": max(settings.need_level + step, 0.0)}


def _drawn(table: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    """Return the cells with a need drawn in its interval, and the same contacts expected in all."""
    noise, target = random.normal(size=len(table)), table["target"].astype(float)
    if "target_low" in table:
        low, high = (np.log(table[c].astype(float).clip(lower=1e-9)) for c in _ENDS)
        sd = ((high - low) / (2 * _Z90)).clip(0.0, 1.0).fillna(0.0)
    else:
        sd = pd.Series(0.15, index=table.index)
    drawn = target * np.exp(sd * noise - sd**2 / 2)
    total = float(table["expected"].sum())
    return table.assign(target=drawn, expected=total * drawn / max(float(drawn.sum()), 1e-12))


def _shifted(shapes: NDArray[np.object_], step: tuple[float, float]) -> csr_array:
    """Return the parts [square, cell] of each cell in a grid moved by `step` squares."""
    left, low, right, high = shapely.total_bounds(shapes)
    x = np.arange(left - _SQUARE_M * (1 - step[0]), right, _SQUARE_M)
    y = np.arange(low - _SQUARE_M * (1 - step[1]), high, _SQUARE_M)
    corner_x, corner_y = (a.ravel() for a in np.meshgrid(x, y))
    squares = shapely.box(corner_x, corner_y, corner_x + _SQUARE_M, corner_y + _SQUARE_M)
    return _inside(shapes, squares)


def _inside(shapes: NDArray[np.object_], units: NDArray[np.object_]) -> csr_array:
    """Return the share [unit, cell] of the area of each cell in each unit that holds some."""
    unit, cell = shapely.STRtree(shapes).query(units, predicate="intersects")
    common = shapely.area(shapely.intersection(units[unit], shapes[cell]))
    share = common / shapely.area(shapes[cell])
    real = share > 1e-6  # noqa: PLR2004 - a touch is not a part
    _, row = np.unique(unit[real], return_inverse=True)
    return csr_array((share[real], (row, cell[real])), shape=(row.max(initial=-1) + 1, len(shapes)))


def _gathered(table: pd.DataFrame, walks: Walks, parts: csr_array) -> tuple[pd.DataFrame, Walks]:
    """Return the table of units and the minutes between them, means weighted by target."""
    units = pd.DataFrame(index=pd.RangeIndex(parts.shape[0]))
    for column in SUMS:
        if column in table:
            units[column] = parts @ _known(table[column])
    weight = parts @ diags_array(np.maximum(_known(table["target"]), 1e-6))
    mean = diags_array(1 / weight.sum(axis=1)) @ weight
    units["minutes_permanence"] = mean @ np.minimum(table["minutes_permanence"], _FAR_MIN)
    most = weight.argmax(axis=1)
    units["commune_code"] = table["commune_code"].to_numpy()[most]
    units["counted"] = bool(table["counted"].any())
    return units, _mean_walks(walks, mean, units.index)


def _mean_walks(walks: Walks, mean: csr_array, units: pd.Index) -> Walks:
    """
    Return the mean minutes between `units`, an hour standing for what is out of reach.

    0 from each to itself. Summed as what is spared of the hour: pairs that spare nothing need no
    room.
    """
    spared = walks.weights(lambda minutes: np.maximum(_FAR_MIN - minutes, 0.0))
    between = coo_array(mean @ spared @ mean.T)
    apart = (between.row != between.col) & (between.data > 0)
    row, column, data = between.row[apart], between.col[apart], between.data[apart]
    own = np.arange(len(units))
    ends = np.concatenate([row, own]), np.concatenate([column, own])
    return from_pairs(units, units, *ends, np.concatenate([_FAR_MIN - data, np.zeros(len(units))]))


def _known(column: pd.Series) -> Array:
    values: Array = column.astype("Float64").astype(float).fillna(0.0).to_numpy()
    return values

"""What the squares of the map say: three ways of colouring them, and the figures under a click."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from territory.outputs.french import number, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from territory.model.results import Gap
    from territory.settings import Settings

MIN_HOUSEHOLDS = 11  # fewer: tax-based figures of the square are not shown
MIN_CONTACTS = 5  # 1 to 4 people met are shown as « < 5 »
TOO_FEW = "effectif trop faible"
_UNKNOWN_COLOR, _TOO_FEW_COLOR = "#ffffff", "#d9d9d9"
# ColorBrewer sequential schemes (Harrower and Brewer 2003), readable with every colour vision
_ORANGES = ("#feedde", "#fdbe85", "#fd8d3c", "#e6550d", "#a63603")
_BLUES = ("#eff3ff", "#bdd7e7", "#6baed6", "#3182bd", "#08519c")
_PURPLES = ("#f2f0f7", "#cbc9e2", "#9e9ac8", "#756bb1", "#54278f")
_GREENS = ("#edf8e9", "#bae4b3", "#74c476", "#31a354", "#006d2c")


@dataclass(frozen=True, slots=True)
class LegendClass:
    """One class of a legend: its French label, colour, squares and residents."""

    label: str
    color: str
    squares: int
    residents: float


@dataclass(frozen=True, slots=True)
class Theme:
    """One way of colouring the n squares; `classes` [n], uint8, are positions in `legend`."""

    name: str
    title: str
    legend: tuple[LegendClass, ...]
    classes: NDArray[np.uint8]


def cell_themes(
    cells: pd.DataFrame,
    need: pd.DataFrame,
    access: pd.DataFrame,
    effort: pd.DataFrame,
    settings: Settings,
) -> tuple[Theme, Theme, Theme]:
    """
    Return the themes Besoin, Accès and Passages for the squares of `cells`, in its order.

    `need`, `access` and `effort` are indexed by cell_id. The darker, the more there is to do.
    Squares of fewer than 11 households have no place on the scale of need (Insee's rule for
    tax-based statistics); unknown stays apart from zero.
    """
    return (
        need_theme(cells, need),
        _access_theme(cells, access, settings),
        _effort_theme(cells, effort, settings),
    )


def too_few(cells: pd.DataFrame) -> pd.Series:
    """Tell, per square, whether it holds fewer than 11 households (Insee's rule); unknown is no."""
    return (cells["households"] < MIN_HOUSEHOLDS).fillna(value=False).astype(bool)


def cell_figures(
    cells: pd.DataFrame,
    need: pd.DataFrame,
    access: pd.DataFrame,
    effort: pd.DataFrame,
    gaps: Sequence[Gap],
) -> list[list[Any]]:
    """
    Return, per square of `cells` and in its order, ready French figures.

    Order: residents, target, share in a priority quarter, minutes, structures, contacts, expected,
    months since, imputed, rank of the zone (0 = none). Hidden figures are replaced here, so that
    the page never holds them; None stands for unknown.
    """
    few = too_few(cells)
    in_gap = {cell: gap.rank for gap in gaps for cell in gap.cells}
    need, access = need.reindex(cells.index), access.reindex(cells.index)
    known = pd.Series(cells.index.isin(effort.index), index=cells.index)
    effort = effort.reindex(cells.index)
    columns: list[list[Any]] = [
        _people(need["residents"], few),
        _people(need["target"], few),
        [None if pd.isna(v) or v <= 0 else percent(v) for v in need["in_qpv"]],
        [_minutes(v) for v in access["minutes_permanence"]],
        [None if pd.isna(v) else number(v) for v in access["structures_near"]],
        [small_count(v) for v in effort["contacts"]],
        _people(effort["expected"], few),
        [_months(v, known=k) for v, k in zip(effort["months_since"], known, strict=True)],
        [int(v is True or v == 1) for v in cells["imputed"].fillna(value=False)],
        [in_gap.get(c, 0) for c in cells.index],
    ]
    return [list(row) for row in zip(*columns, strict=True)]


def small_count(people: float) -> str | None:
    """Write a number of people met; 1 to 4 are « < 5 », unknown is None."""
    if pd.isna(people):
        return None
    rounded = round(float(people))
    if rounded < MIN_CONTACTS:
        return "0" if people <= 0 else f"< {MIN_CONTACTS}"
    return number(rounded)


def _people(values: pd.Series, few: pd.Series) -> list[str | None]:
    def text(value: float, hidden: object) -> str | None:
        if hidden:
            return TOO_FEW
        return None if pd.isna(value) else number(value)

    return [text(v, h) for v, h in zip(values, few, strict=True)]


def _minutes(value: float) -> str | None:
    if pd.isna(value):
        return None
    return "hors d’atteinte" if np.isinf(value) else f"{number(value)} min"


def _months(value: float, *, known: bool) -> str | None:
    if not known:
        return None
    if pd.isna(value):
        return "aucun dans la période"
    return "il y a moins d’un mois" if value < 1 else f"il y a {number(value)} mois"


def need_theme(cells: pd.DataFrame, need: pd.DataFrame) -> Theme:
    """Return the theme Besoin alone: fifths of the estimated public per square."""
    need = need.reindex(cells.index)
    classes = _classes(need["percentile"], (20, 40, 60, 80))
    classes[need["target"].isna().to_numpy()] = 5
    classes[too_few(cells).to_numpy()] = 6
    labels = (
        "besoin le plus faible (un carreau sur cinq)",
        "plutôt faible",
        "moyen",
        "plutôt fort",
        "besoin le plus fort (un carreau sur cinq)",
        "donnée absente",
        f"{TOO_FEW} (moins de {MIN_HOUSEHOLDS} ménages)",
    )
    title = "Besoin : public estimé par carreau de 200 m"
    return _theme("Besoin", title, labels, _ORANGES, classes, _shown_residents(cells))


def priority_theme(cells: pd.DataFrame, priority: pd.Series) -> Theme:
    """
    Return the theme Priorité for the squares of `cells`: need, access and contacts put together.

    `priority`, 0 to 100, is that of `gaps.cell_scores`, indexed by cell_id; the scale is of fifths.
    """
    classes = _classes(priority.reindex(cells.index).astype("float64"), (20, 40, 60, 80))
    classes[too_few(cells).to_numpy()] = 6
    labels = (
        "en dernier (un carreau sur cinq)",
        "plutôt faible",
        "moyenne",
        "plutôt forte",
        "d’abord (un carreau sur cinq)",
        "donnée absente",
        f"{TOO_FEW} (moins de {MIN_HOUSEHOLDS} ménages)",
    )
    title = "Priorité : besoin fort, permanence loin et contacts manquants à la fois"
    return _theme("Priorité", title, labels, _GREENS, classes, _shown_residents(cells))


def _access_theme(cells: pd.DataFrame, access: pd.DataFrame, settings: Settings) -> Theme:
    near, far = settings.access.near_min, settings.access.far_min
    bounds = (near / 2, near, far, far + 10)
    minutes = access["minutes_permanence"].reindex(cells.index)
    labels = (
        f"{number(bounds[0])} min ou moins",
        *(f"{number(a)} à {number(b)} min" for a, b in pairwise(bounds)),
        f"plus de {number(bounds[3])} min ou hors d’atteinte",
        "donnée absente",
    )
    title = "Accès : minutes à pied jusqu’à la permanence la plus proche"
    classes = _classes(minutes, bounds)
    return _theme("Accès", title, labels, _BLUES, classes, _shown_residents(cells))


def _effort_theme(cells: pd.DataFrame, effort: pd.DataFrame, settings: Settings) -> Theme:
    period = settings.effort.months
    months = effort["months_since"].reindex(cells.index)
    classes = _classes(months.astype("float64"), (1, 3, 6))
    classes[months.isna().to_numpy()] = 4
    classes[~cells.index.isin(effort.index)] = 5
    labels = (
        "il y a moins d’un mois",
        "1 à 3 mois",
        "3 à 6 mois",
        "plus de 6 mois",
        f"aucun passage en {period} mois",
        "donnée absente",
    )
    title = "Passages : dernier passage à proximité"
    return _theme("Passages", title, labels, _PURPLES, classes, _shown_residents(cells))


def _shown_residents(cells: pd.DataFrame) -> pd.Series:
    """Return residents, without the squares too small to be told: no table may give them back."""
    return cells["residents"].where(~too_few(cells))


def _classes(values: pd.Series, bounds: tuple[float, ...]) -> NDArray[np.uint8]:
    """Return classes from 0, upper bounds included; unknown takes the class after the last."""
    numbers = values.to_numpy(dtype=float, na_value=np.nan)
    found = np.searchsorted(np.asarray(bounds), numbers, side="left")
    return np.where(np.isnan(numbers), len(bounds) + 1, found).astype(np.uint8)


def _theme(
    name: str,
    title: str,
    labels: tuple[str, ...],
    colors: tuple[str, ...],
    classes: NDArray[np.uint8],
    residents: pd.Series,
) -> Theme:
    palette = (*colors, _UNKNOWN_COLOR, _TOO_FEW_COLOR)
    people = residents.fillna(0).to_numpy(dtype=float)
    legend = tuple(
        LegendClass(label, palette[k], int((classes == k).sum()), float(people[classes == k].sum()))
        for k, label in enumerate(labels)
    )
    return Theme(name, title, legend, classes)

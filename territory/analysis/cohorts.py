"""The same estimate for a part of the public: young people, women, seniors, or any other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.need_draws import (
    SAMPLED,
    WITHOUT_POVERTY,
    Allocated,
    draw_allocated,
    interval,
)
from territory.analysis.shrinkage import gamma_shapes, shrunken_rates
from territory.model.census import CENSUS_COLUMNS, GRID_AGES, UNEMPLOYED

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.random import Generator

    from territory.analysis.need_allocation import Ground
    from territory.settings import Cohort


def cohort_columns(code: str) -> tuple[str, str, str, str]:
    """Return the columns of a cohort in the need of cells: people, low, high, basis."""
    return f"cohort_{code}", f"cohort_{code}_low", f"cohort_{code}_high", f"cohort_{code}_basis"


def cohort_need(
    cohort: Cohort, ground: Ground, *, log_sd: float | None, draws: int, random: Generator
) -> pd.DataFrame:
    """
    Estimate the people of a cohort in each cell, as `cohort_columns`, on cell_id.

    The unemployed of its age or sex by IRIS (census), their rate drawn to the territory, brought to
    the people that the grid knows there, are shared between the cells by residents of its ages x
    (0.5 + relative poverty): the sum of an IRIS is kept. People outside tax households are not in
    it: nobody tells their ages. What the sources do not know is NA, and `basis` says why in French.
    """
    iris, where = ground.iris, ground.where
    people = _summed(iris, [CENSUS_COLUMNS[c] for c in cohort.residents])
    out = _summed(iris, [CENSUS_COLUMNS[c] for c in cohort.unemployed])
    known = people.notna() & out.notna() & (people > 0)
    aged = _summed(ground.cells, [GRID_AGES[c] for c in cohort.grid])
    weight = aged.fillna(ground.adults) * ground.pull
    mass = _mass(out[known], people[known], ground)
    sums = weight.groupby(where).sum()
    share = weight / where.map(sums.where(sums > 0)).astype(float)
    middle = where.map(mass).astype(float) * share
    middle = middle.mask((weight == 0) & where.isin(mass.dropna().index), 0.0)
    shapes = pd.Series(gamma_shapes(out[known], people[known], sampled=SAMPLED), out[known].index)
    sd = np.full(len(where), WITHOUT_POVERTY if log_sd is None else log_sd)
    area, shape = ground.areas(shapes)
    drawn = draw_allocated(Allocated(area, middle.to_numpy(), shape, sd), draws, random)
    low, high = interval(drawn, middle)
    basis = _basis(cohort, known, middle, aged)
    columns = cohort_columns(cohort.code)
    return pd.DataFrame(dict(zip(columns, (middle, low, high, basis), strict=True)), where.index)


def _mass(out: pd.Series, people: pd.Series, ground: Ground) -> pd.Series:
    """Return unemployed of the cohort in the part of each IRIS that the cells hold."""
    rate = pd.Series(shrunken_rates(out, people), out.index)
    adults = ground.adults.groupby(ground.where).sum(min_count=1)
    census = ground.iris["residents_15_64"]
    held = adults.reindex(out.index) / census.where(census > 0).reindex(out.index)
    return rate * people * held


def _summed(table: gpd.GeoDataFrame, columns: list[str]) -> pd.Series:
    """Return the sum of columns, NA as soon as one is, and where a column is not there."""
    values = pd.DataFrame(table.reindex(columns=columns)).astype(float)
    return values.sum(axis=1, skipna=False)


def _basis(cohort: Cohort, known: pd.Series, middle: pd.Series, aged: pd.Series) -> pd.Series:
    first, last = cohort.ages
    found = ", ".join(UNEMPLOYED[c] for c in cohort.unemployed)
    counted = f"{first} à {last} ans visés ; comptés : {found} (recensement par IRIS)"
    by_age = f"{counted}, répartis selon les habitants de {_bands(cohort)} du carroyage"
    by_adults = f"{counted}, répartis selon tous les adultes : le carroyage n’a pas d’âges ici"
    untold = "inconnu : les données du recensement ne distinguent pas ce public"
    lost = "inconnu : aucun recensement utilisable pour cet IRIS"
    told = np.where(aged.notna(), by_age, by_adults)
    words = np.where(middle.notna(), told, lost if known.any() else untold)
    return pd.Series(words, index=middle.index, dtype="string")


def _bands(cohort: Cohort) -> str:
    ends = [name.removeprefix("ind_").split("_") for name in cohort.grid]
    ranges = sorted((int(first), int(last)) for first, last in ends)
    joined = [list(ranges[0])]
    for first, last in ranges[1:]:
        if first == joined[-1][1] + 1:
            joined[-1][1] = last
        else:
            joined.append([first, last])
    return " et ".join(f"{first} à {last} ans" for first, last in joined)

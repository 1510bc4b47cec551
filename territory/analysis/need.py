"""Who may need the service, and where they live: estimated target residents per cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.cohorts import cohort_need
from territory.analysis.need_allocation import Ground, lay_ground, share_inside
from territory.analysis.need_draws import (
    SAMPLED,
    Allocated,
    draw_allocated,
    draw_shares,
    interval,
    percentile_draws,
)
from territory.analysis.need_rank import robust_ranks
from territory.analysis.outside import outside_by_cell
from territory.analysis.shrinkage import gamma_shapes, shrunken_rates
from territory.settings import Need

if TYPE_CHECKING:
    import geopandas as gpd
    from numpy.random import Generator
    from numpy.typing import NDArray

CENSUS, POVERTY = "recensement par IRIS", "pauvreté Filosofi"
TOLD = "estimation donnée (hors ménages fiscaux)"
MIN_HOUSEHOLDS = 11  # Insee's rule for tax-based statistics: fewer give no share
CROWD_SD = 0.2  # of the log of a crowd told by a team: assumed (a third off at worst), not measured


def cell_need(
    cells: gpd.GeoDataFrame,
    iris: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    *,
    outside: pd.DataFrame | None = None,
    settings: Need | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """
    Estimate the unemployed adults living in each cell (tables.CELLS, IRIS, ZONES; one metric CRS).

    IRIS census rates (unemployed / residents 15-64, Insee) are drawn to the territory (Marshall
    1991), applied to the adults of the IRIS' cells and shared between them by adults x (0.5 +
    poverty relative to the IRIS): the sum over an IRIS is kept. Without census: share of poor
    households x adults. `outside` (`outside_places`) adds people of hostels to their cell.

    Columns on cell_id: residents, adults, adults_estimated, target (people), target_rate (of
    adults, households only), poverty_share, in_qpv and in_qva (share of area; a label: once poverty
    is in, a priority quarter tells nothing more of unemployment, benchmarks/allocation.py; in_qva
    is NA when no such quarter was given), percentile (0-100, target density), basis,
    outside_households (people), outside_source, target_low, target_high, percentile_low and
    percentile_high (90 %: posterior of the IRIS rate, error of the sharing, chance), the columns of
    `robust_ranks` (over cells with a target and 11 households or a hostel: shares of fewer are
    chance, and secret) and `cohort_columns`. What is not known is NA. Same tables and `seed`, same
    values, whatever the order of rows.
    """
    wished = Need() if settings is None else settings
    streams = np.random.SeedSequence(abs(seed)).spawn(2 + len(wished.cohorts))
    randoms = [np.random.default_rng(s) for s in streams]
    ground = lay_ground(cells, iris)
    need = _people(ground)
    by_census, shapes = _census_target(ground)
    by_poverty = (ground.poverty * ground.adults).mask(ground.adults == 0, 0.0)
    inside = by_census.fillna(by_poverty)
    need["target_rate"] = inside / ground.adults.where(ground.adults > 0)
    told = _told(outside, ground.cells.index)
    added = wished.outside_share * told["outside_households"]
    need["target"] = inside.fillna(0.0 * added) + added.fillna(0.0)
    need["poverty_share"] = ground.poverty
    need["in_qpv"] = share_inside(ground.cells, zones[zones["kind"] == "qpv"])
    need["in_qva"] = _in_qva(ground.cells, zones[zones["kind"] == "qva"])
    area_m2 = ground.cells.geometry.area
    need["percentile"] = 100 * (need["target"] / area_m2).rank(pct=True)
    need["basis"] = _basis(by_census, by_poverty, added)
    need = need.join(told)
    drawn = _drawn(ground, by_census, shapes, wished, randoms[0])
    drawn = _with_told(drawn, inside, added, randoms[0])
    need = _with_intervals(need, drawn, area_m2)
    need = need.join(_ranks(need, ground, wished, randoms[1]))
    return need.join([
        cohort_need(c, ground, log_sd=wished.allocation_sd, draws=wished.draws, random=r)
        for c, r in zip(wished.cohorts, randoms[2:], strict=True)
    ])  # fmt: skip


def target_draws(
    cells: gpd.GeoDataFrame,
    iris: gpd.GeoDataFrame,
    *,
    outside: pd.DataFrame | None = None,
    settings: Need | None = None,
    draws: int,
    seed: int = 0,
) -> pd.DataFrame:
    """
    Return draws of the target of `cell_need` [draws x cell_id], people; NA where it is unknown.

    `cells` and `iris` keep their contracts, in one metric CRS, `outside` as in `cell_need`. Drawn:
    posterior of the IRIS rate, error of the sharing between cells, chance; what the intervals of
    `cell_need` are made of. Same `seed`, same draws.
    """
    wished = (Need() if settings is None else settings).model_copy(update={"draws": draws})
    random = np.random.default_rng(abs(seed))
    ground = lay_ground(cells, iris)
    by_census, shapes = _census_target(ground)
    by_poverty = (ground.poverty * ground.adults).mask(ground.adults == 0, 0.0)
    told = _told(outside, ground.cells.index)
    added = wished.outside_share * told["outside_households"]
    drawn = _drawn(ground, by_census, shapes, wished, random)
    drawn = _with_told(drawn, by_census.fillna(by_poverty), added, random)
    return pd.DataFrame(drawn, columns=ground.cells.index)


def _people(ground: Ground) -> pd.DataFrame:
    residents = ground.cells["residents"].astype(float)
    estimated = ground.cells["residents_18_64"].isna() & residents.notna()
    return pd.DataFrame(
        {"residents": residents, "adults": ground.adults, "adults_estimated": estimated}
    )


def _census_target(ground: Ground) -> tuple[pd.Series, pd.Series]:
    """Return target residents by cell (NA without census), and the gamma shape of each IRIS."""
    known = ground.iris.dropna(subset=["unemployed", "residents_15_64"])
    known = known[known["residents_15_64"] > 0]
    counts, people = known["unemployed"], known["residents_15_64"]
    rates = pd.Series(shrunken_rates(counts, people), index=known.index, dtype=float)
    shapes = pd.Series(gamma_shapes(counts, people, sampled=SAMPLED), index=known.index)
    where, adults = ground.where, ground.adults
    rate = where.map(rates).astype(float)
    weight = adults * ground.pull
    total = where.map(adults.groupby(where).sum()).astype(float)
    shares = weight / where.map(weight.groupby(where).sum()).astype(float)
    return (rate * total * shares).mask((adults == 0) & rate.notna(), 0.0), shapes


def _told(outside: pd.DataFrame | None, index: pd.Index) -> pd.DataFrame:
    """Return people outside tax households and who told them, by cell; NA where nobody did."""
    if outside is None:
        empty = {"outside_households": np.nan, "outside_source": pd.NA}
        table = pd.DataFrame(empty, index=index)
    else:
        table = outside_by_cell(outside).reindex(index)
    return table.astype({"outside_households": "float64", "outside_source": "string"})


def _in_qva(cells: gpd.GeoDataFrame, watched: gpd.GeoDataFrame) -> pd.Series:
    if not len(watched):  # no national list exists: none given is not none there
        return pd.Series(np.nan, index=cells.index)
    return pd.Series(share_inside(cells, watched), index=cells.index)


def _basis(by_census: pd.Series, by_poverty: pd.Series, added: pd.Series) -> pd.Series:
    words = np.where(by_census.notna(), CENSUS, np.where(by_poverty.notna(), POVERTY, TOLD))
    basis = pd.Series(words, index=by_census.index, dtype="string")
    return basis.mask(by_census.isna() & by_poverty.isna() & added.isna())


def _drawn(
    ground: Ground, by_census: pd.Series, shapes: pd.Series, wished: Need, random: Generator
) -> NDArray[np.float64]:
    """Return draws [draws, cells] of the target in tax households; NaN unknown."""
    area, shape = ground.areas(shapes)
    log_sd = ground.log_sd(wished.allocation_sd)
    given = Allocated(area, by_census.to_numpy(float), shape, log_sd)
    shared = draw_allocated(given, wished.draws, random)
    poor, of = (
        ground.cells[c].astype(float).where(by_census.isna())
        for c in ("poor_households", "households")
    )
    by_share = draw_shares(poor, of, ground.adults, log_sd, wished.draws, random)
    found = np.where(np.isnan(shared), by_share, shared)
    nobody = (ground.adults == 0).to_numpy()
    found[:, nobody] = 0.0
    return found


def _with_told(
    drawn: NDArray[np.float64], inside: pd.Series, added: pd.Series, random: Generator
) -> NDArray[np.float64]:
    """Add people told of hostels, each with an error of mean 1."""
    there = added.notna().to_numpy()
    noise = random.standard_normal((len(drawn), int(there.sum())))
    told = added.to_numpy()[there] * np.exp(CROWD_SD * noise - CROWD_SD**2 / 2)
    whole = drawn.copy()
    whole[:, there] = told + np.where(inside.isna()[there], 0.0, drawn[:, there])
    return whole


def _with_intervals(
    need: pd.DataFrame, drawn: NDArray[np.float64], area_m2: pd.Series
) -> pd.DataFrame:
    low, high = interval(drawn, need["target"])
    places = percentile_draws(drawn, area_m2)
    first, last = interval(places, need["percentile"])
    return need.assign(target_low=low, target_high=high, percentile_low=first, percentile_high=last)


def _ranks(need: pd.DataFrame, ground: Ground, wished: Need, random: Generator) -> pd.DataFrame:
    """Rank cells by how many, how often, how poor, how alone; too small ones have no shares."""
    cells = ground.cells
    large = (cells["households"] >= MIN_HOUSEHOLDS) | need["outside_households"].gt(0)
    lived = (need["target"] > 0) & large
    themes = {
        "nombre": [need["target"]],
        "emploi": [need["target_rate"]],
        "revenus": [need["poverty_share"], -cells["living_sum"] / cells["residents"]],
        "familles": [cells["single_parents"] / cells["households"]],
    }
    shown = {
        name: [values.where(lived & np.isfinite(values)) for values in indicators]
        for name, indicators in themes.items()
    }
    return robust_ranks(shown, wished.draws, random)

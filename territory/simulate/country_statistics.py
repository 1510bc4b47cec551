"""
What real towns look like, in numbers: measured once on open data, kept here, compared by a test.

Measured on 27 November 2026 on the folder of real data (its README names publishers and licences):
Bondy, Heidelberg and Porto of OpenStreetMap (walkable ways, as `territory.io.streets` reads them),
Filosofi 2015 (Paris) and 2019 (Bondy), quarters 2015 and census 2016 of Île-de-France, official
lists of places of the nine towns of Est Ensemble. What no file of that folder tells is in `CHOSEN`.
"""

from __future__ import annotations

from dataclasses import dataclass

QUANTILES = (0.05, 0.25, 0.50, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class StreetStatistics:
    """
    One network on foot: nodes are those of OpenStreetMap, steps lie between two of them.

    Shares, 0-1, of nodes by number of steps that meet there (`ends` 1, `bends` 2, `threes` 3,
    `fours` 4), `stairs` of ways; `density_km2` nodes a km2 of 200 m cells that hold one,
    `step_m` quantiles (QUANTILES) and `step_mean_m` of the length of steps, `segment_m` mean metres
    between two nodes that are no bend, `way_nodes` mean nodes of a way.
    """

    density_km2: float
    ends: float
    bends: float
    threes: float
    fours: float
    step_m: tuple[float, ...]
    step_mean_m: float
    segment_m: float
    way_nodes: float
    stairs: float


@dataclass(frozen=True, slots=True)
class PeopleStatistics:
    """Cells of 200 m: quantiles of residents, of the share of poor households, and more."""

    residents: tuple[float, ...]
    residents_mean: float
    poor: tuple[float, ...]
    household: float  # residents of one household
    inhabited: float  # cells where somebody lives, over all the cells of the outline
    imputed: float


@dataclass(frozen=True, slots=True)
class QuarterStatistics:
    """
    Perimeters: log-normal hectares, shape (quantiles), people inside, poverty beside the town's.

    `compact` is 4 pi area / length^2, `filled` the area over that of the convex hull, `corners`
    points of the outline.
    """

    log_ha: tuple[float, float]  # mean and standard deviation
    compact: tuple[float, ...]
    filled: tuple[float, ...]
    corners: float  # median
    poverty_ratio: float
    share_of_people: float


STREETS = {
    "bondy": StreetStatistics(
        707, 0.069, 0.648, 0.225, 0.056, (2.1, 5.3, 10.8, 29.4, 82.9), 23.7, 54.9, 5.3, 0.018
    ),
    "heidelberg": StreetStatistics(
        598, 0.027, 0.856, 0.095, 0.021, (1.8, 5.2, 11.2, 23.8, 64.3), 19.9, 104.4, 8.7, 0.065
    ),
    "porto": StreetStatistics(
        332, 0.035, 0.792, 0.146, 0.024, (3.4, 9.9, 18.6, 34.9, 84.9), 28.3, 105.0, 8.3, 0.013
    ),
}
BONDY = PeopleStatistics(
    (26.0, 222.0, 379.5, 621.5, 1167.5), 462.7, (0.12, 0.16, 0.23, 0.30, 0.40), 2.81, 0.75, 0.064
)  # `inhabited` and `imputed` are those of Paris: the cells of Bondy are cut, and all inhabited
QUARTERS = QuarterStatistics(
    (2.717, 0.974), (0.12, 0.19, 0.33, 0.47, 0.73), (0.42, 0.56, 0.71, 0.82, 0.96), 54, 1.76, 0.057
)
# Log of residents 15-64, standard deviation over the communes of Île-de-France: the 146 that hold a
# quarter, all 1,295.
TOWN_LOG_SD = (0.854, 1.743)
QUARTERS_PER_COMMUNE = 1.86  # those communes, mean; 7 at most
COMMUNE_NODES = 5178  # nodes on foot of Bondy, one commune
IRIS_ADULTS = 1656  # residents 15-64 of an IRIS of Grand Paris, mean
# Share of residents by age in the cells of Bondy, as Filosofi names its columns.
AGES = {
    "ind_0_3": 0.064, "ind_4_5": 0.034, "ind_6_10": 0.084, "ind_11_17": 0.105, "ind_18_24": 0.071,
    "ind_25_39": 0.206, "ind_40_54": 0.201, "ind_55_64": 0.109, "ind_65_79": 0.092,
    "ind_80p": 0.031, "ind_inc": 0.003,
}  # fmt: skip
ADULTS = 0.632  # residents 15-64 over all: three of the seven years from 11 to 17, then to 64
ACTIVE, UNEMPLOYED = 0.749, 0.191  # Est Ensemble: active over 15-64, unemployed over active
UNEMPLOYED_IRIS = (0.066, 0.093, 0.121, 0.169, 0.256)  # quantiles over the IRIS of Grand Paris
OFFICIAL_PLACES = {"france_services": 7, "libraries": 17, "pmi": 29, "digital_advisers": 10}
OFFICIAL_ADULTS = 276_026  # residents 15-64 of Est Ensemble, where those places are


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen, not measured: how towns of a country work, and are drawn."""

    town_log_sd: float = (
        1.2  # between both values of TOWN_LOG_SD: a territory is often several towns
    )
    residents_per_partner: float = 1500.0
    permanences_per_worker: float = 1.5
    activities_per_worker: int = 160  # over 18 months
    block_m: float = 110.0
    nodes_per_corner: float = 8.5
    missing: float = 0.25  # sides of blocks that are not there
    blind: float = 0.3  # blind ways, and ways through blocks, a corner
    through: float = 0.3
    stairs: float = 0.18  # of the ways through blocks
    crossing_m: float = 1200.0  # between two bridges


CHOSEN = Chosen()

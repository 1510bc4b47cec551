"""Hours of permanence for the people around: five ways of sharing them, and whether they agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy

from territory.analysis.access_catchment import catchment_access, gaussian, within
from territory.model.walks import Walks, walks_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

MAIN = "e2sfca_h_1000"
CAPTURED = "captured_h"
TENTH = 0.1
SUPPLY_TITLES = {
    MAIN: "Heures de permanence pour 1 000 personnes du public (E2SFCA)",
    "two_step_h_1000": "Heures pour 1 000 personnes, à portée ou non (2SFCA)",
    "three_step_h_1000": "Heures pour 1 000 personnes, choix entre permanences (3SFCA)",
    "balanced_level": "Niveau de service, sans double compte (FCA équilibrée)",
    CAPTURED: "Heures de permanence qui reviennent au carreau (disponibilité spatiale)",
    "short_h_1000": "Heures pour 1 000 personnes, si la marche pèse plus (E2SFCA)",
    "long_h_1000": "Heures pour 1 000 personnes, si la marche pèse moins (E2SFCA)",
}


def cell_supply(  # noqa: PLR0913 - the limits stay visible
    demand: pd.Series,
    minutes: pd.DataFrame | Walks,
    hours: pd.Series,
    *,
    limit_min: float = 15.0,
    half_min: float = 10.0,
    cut_min: float = 25.0,
    short_min: float = 7.0,
    long_min: float = 15.0,
) -> pd.DataFrame:
    """
    Return the weekly hours of permanence each cell can count on, by several methods; never NaN.

    `demand` [cell_id] are people (NA counts as nobody), `minutes` [cell_id x place_id] walks, inf =
    out of reach, `hours` [place_id] those of `place_hours`; hosts that `minutes` does not know are
    nowhere. Columns on cell_id, hours a week for 1,000 people: e2sfca_h_1000 (Gaussian: 1/2 at
    `half_min`, 0 beyond `cut_min`), two_step_h_1000 (within `limit_min` or not), three_step_h_1000,
    short_h_1000 and long_h_1000 (as the first, with 1/2 at `short_min`, `long_min`). captured_h:
    hours a week that fall to the people of the cell. balanced_level: the hours a head of each
    place, times 1,000, split among the cells around it (their sum is kept), so only good to compare
    cells. Sources and errors: `catchment_access`.
    """
    walks, people = walks_of(minutes), demand.astype("Float64")
    cells = walks.origins.sort_values().rename("cell_id")
    hosts = pd.Index([p for p in sorted(hours.index) if p in walks.destinations], dtype=object)
    offer = hours.reindex(hosts).to_numpy(float)
    times = walks.among(cells, hosts)
    asking = people.reindex(cells).to_numpy(float, na_value=0.0)

    def shared(method: str, weight: Callable[..., NDArray[np.float64]]) -> NDArray[np.float64]:
        return catchment_access(asking, offer, times, weight=weight, method=method)

    soft = gaussian(half_min, cut_min)
    table = {
        MAIN: 1000 * shared("e2sfca", soft),
        "two_step_h_1000": 1000 * shared("2sfca", within(limit_min)),
        "three_step_h_1000": 1000 * shared("3sfca", soft),
        "balanced_level": 1000 * shared("bfca", soft),
        CAPTURED: shared("availability", soft),
        "short_h_1000": 1000 * shared("e2sfca", gaussian(short_min, cut_min)),
        "long_h_1000": 1000 * shared("e2sfca", gaussian(long_min, cut_min)),
    }
    return pd.DataFrame(table, index=cells)


def agreement(supply: pd.DataFrame, demand: pd.Series) -> pd.DataFrame:
    """
    Say whether other methods and other distances tell the same cells as the E2SFCA of `supply`.

    `demand` [cell_id] are people; cells without anybody are left out. Columns on compared (a column
    of `cell_supply`): rank_agreement (Spearman, NaN when one of them says the same everywhere),
    least_overlap and best_overlap (0-1: of the people of the tenth least, or best, served by
    E2SFCA, the share that is in the other's tenth too; cells that are equal stay together).
    """
    people = demand.astype("Float64").astype(float).reindex(supply.index).fillna(0.0)
    lived = supply[(people > 0).to_numpy()]
    weight = people[lived.index].to_numpy()
    rows = {}
    main = lived[MAIN].to_numpy()
    for name in supply.columns.difference([MAIN, CAPTURED], sort=False):
        other = lived[name].to_numpy()
        rows[name] = {
            "rank_agreement": _spearman(main, other),
            "least_overlap": _overlap(main, other, weight),
            "best_overlap": _overlap(-main, -other, weight),
        }
    table = pd.DataFrame.from_dict(rows, orient="index", dtype=float)
    return table.rename_axis("compared")


def _spearman(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:  # noqa: PLR2004
        return float("nan")
    return float(scipy.stats.spearmanr(one, other).statistic)


def _overlap(
    one: NDArray[np.float64], other: NDArray[np.float64], weight: NDArray[np.float64]
) -> float:
    mine, theirs = _tenth(one, weight), _tenth(other, weight)
    total = weight[mine].sum()
    return float(weight[mine & theirs].sum() / total) if total > 0 else float("nan")


def _tenth(values: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return the cells of lowest value that hold a tenth of the people, equals included."""
    if not len(values):
        return np.zeros(0, bool)
    order = np.argsort(values, kind="stable")
    summed = np.cumsum(weight[order])
    last = values[order][np.searchsorted(summed, TENTH * summed[-1] * (1 - 1e-12))]
    lowest: NDArray[np.bool_] = values <= last
    return lowest

"""
How wrong is the sharing of unemployed people between small areas? Measured on real IRIS.

The census figures of groups of three IRIS (Insee's TRIRIS), of quarters and of a whole commune are
given back to their IRIS as `cell_need` gives those of an IRIS to its cells, and compared with what
the census counts there. The sampling of the census (40 % of dwellings) and chance are taken off.
"""

from __future__ import annotations

import sys
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from territory.io.crs import to_metric
from tests.real_data import FOLDER

CENSUS = FOLDER / "iris/base-ic-activite-residents-2016-idf.csv"
GRIDS = {
    "75": "filosofi2015_carreaux_200m_paris.gpkg",
    "93010": "filosofi2019_carreaux_200m_bondy.gpkg",
}
SAMPLING = 2.5  # variance of a count over its mean: 1 / 0.4, those not met and chance together
LEAST_RESIDENTS, LEAST_HOUSEHOLDS = 300, 50


def main() -> None:
    """Print, by grouping and public, the error with and without poverty, and what a QPV adds."""
    print(
        "place   group      public      n  sd(poverty) sd(adults) QPV slope after, before poverty"
    )
    for prefix, grid in GRIDS.items():
        table = iris_table(prefix, FOLDER / "grid" / grid)
        for group in ("TRIRIS", "GRD_QUART", "COM"):
            for public in ("CHOM1564", "CHOM1524", "CHOM5564", "FCHOM1564"):
                print(f"{prefix:7} {group:10} {public:9}", row(table, group, public))


def iris_table(prefix: str, grid: Path) -> pd.DataFrame:
    """Return census, poor households and share of QPV of the lived-in IRIS of `prefix`."""
    codes = dict.fromkeys(("IRIS", "COM", "TRIRIS", "GRD_QUART"), str)
    census = pd.read_csv(CENSUS, sep=";", dtype=codes)
    outlines = gpd.read_file(FOLDER / "iris/mgp_iris.shp").to_crs(2154)
    outlines = outlines[outlines["CODE_IRIS"].str.startswith(prefix)][["CODE_IRIS", "geometry"]]
    cells, _ = to_metric(gpd.read_file(grid, layer=0), file=grid.name)
    cells = cells.rename(columns=str.lower)[["men", "men_pauv", "geometry"]]
    parts = gpd.overlay(cells.assign(whole=cells.area), outlines, keep_geom_type=True)
    share = parts.area / parts["whole"]
    homes = parts[["men", "men_pauv"]].mul(share, axis=0).groupby(parts["CODE_IRIS"]).sum()
    quarters = gpd.read_file(FOLDER / "qpv/qpv_2015_ile_de_france.geojson").to_crs(2154).union_all()
    outlines = outlines.set_index("CODE_IRIS")
    homes["qpv"] = outlines.geometry.intersection(quarters).area / outlines.area
    table = census.set_index("IRIS").join(homes, how="inner")
    lived = (table["P16_POP1564"] >= LEAST_RESIDENTS) & (table["men"] > LEAST_HOUSEHOLDS)
    return table[lived & (table["TYP_IRIS"] == "H")]


def row(table: pd.DataFrame, group: str, public: str) -> str:
    """Return the figures of one line."""
    table = table[table.groupby(group)[group].transform("size") > 1]
    people = table[f"P16_POP{public[-4:]}"]
    of = table[group]
    homes = table.groupby(of)[["men", "men_pauv"]].transform("sum")
    relative = table["men_pauv"] / table["men"] / (homes["men_pauv"] / homes["men"])
    poor, plain = (
        error(table, public, people * pull, of) for pull in (0.5 + relative, relative * 0 + 1)
    )
    return f"{poor[2]:4d} {poor[0]:9.3f} {plain[0]:10.3f} {poor[1]:12.2f} {plain[1]:6.2f}"


def error(
    table: pd.DataFrame, public: str, weight: pd.Series, of: pd.Series
) -> tuple[float, float, int]:
    """Return sd of log(true / shared) without sampling, its slope on the share of QPV, and n."""
    true = table[f"P16_{public}"]
    shared = true.groupby(of).transform("sum") * weight / weight.groupby(of).transform("sum")
    kept = (true >= 10) & (shared > 5)
    free = (1 - 1 / of.groupby(of).transform("size"))[kept]
    logs = np.log(true / shared)[kept]
    variance = (logs**2 - SAMPLING / true[kept] * free).sum() / free.sum()
    inside = (table["qpv"] - table["qpv"].groupby(of).transform("mean"))[kept]
    slope = float(np.polyfit(inside, logs, 1)[0])
    return float(np.sqrt(max(variance, 0.0))), slope, int(kept.sum())


if __name__ == "__main__":
    main()

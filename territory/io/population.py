"""Residents on Insee's 200 m grid (Filosofi), limited to the part inside the communes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.errors import DataProblem, UnknownKind
from territory.io.crs import LAMBERT_93, merged, polygons_only, repair_geometry, to_metric
from territory.io.layers import (
    CELL_IDS,
    IMPUTED,
    choose_layer,
    clean_codes,
    column_of,
    read_text_table,
)
from territory.model.census import GRID_ADULTS, GRID_AGES
from territory.model.issues import Issue, ReadReport
from territory.model.tables import CELLS, conform

if TYPE_CHECKING:
    from pathlib import Path

# Grids Insee publishes: metropole, then Guadeloupe and Martinique, Guyane, La Réunion, Mayotte.
GRIDS = frozenset({"3035", "5490", "32620", "2972", "2975", "4471"})
# Metres of a projection have eight digits at most; longer ones are a damage.
CELL_ID = r"^CRS(\d+)RES(\d{1,5})mN(-?\d{1,8})E(-?\d{1,8})$"
GRID_EPSG = 3035
SIDE_M = 200
COUNTS = {
    "residents": "ind", "households": "men", "poor_households": "men_pauv",
    "single_parents": "men_fmp", "living_sum": "ind_snv",
    **{column: name for name, column in GRID_AGES.items()},
}  # fmt: skip
CUT = 0.98  # of the area of a whole square: below, the shape was already cut
TOUCH_M2 = 1.0  # less than this inside the communes is a shared border, not a presence


def read_cells(
    path: Path, *, layer: str | None = None, communes: gpd.GeoDataFrame, epsg: int = LAMBERT_93
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Return the table CELLS (EPSG:`epsg`) of the part of each cell inside `communes`, and its report.

    Takes the GeoPackages and CSV of Insee's Filosofi, vintages 2015 to 2021; the squares of a CSV
    are built from their ids in EPSG:3035; `communes` are in EPSG:`epsg`, metric. `inside_share` is
    the area kept over the area of the whole 200 m square once projected, and every count is the
    value of the whole cell times this share: the residents of a cell are taken as evenly spread. A
    file already cut that keeps whole-cell values is thus treated the same way. Cells outside are
    left out and counted apart. Counts may have decimals. Raises UnreadableFile, UnknownKind or
    DataProblem (French).
    """
    raw, issues = _open(path, layer, epsg)
    rows, found = _identified(raw, path.name, first=_first_line(path))
    issues += found
    cells, found = _once(rows, path.name, first=_first_line(path))
    issues += found
    square_m2 = _squares(cells["key"], epsg).area
    kept = _clipped(cells, communes)
    inside, outside = cells.loc[kept.index], len(cells) - len(kept)
    counts, found = _counts(inside, path.name)
    table = _weighted(inside, counts, kept, communes, square_m2)
    near = set(rows.index[rows["key"].isin(inside["key"])] + _first_line(path))
    issues = [i for i in issues if i.refused or i.line == 0 or i.line in near]
    issues += [*found, *_cut_issue(cells, square_m2, path.name)]
    issues += _notes(table, outside, path.name)
    return table, ReadReport(path.name, "cells", len(raw) - outside, len(table), tuple(issues))


def _open(path: Path, layer: str | None, epsg: int) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """Return all rows with lower-case columns; those without usable shape have a missing one."""
    if _is_csv(path):
        table = read_text_table(path)
        _check_columns(table, path)
        key = column_of(table, CELL_IDS)
        squares = _squares(clean_codes(table[key]), epsg)
        return gpd.GeoDataFrame(table, geometry=squares), []
    raw = choose_layer(path, layer, {"cells"})
    _check_columns(raw, path)
    shapes, issues = repair_geometry(raw, file=path.name)
    metric, found = to_metric(shapes, file=path.name, epsg=epsg)
    return raw.set_geometry(metric.geometry.reindex(raw.index)).set_crs(
        epsg, allow_override=True
    ), [*issues, *found]


def _weighted(
    cells: gpd.GeoDataFrame,
    counts: pd.DataFrame,
    parts: gpd.GeoSeries,
    communes: gpd.GeoDataFrame,
    square_m2: pd.Series,
) -> gpd.GeoDataFrame:
    """Return CELLS: whole-cell counts times the share of the square that each part covers."""
    share = (parts.area / square_m2.loc[parts.index]).clip(upper=1.0)
    table = counts.mul(share, axis=0).assign(
        imputed=_imputed(cells),
        inside_share=share,
        commune_code=_main_commune(parts, communes),
        geometry=parts,
    )
    return conform(table.set_index(pd.Index(cells["key"])), CELLS, epsg=parts.crs.to_epsg())


def _first_line(path: Path) -> int:
    """Return the line of the first row: features count from 1, a CSV has a header."""
    return 2 if _is_csv(path) else 1


def _is_csv(path: Path) -> bool:
    return path.suffix.lower() in {".csv", ".txt"}


def _check_columns(table: pd.DataFrame, path: Path) -> None:
    wanted = (CELL_IDS, ("ind",), IMPUTED)
    missing = [" ou ".join(names) for names in wanted if column_of(table, names) is None]
    if missing:
        raise UnknownKind(
            f"« {path.name} » n'est pas un fichier Filosofi au carreau de 200 m : "
            f"il manque {', '.join(missing)}."
        )


def _identified(
    raw: gpd.GeoDataFrame, file: str, *, first: int
) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """Give every cell the id of its square: from its position when the id is empty or broken."""
    keys = clean_codes(raw[column_of(raw, CELL_IDS)])
    sound = keys.str.fullmatch(CELL_ID).fillna(value=False).astype(bool)
    placed = raw.geometry.notna()
    lost = raw.geometry[~sound & placed]
    repaired = keys.where(sound).fillna(_ids_from_position(lost))
    remedy = "Il est retrouvé d'après la position du carreau."
    issues = [
        Issue("W-ID", file, "identifiant de carreau absent ou illisible.", remedy, int(i) + first)
        for i in lost.index
    ]
    issues += [
        Issue("E-ID", file, "ni identifiant ni position : ligne écartée.", line=int(i) + first)
        for i in raw.index[~placed & ~sound]
    ]
    if "id_car2010" in raw and (empty := int(clean_codes(raw["id_car2010"]).isna().sum())):
        note = f"carreaux sans identifiant de 2010 : {empty} (sans effet, il n'est pas utilisé)."
        issues.append(Issue("I-ID", file, note))
    return raw.assign(key=repaired)[placed], issues


def _ids_from_position(shapes: gpd.GeoSeries) -> pd.Series:
    """Return the id of the square each shape lies in (its south-west corner, EPSG:3035)."""
    points = shapes.representative_point().to_crs(GRID_EPSG)
    east = (points.x // SIDE_M * SIDE_M).astype("int64").astype("string")
    north = (points.y // SIDE_M * SIDE_M).astype("int64").astype("string")
    return f"CRS{GRID_EPSG}RES{SIDE_M}mN" + north + "E" + east


def _once(
    cells: gpd.GeoDataFrame, file: str, *, first: int
) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """Unite the pieces of one cell: each carries the values of the whole, to be counted once."""
    bounds = cells.bounds
    ordered = cells.loc[bounds.sort_values(["minx", "miny", "maxx", "maxy"]).index]
    twice = sorted(ordered.index[ordered["key"].duplicated()])
    note = "carreau présent deux fois : ses morceaux sont réunis, ses habitants comptés une fois."
    issues = [Issue("W-DOUBLON", file, note, line=int(i) + first) for i in twice]
    again = ordered[ordered["key"].duplicated(keep=False)]
    if len(again.drop_duplicates(["key", "ind"])) > again["key"].nunique():
        note = "des carreaux répétés portent des chiffres différents : les premiers sont gardés."
        issues.append(Issue("W-ECART", file, note, "Demandez le fichier d'origine."))
    return merged(ordered, ordered["key"]).sort_index(), issues


def _squares(keys: pd.Series, epsg: int) -> gpd.GeoSeries:
    """Return the 200 m square of each id in EPSG:`epsg`; missing where the id is not one."""
    parts = keys.str.extract(CELL_ID)
    systems = parts[0].dropna().unique()
    if set(systems) - GRIDS or len(systems) > 1 or (parts[1].dropna() != str(SIDE_M)).any():
        raise DataProblem(
            "Les carreaux ne sont pas tous de 200 m dans la même grille. "
            "Donnez le fichier Filosofi « carreaux de 200 m » d'un seul territoire."
        )
    north, east = (pd.to_numeric(parts[c]).astype("Float64") for c in (2, 3))
    good = north.notna()
    x, y = east[good].to_numpy("float64"), north[good].to_numpy("float64")
    shapes = gpd.GeoSeries(
        shapely.box(x, y, x + SIDE_M, y + SIDE_M),
        index=keys.index[good],
        crs=int(systems[0]) if len(systems) else GRID_EPSG,
    )
    return shapes.to_crs(epsg).reindex(keys.index)


def _cut_issue(cells: gpd.GeoDataFrame, square_m2: pd.Series, file: str) -> list[Issue]:
    cut = int((cells.area < CUT * square_m2).sum())
    if not cut:
        return []
    note = (
        f"{cut} carreaux sur {len(cells)} sont déjà découpés mais gardent les chiffres du carreau "
        "entier : les chiffres sont ramenés à la part de surface."
    )
    return [Issue("I-DECOUPE", file, note)]


def _clipped(cells: gpd.GeoDataFrame, communes: gpd.GeoDataFrame) -> gpd.GeoSeries:
    """Return the part of each cell inside the communes, without the cells outside."""
    territory = communes.geometry.union_all()
    shapely.prepare(territory)
    near = cells.geometry[shapely.intersects(territory, cells.geometry.to_numpy())]
    parts = near.to_numpy().copy()
    cut = ~shapely.contains_properly(territory, parts)
    parts[cut] = shapely.intersection(parts[cut], territory)
    flat = np.array([polygons_only(p) for p in parts], dtype=object)
    inside = shapely.area(flat) > TOUCH_M2
    return gpd.GeoSeries(flat[inside], index=near.index[inside], crs=cells.crs)


def _main_commune(shapes: gpd.GeoSeries, communes: gpd.GeoDataFrame) -> pd.Series:
    """Return the commune holding most of each shape (the first code when two are equal)."""
    towns = communes.sort_index()
    parts, areas = shapes.to_numpy(), towns.geometry.to_numpy()
    cell, town = shapely.STRtree(areas).query(parts, predicate="intersects")
    shared = shapely.area(shapely.intersection(parts[cell], areas[town]))
    pairs = pd.DataFrame({"cell": cell, "town": town, "m2": shared}).sort_values(
        ["cell", "m2", "town"], ascending=[True, False, True]
    )
    best = pairs.drop_duplicates("cell")
    codes = pd.Series(towns.index[best["town"]], index=shapes.index[best["cell"]], dtype="string")
    return codes.reindex(shapes.index)


def _counts(cells: pd.DataFrame, file: str) -> tuple[pd.DataFrame, list[Issue]]:
    """Return whole-cell counts; a column that is not in the file is NA."""
    columns = {n: c for n, c in COUNTS.items() if c in cells}
    numbers = {c: _numbers(cells[c]) for c in columns.values()}
    counts = pd.DataFrame({n: numbers[c] for n, c in columns.items()}, index=cells.index)
    ages = [numbers.get(c, pd.Series(np.nan, index=cells.index)) for c in GRID_ADULTS]
    counts["residents_18_64"] = pd.concat(ages, axis=1).sum(axis=1, skipna=False)
    issues = [
        Issue("W-NUM", file, f"{n} nombres illisibles : comptés comme inconnus.", column=c)
        for c, values in sorted(numbers.items())
        if (n := int((values.isna() & cells[c].notna()).sum()))
    ]
    return counts.reindex(columns=[*COUNTS, "residents_18_64"]), issues


def _numbers(values: pd.Series) -> pd.Series:
    numbers = pd.to_numeric(values, errors="coerce").astype("Float64").astype("float64")
    return numbers.where(numbers >= 0)


def _imputed(cells: pd.DataFrame) -> pd.Series:
    flag = pd.to_numeric(cells[column_of(cells, IMPUTED)], errors="coerce").astype("Float64")
    return (flag != 0).astype("boolean")


def _notes(table: gpd.GeoDataFrame, outside: int, file: str) -> list[Issue]:
    notes = []
    if outside:
        notes.append(Issue("I-HORS", file, f"carreaux hors du territoire, non gardés : {outside}."))
    imputed = int(table["imputed"].sum())
    if imputed:
        people = table["residents"].sum()
        share = 100 * table.loc[table["imputed"].fillna(False), "residents"].sum() / people
        text = f"{share:.1f}".replace(".", ",") if people > 0 else "0"
        note = (
            f"{imputed} carreaux sur {len(table)} ({text} % de la population) ont des chiffres "
            "estimés par l'Insee d'après un carré plus grand."
        )
        notes.append(Issue("I-IMPUTE", file, note, "Ne lisez pas ces carreaux un par un."))
    return notes

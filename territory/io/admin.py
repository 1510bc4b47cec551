"""Outlines of communes and IRIS, and the census figures that go with the IRIS."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from territory.errors import UnknownKind
from territory.io.crs import LAMBERT_93, merged, repair_geometry, to_metric
from territory.io.layers import (
    COMMUNE,
    COMMUNE_CODES,
    COMMUNE_NAMES,
    IRIS_CODES,
    choose_layer,
    clean_codes,
    column_of,
    padded,
    read_text_table,
)
from territory.model.census import CENSUS_COLUMNS, CENSUS_NEEDED
from territory.model.issues import Issue, ReadReport
from territory.model.tables import COMMUNES, IRIS, TableContract, conform

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

IRIS_NAMES = ("nom_iris", "lib_iris", "libiris", "nom")
IRIS_PATTERN = r"^(?:\d{2}|2[AB])\d{7}$"
WHOLE_CITIES = {"75056": r"^751\d\d$", "69123": r"^6938\d$", "13055": r"^132\d\d$"}


def read_communes(
    path: Path,
    *,
    layer: str | None = None,
    codes: frozenset[str] = frozenset(),
    epsg: int = LAMBERT_93,
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Return the table COMMUNES (EPSG:`epsg`) and its report; only `codes` when given.

    Communes outside `codes` are left out and counted apart, those of `codes` not found are
    reported. A city given both whole and by arrondissements keeps its arrondissements, unless
    `codes` names the city. Raises UnreadableFile, UnknownKind or DataProblem.
    """
    metric, issues, read = _open(path, layer, "communes", epsg)
    code = _needed(metric, COMMUNE_CODES, path)
    name = _needed(metric, COMMUNE_NAMES, path)
    frame = metric.assign(key=clean_codes(metric[code]), name=metric[name])
    frame, found = _with_sound_keys(frame, 5, COMMUNE, path.name)
    wanted = frame["key"].isin(codes) if codes else ~_whole_cities(frame["key"])
    issues += found
    table, report = _finish(frame, wanted, COMMUNES, issues, (path.name, read, epsg))
    absent = [
        Issue("W-ABSENTE", path.name, _absent_sentence(code, frozenset(frame["key"].dropna())))
        for code in sorted(codes - set(table.index))
    ]
    return table, ReadReport(
        path.name, "communes", report.read, report.kept, (*report.issues, *absent)
    )


def _absent_sentence(code: str, here: frozenset[str]) -> str:
    """Say that a commune is not there, and when only its whole city is."""
    whole = next((c for c, district in WHOLE_CITIES.items() if re.fullmatch(district, code)), "")
    if whole in here:
        return (
            f"l'arrondissement {code} est demandé mais ce fichier n'a que la ville entière "
            f"({whole})."
        )
    return f"la commune {code} est demandée mais absente de ce fichier."


def read_iris(
    path: Path,
    *,
    layer: str | None = None,
    codes: frozenset[str] = frozenset(),
    epsg: int = LAMBERT_93,
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Return the table IRIS (EPSG:`epsg`) without census figures (NA), and its report.

    Only the IRIS of the communes `codes` are kept when given; the others are counted apart. The
    commune is the first five characters of the code. Raises UnreadableFile, UnknownKind or
    DataProblem (French).
    """
    metric, issues, read = _open(path, layer, "iris", epsg)
    code, name = _needed(metric, IRIS_CODES, path), column_of(metric, IRIS_NAMES)
    frame = metric.assign(key=clean_codes(metric[code]), name=metric[name] if name else pd.NA)
    frame, found = _with_sound_keys(frame, 9, IRIS_PATTERN, path.name)
    frame = frame.assign(commune_code=frame["key"].str[:5])
    wanted = frame["commune_code"].isin(codes) | (not codes)
    return _finish(frame, wanted, IRIS, issues + found, (path.name, read, epsg))


def _open(
    path: Path, layer: str | None, kind: str, epsg: int
) -> tuple[gpd.GeoDataFrame, list[Issue], int]:
    raw = choose_layer(path, layer, {kind})
    shapes, issues = repair_geometry(raw, file=path.name)
    metric, found = to_metric(shapes, file=path.name, epsg=epsg)
    return metric, issues + found, len(raw)


def _needed(table: pd.DataFrame, names: tuple[str, ...], path: Path) -> str:
    column = column_of(table, names)
    if column is None:
        raise UnknownKind(
            f"« {path.name} » : il manque une colonne. Noms acceptés : {', '.join(names)}."
        )
    return column


def _with_sound_keys(
    frame: pd.DataFrame, width: int, pattern: str, file: str, *, first: int = 1
) -> tuple[pd.DataFrame, list[Issue]]:
    """Give back lost zeros (W-ZERO) and refuse rows whose code cannot be one (E-CODE)."""
    full = padded(frame["key"], width)
    changed = (full != frame["key"]).fillna(value=False)
    sound = full.str.fullmatch(pattern).fillna(value=False).astype(bool)
    issues = [
        Issue("W-ZERO", file, f"code complété à {width} caractères.", line=int(i) + first)
        for i in frame.index[changed & sound]
    ]
    remedy = "Ligne laissée de côté : corrigez le code."
    issues += [
        Issue(
            "E-CODE",
            file,
            f"code absent ou impossible ({width} caractères attendus).",
            remedy,
            int(i) + first,
        )
        for i in frame.index[~sound]
    ]
    return frame.assign(key=full)[sound], issues


def _whole_cities(codes: pd.Series) -> pd.Series:
    """Tell the whole cities whose arrondissements are there too: both would count twice."""
    twice = [c for c, parts in WHOLE_CITIES.items() if codes.str.match(parts).any()]
    return codes.isin(twice)


def _finish(
    frame: gpd.GeoDataFrame,
    wanted: pd.Series,
    contract: TableContract,
    issues: list[Issue],
    source: tuple[str, int, int],
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """Keep the wanted rows, one a key (parts united), in the shape of `contract`."""
    file, read, epsg = source
    rows, far = frame[wanted], {int(i) + 1 for i in frame.index[~wanted]}
    notes = [i for i in issues if i.line not in far]
    note = "code déjà rencontré : les contours sont réunis."
    notes += [
        Issue("W-DOUBLON", file, note, line=int(i) + 1)
        for i in rows.index[rows["key"].duplicated()]
    ]
    if far:
        notes.append(
            Issue("I-HORS", file, f"contours hors du territoire, non gardés : {len(far)}.")
        )
    ordered = rows.sort_values(["key", "name"], kind="stable")
    table = conform(merged(ordered, ordered["key"]).set_index("key"), contract, epsg=epsg)
    return table, ReadReport(file, contract.name, read - len(far), len(table), tuple(notes))


def read_census(path: Path) -> tuple[pd.DataFrame, ReadReport]:
    """
    Return census figures by IRIS: index iris_code, the columns of census.CENSUS_COLUMNS (REAL).

    Columns are those of Insee's « base-ic-activite-residents », whatever the year (P16_POP1564,
    P21_...): the latest year of the file; ages and sexes it does not hold are NA. Decimals with a
    comma or a point; counts are estimates and stay with their decimals; an empty or unreadable
    count is NA. Raises UnreadableFile or UnknownKind (French).
    """
    raw = read_text_table(path)
    columns = _census_columns(raw, path)
    keys, issues = _with_sound_keys(
        raw.assign(key=clean_codes(raw[_needed(raw, ("iris", *IRIS_CODES), path)])),
        9,
        IRIS_PATTERN,
        path.name,
        first=2,
    )
    figures = pd.DataFrame({n: _numbers(keys[c]) for n, c in columns.items()}, index=keys.index)
    figures = figures.reindex(columns=list(CENSUS_COLUMNS.values())).astype("float64")
    issues += _number_issues(keys, figures, columns, path.name)
    twice = keys["key"].duplicated()
    remedy = "La première ligne est gardée."
    issues += [
        Issue("E-DOUBLON", path.name, "IRIS déjà rencontré.", remedy, int(i) + 2)
        for i in keys.index[twice]
    ]
    table = figures[~twice].set_axis(pd.Index(keys["key"][~twice], name="iris_code")).sort_index()
    return table, ReadReport(path.name, "census", len(raw), len(table), tuple(issues))


def _census_columns(table: pd.DataFrame, path: Path) -> dict[str, str]:
    years = sorted(
        {m[1] for c in table if (m := re.fullmatch(r"p(\d{2})_pop1564", str(c)))}, reverse=True
    )
    year = years[0] if years else ""
    missing = [f"P{year}_{end}" for end in CENSUS_NEEDED if f"p{year}_{end.lower()}" not in table]
    if not years or missing:
        wanted = ", ".join(missing if years else [f"P.._{end}" for end in CENSUS_NEEDED])
        raise UnknownKind(
            f"« {path.name} » n'est pas le tableau d'activité du recensement par IRIS : "
            f"il manque {wanted}."
        )
    named = {n: f"p{year}_{end.lower()}" for end, n in CENSUS_COLUMNS.items()}
    return {n: c for n, c in named.items() if c in table}


def _numbers(values: pd.Series) -> pd.Series:
    text = values.str.replace(r"[\s\u00a0\u202f]", "", regex=True).str.replace(",", ".")
    numbers = pd.to_numeric(text, errors="coerce").astype("Float64").astype("float64")
    return numbers.where(numbers >= 0)


def _number_issues(
    raw: pd.DataFrame, figures: pd.DataFrame, columns: dict[str, str], file: str
) -> list[Issue]:
    issues = [
        Issue("W-NUM", file, "nombre illisible : compté comme inconnu.", "", int(i) + 2, c.upper())
        for n, c in columns.items()
        for i in raw.index[raw[c].notna() & figures[n].isna()]
    ]
    odd = (figures["unemployed"] > figures["active"]) | (
        figures["active"] > figures["residents_15_64"] + 1
    )
    note = "plus de chômeurs que d'actifs, ou plus d'actifs que d'habitants."
    return issues + [Issue("W-ECART", file, note, line=int(i) + 2) for i in figures.index[odd]]


def join_census(
    iris: gpd.GeoDataFrame, census: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """
    Return the table IRIS with the census figures of `read_census`, and what did not match.

    `iris` has a CRS with an EPSG code, which is kept. An IRIS without figures keeps NA. Figures of
    other communes are not mentioned.
    """
    epsg = iris.crs.to_epsg()
    joined = iris.drop(columns=list(CENSUS_COLUMNS.values()), errors="ignore").join(census)
    absent = int((~iris.index.isin(census.index)).sum())
    towns = set(iris["commune_code"].dropna())
    left = census.index[~census.index.isin(iris.index) & census.index.str[:5].isin(towns)]
    remedy = "Prenez des contours et un recensement de la même année."
    issues = []
    if absent:
        note = f"IRIS sans chiffres du recensement (inconnus) : {absent} sur {len(iris)}."
        issues.append(Issue("W-RECENSEMENT", "IRIS", note, remedy))
    if len(left):
        note = f"IRIS du recensement sans contour ici, chiffres non utilisés : {len(left)}."
        issues.append(Issue("W-RECENSEMENT", "recensement", note, remedy))
    return conform(joined, IRIS, epsg=epsg), issues

"""Priority quarters (QPV 2015 and 2024) and watched quarters (QVA), from any producer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from territory.errors import UnknownKind
from territory.io.crs import LAMBERT_93, merged, repair_geometry, to_metric
from territory.io.layers import ZONE_CODES, choose_layer, clean_codes, column_of, layer_kind
from territory.io.values import whole_city
from territory.model.issues import Issue, ReadReport
from territory.model.tables import ZONES, conform

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

CODES = (*ZONE_CODES, "code", "id")
NAMES = ("lib_qp", "nom_qp", "l_nqpv", "nom_qva", "nom", "lib", "libelle")
NATURES = {"NQPV": "qpv", "QVA": "qva"}
GENERATIONS = {"QP": 2015, "QN": 2024}

_COMMUNE_CODES = ("insee_com", "c_cainsee", "code_insee", "current_code")
OVERLAP_SHARE = 0.01  # of the zone's area: below, a commune is only a neighbour
INSIDE_M2 = 1000.0
SLIVER_M2 = 5000.0  # the smallest official quarter measures 0.7 ha


def read_zones(
    path: Path,
    *,
    layer: str | None = None,
    epsg: int = LAMBERT_93,
    communes: gpd.GeoDataFrame | None = None,
    inside: BaseGeometry | None = None,
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Return the table ZONES of one layer (EPSG:`epsg`) and the report of its reading.

    The generation follows the code (QP... 2015, QN... 2024), never the name of the file; it is NA
    without code and for QVA. `communes` (COMMUNES, same CRS) gives `commune_codes` by overlap,
    above 1 % of the zone's area. With `inside` (same CRS), zones sharing 0.1 ha or less with it are
    left out and counted apart: they are not among the rows of the report. Raises UnreadableFile,
    UnknownKind or DataProblem.
    """
    raw = choose_layer(path, layer, {"qpv", "qva"})
    _check_columns(raw, path)
    shapes, issues = repair_geometry(raw, file=path.name)
    metric, found = to_metric(shapes, file=path.name, epsg=epsg)
    issues += found
    zones, found = _described(metric, path.name)
    issues += found
    zones, found = _without_duplicates(zones, path.name)
    issues += found
    kept = zones[_near(zones, inside)]
    near = {line for lines in kept["lines"] for line in lines}
    far = {int(i) + 1 for i in metric.index[~_near(metric, inside)]} - near
    far |= _shapeless_elsewhere(raw, communes)
    issues = [i for i in issues if i.line not in far] + _noted(kept, len(far), path.name)
    table = kept.assign(commune_codes=_commune_codes(kept, communes)).set_index("code")
    report = ReadReport(
        path.name, "zones", len(raw) - len(far), len(table), tuple(sorted(issues, key=_place))
    )
    return conform(table, ZONES, epsg=epsg), report


def _check_columns(layer: gpd.GeoDataFrame, path: Path) -> None:
    """Refuse surfaces without any code, unless they are known to be quarters."""
    if column_of(layer, CODES) is None and layer_kind(layer) not in {"qpv", "qva"}:
        raise UnknownKind(
            f"« {path.name} » ne contient pas de quartiers : il manque une colonne de code. "
            f"Noms acceptés : {', '.join(CODES)}."
        )


def _place(issue: Issue) -> tuple[int, str]:
    return issue.line, issue.code


def _described(layer: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """Return code, name, kind, generation, lines and geometry; rows of other natures refused."""
    codes, issues = _codes(layer, file)
    name = column_of(layer, NAMES)
    names = clean_codes(layer[name]) if name else pd.Series(pd.NA, layer.index, dtype="string")
    zones = gpd.GeoDataFrame(
        {
            "code": codes,
            "name": names,
            "kind": _kinds(layer, codes),
            "generation": codes.str[:2].map(GENERATIONS).astype("Int64"),
            "lines": [(int(i) + 1,) for i in layer.index],
        },
        index=layer.index,
        geometry=layer.geometry,
    )
    other = zones["kind"].isna()
    issues += [
        Issue(
            "E-NATURE",
            file,
            "ce périmètre n'est ni un QPV ni un QVA : il est laissé de côté.",
            line=int(i) + 1,
            column="c_nat_qpv",
        )
        for i in zones.index[other]
    ]
    return zones[~other], issues


def _codes(layer: gpd.GeoDataFrame, file: str) -> tuple[pd.Series, list[Issue]]:
    column = column_of(layer, CODES)
    codes = (
        clean_codes(layer[column]).str.upper()
        if column
        else pd.Series(pd.NA, index=layer.index, dtype="string")
    )
    missing = _in_steady_order(layer[codes.isna()])
    issues = [
        Issue(
            "W-CODE",
            file,
            f"quartier sans code : « SANS-CODE-{n} » lui est donné, sa génération est inconnue.",
            "Préférez le fichier officiel de l'ANCT.",
            int(row) + 1,
        )
        for n, row in enumerate(missing, start=1)
    ]
    made = pd.Series([f"SANS-CODE-{n + 1}" for n in range(len(missing))], missing, dtype="string")
    return codes.fillna(made), issues


def _in_steady_order(layer: gpd.GeoDataFrame) -> pd.Index:
    """Return the rows in an order that does not depend on the one of the file."""
    keys = layer.bounds.assign(ordre=layer.get("ordre", 0))
    return keys.sort_values(["ordre", "minx", "miny", "maxx", "maxy"]).index


def _kinds(layer: gpd.GeoDataFrame, codes: pd.Series) -> pd.Series:
    if "c_nat_qpv" in layer:
        return layer["c_nat_qpv"].map(NATURES).astype("string")
    if {"code_qva", "nom_qva"} & set(layer):
        return pd.Series("qva", index=layer.index, dtype="string")
    qpv = codes.str.match(r"^(?:Q[PN]|SANS-CODE)") | ("code_qp" in layer)
    return pd.Series("qva", index=layer.index, dtype="string").mask(qpv.astype(bool), "qpv")


def _without_duplicates(zones: gpd.GeoDataFrame, file: str) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """Merge the parts of one quarter (same code and name); tell apart two that share a code."""
    ordered = zones.loc[_in_steady_order(zones)]
    parts = ordered["code"] + "|" + ordered["name"].fillna("").str.casefold()
    lines = ordered["lines"].groupby(parts.to_numpy()).agg(lambda s: tuple(sorted(sum(s, ()))))
    united = merged(ordered, parts)
    united = united.assign(lines=list(lines.loc[parts[united.index]]))
    rank = united.groupby("code").cumcount()
    issues = [_merge_issue(file, row) for row in united["lines"] if len(row) > 1]
    issues += [_share_issue(file, row[0]) for row in united["lines"][rank > 0]]
    suffix = ("-" + (rank + 1).astype("string")).where(rank > 0, "")
    return united.assign(code=united["code"] + suffix), issues


def _merge_issue(file: str, lines: tuple[int, ...]) -> Issue:
    known = ", ".join(map(str, lines[:-1]))
    note = f"même code et même nom que la ligne {known} : les contours sont réunis."
    return Issue("W-DOUBLON", file, note, line=lines[-1])


def _share_issue(file: str, line: int) -> Issue:
    note = "code déjà porté par un autre quartier : un suffixe « -2 », « -3 »... lui est ajouté."
    return Issue("W-DOUBLON", file, note, "Faites corriger le code par le producteur.", line)


def _near(zones: gpd.GeoDataFrame, inside: BaseGeometry | None) -> np.ndarray:
    """Tell which zones share more than 0.1 ha with the territory."""
    if inside is None:
        return np.ones(len(zones), dtype=bool)
    shared = shapely.intersection(zones.geometry.to_numpy(), inside)
    return np.asarray(shapely.area(shared) > INSIDE_M2)


def _shapeless_elsewhere(raw: gpd.GeoDataFrame, communes: gpd.GeoDataFrame | None) -> set[int]:
    """Return the lines without a shape whose communes, by their codes, are all others."""
    column = column_of(raw, _COMMUNE_CODES)
    if communes is None or column is None:
        return set()
    bare = raw[raw.geometry.isna() & raw[column].notna()]
    here = {whole_city(str(code)) for code in communes.index}
    found = {int(i) + 1: re.findall(r"[0-9AB]{5}", str(text)) for i, text in bare[column].items()}
    return {
        line for line, codes in found.items() if codes and here.isdisjoint(map(whole_city, codes))
    }


def _noted(zones: gpd.GeoDataFrame, outside: int, file: str) -> list[Issue]:
    """Return what a reader should know of the zones kept, and how many lie elsewhere."""
    notes = [
        Issue("I-HORS", file, f"quartiers hors du territoire, non gardés : {outside}.")
    ] * bool(outside)
    small = zones.area < SLIVER_M2
    for lines in zones["lines"][small]:
        note = "surface de moins de 0,5 ha : sans doute un reste de découpe ; gardée."
        notes.append(Issue("W-SURFACE", file, note, "Vérifiez-la sur la carte.", lines[0]))
    for lines in zones["lines"][zones["name"].isna()]:
        notes.append(Issue("W-NOM", file, "quartier sans nom.", "Complétez-le.", lines[0]))
    return notes


def _commune_codes(zones: gpd.GeoDataFrame, communes: gpd.GeoDataFrame | None) -> pd.Series:
    """Return the communes sharing more than 1 % of each zone's area, joined by |."""
    if communes is None or not len(communes) or not len(zones):
        return pd.Series(pd.NA, index=zones.index, dtype="string")
    shapes, towns = zones.geometry.to_numpy(), communes.geometry.to_numpy()
    zone, town = shapely.STRtree(towns).query(shapes, predicate="intersects")
    shared = shapely.area(shapely.intersection(shapes[zone], towns[town]))
    enough = shared > OVERLAP_SHARE * shapely.area(shapes[zone])
    pairs = pd.DataFrame(
        {"row": zones.index[zone[enough]], "town": communes.index[town[enough]]}
    ).sort_values(["row", "town"])
    return pairs.groupby("row")["town"].agg("|".join).reindex(zones.index).astype("string")

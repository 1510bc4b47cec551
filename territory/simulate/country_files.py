"""One town of a drawn country as a territory folder that the readers of real data read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
import pandas as pd
import shapely
from osmium.osm.mutable import Node, Way
from pyproj import Transformer

from territory.io.atomic import own_folder, write_bytes, write_json, write_text
from territory.io.raw_folder import add_raw, raw_folder
from territory.io.recognise import recognise
from territory.settings import FILE_NAME
from territory.simulate.country_people import METRIC_EPSG
from territory.simulate.country_statistics import AGES, BONDY
from territory.simulate.country_team import commune_names

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from territory.simulate.country_people import DrawnPeople
    from territory.simulate.country_plan import TownPlan
    from territory.simulate.country_planting import DrawnZones
    from territory.simulate.country_streets import DrawnStreets
    from territory.simulate.country_team import DrawnTeam

TODAY = "2026-10-31"
TRUTH = "verite_plantee.json"
_ORIGIN, _LICENCE = "pays dessiné (scripts/make_country.py)", "aucune : données fictives"
_RIVER_NODE = 4_000_000_000  # ids of rivers, beyond those of all streets
_DEGREES = 7
_IMPUTED = 25  # fewer residents: Insee gives an estimate from a larger square
_LOG_DEGREES = 3  # about 100 m: never a doorstep


def write_town(
    folder: Path,
    plan: TownPlan,
    drawn: tuple[DrawnStreets, DrawnPeople, DrawnZones, DrawnTeam],
) -> None:
    """Write the territory folder of a town: settings, received files and their list, truth."""
    streets, people, zones, team = drawn
    raw = raw_folder(folder)
    own_folder(raw)
    write_text(folder / FILE_NAME, _settings(plan))
    _write_ground(raw, plan, people)
    write_streets(raw / "rues.osm.pbf", plan, streets)
    _write_team(raw, team)
    for path in sorted(p for p in raw.iterdir() if p.suffix != ".json"):
        add_raw(folder, path, recognise(path), origin=_ORIGIN, licence=_LICENCE)
    write_json(folder / TRUTH, _truth(people, zones))


def write_streets(path: Path, plan: TownPlan, streets: DrawnStreets) -> None:
    """Write the streets and the river of a town as OpenStreetMap would."""
    path.unlink(missing_ok=True)
    header = osmium.io.Header()
    header.set("generator", "territory")
    writer = osmium.SimpleWriter(str(path), header=header)
    for number, place in enumerate(_degrees(streets.xy).tolist(), plan.first_node):
        writer.add_node(Node(id=number, location=tuple(place)))
    river = _RIVER_NODE + 1000 * plan.number
    for number, place in enumerate(_degrees(streets.river).tolist(), river):
        writer.add_node(Node(id=number, location=tuple(place)))
    ids = (streets.node + plan.first_node).tolist()
    start = streets.start.tolist()
    told = zip(streets.kind.tolist(), streets.line.tolist(), strict=True)
    for k, (kind, line) in enumerate(told):
        tags = {"highway": kind} if line < 0 else {"highway": kind, "name": f"rue imaginée {line}"}
        writer.add_way(Way(id=plan.first_node + k, nodes=ids[start[k] : start[k + 1]], tags=tags))
    banks = list(range(river, river + len(streets.river)))
    writer.add_way(Way(id=river, nodes=banks, tags={"waterway": "river"}))
    writer.close()


def _settings(plan: TownPlan) -> str:
    codes = ", ".join(f'"{code}"' for code in plan.communes)
    return (
        "# Ville dessinée : aucun lieu, aucune personne n'existe.\n\n"
        f'[territoire]\nnom = "{plan.name} (ville dessinée)"\ncommunes = [{codes}]\n'
        f"date_reference = {TODAY}\ngraine = {plan.seed}\nfictif = true\n"
    )


def _write_ground(raw: Path, plan: TownPlan, people: DrawnPeople) -> None:
    """Write communes, quarters, cells, IRIS and census, with the columns of the official files."""
    codes, names = np.array(plan.communes), np.array(commune_names(plan))
    told = [{"code": c, "nom": n} for c, n in zip(codes, names, strict=True)]
    _write_layer(raw / "communes.geojson", people.communes, told)
    _write_layer(raw / "qpv.geojson", people.quarters, _quarters(plan, people))
    first = np.r_[0, np.flatnonzero(np.diff(people.iris_commune)) + 1]
    rank = np.arange(len(people.iris)) - np.repeat(first, np.diff(np.r_[first, len(people.iris)]))
    iris = [f"{codes[c]}{101 + k:04d}" for c, k in zip(people.iris_commune, rank, strict=True)]
    rows = [
        {
            "CODE_IRIS": i,
            "NOM_IRIS": f"{names[c]} {i[5:]}",
            "CODE_COM": codes[c],
            "NOM_COM": names[c],
        }
        for i, c in zip(iris, people.iris_commune, strict=True)
    ]
    _write_layer(raw / "iris.geojson", people.iris, rows)
    _write_table(raw / "census.csv", _census(iris, codes[people.iris_commune], people))
    cells = _cells(people, codes)
    write_bytes(raw / "carreaux_200m.csv", cells.to_csv(index=False, lineterminator="\n").encode())


def _quarters(plan: TownPlan, people: DrawnPeople) -> list[dict[str, Any]]:
    tree = shapely.STRtree(people.communes)
    pairs = tree.query(people.quarters, predicate="intersects")
    shared = shapely.area(
        shapely.intersection(people.quarters[pairs[0]], people.communes[pairs[1]])
    )
    kept = shared > 0.05 * shapely.area(people.quarters)[pairs[0]]
    rows = []
    for k in range(len(people.quarters)):
        inside = np.sort(pairs[1][kept & (pairs[0] == k)])
        number = plan.first_quarter + k
        rows.append(
            {
                "code_qp": f"QN{plan.departement}{number:04d}N",
                "lib_qp": f"Cité imaginée {number}", "insee_dep": plan.departement,
                "insee_com": ", ".join(plan.communes[c] for c in inside),
            }
        )  # fmt: skip
    return rows


def _census(iris: list[str], codes: NDArray[np.str_], people: DrawnPeople) -> pd.DataFrame:
    adults, out = people.iris_adults, people.iris_unemployed
    active = np.maximum(0.749 * adults, out)
    return pd.DataFrame(
        {
            "IRIS": iris, "COM": codes, "TYP_IRIS": "H", "LAB_IRIS": "1", "P21_POP1564": adults,
            "P21_ACT1564": active, "P21_ACTOCC1564": active - out, "P21_CHOM1564": out,
            "P21_INACT1564": adults - active, "P21_ETUD1564": 0.11 * adults,
        }
    ).round(4)  # fmt: skip


def _cells(people: DrawnPeople, codes: NDArray[np.str_]) -> pd.DataFrame:
    """Return the inhabited cells with Insee's columns; ages add up to the residents."""
    cells = people.cells
    live = cells.residents > 0
    east, north, ind = cells.east[live], cells.north[live], cells.residents[live]
    men = np.round(ind / BONDY.household, 1)
    ages = {name: np.round(ind * share, 1) for name, share in AGES.items()}
    ages["ind_25_39"] = np.round(ind - (sum(ages.values()) - ages["ind_25_39"]), 1)
    ids = [f"CRS3035RES200mN{n}E{e}" for n, e in zip(north, east, strict=True)]
    poor = np.round(men * cells.poor[live], 2)
    return pd.DataFrame(
        {
            "idcar_200m": ids, "i_est_200": (ind < _IMPUTED).astype(int),
            "lcog_geo": codes[cells.commune[live]],
            "ind": ind, "men": men, "men_pauv": poor, "men_fmp": np.round(0.147 * men, 2),
            "ind_snv": np.round(ind * (26000 - 22000 * cells.poor[live]), 0), **ages,
        }
    )  # fmt: skip


def _write_team(raw: Path, team: DrawnTeam) -> None:
    _write_table(raw / "partenaires.csv", _placed(team.partners, 6))
    services = _placed(team.services, 6)
    text = services.to_csv(index=False, lineterminator="\n", quoting=1)
    write_bytes(raw / "france_services.csv", text.encode())
    _write_table(raw / "activites.csv", _placed(team.activities, _LOG_DEGREES))
    _write_table(raw / "contacts.csv", team.contacts)
    _write_table(raw / "equipe.csv", team.team)
    _write_table(raw / "disponibilites.csv", team.availability)


def _truth(people: DrawnPeople, zones: DrawnZones) -> dict[str, Any]:
    """Return what was planted, by id of cell: read by no command."""
    cells = people.cells
    ids = np.array(
        [f"CRS3035RES200mN{n}E{e}" for n, e in zip(cells.north, cells.east, strict=True)]
    )
    need = cells.target / cells.target.sum()
    found = []
    for number in range(1, int(zones.zone.max(initial=0)) + 1):
        inside = zones.zone == number
        found.append(
            {"cells": ids[inside].tolist(), "share_of_need": round(float(need[inside].sum()), 5)}
        )
    decoys = {
        "far_served": ids[zones.far_served].tolist(),
        "low_need": ids[zones.low_need].tolist(),
    }
    return {"note": "what was planted; not read by the tool", "zones": found, **decoys}


def _write_table(path: Path, table: pd.DataFrame) -> None:
    text = table.to_csv(sep=";", index=False, lineterminator="\r\n")
    write_bytes(path, b"\xef\xbb\xbf" + text.encode("utf-8"))


def _write_layer(path: Path, shapes: Iterable[BaseGeometry], rows: list[dict[str, Any]]) -> None:
    degrees = shapely.transform(np.asarray(shapes, object), _degrees)
    features = [
        {"type": "Feature", "properties": row, "geometry": json.loads(text)}
        for row, text in zip(rows, shapely.to_geojson(degrees), strict=True)
    ]
    content = {"type": "FeatureCollection", "features": features}
    write_text(path, json.dumps(content, ensure_ascii=False) + "\n")


def _placed(table: pd.DataFrame, decimals: int) -> pd.DataFrame:
    """Return `table` with latitude and longitude in place of x and y."""
    lon, lat = _degrees(table[["x", "y"]].to_numpy(float)).T
    places = {"latitude": np.round(lat, decimals), "longitude": np.round(lon, decimals)}
    return table.drop(columns=["x", "y"]).assign(**places)


def _degrees(xy: NDArray[np.float64]) -> NDArray[np.float64]:
    to_degrees = Transformer.from_crs(METRIC_EPSG, 4326, always_xy=True)
    return np.round(np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1])), _DEGREES)

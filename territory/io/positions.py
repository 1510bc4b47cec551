"""
Points of places that no file gives: corrected by the coordinator, or found online on demand.

Kept in positions.csv beside the settings and applied at each reading; deleting a line undoes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from territory.errors import UnreadableFile
from territory.geocoding.match import ACCEPTED
from territory.io.coordinates import Spot, in_france, to_points
from territory.io.decoding import is_workbook, text_rows
from territory.io.table_writer import write_rows
from territory.io.values import read_number
from territory.io.workbooks import sheet_names, sheet_rows
from territory.model.issues import Issue
from territory.model.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

POSITIONS = "positions.csv"
CORRECTED, ONLINE = "corrigé", "en ligne"
_HEADERS = (
    "id",
    "latitude",
    "longitude",
    "origine",
    "adresse",
    "score",
    "precision",
    "trouvee",
    "le",
)
_WGS84 = 4326


@dataclass(frozen=True, slots=True)
class Position:
    """
    One point in degrees (WGS84): where from, for which address, how sure (0-1), what was found.

    `score` is 1 for a point corrected by hand; `on` is an ISO day.
    """

    latitude: float
    longitude: float
    origin: str
    address: str = ""
    score: float = 1.0
    precision: str = ""
    found: str = ""
    on: str = ""


def read_positions(territory: Path) -> dict[str, Position]:
    """
    Return place id -> point, {} without file.

    Raises UnreadableFile (French, naming the line) when the file is not the table written here.
    """
    path = territory / POSITIONS
    if not path.exists():
        return {}
    return dict(_lines(path, _HEADERS[:4]))


def read_corrections(path: Path, on: str) -> dict[str, Position]:
    """
    Return the points filled in the list of addresses to check: columns id, latitude, longitude.

    Lines left empty are passed over. Raises UnreadableFile (French) for another table, half a
    point, or one out of France.
    """
    found = _lines(path, _HEADERS[:3])
    return {key: Position(p.latitude, p.longitude, CORRECTED, on=on) for key, p in found}


def add_positions(territory: Path, found: Mapping[str, Position]) -> Path:
    """Add points to those kept; a corrected one is never replaced by one found online."""
    known = read_positions(territory)
    new = {
        key: position
        for key, position in found.items()
        if position.origin == CORRECTED or key not in known or known[key].origin != CORRECTED
    }
    whole = known | new
    rows = [_row(key, whole[key]) for key in sorted(whole)]
    return write_rows([_HEADERS, *rows], territory / POSITIONS)


def positioned(
    places: gpd.GeoDataFrame, positions: Mapping[str, Position]
) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """
    Return PLACES (CRS kept) with the points of `positions`, and what is doubtful or out of date.

    A corrected point replaces any other, one found online serves a place without a point; neither
    is used once the address has changed. A point for a place no longer there does nothing.
    """
    here = {key: p for key, p in sorted(positions.items()) if key in places.index}
    stale = {key for key, p in here.items() if _moved(places.loc[key], p)}
    usable = {k: p for k, p in here.items() if k not in stale and _serves(places.loc[k], p)}
    doubts = [_stale(key) for key in sorted(stale)]
    doubts += [_doubt(k, p, places.loc[k]) for k, p in usable.items() if p.score < ACCEPTED]
    if not usable:
        return places, doubts
    spots = [Spot(p.longitude, p.latitude, _WGS84) for p in usable.values()]
    points = to_points(spots, int(places.crs.to_epsg()))
    geometry = places.geometry.copy()
    geometry.loc[list(usable)] = gpd.GeoSeries(points, crs=places.crs).to_numpy()
    return places.set_geometry(geometry), doubts


def corrected_on(places: pd.DataFrame, positions: Mapping[str, Position]) -> dict[str, str]:
    """Return the ISO day ("" unknown) of each point corrected by hand that serves in PLACES."""
    hand = {k: p for k, p in sorted(positions.items()) if p.origin == CORRECTED}
    return {k: p.on for k, p in hand.items() if k in places.index and not _moved(places.loc[k], p)}


def _moved(place: pd.Series, position: Position) -> bool:
    """Tell whether the address is no longer the one the point was found or corrected for."""
    return bool(position.address) and str(place["address"]) != position.address


def _serves(place: pd.Series, position: Position) -> bool:
    located = place["geometry"] is not None and not pd.isna(place["geometry"])
    return position.origin == CORRECTED or not located


def _stale(key: str) -> Issue:
    problem = f"lieu {key} : l'adresse a changé, le point gardé n'est plus utilisé."
    return Issue("W-GEO", POSITIONS, problem, "Vérifiez-la avec « territory geocode ».")


def _doubt(key: str, position: Position, place: pd.Series) -> Issue:
    secret = not pd.isna(place["sensitive"]) and bool(place["sensitive"])
    label = "lieu sensible, adresse non affichée" if secret else position.found
    score = f"{position.score:.2f}".replace(".", ",")
    problem = (
        f"lieu {key} : adresse placée en ligne avec un score de {score} (à vérifier) : {label}."
    )
    return Issue("W-GEO", POSITIONS, problem, "Corrigez l'adresse ou écrivez le point.")


def _lines(path: Path, needed: Iterable[str]) -> list[tuple[str, Position]]:
    """Return the points of a table as a spreadsheet saves it: CSV of any sort, or XLSX."""
    book = is_workbook(path)
    rows = sheet_rows(path, sheet_names(path)[0])[0] if book else text_rows(path)
    headers = [plain(header) for header in rows[0]] if rows else list(_HEADERS)
    missing = [name for name in needed if name not in headers]
    if missing:
        raise UnreadableFile(f"« {path.name} » : il manque la colonne « {missing[0]} ».")
    cells = (dict(zip(headers, row, strict=False)) for row in rows[1:])
    found = [_position(row, line, path.name) for line, row in enumerate(cells, 2)]
    return [pair for pair in found if pair is not None]


def _position(row: Mapping[str, str], line: int, file: str) -> tuple[str, Position] | None:
    texts = [row.get(name, "").strip() for name in ("latitude", "longitude")]
    if not any(texts):
        return None
    latitude, longitude = (read_number(text) for text in texts)
    if latitude is None or longitude is None or not in_france(latitude, longitude):
        raise UnreadableFile(
            f"« {file} », ligne {line} : la latitude et la longitude sont incomplètes ou hors de "
            "France. Corrigez la ligne ou videz-la."
        )
    origin, address, precision, found, on = (
        row.get(name, "").removeprefix("'")
        for name in ("origine", "adresse", "precision", "trouvee", "le")
    )
    score = read_number(row.get("score") or "1")
    position = Position(
        latitude, longitude, origin, address, 0.0 if score is None else score, precision, found, on
    )
    return row.get("id", "").strip().removeprefix("'"), position


def _row(key: str, p: Position) -> tuple[str, ...]:
    latitude, longitude, score = (
        repr(n).replace(".", ",") for n in (p.latitude, p.longitude, p.score)
    )
    return (key, latitude, longitude, p.origin, p.address, score, p.precision, p.found, p.on)

"""National and regional lists of places: France services, libraries, PMI, digital advisers."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from territory.errors import UnreadableFile
from territory.io.coordinates import Spot, read_spot, to_points
from territory.io.place_rows import (
    PlaceDraft,
    commune_of,
    hours_of,
    is_sensitive,
    outside,
    places_table,
    settled_ids,
)
from territory.io.rows import Columns, Row, report_of
from territory.io.text_tables import RawTable, read_table
from territory.io.values import clean, read_code, whole_city
from territory.model.issues import Issue
from territory.model.words import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from territory.model.issues import ReadReport

_PUBLIC_LIBRARY = "1"
_ESCAPE = re.compile(r"<([0-9a-f]{2})>", re.IGNORECASE)
_MOBILE = ("bus", "itinerant")
_WEAK_GEOCODE = 0.5
_LIBRARY_HEADERS = (
    "id", "nom", "type", "horaires", "adresse", "commune", "latitude", "longitude",
)  # fmt: skip
_ADVISER_HEADERS = (
    "id", "nom", "adresse", "commune", "code_insee", "latitude", "longitude", "score",
)  # fmt: skip


def read_france_services(
    path: Path,
    *,
    epsg: int = 2154,
    communes: frozenset[str] | None = None,
    inside: BaseGeometry | None = None,
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Read the ANCT list of France services as PLACES (ids « fs-... »), points in EPSG:`epsg`.

    Buses and itinerant services are kept with fixed_point False: their point is a garage. Rows
    outside `inside` (EPSG:`epsg`) or, without coordinates, outside `communes` (codes) are left out
    and counted apart. Raises UnreadableFile, or RefusedFile when a column is about people. Format:
    DATA_SOURCES section 10.
    """
    columns = Columns("france_services", read_table(path))
    required = ("id", "name", "lat", "lon")
    return listed_places(
        columns, _france_service, required, epsg=epsg, communes=communes, inside=inside
    )


def read_pmi(
    path: Path,
    *,
    epsg: int = 2154,
    communes: frozenset[str] | None = None,
    inside: BaseGeometry | None = None,
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Read a list of PMI (id, nom, address, lat, lng) as PLACES (ids « pmi-... »), EPSG:`epsg`.

    Mobile ones are kept with fixed_point False. Arguments and errors as `read_france_services`.
    """
    columns = Columns("pmi", read_table(path))
    required = ("name", "lat", "lon")
    return listed_places(columns, _pmi, required, epsg=epsg, communes=communes, inside=inside)


def read_libraries(
    path: Path,
    *,
    epsg: int = 2154,
    communes: frozenset[str] | None = None,
    inside: BaseGeometry | None = None,
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Read the GeoJSON of libraries as PLACES (ids « bib-... »), points in EPSG:`epsg`.

    Features without geometry are refused and named by their rank. Only public reading libraries
    (typeinst_code 1) become « mediatheque », the others « autre »; no hours in the file is unknown,
    never closed. Arguments as `read_france_services`. Raises UnreadableFile when it is not JSON, or
    RefusedFile.
    """
    content = _json(path)
    features = content.get("features", []) if isinstance(content, dict) else []
    rows = [_library_cells(f) for f in features if isinstance(f, dict)]
    columns = Columns("libraries", _raw(path, _LIBRARY_HEADERS, rows))
    return listed_places(columns, _library, (), epsg=epsg, communes=communes, inside=inside)


def read_digital_advisers(
    path: Path,
    *,
    epsg: int = 2154,
    communes: frozenset[str] | None = None,
    inside: BaseGeometry | None = None,
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Read the JSON array of bodies granted digital advisers: one place a body, « espace_numerique ».

    Points in EPSG:`epsg`, ids « cn-... ». Lost zeros and `<e9>` escapes are repaired; records
    without coordinates are refused and named by their rank. Arguments as `read_france_services`.
    Raises UnreadableFile when it is not JSON, or RefusedFile.
    """
    content = _json(path)
    records = [r for r in content if isinstance(r, dict)] if isinstance(content, list) else []
    rows = [_adviser_cells(r) for r in records]
    columns = Columns("digital_advisers", _raw(path, _ADVISER_HEADERS, rows))
    escapes = sum(bool(_ESCAPE.search(str(r.get("result_label") or ""))) for r in records)
    note = f"adresses aux accents abîmés (« <e9> ») réparées : {escapes}."
    extra = [Issue("W-ENC", path.name, note)] if escapes else []
    return listed_places(
        columns, _adviser, (), epsg=epsg, communes=communes, inside=inside, opening=extra
    )


def listed_places(  # noqa: PLR0913 - how a line is read, then where it is kept
    columns: Columns,
    read: Callable[[Row], PlaceDraft | None],
    required: Sequence[str],
    *,
    epsg: int,
    communes: frozenset[str] | None,
    inside: BaseGeometry | None,
    opening: Sequence[Issue] = (),
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Return the lines of a published list as PLACES, points in EPSG:`epsg`, and the report.

    Lines outside `inside` (EPSG:`epsg`) or `communes` (codes) are left out and counted apart.
    Raises RefusedFile when a column is about people.
    """
    issues = [*columns.opening_issues(required), *opening]
    broken = any(issue.code == "E-COL" for issue in issues)
    rows = list(columns.rows())
    drafts = [None if broken else read(row) for row in rows]
    for row, draft in zip(rows, drafts, strict=True):
        row.refused = row.refused or draft is None
    read_ones = [(d, r) for d, r in zip(drafts, rows, strict=True) if d is not None]
    away = outside([d for d, _ in read_ones], communes=communes, inside=inside, epsg=epsg)
    far = {r.number for (_, r), is_far in zip(read_ones, away, strict=True) if is_far}
    far |= {r.number for r in rows if r.refused and _elsewhere(r, communes, inside, epsg)}
    kept = [(d, r) for d, r in read_ones if r.number not in far and not r.refused]
    ids = settled_ids([d for d, _ in kept], [r for _, r in kept])
    issues += _shared_points(columns.raw.file, [d for d, _ in kept])
    table = places_table([d for d, _ in kept], ids, file=columns.raw.file, epsg=epsg)
    near = [row for row in rows if row.number not in far]
    return table, report_of(columns, issues, near, outside=len(far))


def _elsewhere(
    row: Row, communes: frozenset[str] | None, inside: BaseGeometry | None, epsg: int
) -> bool:
    """Whether a faulty line is surely that of another territory: nothing to tell of it here."""
    again = Row(row.columns, row.number)  # so that nothing is said twice
    point = to_points([read_spot(again)], epsg)[0]
    if point is not None and inside is not None:
        return not inside.covers(point)
    code = read_code(row.text("city_code") or "")[0]
    here = {whole_city(one) for one in communes or ()}
    return communes is not None and code is not None and whole_city(code) not in here


def _france_service(row: Row) -> PlaceDraft | None:
    name, spot = row.required("name"), read_spot(row)
    if name is None:
        return None
    if spot is None and row.text("lat") is None:
        row.refuse("E-COORD", "lat", "coordonnées absentes.", "Ligne ignorée.")
        return None
    form = plain(row.text("format") or "")
    return PlaceDraft(
        place_id=f"fs-{row.text('id')}" if row.text("id") else None,
        name=name,
        kind="france_services",
        commune_code=commune_of(row, {}),
        address=_joined(row.text("address"), row.text("extra_address")),
        status=None,
        hosts_permanence=None,
        opening_hours=hours_of(row),
        sensitive=is_sensitive("france_services", name),
        fixed_point=not any(word in form for word in _MOBILE),
        spot=spot,
        prefix="fs",
    )


def _pmi(row: Row) -> PlaceDraft | None:
    name, spot = row.required("name"), read_spot(row)
    if name is None:
        return None
    mobile = "mobile" in plain(name)
    return PlaceDraft(
        place_id=f"pmi-{row.text('id')}" if row.text("id") else None,
        name=name,
        kind="pmi_sante",
        commune_code=None,
        address=row.text("address"),
        status=None,
        hosts_permanence=None,
        opening_hours=None,
        sensitive=is_sensitive("pmi_sante", name),
        fixed_point=not mobile,
        spot=spot,
        prefix="pmi",
    )


def _library(row: Row) -> PlaceDraft | None:
    name, spot = row.text("name") or "Bibliothèque sans nom", read_spot(row)
    if spot is None:
        row.refuse("E-COORD", "lat", "géométrie absente ou hors de France.", "Ligne ignorée.")
        return None
    public = row.text("kind") == _PUBLIC_LIBRARY
    return PlaceDraft(
        place_id=f"bib-{row.text('id')}" if row.text("id") else None,
        name=name,
        kind="mediatheque" if public else "autre",
        commune_code=None,
        address=_joined(row.text("address"), row.text("city")),
        status=None,
        hosts_permanence=None,
        opening_hours=hours_of(row),
        sensitive=is_sensitive("mediatheque", name),
        fixed_point=True,
        spot=spot,
        prefix="bib",
    )


def _adviser(row: Row) -> PlaceDraft | None:
    name, spot = row.required("name"), read_spot(row)
    code = row.code("city_code")
    if name is None:
        return None
    if spot is None:
        row.refuse("E-COORD", "lat", "coordonnées absentes.", "Ligne ignorée.")
        return None
    if float(row.text("score") or 1) < _WEAK_GEOCODE:
        told = str(row.text("score")).replace(".", ",")
        problem = f"adresse placée avec un score de {told} (à vérifier)."
        row.note("W-GEO", "address", problem)
    return PlaceDraft(
        place_id=f"cn-{row.text('id')}" if row.text("id") else None,
        name=name,
        kind="espace_numerique",
        commune_code=code,
        address=row.text("address"),
        status=None,
        hosts_permanence=None,
        opening_hours=None,
        sensitive=is_sensitive("espace_numerique", name),
        fixed_point=True,
        spot=spot,
        prefix="cn",
    )


def _joined(*parts: str | None) -> str | None:
    return ", ".join(part for part in parts if part) or None


def _shared_points(file: str, drafts: Sequence[PlaceDraft]) -> list[Issue]:
    """Tell how many places lie exactly where another one does."""
    counts = Counter(d.spot for d in drafts if isinstance(d.spot, Spot))
    repeated = sum(n - 1 for n in counts.values() if n > 1)
    if not repeated:
        return []
    remedy = "Tous sont gardés ; vérifiez qu'il s'agit bien de lieux différents."
    return [Issue("W-POINT", file, f"lieux au même point qu'un autre : {repeated}.", remedy)]


def _json(path: Path) -> Any:  # noqa: ANN401 - JSON values have no narrower type
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise UnreadableFile(
            f"« {path.name} » n'est pas un fichier JSON lisible. Téléchargez-le de nouveau."
        ) from error


def _raw(path: Path, headers: tuple[str, ...], rows: Sequence[dict[str, Any]]) -> RawTable:
    """Return records as a received table; the line of a record is its rank in the file."""
    cells = tuple(tuple(_cell(row.get(h)) for h in headers) for row in rows)
    return RawTable(path.name, None, headers, tuple(range(1, len(rows) + 1)), cells)


def _cell(value: object) -> str:
    return "" if value is None else clean(str(value))


def _library_cells(feature: dict[str, Any]) -> dict[str, Any]:
    facts = feature.get("properties") or {}
    geometry = feature.get("geometry") or {}
    lon, lat = (geometry.get("coordinates") or [None, None])[:2]
    return {
        "id": facts.get("sql_6") or (facts.get("ark_ref") or "").rsplit("/", 1)[-1] or None,
        "nom": facts.get("nometablissement") or facts.get("nometabaff"),
        "type": facts.get("typeinst_code"),
        "horaires": facts.get("heuresouverture"),
        "adresse": facts.get("nomrue"),
        "commune": _joined(facts.get("codepostal"), facts.get("commune")),
        "latitude": lat,
        "longitude": lon,
    }


def _adviser_cells(record: dict[str, Any]) -> dict[str, Any]:
    name = record.get("raison_sociale")  # « 0 » stands for a body without a name
    label = record.get("result_label") or str(record.get("adresse") or "").replace("\n", " ")
    return {
        "id": record.get("id"),
        "nom": None if name == "0" else name,
        "adresse": _ESCAPE.sub(lambda m: bytes.fromhex(m[1]).decode("cp1252"), label) or None,
        "commune": record.get("commune_insee"),
        "code_insee": record.get("insee_com"),
        "latitude": record.get("latitude"),
        "longitude": record.get("longitude"),
        "score": record.get("result_score"),
    }

"""A file read as the next computation would, before it is received: what it holds and refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from territory.errors import MissingSource, RefusedFile, TerritoryError
from territory.io.addresses import read_addresses
from territory.io.admin import read_census, read_communes, read_iris
from territory.io.hashing import file_sha256
from territory.io.headers import FIELDS, positions
from territory.io.intake import (
    COUNT_KINDS,
    LINKED,
    LOG_KINDS,
    SITE_KINDS,
    Raw,
    read_counts,
    read_logs,
    read_people_places,
)
from territory.io.layers import unknown_layers
from territory.io.population import read_cells
from territory.io.products import open_product, read_manifest
from territory.io.raw_folder import RawFile
from territory.io.recognise import recognise
from territory.io.streets import read_streets
from territory.io.text_tables import read_table
from territory.io.zones import read_zones
from territory.model.issues import Issue, ReadReport  # noqa: TC001 - read at run time by JSON
from territory.model.kinds import LABELS
from territory.model.tables import PLACES, ZONES, empty_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path
    from typing import Any

    import geopandas as gpd

    from territory.io.recognise import Source
    from territory.pipeline.workspace import Territory

_LOGS, _PLACES = (frozenset(kinds) - {"addresses"} for kinds in (LOG_KINDS, SITE_KINDS))


@dataclass(frozen=True, slots=True)
class Understood:
    """One table of a file: its sheet (None: the only one), kind in French, headers understood."""

    sheet: str | None
    kind: str
    headers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """
    What became of one file read apart.

    `refused` is the French sentence that turned the whole file away ("" none), `personal` when it
    is for a column about people. `waits` says what it needs to be read in full ("" nothing).
    `replaces` is the received file of the same name, `beside` those that hold one of its kinds,
    `same` the received file with the very same content ("" none).
    """

    name: str
    holds: tuple[str, ...] = ()
    tables: tuple[Understood, ...] = ()
    reports: tuple[ReadReport, ...] = ()
    notes: tuple[Issue, ...] = ()
    refused: str = ""
    personal: bool = False
    waits: str = ""
    replaces: str = ""
    same: str = ""
    beside: tuple[str, ...] = ()

    @property
    def read(self) -> int:
        """Lines read."""
        return sum(report.read for report in self.reports)

    @property
    def turned_away(self) -> int:
        """Lines refused."""
        return sum(report.refused for report in self.reports)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Everything told of its lines and columns, in the order of the readings."""
        return tuple(issue for report in self.reports for issue in report.issues) + self.notes


def tried_together(territory: Territory, paths: Sequence[Path]) -> tuple[Trial, ...]:
    """
    Return what each of `paths`, files of one folder, would give; they are only read.

    Outlines of communes among them serve the others while none are received.
    """
    near = Raw(paths[0].parent if paths else territory.raw.folder, ())
    if not any(territory.raw.of("communes")):
        near = Raw(near.folder, tuple(filter(None, map(_outlines, paths))))
    return tuple(tried(territory, path, near) for path in paths)


def _outlines(path: Path) -> RawFile | None:
    try:
        found = recognise(path)
    except TerritoryError:
        return None
    kinds = tuple((s.kind, s.layer) for s in found if s.kind == "communes")
    return RawFile(path.name, "", kinds) if kinds else None


def tried(territory: Territory, path: Path, near: Raw | None = None) -> Trial:
    """Return what `path`, not a received file, would give, outlines `near` it serving."""
    try:
        sources = recognise(path)
    except TerritoryError as error:
        return Trial(path.name, refused=str(error), personal=isinstance(error, RefusedFile))
    known = territory.raw.files
    kinds = {source.kind for source in sources}
    digest = file_sha256(path)
    reports, waits, refused = _read(territory, path, sources, near)
    layers = unknown_layers(path) if path.suffix in {".gpkg", ".zip"} else ()
    links = (i for r in reports if r.file == LINKED for i in r.issues)
    return Trial(
        path.name,
        tuple(dict.fromkeys(source.label for source in sources)),
        tuple(_understood(path, source) for source in sources if source.kind in FIELDS),
        tuple(r for r in reports if r.file == path.name),
        (*links, *layers),
        refused,
        waits=waits,
        replaces=next((f.name for f in known if f.name == path.name), ""),
        same=next((f.name for f in known if f.sha256 == digest), ""),
        beside=tuple(
            f.name for f in known if f.name != path.name and kinds & {k for k, _ in f.sources}
        ),
    )


def _understood(path: Path, source: Source) -> Understood:
    headers = read_table(path, source.layer).headers
    known = sorted(positions(source.kind, headers).values())
    return Understood(source.layer, LABELS[source.kind], tuple(headers[at] for at in known))


def _read(
    territory: Territory, path: Path, sources: tuple[Source, ...], near: Raw | None
) -> tuple[tuple[ReadReport, ...], str, str]:
    """Return the reports, what is waited for, and the sentence that refuses the whole file."""
    kinds = tuple((source.kind, source.layer) for source in sources)
    alone = Raw(path.parent, (RawFile(path.name, "", kinds),))
    try:
        communes = _communes(territory, alone, near)
        reports = [*_ground(territory, alone, communes), *_people(territory, alone, communes)]
    except MissingSource as error:
        return (), str(error), ""
    except TerritoryError as error:
        return (), "", str(error)
    return tuple(reports), "", ""


def _communes(
    territory: Territory, alone: Raw, near: Raw | None
) -> tuple[gpd.GeoDataFrame, list[ReadReport]]:
    """Return the outlines of the file itself, else received or near, and what the file told."""
    codes, epsg = frozenset(territory.settings.ground.communes), territory.settings.ground.epsg
    for raw in filter(None, (alone, territory.raw, near)):
        read = [
            read_communes(path, layer=layer, codes=codes, epsg=epsg)
            for path, layer in raw.of("communes")
        ]
        if read:
            table = max((table for table, _ in read), key=len)
            return table, [report for _, report in read] if raw is alone else []
    raise MissingSource("Il sera lu en entier quand les limites communales seront reçues.")


def _ground(
    territory: Territory, alone: Raw, outlines: tuple[gpd.GeoDataFrame, list[ReadReport]]
) -> Iterable[ReadReport]:
    """Yield the report of each published map or table of the file."""
    communes, told = outlines
    yield from told
    epsg, inside = territory.settings.ground.epsg, communes.geometry.union_all()
    codes = frozenset(map(str, communes.index))
    for kind in ("qpv", "qva"):
        for path, layer in alone.of(kind):
            yield read_zones(path, layer=layer, epsg=epsg, communes=communes, inside=inside)[1]
    for path, layer in alone.of("cells"):
        yield read_cells(path, layer=layer, communes=communes, epsg=epsg)[1]
    for path, layer in alone.of("iris"):
        yield read_iris(path, layer=layer, codes=codes, epsg=epsg)[1]
    for path, _ in alone.of("census"):
        yield read_census(path)[1]
    for path, _ in alone.of("streets"):
        yield read_streets(path, epsg=epsg, inside=inside)[1]
    for path, _ in alone.of("addresses"):
        yield read_addresses(path, epsg=epsg)[1]


def _people(
    territory: Territory, alone: Raw, outlines: tuple[gpd.GeoDataFrame, list[ReadReport]]
) -> Iterable[ReadReport]:
    """Yield the reports of the tables of places, of the team and of its log."""
    settings, communes = territory.settings, outlines[0]
    kinds = {kind for file in alone.files for kind, _ in file.sources}
    places = _table(territory, "20_places", "places")
    if kinds & _PLACES:
        intake = read_people_places(alone, communes, settings, today=territory.today)
        yield from intake.reports
        own = intake.tables["places"]
        places = (
            own if places is None else pd.concat([places, own.drop(places.index, errors="ignore")])
        )
    if kinds & _LOGS:
        places = empty_table(PLACES, epsg=settings.ground.epsg) if places is None else places
        zones = _table(territory, "10_zones", "zones")
        zones = empty_table(ZONES, epsg=settings.ground.epsg) if zones is None else zones
        sure = _places_known(territory)
        told = read_logs(alone, communes, zones, places, settings).reports
        yield from (report for report in told if sure or report.file != LINKED)
    if kinds & set(COUNT_KINDS):
        yield from read_counts(alone, settings).reports


def _places_known(territory: Territory) -> bool:
    """Return whether every received table of places is in the places last computed."""
    held = read_manifest(territory.processed, "20_places")
    files = [f for f in territory.raw.files if {kind for kind, _ in f.sources} & _PLACES]
    return held is not None and all(held["inputs"].get(f.name) == f.sha256 for f in files)


def _table(territory: Territory, product: str, name: str) -> Any:  # noqa: ANN401 - a table or None
    found = open_product(territory.processed, product)
    return None if found is None else found.tables[name]

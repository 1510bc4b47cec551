"""All received files of a step to its tables: each kind read by its reader, then put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.errors import MissingSource
from territory.io.addresses import read_addresses
from territory.io.admin import join_census, read_census, read_communes, read_iris
from territory.io.contact_counts import of_cohorts
from territory.io.contact_links import reconcile, standing_alone, tied
from territory.io.inclusion import read_inclusion_structures, read_mednum
from territory.io.inclusion_services import read_inclusion_services, with_services
from territory.io.logs import link_activities, read_activities, read_contacts
from territory.io.merges import followed, merged_places, read_merges
from territory.io.official_places import (
    read_digital_advisers,
    read_france_services,
    read_libraries,
    read_pmi,
)
from territory.io.partners import read_partners, read_places
from territory.io.place_facts import place_facts, told_by
from territory.io.placing import address_index, placed
from territory.io.population import read_cells
from territory.io.positions import Position, positioned, read_positions
from territory.io.raw_folder import RawFile, raw_folder, read_raw
from territory.io.streets import read_streets
from territory.io.team import read_availability, read_team
from territory.io.team_links import following
from territory.io.team_rules import read_constraints, read_sectors
from territory.io.walker_counts import read_walker_counts
from territory.io.zones import read_zones
from territory.model.issues import Issue, ReadReport
from territory.model.kinds import LABELS
from territory.model.tables import (
    ACTIVITIES,
    AVAILABILITY,
    CONSTRAINTS,
    CONTACTS,
    IRIS,
    PLACES,
    SECTORS,
    TEAM,
    WALKER_COUNTS,
    ZONES,
    TableContract,
    check_table,
    conform,
    empty_table,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date
    from pathlib import Path

    import geopandas as gpd

    from territory.geocoding.index import AddressIndex
    from territory.model.streets import Streets
    from territory.settings import Settings

PLACE_KINDS = (
    "partners", "places", "france_services", "inclusion_structures", "mednum", "libraries", "pmi",
    "digital_advisers",
)  # fmt: skip
SITE_KINDS = (*PLACE_KINDS, "inclusion_services", "addresses")
ZONE_KINDS = ("communes", "qpv", "qva", "iris", "census", "cells")
LOG_KINDS = (
    "activities", "contacts", "team", "availability", "agenda", "constraints", "sectors",
    "addresses",
)  # fmt: skip
STREET_KINDS = ("streets", "heights", "avoid")
COUNT_KINDS = ("walker_counts",)
LINKED = "activités et lieux"  # the file named by what is told of both
_ARTICLES = ("le", "la", "les", "l'")


@dataclass(frozen=True, slots=True)
class Raw:
    """The received files of one territory folder."""

    folder: Path
    files: tuple[RawFile, ...]
    merges: Mapping[str, str] = field(default_factory=dict)  # place left out -> place kept
    positions: Mapping[str, Position] = field(default_factory=dict)  # place -> its point

    def of(self, kind: str) -> Iterator[tuple[Path, str | None]]:
        """Yield (path, layer or sheet) of every content of `kind`, in name order."""
        for file in self.files:
            for found, layer in file.sources:
                if found == kind:
                    yield self.folder / file.name, layer

    def hashes(self, kinds: tuple[str, ...]) -> dict[str, str]:
        """Return the SHA-256 of every file that holds one of `kinds`, by file name."""
        return {f.name: f.sha256 for f in self.files if any(k in kinds for k, _ in f.sources)}


@dataclass(frozen=True, slots=True)
class Intake:
    """Tables read for one step, and the report of every reading."""

    tables: Mapping[str, pd.DataFrame]
    reports: tuple[ReadReport, ...]


@dataclass(slots=True)
class _Reader:
    """Reads every file of a kind with one function and keeps the reports."""

    raw: Raw
    reports: list[ReadReport] = field(default_factory=list)

    def tables(
        self, kind: str, read: Callable[[Path, str | None], tuple[pd.DataFrame, ReadReport]]
    ) -> list[pd.DataFrame]:
        found = []
        for path, layer in self.raw.of(kind):
            table, report = read(path, layer)
            found.append(table)
            self.reports.append(report)
        return found

    def together(
        self, tables: list[pd.DataFrame], contract: TableContract, *, epsg: int
    ) -> pd.DataFrame:
        """Stack tables of one contract; a key met twice keeps its first row and is reported."""
        full = [t for t in tables if len(t)]
        if not full:
            return empty_table(contract, epsg=epsg)
        table = pd.concat(full) if len(full) > 1 else full[0]
        twice = table.index[table.index.duplicated()]
        if len(twice):
            self.note("W-CLE", contract.name, f"{len(twice)} identifiants présents deux fois")
        table = conform(table[~table.index.duplicated()], contract, epsg=epsg)
        check_table(table, contract, epsg=epsg)
        return table

    def note(self, code: str, file: str, problem: str) -> None:
        """Keep an issue met while putting tables together."""
        issue = Issue(code, file, f"{problem}.", "La première ligne lue est gardée.")
        self.reports.append(ReadReport(file, "assemblage", 0, 0, (issue,)))


def open_raw(territory: Path) -> Raw:
    """Return the received files of `territory`; raises as `read_raw` and what decisions do."""
    merges, positions = read_merges(territory), read_positions(territory)
    return Raw(raw_folder(territory), read_raw(territory), merges, positions)


def read_ground(raw: Raw, settings: Settings) -> Intake:
    """
    Read communes, zones, IRIS with census and population cells, in the CRS of the settings.

    Tables: communes, zones, iris, cells. Raises MissingSource (French) when communes or cells were
    not given, BrokenTable when tables of several files do not fit together, and what the readers
    raise: UnreadableFile, UnknownKind or DataProblem.
    """
    reader, epsg = _Reader(raw), settings.ground.epsg
    communes = _communes(reader, settings)
    inside = communes.geometry.union_all()
    zones = [
        table
        for kind in ("qpv", "qva")
        for table in reader.tables(
            kind,
            lambda p, layer: read_zones(
                p, layer=layer, epsg=epsg, communes=communes, inside=inside
            ),
        )
    ]
    cells = reader.tables(
        "cells", lambda p, layer: read_cells(p, layer=layer, communes=communes, epsg=epsg)
    )
    if not cells:
        raise MissingSource(_missing("cells"))
    tables = {
        "communes": communes,
        "zones": reader.together(zones, ZONES, epsg=epsg),
        "iris": _iris(reader, frozenset(communes.index), epsg),
        "cells": max(cells, key=len),
    }
    return Intake(tables, tuple(reader.reports))


def _communes(reader: _Reader, settings: Settings) -> gpd.GeoDataFrame:
    codes, epsg = frozenset(settings.ground.communes), settings.ground.epsg
    found = reader.tables(
        "communes", lambda p, layer: read_communes(p, layer=layer, codes=codes, epsg=epsg)
    )
    full = [t for t in found if len(t)]
    if not full:
        raise MissingSource(_missing("communes"))
    return max(full, key=lambda t: (t.index.nunique(), t.get_coordinates().shape[0]))


def _iris(reader: _Reader, codes: frozenset[str], epsg: int) -> pd.DataFrame:
    iris = reader.tables("iris", lambda p, layer: read_iris(p, layer=layer, codes=codes, epsg=epsg))
    census = reader.tables("census", lambda p, _layer: read_census(p))
    if not iris:
        return empty_table(IRIS, epsg=epsg)
    outlines = max(iris, key=len)
    if not census:
        return conform(outlines, IRIS, epsg=epsg)
    joined, issues = join_census(outlines, census[-1])
    reader.reports.append(ReadReport("IRIS et recensement", "iris", 0, 0, tuple(issues)))
    return joined


def read_people_places(
    raw: Raw, communes: gpd.GeoDataFrame, settings: Settings, *, today: date | None = None
) -> Intake:
    """
    Read partners, recurring places and the official lists kept inside the territory.

    What is dated after `today` has not happened yet. `communes` keeps COMMUNES in the metric CRS of
    the settings, and so will the table places. Raises UnreadableFile, UnknownKind or RefusedFile as
    the readers, BrokenTable.
    """
    reader, epsg = _Reader(raw), settings.ground.epsg
    readers = _place_readers(communes, epsg, today)
    read = {kind: reader.tables(kind, readers[kind]) for kind in PLACE_KINDS}
    listed = reader.together([t for ts in read.values() for t in ts], PLACES, epsg=epsg)
    services = reader.tables("inclusion_services", lambda p, _: read_inclusion_services(p))
    places, issues = merged_places(with_services(listed, services), raw.merges)
    places, unsure = positioned(places, raw.positions)
    index = _addresses(reader, communes, epsg)
    cities = {str(code): str(name) for code, name in communes["name"].items()}
    places, placements, doubts = placed(places, index, cities)
    reader.reports.append(ReadReport("lieux", "places", 0, 0, (*issues, *unsure, *doubts)))
    read["inclusion_services"] = services
    told = [one for kind, tables in read.items() for one in told_by(raw.files, kind, tables)]
    facts = place_facts(
        told, places, before=listed.index, merges=raw.merges, positions=raw.positions
    )
    tables = {"places": places, "placements": placements, "facts": facts}
    return Intake(tables, tuple(reader.reports))


def _addresses(reader: _Reader, communes: gpd.GeoDataFrame, epsg: int) -> AddressIndex:
    """Return the index of every received file of addresses; `communes` in EPSG:`epsg`."""
    found = reader.tables("addresses", lambda p, _: read_addresses(p, epsg=epsg))
    return address_index(found, communes)


def _place_readers(
    communes: gpd.GeoDataFrame, epsg: int, today: date | None
) -> dict[str, Callable[[Path, str | None], tuple[pd.DataFrame, ReadReport]]]:
    """Return the reader of each kind of PLACE_KINDS; published lists are kept inside `communes`."""
    named = _city_codes(communes)
    where: Any = {
        "epsg": epsg,
        "communes": frozenset(communes.index),
        "inside": communes.geometry.union_all(),
    }
    near: Any = {"epsg": epsg, "inside": where["inside"]}
    return {
        "partners": lambda p, s: read_partners(
            p, sheet=s, epsg=epsg, city_codes=named, today=today
        ),
        "places": lambda p, s: read_places(p, sheet=s, epsg=epsg, city_codes=named, today=today),
        "france_services": lambda p, _: read_france_services(p, **where),
        "inclusion_structures": lambda p, _: read_inclusion_structures(p, **where),
        "mednum": lambda p, _: read_mednum(p, **where),
        "libraries": lambda p, _: read_libraries(p, **near),
        "pmi": lambda p, _: read_pmi(p, **near),
        "digital_advisers": lambda p, _: read_digital_advisers(p, **where),
    }


def read_logs(
    raw: Raw,
    communes: gpd.GeoDataFrame,
    zones: gpd.GeoDataFrame,
    places: gpd.GeoDataFrame,
    settings: Settings,
) -> Intake:
    """
    Read activities (linked to places), contact counts, the team, its slots, rules and sectors.

    `communes`, `zones` and `places` keep their contracts in the metric CRS of the settings, that of
    the activities too. Raises UnreadableFile, UnknownKind or RefusedFile as the readers,
    BrokenTable.
    """
    reader, epsg = _Reader(raw), settings.ground.epsg
    named, today = _city_codes(communes), settings.ground.reference_date
    activities = reader.together(
        reader.tables(
            "activities",
            lambda p, s: read_activities(
                p,
                sheet=s,
                epsg=epsg,
                city_codes=named,
                today=today,
                zones=zones,
                addresses=lambda: _addresses(_Reader(raw), communes, epsg),
            ),
        ),
        ACTIVITIES,
        epsg=epsg,
    )
    named_places = followed(activities["place_id"], raw.merges)
    linked, issues = link_activities(activities.assign(place_id=named_places), places)
    reader.reports.append(ReadReport(LINKED, "activities", 0, 0, tuple(issues)))
    contacts = reader.together(
        reader.tables("contacts", lambda p, s: read_contacts(p, sheet=s)), CONTACTS, epsg=epsg
    )
    cohorts = frozenset(cohort.code for cohort in settings.report.cohorts)
    contacts, strange = of_cohorts(tied(contacts, linked), cohorts, "contacts")
    counted, gaps = reconcile(linked, contacts)
    reader.reports.append(ReadReport("activités et contacts", "contacts", 0, 0, (*strange, *gaps)))
    tables = {
        "activities": counted,
        "contacts": standing_alone(contacts, counted),
        **_team_tables(reader, named, epsg, today),
    }
    return Intake(following(tables, raw.merges), tuple(reader.reports))


def _team_tables(
    reader: _Reader, named: Mapping[str, str], epsg: int, today: date | None
) -> dict[str, pd.DataFrame]:
    """Return the team, its slots, its rules and its sectors; `named` is commune name -> code."""

    def read(kind: str, contract: TableContract, one: Callable[..., Any]) -> pd.DataFrame:
        return reader.together(reader.tables(kind, one), contract, epsg=epsg)

    team = read("team", TEAM, lambda p, s: read_team(p, sheet=s, city_codes=named))
    slots = reader.tables("availability", lambda p, s: read_availability(p, sheet=s))
    dated = reader.tables("agenda", lambda p, _: _agenda(p, team, today))
    held, limited = read_constraints, read_sectors
    return {
        "team": team,
        "availability": reader.together([*slots, *dated], AVAILABILITY, epsg=epsg),
        "constraints": read(
            "constraints", CONSTRAINTS, lambda p, s: held(p, sheet=s, city_codes=named)
        ),
        "sectors": read("sectors", SECTORS, lambda p, s: limited(p, sheet=s, city_codes=named)),
    }


def _agenda(path: Path, team: pd.DataFrame, today: date | None) -> tuple[pd.DataFrame, ReadReport]:
    from territory.io.agenda import read_agenda  # noqa: PLC0415 - slow to load, rarely met

    return read_agenda(path, team=team, today=today)


def read_counts(raw: Raw, settings: Settings) -> Intake:
    """
    Read every file of counts of walkers as the table walker_counts, in the CRS of the settings.

    Raises UnreadableFile, UnknownKind or RefusedFile as the reader, BrokenTable.
    """
    reader, epsg, today = _Reader(raw), settings.ground.epsg, settings.ground.reference_date
    found = reader.tables(
        "walker_counts", lambda p, s: read_walker_counts(p, sheet=s, epsg=epsg, today=today)
    )
    counts = reader.together(found, WALKER_COUNTS, epsg=epsg)
    return Intake({"walker_counts": counts}, tuple(reader.reports))


def read_street_files(
    raw: Raw, communes: gpd.GeoDataFrame, settings: Settings
) -> tuple[Streets, tuple[ReadReport, ...]]:
    """
    Read the streets within 2 km of the communes; the file with most segments if several.

    `communes` are in the metric CRS of the settings, and so are the streets. Raises MissingSource
    (French) when no streets were given, UnreadableFile when one of the files is damaged.
    """
    inside, epsg = communes.geometry.union_all(), settings.ground.epsg
    read = [read_streets(p, epsg=epsg, inside=inside) for p, _ in raw.of("streets")]
    if not read:
        raise MissingSource(_missing("streets"))
    streets, _ = max(read, key=lambda pair: len(pair[0].segments))
    return streets, tuple(report for _, report in read)


def _city_codes(communes: gpd.GeoDataFrame) -> dict[str, str]:
    """Return name -> code; some published outlines drop the article: « Lilas », « Rochelle »."""
    named = {str(name): str(code) for code, name in communes["name"].items()}
    with_article = {f"{the} {name}": code for name, code in named.items() for the in _ARTICLES}
    return with_article | named


def _missing(kind: str) -> str:
    return (
        f"Il manque un fichier : {LABELS[kind]}. Ajoutez-le avec « territory add DOSSIER FICHIER »."
    )

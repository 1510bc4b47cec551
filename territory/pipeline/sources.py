"""
The received files as products 10 to 35, each function one numbered product.

What only reads loads this page alone: nothing here walks, searches or plans.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.io.debriefs import DEBRIEFS, read_debriefs, with_debriefs
from territory.io.intake import (
    COUNT_KINDS,
    LOG_KINDS,
    SITE_KINDS,
    ZONE_KINDS,
    read_counts,
    read_ground,
    read_logs,
    read_people_places,
)
from territory.io.place_facts import editions
from territory.io.products import Computed, Product, step
from territory.model.issues import ReadReport
from territory.model.jsonable import to_json
from territory.model.tables import (
    ACTIVITIES,
    AVAILABILITY,
    CELLS,
    CONTACTS,
    IRIS,
    PLACES,
    TEAM,
)
from territory.pipeline.workspace import Built, Territory

if TYPE_CHECKING:
    from collections.abc import Callable


def read_sources(territory: Territory) -> Built:
    """
    Read and check every received file but the streets: products 10 to 35.

    Raises MissingSource when communes or cells are not there, and what the readers raise:
    UnreadableFile, UnknownKind, RefusedFile, DataProblem, BrokenTable.
    """
    ground = ground_step(territory)
    places = places_step(territory, ground)
    activity = activity_step(territory, ground, places)
    return gathered(territory, ground, places, activity, counts_step(territory, ground))


def ground_step(territory: Territory) -> Product:
    """10: communes, zones, IRIS with census, population cells; raises as `read_ground`."""

    def compute() -> Computed:
        intake = read_ground(territory.raw, territory.settings)
        return dict(intake.tables), {"reports": [to_json(r) for r in intake.reports]}

    ground = territory.settings.ground
    columns = {table.name: table.names() for table in (IRIS, CELLS)}
    settings = {"communes": sorted(ground.communes), "epsg": ground.epsg, "columns": columns}
    return _step(territory, "10_zones", compute, settings, kinds=ZONE_KINDS)


def places_step(territory: Territory, ground: Product) -> Product:
    """20: partners, recurring places and the official lists; raises as `read_people_places`."""

    def compute() -> Computed:
        communes, today = ground.tables["communes"], territory.today
        intake = read_people_places(territory.raw, communes, territory.settings, today=today)
        return dict(intake.tables), {"reports": [to_json(r) for r in intake.reports]}

    settings = {"columns": PLACES.names(), "merges": dict(territory.raw.merges)}
    settings |= {"positions": to_json(dict(territory.raw.positions))}
    settings |= {"today": territory.today.isoformat(), "editions": editions(territory.raw.files)}
    return _step(territory, "20_places", compute, settings, ground, kinds=SITE_KINDS)


def activity_step(territory: Territory, ground: Product, places: Product) -> Product:
    """30: activities, contact counts, team, availability; raises as `read_logs`."""

    def compute() -> Computed:
        intake = read_logs(
            territory.raw,
            ground.tables["communes"],
            ground.tables["zones"],
            places.tables["places"],
            territory.settings,
        )
        found = dict(intake.tables)
        found["activities"], doubts = with_debriefs(
            found["activities"], places.tables["places"], typed
        )
        told = ReadReport(DEBRIEFS, "activities", 0, 0, (*torn, *doubts))
        return found, {"reports": [to_json(r) for r in (*intake.reports, told)]}

    typed, torn = read_debriefs(territory.folder)
    tables = (ACTIVITIES, CONTACTS, TEAM, AVAILABILITY)
    columns = {table.name: table.names() for table in tables}
    settings = {"today": territory.today.isoformat(), "columns": columns}
    settings["cohorts"] = [cohort.code for cohort in territory.settings.report.cohorts]
    settings |= {"debriefs": to_json(typed)} if typed or torn else {}
    return _step(territory, "30_activity", compute, settings, ground, places, kinds=LOG_KINDS)


def counts_step(territory: Territory, ground: Product) -> Product:
    """35: counts of walkers given by the team, apart from all that they do not change."""

    def compute() -> Computed:
        intake = read_counts(territory.raw, territory.settings)
        return dict(intake.tables), {"reports": [to_json(r) for r in intake.reports]}

    today = territory.settings.ground.reference_date
    settings = {"today": today.isoformat() if today else None}
    hashes = {ground.name: ground.digest} | territory.raw.hashes(COUNT_KINDS)
    return step(territory.processed, "35_counts", compute, settings=settings, inputs=hashes)


def gathered(territory: Territory, *products: Product) -> Built:
    """Return the products of a territory by name, in this order."""
    return Built(territory, {p.name: p for p in products})


def _step(
    territory: Territory,
    name: str,
    compute: Callable[[], Computed],
    settings: object,
    *inputs: Product,
    kinds: tuple[str, ...] = (),
) -> Product:
    hashes = {**{p.name: p.digest for p in inputs}, **territory.raw.hashes(kinds)}
    return step(territory.processed, name, compute, settings=settings, inputs=hashes)

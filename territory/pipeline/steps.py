"""
Raw files to the week, on one page: each function is one numbered product of data/processed.

No decision is taken here: readers read, analyses analyse, the planner plans; this page only says in
which order, and what each step rests on. An unchanged step is read back instead of computed. Every
step raises UnreadableFile when its product, once written, does not read back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.io.debriefs import DEBRIEFS, read_debriefs, with_debriefs
from territory.io.intake import (
    LOG_KINDS,
    SITE_KINDS,
    ZONE_KINDS,
    read_ground,
    read_logs,
    read_people_places,
)
from territory.io.place_facts import editions
from territory.io.products import Computed, Product, step
from territory.model.issues import ReadReport
from territory.model.jsonable import to_json
from territory.model.progress import SILENT, Stages
from territory.model.tables import (
    ACTIVITIES,
    AVAILABILITY,
    CELLS,
    CONTACTS,
    IRIS,
    PLACES,
    TEAM,
)
from territory.pipeline.access import access_step
from territory.pipeline.effort import effort_step
from territory.pipeline.gaps import gaps_step
from territory.pipeline.last_build import note_build
from territory.pipeline.need import need_step
from territory.pipeline.passage import counts_step, passage_step
from territory.pipeline.reach import reach_step
from territory.pipeline.rounds import with_rounds
from territory.pipeline.sector_units import Sources
from territory.pipeline.sectors import sectors_step
from territory.pipeline.sites import sites_step
from territory.pipeline.transit import transit_step
from territory.pipeline.walking import walk_step
from territory.pipeline.workspace import Built, Territory

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.model.progress import ProgressReporter

# Processor time of each step in the fictional town, tenths of a second: a step that is read back
# instead is only quicker.
_USUAL = {
    "10 zones et population": 9,
    "20 lieux": 7,
    "30 activités": 11,
    "40 réseau piéton": 14,
    "42 transports en commun": 1,
    "45 passage à pied": 23,
    "50 besoin": 5,
    "55 accès": 20,
    "57 passages et contacts": 13,
    "60 zones peu couvertes": 62,
    "70 secteurs": 24,
    "75 permanences proposées": 7,
    "80 tours de rue": 74,
}


def read_sources(territory: Territory) -> Built:
    """
    Read and check every received file but the streets: products 10 to 35.

    Raises MissingSource when communes or cells are not there, and what the readers raise:
    UnreadableFile, UnknownKind, RefusedFile, DataProblem, BrokenTable.
    """
    ground = ground_step(territory)
    places = places_step(territory, ground)
    activity = activity_step(territory, ground, places)
    return _built(territory, ground, places, activity, counts_step(territory, ground))


def build(territory: Territory, *, progress: ProgressReporter = SILENT) -> Built:
    """
    Compute, or read back when nothing changed, every product from zones to tours of streets.

    `progress` is told each step, with its usual part of the time. Raises what `read_sources`
    raises, MissingSource without streets too, WrongUsage when there is nobody to share sectors
    among, Stopped when `progress` says so.
    """
    begin = Stages(progress, _USUAL).begin
    begin("10 zones et population")
    ground = ground_step(territory)
    begin("20 lieux")
    places = places_step(territory, ground)
    begin("30 activités")
    activity = activity_step(territory, ground, places)
    counts = counts_step(territory, ground)
    begin("40 réseau piéton")
    walk = walk_step(territory, ground, places, activity)
    begin("42 transports en commun")
    transit = transit_step(territory, ground, walk)
    begin("45 passage à pied")
    passage = passage_step(territory, ground, places, counts, walk)
    begin("50 besoin")
    need = need_step(territory, ground, places)
    begin("55 accès")
    access = access_step(territory, ground, places, activity, walk, need)
    begin("57 passages et contacts")
    effort = effort_step(territory, ground, activity, walk, need)
    told = begin("60 zones peu couvertes")
    gaps = gaps_step(territory, ground, activity, walk, need, access, effort, told)
    begin("70 secteurs")
    sources = Sources(ground, places, activity, walk, need, access)
    sectors = sectors_step(territory, sources, gaps)
    begin("75 permanences proposées")
    sites = sites_step(territory, sources)
    begin("80 tours de rue")
    after = (
        transit, passage, need, access, effort,
        reach_step(territory, ground, places, activity, walk), gaps, sectors, sites,
    )  # fmt: skip
    return note_build(
        with_rounds(_built(territory, ground, places, activity, counts, walk, *filter(None, after)))
    )


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


def _built(territory: Territory, *products: Product) -> Built:
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

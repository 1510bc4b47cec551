"""
Raw files to the week, on one page: each function is one numbered product of data/processed.

No decision is taken here: readers read, analyses analyse, the planner plans; this page only says in
which order, and what each step rests on. An unchanged step is read back instead of computed. Every
step raises UnreadableFile when its product, once written, does not read back.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from territory.model.progress import SILENT, Stages
from territory.pipeline.access import access_step
from territory.pipeline.effort import effort_step
from territory.pipeline.gaps import gaps_step
from territory.pipeline.last_build import note_build
from territory.pipeline.near import near_step
from territory.pipeline.need import need_step
from territory.pipeline.passage import passage_step
from territory.pipeline.reach import reach_step
from territory.pipeline.rounds import with_rounds
from territory.pipeline.sector_units import Sources
from territory.pipeline.sectors import sectors_step
from territory.pipeline.sites import sites_step
from territory.pipeline.sources import (
    activity_step,
    counts_step,
    gathered,
    ground_step,
    places_step,
)
from territory.pipeline.transit import transit_step
from territory.pipeline.walking import walk_step

if TYPE_CHECKING:
    from collections.abc import Callable

    from territory.model.progress import Part, ProgressReporter
    from territory.network.near import Each
    from territory.pipeline.workspace import Built, Territory

# Processor time of each step in the fictional town, tenths of a second: a step that is read back
# instead is only quicker.
_USUAL = {
    "10 zones et population": 9,
    "20 lieux": 7,
    "30 activités": 11,
    "40 réseau piéton": 14,
    "42 transports en commun": 1,
    "50 besoin": 5,
    "55 accès": 20,
    "57 passages et contacts": 13,
    "60 zones peu couvertes": 62,
    "75 permanences proposées": 7,
}
_USUAL_OF_WEEK = {"45 passage à pied": 23, "70 secteurs": 24, "80 tours de rue": 74}


def build(territory: Territory, *, progress: ProgressReporter = SILENT, each: Each = map) -> Built:
    """
    Compute, or read back when nothing changed, every product from zones to tours of streets.

    `progress` is told each step, with its usual part of the time; `each` runs the tiles of a large
    network, as `map` does. Raises what `read_sources` raises, MissingSource without streets too,
    WrongUsage when there is nobody to share sectors among, Stopped when `progress` says so.
    """
    begin = Stages(progress, {**_USUAL, **_USUAL_OF_WEEK}).begin
    return note_build(_for_weeks(_for_sites(territory, begin, each), begin))


def build_sites(
    territory: Territory, *, progress: ProgressReporter = SILENT, each: Each = map
) -> Built:
    """
    Compute the same products less those that only the weeks of a team rest on: 45, 70 and 80.

    What compares or chooses among many territories needs no more. Raises as `build`, but that
    sectors need nobody.
    """
    return _for_sites(territory, Stages(progress, _USUAL).begin, each)


def _for_sites(territory: Territory, begin: Callable[[str], Part], each: Each) -> Built:
    """Return the products that zones and permanences rest on, and theirs."""
    begin("10 zones et population")
    ground = ground_step(territory)
    begin("20 lieux")
    places = places_step(territory, ground)
    begin("30 activités")
    activity, counts = activity_step(territory, ground, places), counts_step(territory, ground)
    begin("40 réseau piéton")
    walk = walk_step(territory, ground, places, activity)
    near = near_step(territory, walk, each=each)
    begin("42 transports en commun")
    transit = transit_step(territory, ground, walk)
    begin("50 besoin")
    need = need_step(territory, ground, places)
    begin("55 accès")
    access = access_step(territory, ground, places, activity, walk, need)
    begin("57 passages et contacts")
    effort = effort_step(territory, ground, activity, near, need)
    told = begin("60 zones peu couvertes")
    gaps = gaps_step(territory, ground, activity, walk, near, need, access, effort, told)
    begin("75 permanences proposées")
    sites = sites_step(territory, Sources(ground, places, activity, walk, need, access))
    reach = reach_step(territory, ground, places, activity, walk)
    products = (
        ground, places, activity, counts, walk, transit, near, need, access, effort, reach, gaps,
        sites,
    )  # fmt: skip
    return gathered(territory, *filter(None, products))


def _for_weeks(built: Built, begin: Callable[[str], Part]) -> Built:
    """Return the same products and those of the weeks: passage, sectors, tours; in their order."""
    territory, held = built.territory, built.products
    ground, places, walk = held["10_zones"], held["20_places"], held["40_walk"]
    begin("45 passage à pied")
    passage = passage_step(territory, ground, places, held["35_counts"], walk)
    begin("70 secteurs")
    sources = Sources(ground, places, held["30_activity"], walk, held["50_need"], held["55_access"])
    sectors = sectors_step(territory, sources, held["60_gaps"])
    every = {**held, passage.name: passage, sectors.name: sectors}
    begin("80 tours de rue")
    return with_rounds(replace(built, products=dict(sorted(every.items()))))

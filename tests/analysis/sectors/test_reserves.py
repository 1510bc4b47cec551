"""Communes and zones that stay with somebody: what they hold, what contradicts, what cannot be."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from territory.errors import WrongUsage
from territory.io.settings_file import settings_text, state_of, write_values
from territory.pipeline.sector_reserves import Area, areas_of, keepers, kept_lines
from territory.pipeline.sector_views import change_of_posts, sector_ground
from territory.pipeline.sectors import sectors_step
from territory.web.reserves import KEY
from territory.web.shelf import Shelf

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.results import SectorPlan
    from territory.pipeline.workspace import Built

UNITS = [("a",), ("b",), ("c",), ("d",)]
AREAS = {
    "1": Area("1", "Bourg", frozenset("ab")), "2": Area("2", "Écluse", frozenset("cd")),
    "Z-b": Area("Z-b", "Bourg – Gare", frozenset("b")),
    "Z-c": Area("Z-c", "Écluse – Port", frozenset("c")),
    "Z-d": Area("Z-d", "Écluse – Quai", frozenset("d")),
}  # fmt: skip
TEAM = ["M1", "M2"]


# --- what is kept ------------------------------------------------------------------------------


def test_a_commune_keeps_all_its_cells_and_a_zone_its_own() -> None:
    assert keepers({"1": "M1", "Z-c": "M2"}, AREAS, UNITS, TEAM) == {0: "M1", 1: "M1", 2: "M2"}


def test_a_zone_in_a_commune_of_the_same_person_adds_nothing() -> None:
    assert keepers({"Z-b": "M1", "1": "M1"}, AREAS, UNITS, TEAM) == {0: "M1", 1: "M1"}


def test_a_commune_not_cut_goes_with_its_zone() -> None:
    assert keepers({"Z-c": "M2"}, AREAS, [("a", "b"), ("c", "d")], TEAM) == {1: "M2"}


@pytest.mark.parametrize(
    ("kept", "units", "said"),
    [
        ({"1": "M1", "Z-b": "M2"}, UNITS, "« Bourg » reste à M1 et « Bourg – Gare » à M2"),
        ({"Z-c": "M1", "Z-d": "M2"}, [("a", "b"), ("c", "d")], "leur commune ne se coupe pas"),
        ({"Z-x": "M1"}, UNITS, "« Z-x » est réservé à M1, mais n'est ni une commune ni une zone"),
        ({"75056": "M1"}, UNITS, "« 75056 » est réservé à M1, mais n'est ni une commune"),
        ({"Z-b": "M9"}, UNITS, "« Bourg – Gare » est réservé à M9, qui n'a pas de secteur"),
    ],
)
def test_what_cannot_be_is_said_by_name(
    kept: dict[str, str], units: list[tuple[str, ...]], said: str
) -> None:
    with pytest.raises(WrongUsage, match=said):
        keepers(kept, AREAS, units, TEAM)


def test_a_zone_that_is_no_more_stands_for_what_holds_its_cell(built: Built) -> None:
    """Zones are looked for again: the zone around, else the cell alone; an unknown cell is none."""
    cells = built.table("cells")["commune_code"].astype(str).to_dict()
    zone = next(gap for gap in built.gaps if len(gap.cells) > 1)
    other = next(cell for cell in zone.cells if f"Z-{cell}" != zone.zone_id)
    free = next(c for c in cells if all(c not in gap.cells for gap in built.gaps))
    found = areas_of([f"Z-{other}", f"Z-{free}", "Z-nulle"], built.gaps, cells, {})
    assert found[f"Z-{other}"].cells == frozenset(zone.cells)
    assert found[f"Z-{other}"].name == zone.name
    assert found[f"Z-{free}"].cells == frozenset({free})
    assert "Z-nulle" not in found


def test_what_is_kept_is_told_by_name() -> None:
    assert kept_lines({"Z-c": "M2", "1": "M1"}, AREAS) == (
        "Bourg reste à M1", "Écluse – Port reste à M2",
    )  # fmt: skip


# --- the sectors that come of it ---------------------------------------------------------------


@pytest.fixture
def town(untouched_demo: Path, tmp_path: Path) -> Path:
    """A copy, given half a second a search."""
    folder = shutil.copytree(untouched_demo, tmp_path / "ville")
    with (folder / "territory.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[secteurs]\nsecondes = 0.5\n")
    return folder


@pytest.fixture(scope="module", name="built")
def held(untouched_demo: Path) -> Built:
    return read_built(untouched_demo)


def read_built(folder: Path) -> Built:
    built = Shelf(folder).now().built
    assert built is not None
    return built


def planned(town: Path, kept: dict[str, str]) -> SectorPlan:
    """Return the sectors of a town whose settings keep this."""
    write_values(town, {KEY: kept}, seen=state_of(settings_text(town)))
    built = read_built(town)
    sources = sector_ground(built).sources
    step = sectors_step(built.territory, sources, built.products["60_gaps"])
    return replace(built, products={**built.products, "70_sectors": step}).sectors


def test_a_zone_is_in_the_sector_of_who_keeps_it_whoever_had_it(town: Path, built: Built) -> None:
    """Given to each in turn: every cell of it is theirs, and the plan says so."""
    zone = built.gaps[0]
    for agent in sorted({a for s in built.sectors.sectors for a in s.agents}):
        plan = planned(town, {zone.zone_id: agent})
        mine = next(s for s in plan.sectors if agent in s.agents)
        assert set(zone.cells) <= set(mine.cells)
        assert plan.kept == (f"{zone.name} reste à {agent}",)
        assert sum(len(s.cells) for s in plan.sectors) == len(built.table("cells"))


def test_a_town_kept_whole_by_one_person_leaves_nothing_to_the_others(
    town: Path, built: Built
) -> None:
    communes = sorted(set(built.table("cells")["commune_code"].dropna().astype(str)))
    with pytest.raises(WrongUsage, match="ne laissent rien à partager"):
        planned(town, dict.fromkeys(communes, "M1"))


def test_what_is_reserved_is_honoured_when_somebody_is_away(town: Path, built: Built) -> None:
    """Who is there keeps it; what the absent kept is shared like the rest."""
    agents = sorted({a for s in built.sectors.sectors for a in s.agents})
    zones = [gap.zone_id for gap in built.gaps[:2]]
    kept = {zones[0]: agents[1], zones[1]: agents[0]}
    planned(town, kept)
    plan = change_of_posts(sector_ground(read_built(town)), absent=[agents[0]]).plan
    mine = next(s for s in plan.sectors if agents[1] in s.agents)
    assert set(built.gaps[0].cells) <= set(mine.cells)
    assert plan.kept == (f"{built.gaps[0].name} reste à {agents[1]}",)

"""The nine real towns by IRIS: the partition of the team (2, 4 and 3 towns) beside ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from scripts.est_ensemble import FILES, need_of, read_towns, walks
from territory.analysis.sectors import sector_indices
from territory.analysis.sectors.cell_links import walked_links
from territory.analysis.sectors.organisation_figures import Assumptions, compared, scene
from territory.analysis.sectors.organisations import by_communes, by_sectors, handover
from territory.analysis.sectors.sector_load import TeamWork, by_unit, known_load, unit_load
from territory.analysis.sectors.sector_plan import Units, public_walk
from territory.pipeline.sectors import shared
from territory.settings import Sectors
from tests.real_data import FOLDER, real_file

if TYPE_CHECKING:
    from territory.model.sector_results import SectorOutcome

POSTS = {
    "A": ("93006", "93048"),
    "B": ("93008", "93045", "93055", "93061"),
    "C": ("93010", "93053", "93063"),
}
YEAR_WEEKS = 46.0  # 47 outings, 219 permanences of a half-day, 487 people met: the team's year 2024
WORK = TeamWork(47 / YEAR_WEEKS, 2.5, 487 / YEAR_WEEKS, 1.0, staff=2.0)


@pytest.fixture(scope="module")
def units() -> Units:
    for name in FILES:
        real_file(name)
    towns = read_towns(FOLDER)
    iris = towns.iris.sort_index()
    middles = iris.geometry.centroid
    to_hosts = walks(middles, towns.permanences.geometry)
    each = pd.Series(219 / YEAR_WEEKS * 3.0 / len(towns.permanences), towns.permanences.index)
    held, lost = by_unit(each, pd.Series(iris.index[to_hosts.argmin(axis=0)], each.index))
    assert lost == 0.0
    load = unit_load(
        need_of(iris)["target"],
        pd.Series(np.minimum(to_hosts.min(axis=1), 40.0), iris.index),
        pd.Series(20.0, iris.index),
        held,
        WORK,
    )
    hours, assumed = known_load(load, iris["commune_code"])
    assert assumed == 0
    minutes = walks(middles, middles)
    return Units(
        load, hours.to_numpy(), iris["commune_code"].to_numpy(object),
        tuple((str(i),) for i in iris.index), minutes,
        np.column_stack([middles.x, middles.y]), walked_links(iris.geometry, minutes),
    )  # fmt: skip


def ours(units: Units, bounds: str) -> SectorOutcome:
    wished = Sectors(bounds=bounds, seconds=6.0)
    return shared(units, 3, wished, locked={}, seed=0)


def deviation(units: Units, sector: np.ndarray) -> float:
    x, y = units.xy.T
    return sector_indices(units.balanced_h, x, y, units.links, sector).load_deviation


def test_whole_towns_are_shared_more_evenly_than_by_the_team_and_as_near(units: Units) -> None:
    team = by_communes("équipe", list(units.communes), POSTS).covers.argmax(axis=0)
    found = ours(units, "fermes")
    owners = pd.Series(found.sector).groupby(units.communes).nunique()
    assert (owners == 1).all()
    assert (found.pieces, found.splits) == (0, 0)
    assert deviation(units, team) == pytest.approx(0.19, abs=0.03)
    assert found.load_deviation <= 0.05
    assert public_walk(units, found.sector) <= 1.05 * public_walk(units, team)


def test_cutting_a_town_or_two_brings_the_public_nearer(units: Units) -> None:
    soft, firm = ours(units, "souples"), ours(units, "fermes")
    assert soft.load_deviation <= 0.05
    assert 1 <= soft.splits <= 3
    assert public_walk(units, soft.sector) < 0.95 * public_walk(units, firm.sector)


def test_organisations_of_three_posts_meet_as_many_whatever_the_borders(units: Units) -> None:
    team = by_communes("équipe", list(units.communes), POSTS)
    mine = by_sectors("la nôtre", ours(units, "fermes").sector, 3)
    held = units.load["permanences_h"].fillna(0.0)
    ground = scene(units.people, np.full(len(held), 0.1), units.balanced_h, held, units.minutes)
    assumed = Assumptions(6.8, 2.5, 487 / YEAR_WEEKS, 487.0, draws=100)
    table = compared([team, mine], ground, assumed)
    assert table.loc["la nôtre", "contacts_ratio"] == pytest.approx(1.0, abs=0.05)
    assert table.loc["la nôtre", "load_deviation"] < table.loc["équipe", "load_deviation"]
    moved = units.people[handover(team, mine, units.people)].sum() / units.people.sum()
    assert 0.1 < moved < 0.6  # the price of evenness: whom the public would have to meet anew

"""The fictional town: the same bytes twice, small, and holding what it promises."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scripts.fictional_town import Town, build_town, settings_toml, write_town
from scripts.fictional_town.places import PLANTED, near

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "data" / "raw"


@cache
def town() -> Town:
    return build_town()


def test_the_files_of_the_project_are_the_ones_the_program_writes(tmp_path: Path) -> None:
    write_town(town(), tmp_path)
    for path in sorted(tmp_path.iterdir()):
        assert path.read_bytes() == (FILES / path.name).read_bytes(), path.name
    assert settings_toml(town()) == (ROOT / "territory.toml").read_text(encoding="utf-8")


def test_the_town_is_small_on_disk() -> None:
    assert sum(p.stat().st_size for p in FILES.iterdir()) < 3_000_000


def test_people_quarters_and_communes() -> None:
    people = town().people
    assert people.cells["ind"].sum() == pytest.approx(60_000, rel=0.02)
    assert len(people.qpv) == 5
    assert sum(len(communes) > 1 for _, _, communes in people.qpv.values()) == 1
    assert len(town().ground.communes) == 3
    assert 0.05 < people.cells["imputed"].mean() < 0.15


def test_partners_team_and_promises() -> None:
    places, logs = town().places, town().logs
    assert len(places.partners) + len(places.france_services) == 120
    assert (places.france_services["format_fs"] == "Bus_équivalent").sum() == 2
    assert "mercredi 8h-13h" in set(places.lively["moment"])
    assert len(logs.team) == 4
    permanences = logs.availability[logs.availability["type"] == "permanence"]
    assert {"mercredi", "jeudi"} <= set(permanences["jour"])
    assert 400 <= len(logs.activities) <= 900


def test_planted_zones_are_far_from_every_permanence() -> None:
    ground, places = town().ground, town().places
    hosts = places.partners.loc[list(places.hosts)]
    gaps = [near(s, ground, x, y) for s in PLANTED for x, y in hosts[["x", "y"]].to_numpy()]
    assert min(gaps) >= 675  # nine minutes in a straight line
    assert len(hosts) == 5


def test_few_streets_cross_the_canal_and_the_railway() -> None:
    ground = town().ground
    bridges = [s for s in ground.streets if s.tags.get("bridge") == "yes"]
    assert 3 <= len(bridges) <= 12


def test_the_truth_is_told_apart_from_the_data() -> None:
    truth = json.loads((FILES / "verite_plantee.json").read_text(encoding="utf-8"))
    assert len(truth["zones"]) == 3
    assert all(zone["cells"] for zone in truth["zones"])


def test_a_region_of_nine_towns_can_be_drawn() -> None:
    region = build_town(residents=450_000, seed=1)
    assert len(region.ground.communes) == 9
    assert region.people.cells["ind"].sum() == pytest.approx(450_000, rel=0.02)


def test_another_seed_gives_another_town() -> None:
    other = build_town(seed=7)
    assert not np.array_equal(other.ground.nodes, town().ground.nodes)
    assert not pd.DataFrame.equals(other.logs.activities, town().logs.activities)

"""« territory zones »: all the public, one cohort, one half-day."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from territory.cli import run

if TYPE_CHECKING:
    from pathlib import Path


def listed(capsys: pytest.CaptureFixture[str], folder: Path, *options: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run(["zones", str(folder), "--json", *options]) == 0
    return json.loads(capsys.readouterr().out)


def test_every_zone_says_how_sure_it_is(demo_town: Path, capsys) -> None:
    value = listed(capsys, demo_town)
    zones = value["zones"]
    assert len(zones) >= 4
    assert 0.1 < value["part_cherchee"] < 0.9
    for zone in zones:
        doubt = zone["doubt"]
        assert sum(r["weight"] for r in zone["reasons"]) == pytest.approx(zone["score"])
        assert 0 < doubt["p_value"] <= 1
        assert doubt["ratio_low"] < doubt["ratio"] < doubt["ratio_high"]
        assert 0 <= doubt["stability"] <= 1
        assert doubt["variants"] >= 15
        assert len(doubt["opinions"]) == 2
        assert doubt["change"].endswith(".")
        assert zone["streets"]
    first = zones[0]["doubt"]
    assert first["percentile_low"] <= first["percentile"] <= first["percentile_high"]


def test_a_cohort_has_its_own_need_and_its_own_contacts(demo_town: Path, capsys) -> None:
    whole, women = listed(capsys, demo_town), listed(capsys, demo_town, "--public", "Femmes")
    assert women["public"] == "Femmes"
    assert women["zones"]
    target = {name: sum(z["target"] for z in value["zones"]) / len(value["zones"])
              for name, value in (("whole", whole), ("women", women))}  # fmt: skip
    assert target["women"] < target["whole"]
    assert sum(z["expected"] for z in women["zones"]) < sum(z["expected"] for z in whole["zones"])


def test_a_half_day_without_permanence_puts_everybody_out_of_reach(demo_town: Path, capsys) -> None:
    value = listed(capsys, demo_town, "--creneau", "Dimanche apres-midi")
    assert value["zones"]
    assert {zone["minutes"] for zone in value["zones"]} == {None}
    said = [zone["reasons"][1]["sentence"] for zone in value["zones"]]
    assert all(s.startswith("Aucune permanence n'est à portée de marche") for s in said)


def test_unknown_publics_and_half_days_are_told_what_there_is(demo_town: Path, capsys) -> None:
    assert run(["zones", str(demo_town), "--public", "retraités"]) == 2
    assert "(jeunes, femmes, seniors)" in capsys.readouterr().err
    assert run(["zones", str(demo_town), "--creneau", "mercredi soir"]) == 2
    assert "écrivez par exemple « mercredi après-midi »" in capsys.readouterr().err

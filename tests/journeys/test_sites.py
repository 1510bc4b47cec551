"""Where to open, and on which half-day, as a coordinator asks it on the fictional town."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from territory.cli import run
from territory.io.products import read_product

if TYPE_CHECKING:
    from pathlib import Path


def asked(capsys: pytest.CaptureFixture[str], town: Path, *options: str, code: int = 0) -> Any:  # noqa: ANN401 - JSON
    """Return the plan as JSON."""
    capsys.readouterr()
    assert run(["sites", str(town), *options, "--json"]) == code
    return json.loads(capsys.readouterr().out)


@pytest.fixture(scope="module")
def town(demo_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy: other options make other products, not in the town of all."""
    folder = tmp_path_factory.mktemp("permanences") / "ville"
    shutil.copytree(demo_town, folder)
    return folder


def test_the_market_s_wednesday_morning_is_proposed(town: Path, capsys) -> None:
    plan = asked(capsys, town, "--add", "2")
    market = [s for s in plan["sites"] if s["near"] == "Marché du mercredi"]
    assert [(s["slot"], s["start_min"], s["end_min"]) for s in market] == [
        ("mercredi matin", 540, 720)
    ]
    assert plan["measure"] == "personnes par semaine"
    assert plan["bound"] >= plan["people_week"] - 1e-6
    gained = sum(s["gained_week"] for s in plan["sites"])
    assert plan["people_week"] == pytest.approx(plan["people_before"] + gained)


def test_what_is_sure_and_what_is_not_is_said(town: Path, capsys) -> None:
    plan = asked(capsys, town, "--add", "2")
    assert all(s["people_low"] < s["people_week"] < s["people_high"] for s in plan["sites"])
    assert plan["visits_low"] < plan["visits"] < plan["visits_high"]
    notes = " ".join(plan["notes"])
    assert "Fréquentation mesurée" in notes
    assert "hypothèse, non mesurée" in notes  # the market, the walk
    assert {s["opening"] for s in plan["sites"]} == {"horaires connus"}


def test_the_account_names_the_half_day(town: Path, capsys) -> None:
    capsys.readouterr()
    assert run(["sites", str(town), "--add", "2"]) == 0
    text = capsys.readouterr().out
    assert ", mercredi matin. Le mercredi matin, de 9\u202fh à 12\u202fh" in text
    assert "Autrement reçues par" in text
    assert "Aucun autre choix ne reçoit plus de monde." in text


def test_requests_are_obeyed_and_have_a_price(town: Path, capsys) -> None:
    free = asked(capsys, town, "--add", "1")
    forced = asked(capsys, town, "--add", "1", "--require", "P0001:mercredi après-midi")
    assert [(s["place_id"], s["slot"]) for s in forced["sites"]] == [
        ("P0001", "mercredi apres-midi")
    ]
    assert forced["people_week"] <= free["people_week"]
    without = asked(capsys, town, "--add", "1", "--forbid", free["sites"][0]["name"])
    assert without["sites"][0]["place_id"] != free["sites"][0]["place_id"]
    options = ("--forbid", "P0025", "--movable", "P0032", "--keep", "P0032")
    closed = asked(capsys, town, "--add", "1", *options)
    assert closed["closed"] == ["Centre social des Tilleuls, mardi matin"]


def test_a_request_that_means_nothing_is_refused_in_french(town: Path, capsys) -> None:
    assert run(["sites", str(town), "--require", "P0001:dimanche matin"]) == 2
    assert "aucune permanence n'y est possible le dimanche matin" in capsys.readouterr().err
    assert run(["sites", str(town), "--keep", "Atlantide"]) == 2
    assert "« Atlantide » : lieu inconnu" in capsys.readouterr().err


def test_a_guarantee_that_cannot_be_tells_the_smallest_that_can(town: Path, capsys) -> None:
    plan = asked(capsys, town, "--add", "1", "--guarantee", "1", code=3)
    assert plan["ending"] == "impossible"
    least = int(plan["notes"][0].split("possible est ")[1].rstrip("."))
    assert plan["sites"]
    assert asked(capsys, town, "--add", "1", "--guarantee", str(least))["ending"] == "optimal"


def test_the_product_holds_the_options_and_who_comes_from_where(town: Path, capsys) -> None:
    asked(capsys, town, "--add", "2")
    product = read_product(town / "data" / "processed", "75_sites")
    assert product is not None
    options, coming = product.tables["site_options"], product.tables["attendance"]
    assert options["present"].sum() == 6
    assert not options.loc[~options["present"], "slot"].str.startswith("samedi").any()
    assert set(coming["commune_code"]) == {"00101", "00102", "00103"}
    assert coming["after"].sum() > coming["before"].sum()

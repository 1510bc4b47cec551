"""« territory zones --sans-passage »: with or without a number, in French and as one object."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from territory.cli import run
from territory.outputs.effort_account import effort_account, homes_account
from territory.pipeline.steps import build
from territory.pipeline.workspace import Built, open_territory

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def town(demo_town: Path) -> Built:
    """The products of the demonstration, read back."""
    return build(open_territory(demo_town))


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert run(list(arguments)) == 0
    return capsys.readouterr().out


def test_the_list_in_french_with_and_without_a_number(demo_town: Path, capsys) -> None:
    usual = said(capsys, "zones", str(demo_town), "--sans-passage")
    assert "Sans passage depuis 8 semaines ou plus" in usual
    assert said(capsys, "zones", "--sans-passage", str(demo_town)) == usual
    assert said(capsys, "zones", str(demo_town), "--sans-passage", "8") == usual
    short = said(capsys, "zones", str(demo_town), "--sans-passage", "3")
    assert "depuis 3 semaines" in short
    assert "habitants" in short
    assert "zones peu couvertes" in said(capsys, "zones", str(demo_town))


def test_the_list_as_one_object(demo_town: Path, town: Built, capsys) -> None:
    value = json.loads(said(capsys, "zones", str(demo_town), "--sans-passage", "3", "--json"))
    assert len(value["zones"]) == len(town.gaps)
    listed = value["sans_passage"]
    assert listed["semaines"] == 3
    weeks = [p["semaines"] if p["semaines"] is not None else 1e9 for p in listed["lieux"]]
    assert weeks == sorted(weeks, reverse=True)
    assert {p["type"] for p in listed["lieux"]} >= {"qpv", "commune", "iris"}
    for place in listed["lieux"]:
        late = place["semaines"] is None or place["semaines"] >= 3
        assert (place["etat"] != "récemment") == late
        assert place["habitants_sans_passage"] <= place["habitants"]
        newest = min(
            (k["semaines"] for k in place["par_activite"].values() if k["semaines"] is not None),
            default=None,
        )
        assert newest == place["semaines"]
    assert "sans_passage" not in json.loads(said(capsys, "zones", str(demo_town), "--json"))


def test_a_wrong_number_is_refused_in_french(demo_town: Path, capsys) -> None:
    assert run(["zones", str(demo_town), "--sans-passage", "-3"]) == 2
    assert "n'est pas possible" in capsys.readouterr().err


def test_the_effort_is_a_product_of_its_own(town: Built) -> None:
    product = town.products["57_effort"]
    assert town.table("effort") is product.tables["effort"]
    effort = town.table("effort")
    assert effort["met"].dtype == "int64"
    located = town.products["57_effort"].facts["totals"]["contacts_located"]
    assert effort["contacts"].sum() == pytest.approx(located)
    assert set(town.table("homes_met")["level"]) == {"classe", "commune", "commune et classe"}


def test_the_account_says_what_is_not_known(town: Built) -> None:
    facts, limits = town.products["57_effort"].facts, town.territory.settings.effort
    text = "\n".join(
        [
            *effort_account(facts["totals"], town.table("unvisited"), limits),
            *homes_account(town.table("homes_met"), facts["homes"]),
        ]
    )
    assert "sans comptage : le nombre de personnes y est inconnu, et non nul" in text
    assert "jamais déduit du lieu de rencontre" in text
    assert "selon où vivent les autres" in text

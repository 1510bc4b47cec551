"""What a team writes in « contraintes » and « secteurs » reaches its week."""

from __future__ import annotations

import json
import shutil
from datetime import date
from typing import TYPE_CHECKING

import pytest

from territory.cli import run
from tests.short_searches import hurried

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def town(demo_town: Path, tmp_path: Path) -> Path:
    """The fictional town with rules: alone, one round each, short, no Monday, and wishes."""
    folder, rules = tmp_path / "ville", tmp_path / "contraintes.csv"
    hurried(shutil.copytree(demo_town, folder))
    rules.write_text(
        "type;valeur;jour;code_agent;force\nbinome;non;;;\nmax_maraudes_semaine;1;;;obligatoire\n"
        "duree_max_maraude_h;1,5;;;\njour_exclu;;lundi;;obligatoire\npart_qpv_min;100;;;\n"
        "privilegier;QN00000X;;;\n",
        encoding="utf-8",
    )
    assert run(["add", str(folder), str(rules)]) == 0
    return folder


def test_rules_of_the_team_hold_in_the_week(town: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert run(["week", str(town), "--json"]) == 0
    plan = json.loads(capsys.readouterr().out)
    rounds = [s for s in plan["sessions"] if not s["fixed"]]
    assert rounds
    assert all(len(s["agents"]) == 1 for s in rounds)
    assert len({a for s in rounds for a in s["agents"]}) == len(rounds)
    assert all(s["end_min"] - s["start_min"] <= 90 for s in rounds)
    assert all(date.fromisoformat(s["on"]).weekday() != 0 for s in rounds)
    told = [w for w in plan["warnings"] if w.startswith("Règle")]
    assert ["non tenue" in w or "pas encore appliquée" in w for w in told] == [True] * len(told)
    assert any("« à privilégier » : lue, mais pas encore appliquée" in w for w in told)

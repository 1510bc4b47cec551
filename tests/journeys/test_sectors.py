"""territory sectors: who covers what, an absence, more posts, other organisations, the note."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from territory.cli import run
from territory.io.products import read_product
from territory.model.sector_tables import HOUR_PARTS, SECTOR_LOAD
from territory.model.tables import check_table

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def hurried(demo_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fictional town, given half a second a search."""
    folder = tmp_path_factory.mktemp("secteurs") / "ville"
    shutil.copytree(demo_town, folder)
    settings = folder / "territory.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(f"{text}\n[secteurs]\nsecondes = 0.5\n", encoding="utf-8")
    return folder


def answer(capsys: pytest.CaptureFixture[str], folder: Path, *options: str) -> dict[str, Any]:
    capsys.readouterr()
    assert run(["sectors", str(folder), *options, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_every_cell_has_one_worker_and_hours_add_up(demo_town: Path, capsys) -> None:
    plan = answer(capsys, demo_town)
    cells = [c for s in plan["sectors"] for c in s["cells"]]
    product = read_product(demo_town / "data" / "processed", "70_sectors")
    assert product is not None
    load = product.tables["sector_load"]
    check_table(load, SECTOR_LOAD)
    assert sorted(cells) == sorted(load.index)
    assert sorted(a for s in plan["sectors"] for a in s["agents"]) == ["M1", "M2", "M3", "M4"]
    assert [s["pieces"] for s in plan["sectors"]] == [1, 1, 1, 1]
    assert plan["load_deviation"] <= 0.08  # six permanences of three hours are no small change
    for sector in plan["sectors"]:
        assert set(sector["hours"]) == set(HOUR_PARTS)
        assert sum(sector["hours"].values()) == pytest.approx(sector["load"], rel=0.02)
    held = sum(s["hours"]["permanences_h"] for s in plan["sectors"])
    staffing = read_product(demo_town / "data" / "processed", "55_access").tables["staffing"]
    assert held + product.facts["unplaced_h"] == pytest.approx(staffing["staff_hours"].sum())


def test_the_answer_reads_as_french_and_leaves_a_note(demo_town: Path, capsys) -> None:
    assert run(["sectors", str(demo_town)]) == 0
    text = capsys.readouterr().out
    assert "4 secteurs (carreaux de 200 m, le long des rues)" in text
    assert "Passer aux secteurs proposés" in text
    assert "h permanences tenues" in text
    assert (demo_town / "outputs" / "secteurs.pdf").read_bytes().startswith(b"%PDF-")


def test_an_absence_hands_over_the_sector_of_the_absent_first(hurried: Path, capsys) -> None:
    change = answer(capsys, hurried, "--absent", "M2")
    assert sorted(a for s in change["sectors"] for a in s["agents"]) == ["M1", "M3", "M4"]
    told = change["changement"]
    plan = answer(capsys, hurried)
    lost = next(s for s in plan["sectors"] if s["agents"] == ["M2"])
    from_absent = sum(t["public"] for t in told["reprises"] if t["de"] == ["M2"])
    assert from_absent == pytest.approx(lost["people"])
    assert told["part_du_public"] < 0.75
    assert any(t["partenaires"] for t in told["reprises"])


def test_one_more_post_takes_from_the_others(hurried: Path, capsys) -> None:
    change = answer(capsys, hurried, "--posts", "5")
    assert len(change["sectors"]) == 5
    new = [t for t in change["changement"]["reprises"] if t["a"] == ["nouveau poste 1"]]
    assert sum(t["public"] for t in new) > 0


def test_organisations_are_compared_up_to_eight_posts(hurried: Path, capsys) -> None:
    rows = answer(capsys, hurried, "--compare")["organisations"]
    assert rows[0]["organisation"] == "Organisation actuelle"
    assert {int(r["posts"]) for r in rows} == {4, 5, 6, 7, 8}
    balanced = [r for r in rows if r["organisation"].startswith("Un secteur équilibré")]
    contacts = [r["contacts_ratio"] for r in balanced]
    assert contacts == sorted(contacts)
    assert all(
        r["contacts_year_low"] <= r["contacts_year"] <= r["contacts_year_high"] for r in rows
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--absent", "M9"], "« M9 » n'a pas de secteur"),
        (["--absent", "M1,M2,M3,M4"], "Il ne reste personne"),
        (["--posts", "2"], "dites qui part avec --absent"),
        (["--posts", "-1"], "entier positif"),
    ],
)
def test_impossible_questions_are_answered_in_french(
    demo_town: Path, capsys, options: list[str], message: str
) -> None:
    assert run(["sectors", str(demo_town), *options]) == 2
    assert message in capsys.readouterr().err

"""A file read apart: the reports are those that receiving it would give, and nothing is written."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from territory.pipeline.strict import read_without_writing
from territory.pipeline.trial import tried, tried_together
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = "date;type_activite;commune;nom_de_naissance\n12/10/2026;maraude;Valfictif;Untel\n"


@pytest.fixture
def town(demo_town: Path, tmp_path: Path) -> Path:
    return shutil.copytree(demo_town, tmp_path / "ville")


def test_every_table_gives_apart_the_reports_it_gives_when_received(town: Path) -> None:
    territory = open_territory(town)
    together = [r for r in read_without_writing(territory) if r.read]
    for file in territory.raw.files:
        if file.name.endswith(".pbf"):
            continue
        trial = tried(territory, territory.raw.folder / file.name)
        wanted = [r for r in together if r.file == file.name]
        key = {r.kind: (r.read, r.kept) for r in wanted}
        assert {r.kind: (r.read, r.kept) for r in trial.reports} == key, file.name
        assert (trial.replaces, trial.same, trial.refused, trial.waits) == (
            file.name, file.name, "", "",
        )  # fmt: skip


def test_nothing_is_written(town: Path) -> None:
    territory = open_territory(town)
    before = {p: p.stat().st_mtime_ns for p in town.rglob("*")}
    tried(territory, territory.raw.folder / "partenaires.csv")
    assert {p: p.stat().st_mtime_ns for p in town.rglob("*")} == before


def test_a_first_file_waits_for_the_outlines_and_the_outlines_for_nothing(
    town: Path, tmp_path: Path
) -> None:
    raw = town / "data" / "raw"
    apart = tmp_path / "a part"
    shutil.copytree(raw, apart)
    shutil.rmtree(town / "data")
    territory = open_territory(town)
    waiting = tried(territory, apart / "partenaires.csv")
    assert waiting.waits == "Il sera lu en entier quand les limites communales seront reçues."
    assert waiting.holds == ("structures partenaires",)
    assert waiting.read == 0
    outlines = tried(territory, apart / "communes.geojson")
    assert (outlines.waits, outlines.read) == ("", 3)
    paths = [apart / "communes.geojson", apart / "partenaires.csv"]
    assert [t.read for t in tried_together(territory, paths)] == [3, 100]  # sent at the same time


def test_what_is_about_people_or_unknown_is_told_apart(town: Path, tmp_path: Path) -> None:
    territory = open_territory(town)
    (tmp_path / "gens.csv").write_text(PEOPLE, encoding="utf-8")
    people = tried(territory, tmp_path / "gens.csv")
    assert people.personal
    assert "« nom_de_naissance »" in people.refused
    assert "Untel" not in repr(people)
    (tmp_path / "autre.csv").write_text("a;b\n1;2\n", encoding="utf-8")
    other = tried(territory, tmp_path / "autre.csv")
    assert not other.personal
    assert "n'est pas reconnu" in other.refused


def test_columns_understood_are_named_never_their_values(town: Path) -> None:
    territory = open_territory(town)
    (table,) = tried(territory, territory.raw.folder / "partenaires.csv").tables
    assert table.kind == "structures partenaires"
    assert "nom_structure" in table.headers


LOST = (
    "id_activite;date;type_activite;lieu;id_partenaire;commune\n"
    "B1;12/10/2026;permanence;;P9999;Valfictif\n"
    "B2;13/10/2026;maraude;Place de nulle part;;\n"
    "B3;14/10/2026;permanence;;P0001;\n"
)


def test_a_place_that_nobody_knows_is_told_before_the_file_is_kept(
    town: Path, tmp_path: Path
) -> None:
    (tmp_path / "sorties.csv").write_text(LOST, encoding="utf-8")
    found = tried(open_territory(town), tmp_path / "sorties.csv")
    said = {issue.code: issue.problem for issue in found.issues}
    assert said["E-REF"].startswith("activité B1 : le partenaire « P9999 » n'existe pas")
    assert said["E-OU"].startswith("activité B2 : impossible de savoir où")
    assert not any("B3" in issue.problem for issue in found.issues)
    assert found.turned_away == 0


def test_no_place_is_called_unknown_while_partners_just_received_are_not_computed(
    town: Path, tmp_path: Path
) -> None:
    partners = town / "data" / "raw" / "partenaires.csv"
    partners.write_bytes(partners.read_bytes() + b"\n")
    (tmp_path / "sorties.csv").write_text(LOST, encoding="utf-8")
    assert tried(open_territory(town), tmp_path / "sorties.csv").issues == ()

"""Sectors on paper, on the map, in the layers and the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pyogrio
import pypdf
import pytest

from territory.model.results import Ending, Sector, SectorPlan
from territory.model.sector_changes import SectorChange, Takeover
from territory.model.sector_tables import FIGURES
from territory.outputs.layers import write_layers
from territory.outputs.maps import write_map
from territory.outputs.sector_account import (
    change_account,
    compare_account,
    plan_account,
    relations_text,
)
from territory.outputs.sector_note import write_sector_note
from territory.outputs.workbook import write_workbook
from territory.settings import Settings
from tests.outputs.map_town import cells, streets, town
from tests.outputs.test_layers import tables
from tests.outputs.test_workbook import column, results

if TYPE_CHECKING:
    from pathlib import Path

FACTS = {
    "work": {
        "outings_week": 2.0, "outing_h": 2.5, "contacts_week": None, "contact_h": 0.5,
        "staff": 1.5, "pace": 1.0,
    },
    "unplaced_h": 3.0,
}  # fmt: skip


def plan() -> SectorPlan:
    ids = list(cells().index)
    hours = {"outings_h": 3.0, "walk_inside_h": 0.5, "walk_to_h": 0.5, "permanences_h": 2.0,
             "contacts_h": None}  # fmt: skip
    one = Sector("S1", ("M1",), ("99001",), 6.0, 0.2, 310.0, hours, tuple(ids[:8]), 7.0, 1,
                 ("Mairie annexe",), 0, ("Ville : Gare",))  # fmt: skip
    other = Sector("S2", ("<M2>",), ("99001",), 4.0, -0.2, None, hours, tuple(ids[8:]), None, 2,
                   (), 1, ("Ville : Centre",))  # fmt: skip
    return SectorPlan((one, other), 0.2, Ending.WITHIN_GAP, "Assez égal.", "carreaux", 7.0, 1)


def change() -> SectorChange:
    took = Takeover(("M2",), ("M1",), ("Ville : Gare",), 3, 120.0, ("Centre A", "Centre B"), 1)
    return SectorChange("Absence de M2", "les secteurs proposés", plan(), (took,), 0.4, 0.25)


def organisations() -> pd.DataFrame:
    row = {f"{n}{end}": v for n in FIGURES for end, v in (("", 0.5), ("_low", 0.4), ("_high", 0.6))}
    index = ["Organisation actuelle", "Un secteur équilibré par poste (2)"]
    table = pd.DataFrame([{"posts": 2, "covered": 1.0, **row}] * 2, index=index)
    return table.assign(contacts_year=float("nan"))


def note(path: Path, **changed: Any) -> Path:  # noqa: ANN401
    given = {"plan": plan(), "change": change(), "organisations": organisations(), "facts": FACTS,
             "cells": cells(), "communes": town()["communes"], "segments": streets(),
             "settings": Settings()}  # fmt: skip
    return write_sector_note(path, **(given | changed))


def test_the_note_is_one_page_and_has_the_same_bytes_twice(tmp_path: Path) -> None:
    path = note(tmp_path / "a.pdf")
    first, reader = path.read_bytes(), pypdf.PdfReader(path)
    text = " ".join(reader.pages[0].extract_text().split())
    assert len(reader.pages) == 1
    assert "Partenaires à présenter : Centre A, Centre B" in text
    assert "Autres organisations" in text
    assert note(tmp_path / "b.pdf").read_bytes() == first
    assert note(tmp_path / "c.pdf", change=None, organisations=None).read_bytes() != first


def test_what_is_unknown_is_said_and_never_nought() -> None:
    text = "\n".join(plan_account(plan(), FACTS))
    assert "suites données aux contacts\u202f: inconnu" in text
    assert "contacts non comptés dans le journal, donc inconnus" in text
    assert "3,0 h de permanence ne sont dans aucun secteur" in text
    assert "Unités de charge inconnue, comptées comme la moyenne de leur commune : 1" in text
    assert "En 2 morceaux" in text


def test_takeovers_name_partners_and_only_count_sensitive_places() -> None:
    text = "\n".join(change_account(change()))
    assert "M1 reprend à M2 : Ville : Gare (environ 120 personnes du public)" in text
    assert "Partenaires à présenter : Centre A, Centre B." in text
    assert "1 lieu sensible, à transmettre de vive voix" in text
    assert relations_text(change().takeovers[0], 1)[0].endswith("Centre A, et 1 autre.")


def test_organisations_say_when_contacts_are_unknown() -> None:
    text = "\n".join(compare_account(organisations()))
    assert "50\u202f% (40 à 60) du public sans personne" in text
    assert "par an" not in text.split("\n")[1]
    assert "autant de trajet" in text


def test_the_map_draws_the_sectors_and_says_them_in_a_table(tmp_path: Path) -> None:
    without = write_map(tmp_path / "a.html", **town()).read_text(encoding="utf-8")
    page = write_map(tmp_path / "b.html", **town(), sectors=plan()).read_text(encoding="utf-8")
    assert '"Secteurs"' not in without
    assert '"Secteurs"' in page
    assert "Ville : Gare" in page
    assert "<M2>" not in page  # a code comes from a file: never as it is in the page


def test_the_layer_and_the_sheet_hold_the_hours(tmp_path: Path) -> None:
    path = write_layers(tmp_path / "t.gpkg", **tables(), sectors=plan())
    rows = pyogrio.read_dataframe(path, layer="secteurs")
    assert rows["secteur"].tolist() == ["S1", "S2"]
    assert rows["permanences_h"].tolist() == [2.0, 2.0]
    assert rows["contacts_h"].isna().all()
    assert rows.geometry.area.sum() == pytest.approx(cells().geometry.area.sum())
    book = write_workbook(tmp_path / "s.xlsx", **results(sectors=plan()))
    sheet = openpyxl.load_workbook(book)["Secteurs"]
    assert [c.value for c in column(sheet, "Heures : permanences tenues")] == [2, 2]
    assert [c.value for c in column(sheet, "Heures : suites données aux contacts")] == [None, None]
    assert [c.value for c in column(sheet, "Personnes concernées")] == [310, None]

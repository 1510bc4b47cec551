"""The workbook: its sheets, true dates, text that stays text, small counts hidden, same bytes."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from territory.model.results import Ending, Sector, SectorPlan
from territory.model.week_results import Carried, LeftOut
from territory.outputs.french import clock
from territory.outputs.workbook import write_workbook
from territory.outputs.zone_fields import zone_cells
from territory.planning.codes import coded
from tests.outputs.map_town import gap, outing, plan, site_plan
from tests.outputs.test_zone_cards import zone
from tests.outputs.test_zone_sheets import cell_table

if TYPE_CHECKING:
    from pathlib import Path

SHEETS = [
    "Grille", "Semaine", "Arrêts", "Non retenus", "Charge", "Changements", "Zones",
    "Carreaux des zones", "Permanences", "Secteurs", "Méthode",
]  # fmt: skip


def results(**changes: Any) -> dict[str, Any]:  # noqa: ANN401
    sectors = (Sector("A", ("M1",), ("99001", "99002"), 1234.56, -0.0123),)
    base = {
        "plan": plan(),
        "gaps": (gap(1, ("c1",)),),
        "sites": site_plan(),
        "sectors": SectorPlan(sectors, 0.02, Ending.OPTIMAL, ""),
    }
    return base | changes


def opened(path: Path, **changes: Any) -> openpyxl.Workbook:  # noqa: ANN401
    return openpyxl.load_workbook(write_workbook(path / "semaine.xlsx", **results(**changes)))


def column(sheet: Any, title: str) -> list[Any]:  # noqa: ANN401
    header = [c.value for c in sheet[1]]
    return [row[header.index(title)] for row in sheet.iter_rows(min_row=2)]


def test_every_sheet_has_a_frozen_header(tmp_path: Path) -> None:
    book = opened(tmp_path)
    assert book.sheetnames == SHEETS
    assert [sheet.freeze_panes for sheet in book] == ["B2"] + ["A2"] * (len(SHEETS) - 1)


def test_dates_are_dates_and_natures_are_french(tmp_path: Path) -> None:
    book = opened(tmp_path)
    dates = column(book["Semaine"], "Date")
    assert [d.value for d in dates] == [datetime(2026, 11, 24), datetime(2026, 11, 26)]  # noqa: DTZ001
    assert {d.number_format for d in dates} == {"dd/mm/yyyy"}
    assert {c.value for c in column(book["Arrêts"], "Nature")} == {"centre social"}
    assert [c.value for c in column(book["Arrêts"], "N°")] == [1, 2, 1, 2]


def test_a_street_has_no_closing_hour_and_an_unknown_one_is_said(tmp_path: Path) -> None:
    first, second = outing().stops
    stops = (replace(first, closes_min=None), replace(second, closes_min=None))
    book = opened(tmp_path, plan=replace(plan(), sessions=(outing(stops=stops),)))
    assert [c.value for c in column(book["Arrêts"], "Ferme à")] == ["horaires inconnus", "–"]


def test_the_grid_is_mediators_by_half_days_on_one_landscape_page(tmp_path: Path) -> None:
    fixed = outing(
        date(2026, 11, 25), session_id="S3", half_day="apres-midi", fixed=True, stops=(), path=(),
        agents=("M1",), title="Permanence : Mairie", start_min=840, end_min=1020,
    )  # fmt: skip
    whole = coded(replace(plan(), sessions=(*plan().sessions, fixed)))
    grid = opened(tmp_path, plan=whole)["Grille"]
    header = [c.value for c in grid[1]]
    assert header[:3] == ["Qui", "lundi 23 matin", "lundi 23 après-midi"]
    assert len(header) == 11
    assert [grid.cell(n, 1).value for n in (2, 3)] == ["M1", "M2"]
    outing_cell = grid.cell(2, header.index("mardi 24 matin") + 1)
    assert "(avec M2)\nMaraude Secteur 1" in outing_cell.value
    assert f"[{whole.sessions[0].code}]" in outing_cell.value
    fixed_cell = grid.cell(2, header.index("mercredi 25 après-midi") + 1)
    assert "Permanence : Mairie" in fixed_cell.value
    assert fixed_cell.fill.fgColor.rgb != outing_cell.fill.fgColor.rgb
    assert grid.cell(3, header.index("mercredi 25 après-midi") + 1).value is None
    page = grid.page_setup
    assert (page.orientation, page.paperSize, page.fitToWidth, page.fitToHeight) == (
        "landscape", 9, 1, 1,
    )  # fmt: skip
    assert grid.sheet_properties.pageSetUpPr.fitToPage


def test_left_out_says_rule_and_remedy_and_the_load_is_by_mediator(tmp_path: Path) -> None:
    left = (LeftOut("Zone 3", "Trop loin.", "duree_max_maraude_h", "30 minutes de plus."),)
    carried = (Carried("M1", 6.25, 9000, 1, 0, None), Carried("M2", 5.0, 8000, 0, 1, 7.5))
    whole = replace(plan(), left_out=left, carried=carried, changes=("M1 change de jour.",))
    book = opened(tmp_path, plan=whole)
    assert [c.value for c in book["Non retenus"][2]] == [
        "Zone 3", "Trop loin.", "durée d'une maraude, au plus (heures)", "30 minutes de plus.",
    ]  # fmt: skip
    assert [c.value for c in column(book["Charge"], "Part due (h)")] == [None, 7.5]
    assert book["Changements"]["A2"].value == "M1 change de jour."


def test_rows_are_as_tall_as_their_text_and_sheets_print_with_their_titles(tmp_path: Path) -> None:
    left = (
        LeftOut("Zone 3", "Bien trop loin pour y aller à pied. " * 5),
        LeftOut("Zone 4", "Non."),
        LeftOut("Zone 5", f"Empreinte : {'0123456789abcdef' * 4}"),
    )
    book = opened(tmp_path, plan=replace(plan(), left_out=left))
    sheet = book["Non retenus"]
    assert sheet.column_dimensions["B"].width == 50
    line_pt = 15
    assert sheet.row_dimensions[2].height == 4 * line_pt  # 179 letters by whole words, 48 a line
    assert sheet.row_dimensions[3].height is None
    assert sheet.row_dimensions[4].height == 3 * line_pt  # one word of 64 letters, on two lines
    for page in book.worksheets:
        assert page.page_setup.orientation == "landscape"
        assert page.sheet_properties.pageSetUpPr.fitToPage
        assert page.page_setup.fitToWidth >= 1
    assert sheet.print_title_rows == "$1:$1"


def test_stops_come_back_equal_to_the_plan(tmp_path: Path) -> None:
    whole = coded(plan())
    sheet = opened(tmp_path, plan=whole)["Arrêts"]
    names = ("N°", "Arrivée", "Lieu", "Marche (m)", "Fiche", "Arrêt")
    back = list(zip(*([c.value for c in column(sheet, n)] for n in names), strict=True))
    assert back == [
        (t.order, clock(t.arrive_min), t.name, t.walk_m, s.code, t.code)
        for s in whole.sessions
        for t in s.stops
    ]


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@SUM(A1)", '=HYPERLINK("x")'])
def test_text_is_never_a_formula(tmp_path: Path, text: str) -> None:
    left = (LeftOut(text, "pourquoi\x07"),)
    cell = opened(tmp_path, plan=replace(plan(), left_out=left))["Non retenus"]["A2"]
    assert (cell.value, cell.data_type, bool(cell.quotePrefix)) == (text, "s", True)


@pytest.mark.parametrize(
    ("contacts", "expected"), [(0.0, 0), (3.0, "<\u00a05"), (5.0, 5), (1234.0, 1234)]
)
def test_small_counts_are_hidden(tmp_path: Path, contacts: float, expected: object) -> None:
    zone = replace(gap(1, ("c1",)), contacts=contacts)
    book = opened(tmp_path, gaps=(zone,))
    assert column(book["Zones"], "Contacts")[0].value == expected


def test_unknown_is_said_and_not_zero(tmp_path: Path) -> None:
    zone = replace(gap(1, ("c1",)), minutes=None, months_since=None, commune_code=None)
    sheet = opened(tmp_path, gaps=(zone,))["Zones"]
    assert column(sheet, "Minutes à pied")[0].value == "hors d'atteinte"
    assert column(sheet, "Mois depuis le dernier passage")[0].value == "jamais dans la période"


def test_zones_say_why_and_their_cells_are_listed(tmp_path: Path) -> None:
    rows = zone_cells([zone()], cell_table())
    book = opened(tmp_path, gaps=(zone(),), cell_rows=rows)
    sheet = book["Zones"]
    assert column(sheet, "Ce qui changerait le verdict")[0].value.startswith("Avec 7 contacts")
    parts = [
        column(sheet, f"Poids {of}")[0].value for of in ("du besoin", "de l’accès", "des passages")
    ]
    assert sum(parts) == column(sheet, "Score")[0].value == 3
    cells = book["Carreaux des zones"]
    assert [c.value for c in column(cells, "Carreau")] == ["c1", "c2"]
    assert [c.value for c in column(cells, "Contacts")] == ["12", "<\u00a05"]
    assert [c.value for c in column(cells, "Minutes à pied")] == [12, None]
    assert {c.number_format for c in column(cells, "Contacts attendus")} == {"#,##0.0"}


def test_same_results_same_bytes_without_the_moment_of_writing(tmp_path: Path) -> None:
    first = write_workbook(tmp_path / "a.xlsx", **results())
    assert write_workbook(tmp_path / "b.xlsx", **results()).read_bytes() == first.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.xlsx", "b.xlsx"]
    with zipfile.ZipFile(first) as parts:
        about = parts.read("docProps/core.xml").decode()
        assert {info.date_time[0] for info in parts.infolist()} == {2000}
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", about)) == {"2000-01-01T"}


def test_an_empty_week_still_has_its_sheets(tmp_path: Path) -> None:
    empty = replace(plan(), sessions=(), left_out=())
    book = opened(tmp_path, plan=empty, gaps=())
    assert book["Semaine"].max_row == 1


def test_a_suggested_permanence_has_its_half_day_and_its_doubts(tmp_path: Path) -> None:
    half_day = {"slot": "lundi apres-midi", "people_week": 6.25, "host": "à demander"}
    site = replace(site_plan().sites[0], opening="horaires à vérifier", **half_day)
    book = opened(tmp_path, sites=replace(site_plan(), sites=(site,)))["Permanences"]
    titles = ("Demi-journée", "Personnes par semaine", "Accueil", "Horaires")
    assert [column(book, title)[0].value for title in titles] == [
        "lundi après-midi", 6.2, "à demander", "horaires à vérifier",
    ]  # fmt: skip

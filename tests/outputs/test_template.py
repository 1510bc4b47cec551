"""The coordinator's workbook: empty it is understood, filled with its own examples it is read."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path  # noqa: TC003 - a fixture type

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from territory.cli import run
from territory.io.contact_counts import read_contacts
from territory.io.headers import FIELDS
from territory.io.logs import read_activities
from territory.io.partners import read_partners, read_places
from territory.io.recognise import recognise
from territory.io.team import read_availability, read_team
from territory.io.team_rules import read_constraints, read_sectors
from territory.io.walker_counts import read_walker_counts
from territory.model.words import find, plain
from territory.outputs.template import template_bytes
from territory.outputs.template_columns import COUNT, DATE, REAL, SHEETS, Asked

KINDS = {
    "partenaires": "partners",
    "activites": "activities",
    "contacts": "contacts",
    "comptages": "walker_counts",
    "lieux": "places",
    "equipe": "team",
    "disponibilites": "availability",
    "contraintes": "constraints",
    "secteurs": "sectors",
}
READERS = {
    "partenaires": read_partners,
    "activites": read_activities,
    "contacts": read_contacts,
    "comptages": read_walker_counts,
    "lieux": read_places,
    "equipe": read_team,
    "disponibilites": read_availability,
    "contraintes": read_constraints,
    "secteurs": read_sectors,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "modele.xlsx"
    assert run(["template", str(target)]) == 0
    return target


def test_every_sheet_of_the_empty_workbook_is_recognised_and_nothing_else(path: Path) -> None:
    assert {(s.layer, s.kind) for s in recognise(path)} == set(KINDS.items())


@pytest.mark.parametrize("name", SHEETS)
def test_every_column_is_one_its_reader_knows(name: str) -> None:
    known = {form for field in FIELDS[KINDS[name]] for form in field.headers}
    assert [c.header for c in SHEETS[name] if plain(c.header) not in known] == []
    assert all(c.example for c in SHEETS[name])
    assert all(find(c.words, c.example) for c in SHEETS[name] if c.words)


def value_of(column: Asked) -> object:
    """Return an example as a person types it in a spreadsheet."""
    if column.holds == DATE:
        return datetime.strptime(column.example, "%d/%m/%Y")  # noqa: DTZ007 - a civil date
    if column.holds == COUNT:
        return int(column.example)
    return float(column.example.replace(",", ".")) if column.holds == REAL else column.example


@pytest.mark.parametrize("name", SHEETS)
def test_the_examples_typed_in_are_read_without_a_word(path: Path, name: str) -> None:
    book = load_workbook(path)
    page = book[name]
    columns = SHEETS[name]
    if name == "disponibilites":  # a weekly slot, or a period
        columns = tuple(c for c in columns if c.header not in {"date_du", "date_au"})
    places = {page.cell(1, n).value: n for n in range(1, page.max_column + 1)}
    for column in columns:
        page.cell(2, places[column.header], value_of(column))
    book.save(path)
    table, report = READERS[name](path, sheet=name)
    assert (report.read, report.kept) == (1, 1)
    said = [i for i in report.issues if not i.code.startswith("I-")]
    assert said == []
    assert len(table) == 1


def test_an_empty_workbook_has_nothing_to_read(path: Path) -> None:
    for name, read in READERS.items():
        table, report = read(path, sheet=name)
        assert table.empty
        assert report.refused == 0


def test_drop_downs_hold_the_values_the_reader_takes(path: Path) -> None:
    book = load_workbook(path)
    for name, columns in SHEETS.items():
        rules = book[name].data_validations.dataValidation
        for at, column in enumerate(columns, 1):
            if not column.words:
                continue
            letter = get_column_letter(at)
            (rule,) = [r for r in rules if str(r.sqref).startswith(f"{letter}2:")]
            cells = book["listes"][rule.formula1.removeprefix("=listes!").replace("$", "")]
            values = [row[0].value for row in cells]
            assert [find(column.words, v) for v in values] == [w.code for w in column.words]


def test_titles_stay_in_sight_and_each_has_its_note(path: Path) -> None:
    book = load_workbook(path)
    for name, columns in SHEETS.items():
        page = book[name]
        assert page.freeze_panes == "A2"
        notes = [page.cell(1, n).comment for n in range(1, len(columns) + 1)]
        assert all(note is not None and "exemple : " in note.text for note in notes)
    said = " ".join(str(row[0]) for row in book["LISEZ-MOI"].iter_rows(values_only=True) if row[0])
    for word in ("prénom", "nationalité", "téléphone", "jj/mm/aaaa", "Feuille « partenaires »"):
        assert word in said


def test_what_to_read_first_is_read_whole(path: Path) -> None:
    page = load_workbook(path)["LISEZ-MOI"]
    long = [cell.row for cell in page["A"] if len(cell.value or "") > 110]
    assert long
    assert all(page.row_dimensions[row].height >= 30 for row in long)


def test_same_bytes_each_time_and_nobody_named(path: Path) -> None:
    assert template_bytes() == template_bytes() == path.read_bytes()
    properties = load_workbook(path).properties
    assert (properties.creator, properties.lastModifiedBy) == ("territory", None)
    assert properties.created.date() == date(2000, 1, 1)


def test_a_file_already_there_is_never_replaced(path: Path, capsys) -> None:
    before = path.read_bytes()
    assert run(["template", str(path)]) == 2
    assert "existe déjà" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert run(["template", str(path.with_suffix(".csv"))]) == 2

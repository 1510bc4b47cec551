"""The same outings in every form of LOG_FORMAT section 8: each one reads as the others, or says."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from territory.errors import RefusedFile
from territory.io.logs import read_activities
from territory.io.recognise import recognise
from tests.io.tables import TODAY, cells, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# A code that lost its zero, and a count written with a narrow no-break space.
OUTINGS = """\
date;type_activite;heure_debut;heure_fin;lieu;code_insee;agents;nb_informes
05/03/2024;maraude;14h;16h30;Quartier exemple, côté marché;01004;M1|M2;1000
06/03/2024;permanence;9h;12h;Centre social « exemple »;93010;M3;11
"""
READ = [(1000, "01004", "Quartier exemple, côté marché", 840), (11, "93010",
         "Centre social « exemple »", 540)]  # fmt: skip


def text(content: str, encoding: str = "utf-8") -> Callable[[Path], Path]:
    return lambda folder: save(folder, content, name="activites.csv", encoding=encoding)


def book(
    *, true_dates: bool = False, dressed: bool = False, since_1904: bool = False
) -> Callable[[Path], Path]:
    """A workbook: dates true or as text, a merged title and a total, or the 1904 calendar."""

    def written(folder: Path) -> Path:
        page = (made := Workbook()).active
        made.epoch = CALENDAR_MAC_1904 if since_1904 else made.epoch
        for row in [["Suivi des sorties"], []] if dressed else []:
            page.append(row)
        for number, row in enumerate(cells(OUTINGS)):
            day = row[0] if not number or not true_dates else _day(str(row[0]))
            page.append([day, *row[1:]])
        if dressed:
            page.append(["Total", *[None] * 6, 1011])
            page.merge_cells("A1:D1")
        made.save(folder / "activites.xlsx")
        return folder / "activites.xlsx"

    return written


def _day(written: str) -> datetime:
    return datetime.strptime(written, "%d/%m/%Y")  # noqa: DTZ007 - a civil date


def comma_quoted() -> str:
    return "\n".join(",".join(f'"{c}"' for c in row) for row in cells(OUTINGS))


SHOUTED = "DATE;Type\u00a0d'Activité;HEURE DÉBUT;Heure Fin;LIEU;Code INSEE;AGENTS;NB INFORMÉS"
FORMS: dict[str, Callable[[Path], Path]] = {
    "CSV UTF-8 with BOM": text(OUTINGS, "utf-8-sig"),
    "CSV cp1252": text(OUTINGS, "cp1252"),
    "CSV with sep=;": text("sep=;\n" + OUTINGS),
    "tab-separated": text(OUTINGS.replace(";", "\t")),
    "XLSX with true dates": book(true_dates=True),
    "XLSX with dates as text": book(),
    "LibreOffice export with commas and quotes": text(comma_quoted()),
    "title rows, merged cells and a total line": book(true_dates=True, dressed=True),
    "1904 workbook": book(true_dates=True, since_1904=True),
    "headers in capitals with accents": text(OUTINGS.replace(OUTINGS.splitlines()[0], SHOUTED)),
    "headers with a line break": text(OUTINGS.replace("heure_debut", '"heure\ndebut"', 1)),
    "lost leading zeros": text(OUTINGS.replace("01004", "1004")),
    "1 000 with U+202F": text(OUTINGS.replace(";1000", ";1\u202f000")),
    "Windows line ends": text(OUTINGS.replace("\n", "\r\n")),
    "Unix line ends": text(OUTINGS),
    "old Mac line ends": text(OUTINGS.replace("\n", "\r")),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_reads_as_the_others(tmp_path: Path, form: str) -> None:
    path = FORMS[form](tmp_path)
    assert [source.kind for source in recognise(path)] == ["activities"]
    table, report = read_activities(path, today=TODAY)
    assert (report.read, report.kept) == (2, 2)
    assert [i for i in report.issues if i.code.startswith("E-")] == []
    facts = table.sort_values("on")[["n_informed", "commune_code", "place_name", "start_min"]]
    assert [tuple(row) for row in facts.itertuples(index=False)] == READ
    assert ("W-ZERO" in {i.code for i in report.issues}) == (form == "lost leading zeros")
    assert ("W-TOTAL" in {i.code for i in report.issues}) == ("total" in form)


def test_forty_thousand_lines(tmp_path: Path) -> None:
    header, first, second = OUTINGS.splitlines()
    rows = [(first, second)[n % 2].replace("exemple", f"n{n}") for n in range(40_000)]
    table, report = read_activities(text("\n".join([header, *rows]))(tmp_path), today=TODAY)
    assert report.kept == len(table) == 40_000


@pytest.mark.parametrize(
    ("content", "code"), [("", "E-ENTETE"), (OUTINGS.splitlines()[0] + "\n", "I-VIDE")],
    ids=["an empty file", "a file of headers only"],
)  # fmt: skip
def test_what_holds_nothing_says_so(tmp_path: Path, content: str, code: str) -> None:
    table, report = read_activities(text(content)(tmp_path), today=TODAY)
    assert (len(table), report.read, report.refused) == (0, 0, 0)
    assert code in {i.code for i in report.issues}


def test_a_beneficiaries_file_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path, "nom;prénom;date_naissance;ville\nSECRET;SECRET;01/01/1990;Bondy\n")
    with pytest.raises(RefusedFile, match="E-PERSO") as refused:
        recognise(path)
    assert "SECRET" not in str(refused.value)
    assert "1990" not in str(refused.value)

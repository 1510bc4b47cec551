"""Every file of LOG_FORMAT section 8, named as there: it reads as the others, or says why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from territory.errors import RefusedFile
from territory.io.logs import read_activities
from territory.io.recognise import recognise
from tests.io.tables import TODAY, cells, save
from tests.real_data import domain_file

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


SHOUTED = 'DATE;Type\u00a0d\'Activité;"HEURE\nDÉBUT";Heure Fin;LIEU;Code INSEE;AGENTS;NB INFORMÉS'
WINDOWS = OUTINGS.replace("\n", "\r\n")
PEOPLE = "nom;prénom;date_naissance;ville\nSECRET;SECRET;01/01/1990;Bondy\n"


def many(lines: int) -> Callable[[Path], Path]:
    header, first, second = OUTINGS.splitlines()
    rows = [(first, second)[n % 2].replace("exemple", f"n{n}") for n in range(lines)]
    return text("\n".join([header, *rows]))


@dataclass(frozen=True)
class Case:
    """The files of one item of section 8, the lines kept, the messages, or the refusal."""

    files: tuple[Callable[[Path], Path], ...]
    kept: int = 2
    codes: frozenset[str] = frozenset()
    refused: str = ""


CASES: dict[str, Case] = {
    "CSV UTF-8 BOM": Case((text(OUTINGS, "utf-8-sig"),)),
    "CSV cp1252": Case((text(OUTINGS, "cp1252"),)),
    "CSV with `sep=;`": Case((text("sep=;\n" + OUTINGS), text("sep=;\r\n" + WINDOWS))),
    "tab-separated": Case((text(OUTINGS.replace(";", "\t")),)),
    "XLSX with true dates": Case((book(true_dates=True),)),
    "XLSX with dates as text": Case((book(),)),
    "LibreOffice export with commas and quotes": Case((text(comma_quoted()),)),
    "a file with title rows, merged cells and a total line": Case(
        (book(true_dates=True, dressed=True),), codes=frozenset({"W-TOTAL"})
    ),
    "1904 workbook": Case((book(true_dates=True, since_1904=True),)),
    "headers in capitals with accents and line breaks": Case(
        (text(OUTINGS.replace(OUTINGS.splitlines()[0], SHOUTED)),)
    ),
    "lost leading zeros": Case(
        (text(OUTINGS.replace("01004", "1004")),), codes=frozenset({"W-ZERO"})
    ),
    "`1 000` with U+202F": Case((text(OUTINGS.replace(";1000", ";1\u202f000")),)),
    "Windows, Unix and old Mac line ends": Case(
        (text(WINDOWS), text(OUTINGS), text(OUTINGS.replace("\n", "\r")))
    ),
    "40,000 lines": Case((many(40_000),), kept=40_000),
    "an empty file": Case((text(""),), kept=0, codes=frozenset({"E-ENTETE"})),
    "a file of headers only": Case(
        (text(OUTINGS.splitlines()[0] + "\n"),), kept=0, codes=frozenset({"I-VIDE"})
    ),
    "a beneficiaries' file that must be refused": Case((text(PEOPLE),), refused="E-PERSO"),
}


@pytest.mark.parametrize("name", CASES)
def test_every_file_of_section_8(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    for write in case.files:
        path = write(tmp_path)
        if case.refused:
            refused_without_a_value(path, case.refused)
            continue
        table, report = read_activities(path, today=TODAY)
        surprised = {"W-NOMBRE"} if case.kept else set()  # a thousand people, more than 300
        assert {i.code for i in report.issues} == case.codes | surprised
        assert (report.read, report.kept, len(table)) == (case.kept,) * 3
        if case.kept:
            assert [source.kind for source in recognise(path)] == ["activities"]
        if case.kept == len(READ):
            facts = table.sort_values("on")[
                ["n_informed", "commune_code", "place_name", "start_min"]
            ]
            assert [tuple(row) for row in facts.itertuples(index=False)] == READ


def refused_without_a_value(path: Path, code: str) -> None:
    for read in (recognise, lambda p: read_activities(p, today=TODAY)):
        with pytest.raises(RefusedFile, match=code) as refused:
            read(path)
        assert "SECRET" not in str(refused.value)
        assert "1990" not in str(refused.value)


def test_the_list_is_that_of_the_log_format() -> None:
    page = domain_file("LOG_FORMAT.md").read_text(encoding="utf-8")
    listed = page.split("## 8. Tests worth writing")[1].split("The same table saved as: ")[1]
    assert list(CASES) == [item.strip(" .\n") for item in listed.split("; ")]

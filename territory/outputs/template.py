"""The coordinator's empty workbook: sheets, drop-downs, examples in notes, how to fill it in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from territory.outputs.still_workbook import still_bytes
from territory.outputs.template_columns import COUNT, DATE, SHEETS, YES_NO, Asked
from territory.outputs.workbook_cells import make_tall, print_across

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

LINES = 5000  # rows that drop-downs and formats reach
_LISTS, _README = "listes", "LISEZ-MOI"
_DATE_FORMAT = "dd/mm/yyyy"
_FILLED, _REQUIRED = "DCE6F1", "F8CBAD"
ABOUT = (
    "Suivi d'une équipe d'aller-vers",
    "Remplissez seulement ce que vous avez : la feuille « partenaires » ou la feuille "
    "« activites » suffit pour commencer.",
    "Une ligne par structure, par activité, par comptage. Les colonnes orange sont obligatoires.",
    "Chaque titre de colonne porte une note avec un exemple : passez la souris dessus.",
    "Dates : jj/mm/aaaa. Heures : 9h ou 9h30. Nombres : virgule ou point. Oui/non : oui ou non.",
    "Une case vide veut dire « on ne sait pas », jamais zéro.",
    "",
    "À ne jamais écrire, nulle part dans ce classeur :",
    "- le nom, le prénom, le téléphone, le courriel ou l'adresse d'une personne rencontrée ;",
    "- une date de naissance, un numéro d'allocataire, de sécurité sociale ou de dossier ;",
    "- la nationalité, l'origine, la santé, la religion, la situation administrative de quelqu'un.",
    "Un fichier qui a une colonne de ce genre est refusé en entier ; une ligne qui contient un "
    "numéro de téléphone est refusée.",
    "Les membres de l'équipe sont désignés par un code (M1, M2). La clé reste chez vous.",
    "",
    "Quand le classeur est prêt : territory privacy-check, puis territory add, puis "
    "territory check.",
    "",
)


def template_bytes() -> bytes:
    """Return the empty workbook as XLSX; the same bytes each time."""
    book = Workbook()
    book.remove(book.worksheets[0])
    _readme(book.create_sheet(_README))
    pages = {name: book.create_sheet(name) for name in SHEETS}
    lists = _lists(book.create_sheet(_LISTS))
    for name, page in pages.items():
        _page(page, SHEETS[name], lists)
    return still_bytes(book)


def _readme(page: Worksheet) -> None:
    page.column_dimensions["A"].width = 110
    lines = [*ABOUT, *(line for name, asked in SHEETS.items() for line in _explained(name, asked))]
    for row, text in enumerate(lines, 1):
        cell = page.cell(row, 1, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=row == 1 or text.startswith("Feuille "), size=14 if row == 1 else 11)
    make_tall(page)
    print_across(page)


def _explained(name: str, columns: tuple[Asked, ...]) -> list[str]:
    """Return the columns of a sheet as sentences of LISEZ-MOI, one example each."""
    told = [f"- {c.header} : {_told(c)}" for c in columns]
    return [f"Feuille « {name} »", *told, ""]


def _told(column: Asked) -> str:
    parts = [
        column.holds,
        "obligatoire" if column.required else "",
        column.note,
        "valeurs dans la liste déroulante" if column.words else "",
        f"exemple : {column.example}" if column.example else "",
    ]
    return " ; ".join(part for part in parts if part)


def _lists(page: Worksheet) -> dict[str, str]:
    """Write every list of values once; return the range of each, by header."""
    ranges: dict[str, str] = {}
    columns = {c.header: c for asked in SHEETS.values() for c in asked if c.words}
    for at, (header, column) in enumerate(sorted(columns.items()), 1):
        values = [w.label if w.code.isdigit() else w.code for w in column.words]
        page.cell(1, at, f"liste {header}").font = Font(bold=True)
        for row, value in enumerate(values, 2):
            page.cell(row, at, value)
        letter = get_column_letter(at)
        page.column_dimensions[letter].width = 26
        ranges[header] = f"={_LISTS}!${letter}$2:${letter}${len(values) + 1}"
    page.freeze_panes = "A2"
    return ranges


def _page(page: Worksheet, columns: tuple[Asked, ...], lists: dict[str, str]) -> None:
    for at, column in enumerate(columns, 1):
        letter = get_column_letter(at)
        title = page.cell(1, at, column.header)
        colour = _REQUIRED if column.required else _FILLED
        title.font, title.fill = Font(bold=True), PatternFill("solid", fgColor=colour)
        title.comment = Comment(_told(column), "territory", width=260, height=90)
        page.column_dimensions[letter].width = max(len(column.header), len(column.example)) + 3
        page.column_dimensions[letter].number_format = _format(column)
        rule = _rule(column, lists)
        if rule is not None:
            rule.add(f"{letter}2:{letter}{LINES}")
            page.add_data_validation(rule)
    page.freeze_panes = "A2"
    print_across(page)


def _format(column: Asked) -> str:
    if column.holds == DATE:
        return _DATE_FORMAT
    if column.header in {"siret", "code_insee", "code_postal", "commune_residence"}:
        return "@"  # as text: a spreadsheet eats zeros and long numbers
    return "0" if column.holds == COUNT else "General"


def _rule(column: Asked, lists: dict[str, str]) -> DataValidation | None:
    """Return the check a spreadsheet makes while one types; lists warn, and let other words in."""
    if column.words:
        rule = DataValidation(type="list", formula1=lists[column.header], allow_blank=True)
        rule.errorStyle = "warning"
        rule.error = "Cette valeur n'est pas dans la liste. La garder ?"
    elif column.holds == YES_NO:
        rule = DataValidation(type="list", formula1='"oui,non"', allow_blank=True)
        rule.error = "Écrivez oui ou non."
    elif column.holds == DATE:
        first = (date(2015, 1, 1) - date(1899, 12, 30)).days
        rule = DataValidation(type="date", operator="greaterThanOrEqual", formula1=str(first))
        rule.error = "Écrivez une date : jj/mm/aaaa."
    elif column.holds == COUNT:
        rule = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="0")
        rule.error = "Écrivez un nombre entier, 0 ou plus."
    else:
        return None
    rule.errorTitle, rule.showErrorMessage = "À vérifier", True
    return rule

"""The week, the zones and the sites as an XLSX workbook; same results, same bytes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from territory.io.atomic import write_bytes
from territory.model.sector_tables import HOUR_PARTS
from territory.model.words import ACTIVITY_KINDS, PLACE_KINDS, label
from territory.outputs.french import clock, small_count, spoken_slot
from territory.outputs.still_workbook import still_bytes
from territory.outputs.zone_fields import CELL_FIELDS, ZONE_FIELDS, zone_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.worksheet.worksheet import Worksheet

    from territory.model.results import Gap, Sector, SectorPlan, Site, SitePlan
    from territory.model.week_results import Stop, WeekPlan

_WIDTH_MAX = 70
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_FORMATS = ((date, "dd/mm/yyyy"), (int, "#,##0"), (float, "#,##0.0"))  # shown as 1 234,5 in French
_METHOD = (
    "Zones peu couvertes : carreaux de 200 m où le besoin estimé est fort, la permanence loin "
    "et les contacts moins nombreux qu'attendu. Les contacts sont comptés au lieu de rencontre, "
    "jamais au domicile.",
    "Attendus : les contacts de la période répartis en proportion du besoin.",
    "Établi : le hasard et l'éloignement ordinaire donnent un tel manque 5 fois sur 100 au plus. "
    "Probable : au moins huit chances sur dix que moins de la moitié des contacts attendus aient "
    "eu lieu. À vérifier : l'écart peut tenir au hasard. Données insuffisantes : rien à en dire.",
    "Score : contacts manquants, comptés en écarts ordinaires d'une zone à l'autre. Les poids du "
    "besoin, de l'accès et des passages s'ajoutent au score.",
    "Carreaux des zones : les habitants, les personnes concernées, les contacts et les contacts "
    "attendus d'une zone sont la somme de ses carreaux. Un carreau de moins de onze ménages n'a "
    "pas de chiffre ; sans minutes, il est hors d'atteinte. Les contacts d'une sortie sont étalés "
    "sur les carreaux proches à pied.",
    "Population : Insee, Filosofi (ménages fiscaux, hors foyers et personnes sans logement) et "
    "recensement par IRIS. Quartiers : ANCT. Rues : © les contributeurs d'OpenStreetMap.",
    "Secteurs : la charge est en heures par semaine, somme des heures par nature ; une nature "
    "inconnue partout est laissée vide et hors de la somme.",
    "Temps de marche exacts sur le réseau des rues, à l'allure des réglages.",
    "Effectifs de 1 à 4 personnes affichés « < 5 ».",
)


def write_workbook(
    path: Path,
    *,
    plan: WeekPlan,
    gaps: Sequence[Gap],
    sites: SitePlan,
    sectors: SectorPlan,
    cell_rows: pd.DataFrame | None = None,
) -> Path:
    """
    Write the XLSX workbook atomically and return `path`; text is never taken for a formula.

    `cell_rows` are those of `zone_cells`, the cells that the figures of the zones add up. Walks are
    in metres, times civil; counts of 1 to 4 people are « < 5 ». Same results, same bytes.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, header, rows in _sheets(plan, gaps, sites, sectors, cell_rows):
        _fill(book.create_sheet(title), header, rows)
    return write_bytes(path, still_bytes(book))


def _sheets(
    plan: WeekPlan,
    gaps: Sequence[Gap],
    sites: SitePlan,
    sectors: SectorPlan,
    cell_rows: pd.DataFrame | None,
) -> list[tuple[str, tuple[str, ...], list[tuple[object, ...]]]]:
    return [
        ("Semaine", _WEEK, list(_week_rows(plan))),
        ("Arrêts", _STOPS, list(_stop_rows(plan))),
        ("Non retenus", ("Quoi", "Pourquoi"), [(o.name, o.reason) for o in plan.left_out]),
        ("Zones", (*_ZONES, *(t for _, t in ZONE_FIELDS)), [_zone_row(gap) for gap in gaps]),
        ("Carreaux des zones", tuple(CELL_FIELDS.values()), list(_cell_rows(cell_rows))),
        ("Permanences", _SITES, [_site_row(site) for site in sites.sites]),
        ("Secteurs", _SECTORS, [_sector_row(s) for s in sectors.sectors]),
        ("Méthode", ("Définitions et sources",), [(line,) for line in (*_METHOD, *plan.warnings)]),
    ]  # fmt: skip


_WEEK = (
    "Date", "Demi-journée", "Début", "Fin", "Qui", "Quoi", "Nature", "À pied (m)", "Pourquoi",
)  # fmt: skip
_STOPS = (
    "Date", "Sortie", "N°", "Arrivée", "Départ", "Lieu", "Nature", "Marche (m)", "Ferme à",
    "Pourquoi",
)  # fmt: skip
_ZONES = (
    "Rang", "Zone", "Commune", "Verdict", "Habitants", "Personnes concernées", "Minutes à pied",
    "Contacts", "Contacts attendus", "Mois depuis le dernier passage", "Besoin", "Accès",
    "Passages",
)  # fmt: skip
_SITES = (
    "Rang", "Lieu", "Nature", "Commune", "Demi-journée", "Personnes par semaine",
    "Personnes gagnées", "Accueil", "Horaires", "Pourquoi",
)  # fmt: skip
_SECTORS = (
    "Secteur", "Qui", "Communes", "Charge", "Écart à la charge égale (%)", "Où",
    "Personnes concernées", *(f"Heures : {label}" for label in HOUR_PARTS.values()),
    "Minutes du centre", "Morceaux", "Permanences",
)  # fmt: skip


def _week_rows(plan: WeekPlan) -> Iterable[tuple[object, ...]]:
    for s in plan.sessions:
        half = "matin" if s.half_day == "matin" else "après-midi"
        hours = (clock(s.start_min), clock(s.end_min))
        yield s.on, half, *hours, _joined(s.agents), s.title, _nature(s.kind), s.walk_m, s.reason


def _stop_rows(plan: WeekPlan) -> Iterable[tuple[object, ...]]:
    for session in plan.sessions:
        for stop in session.stops:
            closes = _closing(stop)
            times = (clock(stop.arrive_min), clock(stop.leave_min))
            head = (session.on, session.title, stop.order, *times)
            yield (*head, stop.name, _nature(stop.kind), stop.walk_m, closes, stop.reason)


def _zone_row(gap: Gap) -> tuple[object, ...]:
    reasons = {r.kind: r.sentence for r in gap.reasons}
    minutes = "hors d'atteinte" if gap.minutes is None else round(gap.minutes)
    months = "jamais dans la période" if gap.months_since is None else round(gap.months_since, 1)
    return (
        gap.rank, gap.name, gap.commune_code or "", str(gap.verdict), round(gap.residents),
        round(gap.target), minutes, _people(gap.contacts), round(gap.expected, 1), months,
        reasons["besoin"], reasons["acces"], reasons["effort"], *zone_values(gap),
    )  # fmt: skip


def _cell_rows(rows: pd.DataFrame | None) -> Iterable[tuple[object, ...]]:
    """Return the rows of the cells, unknown left blank, small counts as text."""
    for row in [] if rows is None else rows[[*CELL_FIELDS]].astype(object).to_numpy():
        yield tuple(None if pd.isna(v) else v for v in row)


def _site_row(site: Site) -> tuple[object, ...]:
    head = (site.rank, site.name, _nature(site.kind), site.commune_code or "")
    week = "" if site.people_week is None else round(site.people_week, 1)
    when = (spoken_slot(site.slot), week, round(site.gained_target))
    return (*head, *when, site.host, site.opening, site.reason)


def _sector_row(sector: Sector) -> tuple[object, ...]:
    who, where = _joined(sector.agents), _joined(sector.communes)
    head = (sector.sector_id, who, where, round(sector.load, 1), round(100 * sector.deviation, 1))
    hours = (_known(sector.hours.get(part)) for part in HOUR_PARTS)
    people = None if sector.people is None else round(sector.people)
    areas, held = " ; ".join(sector.areas), " ; ".join(sector.permanences)
    return (*head, areas, people, *hours, _known(sector.compact_min), sector.pieces, held)


def _known(value: float | None) -> float | None:
    """Return a figure to a tenth, blank when it is unknown."""
    return None if value is None else round(value, 1)


def _closing(stop: Stop) -> str:
    """Return when a place closes; a stretch of street has no hours."""
    if stop.place_id is None:
        return "–"
    return "horaires inconnus" if stop.closes_min is None else clock(stop.closes_min)


def _nature(kind: str) -> str:
    """Return the French words of a code of activity or place."""
    activity = label(ACTIVITY_KINDS, kind)
    return label(PLACE_KINDS, kind) if activity == kind else activity


def _people(count: float) -> int | str:
    """Return a count of people as a number, small ones hidden."""
    shown = small_count(count)
    return shown if shown.startswith("<") else round(count)


def _joined(parts: Iterable[str]) -> str:
    return " + ".join(parts)


def _fill(sheet: Worksheet, header: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    for column, title in enumerate(header, 1):
        cell = sheet.cell(1, column, title)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="DCE6F1")
    for line, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            _set(sheet.cell(line, column), value)
    for column, title in enumerate(header, 1):
        longest = max([len(title), *(len(str(row[column - 1])) for row in rows)])
        sheet.column_dimensions[get_column_letter(column)].width = min(longest + 2, _WIDTH_MAX)
    sheet.freeze_panes = "A2"


def _set(cell: Cell | MergedCell, value: object) -> None:
    """Write a value; text stays text even when it looks like a formula."""
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub(" ", value)
    cell.value = value  # type: ignore[assignment]
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_FORMULA)  # stays text when someone edits the cell
    else:
        cell.number_format = next((f for kind, f in _FORMATS if isinstance(value, kind)), "General")

"""The week, the zones and the sites as an XLSX workbook; same results, same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
from openpyxl import Workbook

from territory.io.atomic import write_bytes
from territory.model.sector_tables import HOUR_PARTS
from territory.outputs.french import small_count, spoken_slot
from territory.outputs.still_workbook import still_bytes
from territory.outputs.workbook_cells import fill, joined, nature
from territory.outputs.workbook_week import grid_page, week_sheets
from territory.outputs.zone_fields import CELL_FIELDS, ZONE_FIELDS, zone_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from territory.model.results import Gap, Sector, SectorPlan, Site, SitePlan
    from territory.model.week_results import WeekPlan
    from territory.outputs.workbook_cells import Sheet

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
        fill(book.create_sheet(title), header, rows)
    grid_page(book, plan)
    return write_bytes(path, still_bytes(book))


def _sheets(
    plan: WeekPlan,
    gaps: Sequence[Gap],
    sites: SitePlan,
    sectors: SectorPlan,
    cell_rows: pd.DataFrame | None,
) -> list[Sheet]:
    return [
        *week_sheets(plan),
        ("Zones", (*_ZONES, *(t for _, t in ZONE_FIELDS)), [_zone_row(gap) for gap in gaps]),
        ("Carreaux des zones", tuple(CELL_FIELDS.values()), list(_cell_rows(cell_rows))),
        ("Permanences", _SITES, [_site_row(site) for site in sites.sites]),
        ("Secteurs", _SECTORS, [_sector_row(s) for s in sectors.sectors]),
        ("Méthode", ("Définitions et sources",), _method(plan)),
    ]  # fmt: skip


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


def _method(plan: WeekPlan) -> list[tuple[object, ...]]:
    return [(line,) for line in (*_METHOD, *plan.notes, *plan.warnings)]


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
    head = (site.rank, site.name, nature(site.kind), site.commune_code or "")
    week = "" if site.people_week is None else round(site.people_week, 1)
    when = (spoken_slot(site.slot), week, round(site.gained_target))
    return (*head, *when, site.host, site.opening, site.reason)


def _sector_row(sector: Sector) -> tuple[object, ...]:
    who, where = joined(sector.agents), joined(sector.communes)
    head = (sector.sector_id, who, where, round(sector.load, 1), round(100 * sector.deviation, 1))
    hours = (_known(sector.hours.get(part)) for part in HOUR_PARTS)
    people = None if sector.people is None else round(sector.people)
    areas, held = " ; ".join(sector.areas), " ; ".join(sector.permanences)
    return (*head, areas, people, *hours, _known(sector.compact_min), sector.pieces, held)


def _known(value: float | None) -> float | None:
    """Return a figure to a tenth, blank when it is unknown."""
    return None if value is None else round(value, 1)


def _people(count: float) -> int | str:
    """Return a count of people as a number, small ones hidden."""
    shown = small_count(count)
    return shown if shown.startswith("<") else round(count)

"""Sectors told in French: who covers what, of how many hours, what changes, other organisations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.model.sector_tables import HOUR_PARTS
from territory.outputs.french import THIN, number, percent

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.model.results import Sector, SectorPlan
    from territory.model.sector_changes import SectorChange, Takeover

_SHOWN = 8
_UNITS = {"carreaux": "carreaux de 200 m, le long des rues", "communes": "communes entières"}


def plan_account(plan: SectorPlan, facts: Mapping[str, Any] | None = None) -> list[str]:
    """
    Return who covers what, with hours, people and walks; `facts` are those of product 70.

    With `facts`, what the hours rest on follows.
    """
    units = _UNITS.get(plan.units, plan.units)
    lines = [
        f"{len(plan.sectors)} secteur{_s(len(plan.sectors))} ({units}), charges égales à "
        f"{percent(plan.load_deviation)} près :"
    ]
    for sector in plan.sectors:
        lines += _sector_lines(sector)
    lines += [kept_line(plan)] if plan.kept else []
    lines += [plan.note] if plan.note else []
    return lines + ([] if facts is None else basis_lines(facts, plan))


def kept_line(plan: SectorPlan) -> str:
    """Return what stays with whom because it was asked for, in one sentence; "" when nothing is."""
    return f"Réservé : {' ; '.join(plan.kept)}." if plan.kept else ""


def where(sector: Sector) -> str:
    """Return what a sector holds: names of communes or of their parts, else codes."""
    return " ; ".join(sector.areas or sector.communes)


def hours_text(sector: Sector) -> str:
    """Return the parts of the hours, « 2,2 h avec le public, en sortie », unknown ones said."""
    told = []
    for part, label in HOUR_PARTS.items():
        hours = sector.hours.get(part)
        told.append(f"{label}{THIN}: inconnu" if hours is None else f"{number(hours, 1)} h {label}")
    return ", ".join(told)


def change_account(change: SectorChange) -> list[str]:
    """Return what passes from whom to whom, the partners met named, sensitive places counted."""
    lines = [f"{change.question} (en partant de : {change.start}) :"]
    if change.former_deviation is not None:
        lines.append(
            f"  Écart à une charge égale : {percent(change.former_deviation)} avant, "
            f"{percent(change.plan.load_deviation)} après."
        )
    if not change.takeovers:
        return [*lines, "  Rien n'est repris par quelqu'un qui n'y allait pas déjà."]
    lines.append(f"  {percent(change.people_moved)} du public change de visage :")
    for one in change.takeovers[:_SHOWN]:
        lines += [f"  - {takeover_text(one)}", *(f"    {t}" for t in relations_text(one))]
    more = len(change.takeovers) - _SHOWN
    return [*lines, *([f"  … et {more} autres reprises (voir « --json »)."] if more > 0 else [])]


def takeover_text(one: Takeover) -> str:
    """Return « M1 reprend à M2 : Bondy : Gare (environ 300 personnes du public) »."""
    former = (
        f"reprend à {' + '.join(one.former)}" if one.former else "prend ce que personne n'avait"
    )
    crowd = "" if one.people is None else f" (environ {number(one.people)} personnes du public)"
    return f"{' + '.join(one.new)} {former} : {' ; '.join(one.areas)}{crowd}"


def relations_text(one: Takeover, most: int | None = None) -> list[str]:
    """
    Return the partners to introduce, by name, and how many sensitive places are not named.

    With `most`, only so many names are written, and how many are not.
    """
    more = 0 if most is None else max(len(one.partners) - most, 0)
    names = [*one.partners[:most], *([f"et {more} autre{_s(more)}"] if more else [])]
    lines = [f"Partenaires à présenter : {', '.join(names)}."] if names else []
    if one.hidden:
        places = "lieux sensibles" if one.hidden > 1 else "lieu sensible"
        lines.append(f"Et {one.hidden} {places}, à transmettre de vive voix.")
    return lines


def compare_account(table: pd.DataFrame) -> list[str]:
    """Return the organisations of ORGANISATIONS, one a line, what they rest on after them."""
    return [
        "Organisations comparées sur les mêmes données (entre parenthèses, 95 % des tirages) :",
        *(f"  {organisation_text(str(name), row)}" for name, row in table.iterrows()),
        *brief(table),
        *ASSUMED,
    ]


def organisation_text(name: str, row: pd.Series) -> str:
    """Return an organisation in one line: presence, nobody, ways, contacts, absence, balance."""
    year = row["contacts_year"]
    contacts = f"contacts × {figure_text(row, 'contacts_ratio')}"
    if not pd.isna(year):
        contacts += f", soit {figure_text(row, 'contacts_year')} par an"
    return (
        f"{name} : présence {figure_text(row, 'presence_h')} h par semaine ; "
        f"{figure_text(row, 'without')} du public sans personne ; trajets "
        f"{figure_text(row, 'travel_h')} h par semaine ; {contacts} ; à la pire absence, "
        f"{figure_text(row, 'absent_worst')} sans personne ; écart de charge "
        f"{figure_text(row, 'load_deviation')}."
    )


def brief(table: pd.DataFrame) -> list[str]:
    """Return what each organisation of as many posts changes to the first, in a sentence."""
    first, lines = table.iloc[0], []
    for name, row in table.iloc[1:].iterrows():
        if int(row["posts"]) != int(first["posts"]):
            continue
        way = round(row["travel_h"] - first["travel_h"], 1)
        more = "de plus" if way > 0 else "de moins"
        ways = (
            f"{number(abs(way), 1)} h de trajet {more} par semaine" if way else "autant de trajet"
        )
        alone, worst = (
            f"{percent(row[c])} au lieu de {percent(first[c])}" for c in ("without", "absent_worst")
        )
        lines.append(
            f"Par rapport à « {table.index[0]} », « {name} » : {ways} ; public sans personne "
            f"{alone}, et {worst} à la pire absence."
        )
    return lines


ASSUMED = (
    "Présence : quelqu'un est au travail à portée de marche ; « sans personne » : moins d'un quart "
    "d'heure par semaine en moyenne, soit une heure par mois.",
    "Contacts : ils croissent moins vite que la présence (puissance tirée entre 0,5 et 0,9, faute "
    "de mesure). La confiance que donnerait une présence quotidienne n'y est pas : un rapport de "
    "0,5 veut dire qu'elle devrait doubler les contacts pour que l'organisation en vaille une "
    "autre.",
    "Écart de charge : le doute sur le besoin y est compris ; en deçà, deux découpages se valent.",
    "Trajets : du centre du secteur au lieu de sortie et retour, à pied, 40 minutes au plus "
    "(au-delà, on prend un transport). Chaque poste donne autant d'heures de terrain "
    "qu'aujourd'hui.",
)


def figure_text(row: pd.Series, name: str) -> str:
    """Return a figure of ORGANISATIONS with its interval, « 12,3 (10,1 à 14,0) »."""
    values = [row[name], row[f"{name}_low"], row[f"{name}_high"]]
    if pd.isna(values[0]):
        return "inconnus (le journal ne compte pas de contacts)" if "year" in name else "inconnu"
    shares = ("without", "absent_worst", "absent_mean", "load_deviation")
    if name in shares:
        one, (low, high) = percent(float(values[0])), (number(100 * float(v)) for v in values[1:])
        return f"{one} ({low} à {high})" if low != high else one
    decimals = {"contacts_year": 0, "contacts_ratio": 2}.get(name, 1)
    one, low, high = (number(float(v), decimals) for v in values)
    return f"{one} ({low} à {high})" if low != high else one


def organisation_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return ORGANISATIONS as JSON: one object a line, unknown as null."""
    return [
        {"organisation": str(name), **{k: None if pd.isna(v) else float(v) for k, v in row.items()}}
        for name, row in table.iterrows()
    ]


def _sector_lines(sector: Sector) -> list[str]:
    people = "" if sector.people is None else f", {number(sector.people)} personnes du public"
    walk = "" if sector.compact_min is None else (
        f", {number(sector.compact_min)} min à pied du centre en moyenne"
    )  # fmt: skip
    held = f" Permanences : {', '.join(sector.permanences)}." if sector.permanences else ""
    apart = f" En {sector.pieces} morceaux." if sector.pieces > 1 else ""
    sign = "+" if sector.deviation > 0 else ""
    share = f"{sign}{percent(sector.deviation)} d'une part égale"
    return [
        f"  {sector.sector_id} ({' + '.join(sector.agents)}) : {where(sector)}",
        f"     {number(sector.load, 1)} h par semaine ({share}){people}{walk}.{held}{apart}",
        *([f"     Dont {hours_text(sector)}."] if sector.hours else []),
    ]


def basis_lines(facts: Mapping[str, Any], plan: SectorPlan) -> list[str]:
    """Return what the hours rest on, and what they leave out; `facts` are those of product 70."""
    work, lost = facts["work"], facts["unplaced_h"]
    lines = [
        f"Heures comptées : {number(work['outings_week'], 1)} sorties par semaine de "
        f"{number(work['outing_h'], 1)} h à {number(work['staff'], 1)} personnes en moyenne, "
        f"réparties selon le besoin ; permanences tenues ; {_contacts_text(work)} Ni réunions, ni "
        "événements, ni visites de partenaires."
    ]
    if sum(s.assumed for s in plan.sectors):
        lines.append(
            f"Unités de charge inconnue, comptées comme la moyenne de leur commune : "
            f"{sum(s.assumed for s in plan.sectors)}."
        )
    if lost:
        lines.append(
            f"{number(lost, 1)} h de permanence ne sont dans aucun secteur : le lieu n'est pas sur "
            "la carte."
        )
    return lines


def _contacts_text(work: Mapping[str, Any]) -> str:
    contacts = work["contacts_week"]
    if contacts is None or pd.isna(contacts):
        return "contacts non comptés dans le journal, donc inconnus."
    after = f"{number(60 * work['contact_h'])} minutes chacun ensuite."
    return f"{number(contacts, 1)} contacts par semaine, {after}"


def _s(count: int) -> str:
    return "s" if count > 1 else ""


def change_rows(change: SectorChange) -> dict[str, Any]:
    """Return a change as JSON, beside its plan: what passes from whom to whom."""
    return {
        "question": change.question,
        "depart": change.start,
        "ecart_avant": change.former_deviation,
        "ecart_apres": change.plan.load_deviation,
        "part_du_public": change.people_moved,
        "reprises": [
            {
                "de": list(t.former),
                "a": list(t.new),
                "lieux": list(t.areas),
                "unites": t.units,
                "public": t.people,
                "partenaires": list(t.partners),
                "lieux_sensibles": t.hidden,
            }
            for t in change.takeovers
        ],
    }

"""Every file that was produced, by what it is about, with what it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from territory.outputs.french import clock, long_date
from territory.outputs.map_tables import week_name

if TYPE_CHECKING:
    from collections.abc import Iterable

_OUTING = re.compile(r"(\d{4}-\d\d-\d\d)_[a-z-]+_(\d\d)h(\d\d)_(.+)")
_WEEK = re.compile(r"\d{4}-W\d{2}")
_WHOLE, _TRIALS, _OUTSIDE = "Tout le territoire", "Essais", "Pour l’extérieur"
_NAMES = {
    "carte.html": "Carte à ouvrir sans connexion",
    "semaine.pdf": "Semaine sur une page",
    "semaine.xlsx": "Classeur de la semaine, des zones et des carreaux",
    "semaine.csv": "Tableau de la semaine",
    "semaine.json": "Données de la semaine",
    "semaine.ics": "Agenda de l’équipe",
    "zones.pdf": "Fiches des zones",
    "territoire.gpkg": "Couches pour un logiciel de cartes",
    "permanences.pdf": "Note sur les permanences",
    "secteurs.pdf": "Note sur les secteurs",
    "reseau.html": "Contrôle du réseau de rues : carte",
    "reseau.gpkg": "Contrôle du réseau de rues : couches",
    "reseau.txt": "Contrôle du réseau de rues : ce qui est à voir",
    "extension.txt": "Note sur l’extension du territoire",
    "contacts_pro.csv": "Contacts professionnels, pour l’équipe seulement",
    "adresses_a_verifier.csv": "Adresses à vérifier",
}
_KINDS = {"fiches": "Fiche de sortie", "traces": "Trace"}
_STARTS = {
    "refus_": "Lignes refusées, sans leurs valeurs",
    "comparaison_": "Carte de comparaison",
    "personnes_informees_par_": "Personnes informées",
    "permanences_": "Note sur un essai de permanences",
    "secteurs_": "Note sur un essai de secteurs",
}


@dataclass(frozen=True, slots=True)
class Download:
    """One file: its place in outputs/, what it is called, and its kind (« PDF »)."""

    path: str
    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class DownloadGroup:
    """Files about the same thing: one week, the whole territory, what may leave the team."""

    title: str
    files: tuple[Download, ...]


def download_groups(paths: Iterable[str]) -> list[DownloadGroup]:
    """
    Return the files of outputs/ named by `paths`, weeks first, the latest first.

    A file that no command of ours writes keeps its own name.
    """
    by_folder: dict[str, list[str]] = {}
    for path in paths:
        by_folder.setdefault(path.split("/")[0] if "/" in path else "", []).append(path)
    weeks = sorted((f for f in by_folder if _WEEK.fullmatch(f)), reverse=True)
    others = sorted(set(by_folder) - set(weeks))
    return [
        DownloadGroup(_title(folder), tuple(map(_download, sorted(by_folder[folder], key=_order))))
        for folder in [*weeks, *others]
    ]


def _title(folder: str) -> str:
    if _WEEK.fullmatch(folder):
        try:
            return week_name(folder)
        except ValueError:
            return folder
    return {"": _WHOLE, "essais": _TRIALS, "public": _OUTSIDE}.get(folder, folder)


def _order(path: str) -> tuple[int, str]:
    """Whole weeks before the sheets of each outing."""
    return path.count("/"), path


def _download(path: str) -> Download:
    *folders, file = path.split("/")
    stem, _, suffix = file.rpartition(".")
    return Download(path, _name(folders[-1] if folders else "", file, stem), suffix.upper())


def _name(folder: str, file: str, stem: str) -> str:
    if file in _NAMES:
        return _NAMES[file]
    outing = _OUTING.fullmatch(stem)
    if folder in _KINDS and outing is not None:
        day, hour, minute, who = outing.groups()
        when = f"{long_date(date.fromisoformat(day))}, {clock(60 * int(hour) + int(minute))}"
        return f"{_KINDS[folder]} du {when}, {who.replace('-', ' + ')}"
    if folder == "agendas":
        return f"Agenda de {stem}"
    told = next((words for start, words in _STARTS.items() if file.startswith(start)), "")
    return f"{told} ({stem})" if told else file

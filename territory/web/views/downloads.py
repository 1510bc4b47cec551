"""Every file that was produced, by what it is about, with what it is called."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from territory.model.marked import marked
from territory.web.translations import FRENCH, Tongue
from territory.web.views.week import week_title

if TYPE_CHECKING:
    from collections.abc import Iterable

_OUTING = re.compile(r"(\d{4}-\d\d-\d\d)_[a-z-]+_(\d\d)h(\d\d)_(.+)")
_WEEK = re.compile(r"\d{4}-W\d{2}")
_WHOLE, _TRIALS, _OUTSIDE, _REPORT = (
    marked("Tout le territoire"), marked("Essais"), marked("Pour l’extérieur"), marked("Bilan"),
)  # fmt: skip
_NAMES = {
    "carte.html": marked("Carte à ouvrir sans connexion"),
    "semaine.pdf": marked("Semaine sur une page"),
    "semaine.xlsx": marked("Classeur de la semaine, des zones et des carreaux"),
    "semaine.csv": marked("Tableau de la semaine"),
    "semaine.json": marked("Données de la semaine"),
    "semaine.ics": marked("Agenda de l’équipe"),
    "zones.pdf": marked("Fiches des zones"),
    "territoire.gpkg": marked("Couches pour un logiciel de cartes"),
    "permanences.pdf": marked("Note sur les permanences"),
    "secteurs.pdf": marked("Note sur les secteurs"),
    "reseau.html": marked("Contrôle du réseau de rues : carte"),
    "reseau.gpkg": marked("Contrôle du réseau de rues : couches"),
    "reseau.txt": marked("Contrôle du réseau de rues : ce qui est à voir"),
    "extension.txt": marked("Note sur l’extension du territoire"),
    "contacts_pro.csv": marked("Contacts professionnels, pour l’équipe seulement"),
    "adresses_a_verifier.csv": marked("Adresses à vérifier"),
}
_KINDS = {
    "fiches": marked("Fiche de sortie du %(day)s, %(hour)s, %(who)s"),
    "traces": marked("Trace du %(day)s, %(hour)s, %(who)s"),
}
_STARTS = {
    "refus_": marked("Lignes refusées, sans leurs valeurs"),
    "comparaison_": marked("Carte de comparaison"),
    "personnes_informees_par_": marked("Personnes informées"),
    "permanences_": marked("Note sur un essai de permanences"),
    "secteurs_": marked("Note sur un essai de secteurs"),
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


def download_groups(paths: Iterable[str], tongue: Tongue = FRENCH) -> list[DownloadGroup]:
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
        DownloadGroup(
            _title(folder, tongue),
            tuple(_download(path, tongue) for path in sorted(by_folder[folder], key=_order)),
        )
        for folder in [*weeks, *others]
    ]


def _title(folder: str, tongue: Tongue) -> str:
    if _WEEK.fullmatch(folder):
        try:
            return week_title(folder, tongue)
        except ValueError:
            return folder
    named = {"": _WHOLE, "essais": _TRIALS, "public": _OUTSIDE, "bilan": _REPORT}
    return tongue.say(named.get(folder, folder))


def _order(path: str) -> tuple[int, str]:
    """Whole weeks before the sheets of each outing."""
    return path.count("/"), path


def _download(path: str, tongue: Tongue) -> Download:
    *folders, file = path.split("/")
    stem, _, suffix = file.rpartition(".")
    name = _name(folders[-1] if folders else "", file, stem, tongue)
    return Download(path, name, suffix.upper())


def _name(folder: str, file: str, stem: str, tongue: Tongue) -> str:
    if file in _NAMES:
        return tongue.say(_NAMES[file])
    outing = _OUTING.fullmatch(stem)
    if folder in _KINDS and outing is not None:
        day, hour, minute, who = outing.groups()
        named = {
            "day": tongue.figures.long_date(date.fromisoformat(day)),
            "hour": tongue.figures.clock(60 * int(hour) + int(minute)),
            "who": who.replace("-", " + "),
        }
        return tongue.say(_KINDS[folder], **named)
    if folder == "agendas":
        return tongue.say("Agenda de %(who)s", who=stem)
    told = next((words for start, words in _STARTS.items() if file.startswith(start)), "")
    return f"{tongue.say(told)} ({stem})" if told else file

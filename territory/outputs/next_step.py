"""What a coordinator does next: the first thing that lacks, and what comes after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from territory.model.kinds import LABELS
from territory.outputs.french import THIN, number

_FILES = "/fichiers-recus"


@dataclass(frozen=True, slots=True)
class NextStep:
    """
    One thing to do: a French sentence, the words of its button, and where it leads.

    `starts` tells a button that starts a computation at `path` from a link to `path`; `bad` that
    what is shown elsewhere cannot be trusted before it is done.
    """

    sentence: str
    button: str
    path: str
    starts: bool = False
    bad: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a territory is: kinds it lacks, whether it is computed and current, what awaits."""

    missing: tuple[str, ...]
    built: bool
    current: bool
    awaited: int  # sheets without their debrief
    planned: bool  # the next week is
    week: str  # the next one, ISO
    refused: int  # lines the team can mend
    stale: int  # files to renew


def next_steps(standing: Standing) -> list[NextStep]:
    """Return what is to be done, the first thing first; the last says that all is ready."""
    if standing.missing:
        return [_missing(standing)]
    if not standing.built:
        said = "Les fichiers sont là, rien n’est encore calculé."
        return [NextStep(said, "Tout calculer", "/calcul", starts=True, bad=True)]
    week = _week(standing.week)
    ready = NextStep(f"La semaine prochaine ({week}) est prête.", "Voir la semaine", "/semaine")
    return [*_of_the_week(standing, week), *_of_the_files(standing)] or [ready]


def _missing(standing: Standing) -> NextStep:
    said = f"Il manque{THIN}: {' ; '.join(LABELS[kind] for kind in standing.missing)}."
    if standing.built:
        return NextStep(said, "Apporter les fichiers", _FILES, bad=True)
    return NextStep(said, "Continuer les premiers pas", "/premiers-pas", bad=True)


def _of_the_week(standing: Standing, week: str) -> list[NextStep]:
    steps = []
    if not standing.current:
        said = "Des fichiers, des retours ou des réglages ont changé depuis le dernier calcul."
        steps.append(NextStep(said, "Tout recalculer", "/calcul", starts=True, bad=True))
    if standing.awaited:
        said = _many(standing.awaited, "fiche de sortie attend son retour",
                     "fiches de sortie attendent leur retour")  # fmt: skip
        steps.append(NextStep(said, "Saisir les retours", "/saisie"))
    if not standing.planned:
        said = f"La semaine prochaine ({week}) n’est pas encore préparée."
        steps.append(NextStep(said, "Préparer la semaine", "/semaine-prochaine", starts=True))
    return steps


def _of_the_files(standing: Standing) -> list[NextStep]:
    steps = []
    if standing.refused:
        said = _many(standing.refused, "ligne de vos tableaux est refusée",
                     "lignes de vos tableaux sont refusées")  # fmt: skip
        steps.append(NextStep(said, "Voir ce qui est à corriger", _FILES))
    if standing.stale:
        said = _many(standing.stale, "fichier est à mettre à jour",
                     "fichiers sont à mettre à jour")  # fmt: skip
        steps.append(NextStep(said, "Voir lesquels", _FILES))
    return steps


def _many(count: int, one: str, more: str) -> str:
    return f"{number(count)} {more if count > 1 else one}."


def _week(iso: str) -> str:
    """Return « du 02/11 au 08/11/2026 » for 2026-W45."""
    year, number_ = iso.split("-W")
    monday = date.fromisocalendar(int(year), int(number_), 1)
    return f"du {monday:%d/%m} au {monday + timedelta(days=6):%d/%m/%Y}"

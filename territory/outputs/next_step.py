"""What a coordinator does next: the first thing that lacks, and what comes after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from territory.model.kinds import LABELS
from territory.model.marked import marked
from territory.outputs.french import number

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
    renewed: bool  # its plan holds all that is known
    signed: bool  # the team holds that plan
    week: str  # the next one, ISO
    refused: int  # lines the team can mend
    stale: int  # files to renew


def next_steps(standing: Standing) -> list[NextStep]:
    """Return what is to be done, the first thing first; the last says that all is ready."""
    if standing.missing:
        return [_missing(standing)]
    if not standing.built:
        said = marked("Les fichiers sont là, rien n’est encore calculé.")
        return [NextStep(said, marked("Tout calculer"), "/calcul", starts=True, bad=True)]
    return [*_of_the_week(standing), *_of_the_files(standing)] or [_ready(standing)]


def _ready(standing: Standing) -> NextStep:
    start, end = _ends(standing.week)
    said = marked(
        "La semaine prochaine (du %(start)s au %(end)s) est prête et signée.", start=start, end=end
    )
    return NextStep(said, marked("Voir la semaine"), "/semaine")


def _missing(standing: Standing) -> NextStep:
    lacking = " ; ".join(LABELS[kind] for kind in standing.missing)
    said = marked("Il manque : %(what)s.", what=lacking)
    if standing.built:
        return NextStep(said, marked("Apporter les fichiers"), _FILES, bad=True)
    return NextStep(said, marked("Continuer les premiers pas"), "/premiers-pas", bad=True)


def _of_the_week(standing: Standing) -> list[NextStep]:
    steps = []
    if not standing.current:
        said = marked(
            "Des fichiers, des retours ou des réglages ont changé depuis le dernier calcul."
        )
        steps.append(NextStep(said, marked("Tout recalculer"), "/calcul", starts=True, bad=True))
    if standing.awaited:
        said = _counted(
            standing.awaited,
            marked("%(n)s fiche de sortie attend son retour."),
            marked("%(n)s fiches de sortie attendent leur retour."),
        )
        steps.append(NextStep(said, marked("Saisir les retours"), "/saisie"))
    return [*steps, *_of_the_plan(standing)]


def _of_the_plan(standing: Standing) -> list[NextStep]:
    """Return what the next week asks: to be prepared, again once all is computed, then signed."""
    start, end = _ends(standing.week)
    again = "/semaine-prochaine"
    if not standing.planned:
        said = marked("La semaine prochaine (du %(start)s au %(end)s) n’est pas encore préparée.",
                      start=start, end=end)  # fmt: skip
        return [NextStep(said, marked("Préparer la semaine"), again, starts=True)]
    if standing.current and not standing.renewed:
        said = marked(
            "Le plan de la semaine prochaine (du %(start)s au %(end)s) est d’avant les derniers "
            "changements.", start=start, end=end,
        )  # fmt: skip
        return [NextStep(said, marked("Préparer à nouveau"), again, starts=True)]
    if standing.current and not standing.signed:
        said = marked(
            "La semaine prochaine (du %(start)s au %(end)s) est prête. Il reste à la relire et à "
            "la signer.", start=start, end=end,
        )  # fmt: skip
        return [NextStep(said, marked("Voir la semaine"), "/semaine")]
    return []


def _of_the_files(standing: Standing) -> list[NextStep]:
    steps = []
    if standing.refused:
        said = _counted(
            standing.refused,
            marked("%(n)s ligne de vos tableaux est refusée."),
            marked("%(n)s lignes de vos tableaux sont refusées."),
        )
        steps.append(NextStep(said, marked("Voir ce qui est à corriger"), _FILES))
    if standing.stale:
        said = _counted(
            standing.stale,
            marked("%(n)s fichier est à mettre à jour."),
            marked("%(n)s fichiers sont à mettre à jour."),
        )
        steps.append(NextStep(said, marked("Voir lesquels"), _FILES))
    return steps


def _counted(count: int, one: str, many: str) -> str:
    return marked(many if count > 1 else one, n=number(count))


def _ends(iso: str) -> tuple[str, str]:
    """Return « 02/11 » and « 08/11/2026 » for 2026-W45."""
    year, number_ = iso.split("-W")
    monday = date.fromisocalendar(int(year), int(number_), 1)
    return f"{monday:%d/%m}", f"{monday + timedelta(days=6):%d/%m/%Y}"

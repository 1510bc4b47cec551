"""The forms of a week, as changes of its log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.commands.week_words import edit_of, moves_of, target_id
from territory.errors import WrongUsage
from territory.model.marked import marked
from territory.model.week_edits import WeekEdit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.model.week_results import WeekPlan
    from territory.pipeline.workspace import Built

Fields = dict[str, str]


def asked_edits(
    built: Built, plan: WeekPlan, edits: Mapping[int, WeekEdit], fields: Fields
) -> list[WeekEdit]:
    """
    Return the changes that a form asks for; `edits` are those in force.

    `fields["action"]` says which form. Raises WrongUsage (French) as `edit_of` and `moves_of`, and
    for a form that is none of ours.
    """
    given = {name: text.strip() for name, text in fields.items()}
    action = given.get("action", "")

    def field(name: str) -> str:
        return given.get(name, "")

    if action == "annuler":
        return [WeekEdit(None, undoes=n) for n in _lines(field("numero"))]
    if action in {"deplacer", "deplacer_arret"}:
        return _moved(built, plan, edits, given)
    if action in {"exclure", "placer"}:
        target = target_id(built, field("cible"))
        return [edit_of(built, plan, action, f"{target}:{field('moment')}:{field('qui')}")]
    if action == "absent":
        return [edit_of(built, plan, action, f"{field('qui')}:{_absence(given)}")]
    if action == "rendez_vous":
        return [edit_of(built, plan, action, _appointment(built, given))]
    if action == "verrou":
        return [edit_of(built, plan, action, field("sortie"))]
    raise WrongUsage(marked("Ce changement n’est pas connu."))


def _moved(
    built: Built, plan: WeekPlan, edits: Mapping[int, WeekEdit], given: Fields
) -> list[WeekEdit]:
    """Return the changes that move an outing, or one of its stops (« sortie lieu »)."""
    outing, stop = given.get("sortie", ""), ""
    if given["action"] == "deplacer_arret":
        outing, _, stop = given.get("arret", "").partition(" ")
        if not stop:
            raise WrongUsage(marked("Choisissez l’arrêt à déplacer."))
    when, who = given.get("moment", ""), given.get("qui", "")
    return moves_of(built, plan, outing, when, who, edits=edits, stop=stop)


def _lines(text: str) -> list[int]:
    """Return the lines of the log that « 4 5 6 » names; raises WrongUsage for none or no number."""
    words = text.split()
    if not words or not all(w.isdecimal() and len(w) <= 6 for w in words):  # noqa: PLR2004
        raise WrongUsage(marked("Ce changement n’est pas connu."))
    return list(map(int, words))


def _absence(given: Fields) -> str:
    """Return « mardi », « mardi matin », « mardi 08:15 » or « mardi 08:15-12:00 »."""
    moment, start, end = (given.get(name, "") for name in ("moment", "debut", "fin"))
    if not (start or end):
        return moment
    return f"{moment.split(' ', 1)[0]} {start or '00:00'}" + (f"-{end}" if end else "")


def _appointment(built: Built, given: Fields) -> str:
    """Return « M1:jeudi 14:00-15:30:P0012 »; raises WrongUsage without hours, or as `target_id`."""
    who, day, start, end, place = (
        given.get(name, "") for name in ("qui", "jour", "debut", "fin", "lieu")
    )
    if not (start and end):
        raise WrongUsage(marked("Donnez l’heure de début et l’heure de fin du rendez-vous."))
    where = f":{target_id(built, place)}" if place else ""
    return f"{who}:{day} {start}-{end}{where}"

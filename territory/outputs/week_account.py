"""The week in a few lines of a terminal: who goes where and why, what is left out, the load."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.outputs.french import THIN, clock, distance, long_date, number
from territory.outputs.load_words import hours_owed, turns_words
from territory.outputs.week_grid import worth
from territory.outputs.who import who_goes

if TYPE_CHECKING:
    from territory.model.week_results import Carried, LeftOut, Session, WeekPlan

_SHOWN = 3
_LETTERS = 180


def week_account(plan: WeekPlan) -> list[str]:
    """
    Return the week in French lines: sessions in order and why, what it brings, left out, load.

    What was left out with a remedy comes first; no more than three are said. Then what moved since
    the plan before, the notes and the warnings.
    """
    fixed = sum(s.fixed for s in plan.sessions)
    lines = [
        f"Semaine {plan.week} : {len(plan.sessions) - fixed} maraudes proposées, "
        f"{fixed} rendez-vous conservés."
    ]
    for session in plan.sessions:
        lines += _session_lines(session)
    lines += [f"  {worth(plan)}"] if plan.value else []
    lines += _left_out(plan.left_out)
    lines += [f"  Charge : {_load(one)}" for one in plan.carried]
    lines += [f"  Changement : {change}" for change in plan.changes]
    return [*lines, *(f"  {n}" for n in plan.notes), *(f"  Attention : {w}" for w in plan.warnings)]


def _session_lines(s: Session) -> list[str]:
    walk = f", {distance(s.walk_m)} à pied" if s.walk_m else ""
    locked = ", verrouillée" if s.locked else ""
    head = (
        f"  {long_date(s.on)}, {clock(s.start_min)}–{clock(s.end_min)} : {s.title} "
        f"({who_goes(s)}{walk}{locked})"
    )
    if s.fixed or not s.reason:
        return [head]
    told = [f"     Annoncer : {s.announce}"] if s.announce else []
    rides = [f"     Pour « {t.name} » : {t.ride}" for t in s.stops if t.ride]
    rides += [f"     Retour : {s.ride_back}"] if s.ride_back else []
    return [head, f"     {_first_words(s.reason)}", *told, *rides]


def _first_words(reason: str) -> str:
    """Return the first sentences of a reason, as many as hold in a line or two."""
    sentences = reason.split(". ")
    kept = 1
    while kept < len(sentences) and len(". ".join(sentences[: kept + 1])) <= _LETTERS:
        kept += 1
    return ". ".join(sentences[:kept]).rstrip(".") + "."


def _left_out(left: tuple[LeftOut, ...]) -> list[str]:
    ranked = sorted(left, key=lambda one: not one.remedy)
    lines = []
    for out in ranked[:_SHOWN]:
        lines.append(f"  Non retenu : {out.name} - {out.reason}")
        lines += [f"     Pour l'admettre : {out.remedy}"] if out.remedy else []
    more = len(left) - _SHOWN
    return (
        [*lines, f"  ... et {more} autres non retenues (voir le classeur)."] if more > 0 else lines
    )


def _load(one: Carried) -> str:
    evenings = f", soirées : {one.evenings}" if one.evenings else ""
    hours = f"{number(one.hours, 1)}{THIN}h de sortie"
    owed = ", ".join(("", *hours_owed(one)))
    head = f"{one.agent} {hours}, {distance(one.walk_m)} à pied{evenings}{owed}"
    return " ; ".join((head, *turns_words(one)))

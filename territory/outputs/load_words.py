"""What a mediator is owed and what they had in turn, in French."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.outputs.french import THIN, number

if TYPE_CHECKING:
    from territory.model.week_results import Carried, Turns

_LEAST_H = 0.05  # told as 0,1
_NAMES = {
    "soirees": ("soirées", ""),
    "lieux_difficiles": ("jours en lieu difficile", ""),
    "marche_km": ("marche", f"{THIN}km"),
}


def hours_owed(one: Carried) -> tuple[str, ...]:
    """Return « part due 7,5 h » and « il restera 2,0 h à rattraper », what is known of them."""
    if one.due_h is None:
        return ()
    due = f"part due {number(one.due_h, 1)}{THIN}h"
    left = one.left_h or 0.0
    rest = (f"il restera {number(left, 1)}{THIN}h à rattraper",) if left >= _LEAST_H else ()
    return (due, *rest)


def turns_words(one: Carried) -> tuple[str, ...]:
    """Return « soirées : 3 sur 13 semaines, part juste 2,7 », a line for each thing shared out."""
    return tuple(map(_turn, one.turns))


def _turn(turn: Turns) -> str:
    name, unit = _NAMES[turn.kind]
    had = number(turn.had, 1 if unit else 0)
    weeks = f"sur {turn.weeks} semaines" if turn.weeks > 1 else "cette semaine"
    return f"{name} : {had}{unit} {weeks}, part juste {number(turn.fair, 1)}{unit}"

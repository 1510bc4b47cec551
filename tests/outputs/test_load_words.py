"""What a mediator is owed, and had in turn, in French."""

from __future__ import annotations

from territory.model.week_results import Carried, Turns
from territory.outputs.load_words import hours_owed, turns_words


def told(*words: str) -> list[str]:
    return [w.replace("\u202f", " ") for w in words]


def test_what_a_week_cannot_make_up_for_is_said() -> None:
    one = Carried("M3", 6.0, 4000, 1, 0, due_h=9.0, left_h=8.2)
    assert told(*hours_owed(one)) == ["part due 9,0 h", "il restera 8,2 h à rattraper"]
    assert told(*hours_owed(Carried("M1", 6.0, 4000, 1, 0, due_h=5.0, left_h=0.0))) == [
        "part due 5,0 h"
    ]
    assert hours_owed(Carried("M1", 6.0, 4000, 1, 0)) == ()


def test_turns_are_told_beside_the_fair_share() -> None:
    turns = (Turns("soirees", 3.0, 2.7, 13), Turns("lieux_difficiles", 1.0, 0.5, 1),
             Turns("marche_km", 21.4, 20.0, 5))  # fmt: skip
    assert told(*turns_words(Carried("M1", 6.0, 4000, 1, 0, turns=turns))) == [
        "soirées : 3 sur 13 semaines, part juste 2,7",
        "jours en lieu difficile : 1 cette semaine, part juste 0,5",
        "marche : 21,4 km sur 5 semaines, part juste 20,0 km",
    ]

"""
Short codes of a week: four signs for each session, a letter for each stop, to type what was done.

A sheet code is the week (one sign), two signs drawn from what the session is, and a check sign. The
signs are the elements of GF(32) and the code a word of a code of length 4 whose weights are all
distinct and not zero: one wrong sign, or two signs exchanged, never make another code.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import TYPE_CHECKING

from territory.errors import NoAnswer, WrongUsage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from territory.model.week_results import Session, WeekPlan

SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # neither 0 and O nor 1 and I, alike when written
LETTERS = SIGNS[8:]
LENGTH = 4
_FIELD, _BITS, _MODULUS = 32, 5, 0b100101  # GF(32) as polynomials modulo x^5 + x^2 + 1
_WEIGHTS = (2, 4, 8, 1)  # x, x^2, x^3 and 1: the last sign answers for the others
_DRAWN = _FIELD**2
_KEPT = 16  # hexadecimal digits of an identity


def coded(plan: WeekPlan, printed: Mapping[str, str] | None = None) -> WeekPlan:
    """
    Return the plan with the code of each session and the letters A, B, C... of its stops.

    `printed` maps codes already given in the same week to the `identity` of their session: such a
    session keeps its code, and no other takes it. Same sessions, same codes, whatever their order.
    Raises NoAnswer (French) when a week has used up its codes, about nine hundred.
    """
    taken = dict(printed or {})
    codes: dict[str, str] = {}
    for who in sorted(identity(s, plan.week) for s in plan.sessions):
        code = next((c for c in _candidates(who, plan.week) if taken.get(c, who) == who), None)
        if code is None:
            raise NoAnswer(f"Tous les codes de la semaine {plan.week} ont été donnés.")
        taken[code], codes[who] = who, code
    sessions = (_lettered(s, codes[identity(s, plan.week)]) for s in plan.sessions)
    return replace(plan, sessions=tuple(sessions))


def identity(session: Session, week: str) -> str:
    """Return a hash of what makes a session itself: when, who, what, where, stop after stop."""
    stops = (f"{s.place_id or s.zone_id}@{s.x:.0f},{s.y:.0f}" for s in session.stops)
    when = (week, session.on.isoformat(), session.start_min, session.end_min)
    mates = [p for p in session.partners if p not in session.agents]
    what = (session.kind, "+".join([*session.agents, *mates]), session.place_id, session.zone_id)
    whole = "|".join(map(str, (*when, *what, *stops)))
    return sha256(whole.encode()).hexdigest()[:_KEPT]


def decode(text: str) -> str:
    """
    Return the sheet code as it was printed, from what was typed: case, spaces and hyphens aside.

    Raises WrongUsage (French, the text typed is not repeated) for anything that is no code.
    """
    code = text.upper().translate(dict.fromkeys(map(ord, " -.\u00a0\u202f")))
    if len(code) != LENGTH or not set(code) <= set(SIGNS):
        raise WrongUsage(
            "[E-CODE] le code d'une fiche a quatre signes, comme 7KQ7, sans 0 ni O, ni 1 ni I. "
            "Il est en haut de la fiche."
        )
    if _syndrome(code):
        raise WrongUsage(
            "[E-CODE] ce code de fiche n'existe pas : un signe est faux ou deux sont échangés. "
            "Relisez-le en haut de la fiche."
        )
    return code


def stop_letter(number: int) -> str:
    """Return the letter of the stop `number` (0 the first): A, B ... Z, then A2, B2..."""
    turn, place = divmod(number, len(LETTERS))
    return LETTERS[place] + (str(turn + 1) if turn else "")


def _lettered(session: Session, code: str) -> Session:
    stops = (replace(s, code=stop_letter(n)) for n, s in enumerate(session.stops))
    return replace(session, code=code, stops=tuple(stops))


def _candidates(who: str, week: str) -> Iterator[str]:
    """Yield the codes a session may have, its own first; with a digit, so that none is a word."""
    drawn = int(who, 16)
    first, step = drawn % _DRAWN, (drawn // _DRAWN) | 1  # odd: every pair of signs comes once
    for turn in range(_DRAWN):
        one, two = divmod((first + turn * step) % _DRAWN, _FIELD)
        code = _checked(SIGNS[_week_sign(week)] + SIGNS[one] + SIGNS[two])
        if not code.isalpha():
            yield code


def _week_sign(week: str) -> int:
    """Return the number, 0-31, of an ISO week: thirty-two weeks in a row have different ones."""
    year, number = week.split("-W")
    return date.fromisocalendar(int(year), int(number), 1).toordinal() // 7 % _FIELD


def _checked(start: str) -> str:
    return start + SIGNS[_syndrome(start)]


def _syndrome(code: str) -> int:
    """Return the weighted sum of the signs in GF(32): 0 for a whole code that is right."""
    total = 0
    for sign, weight in zip(code, _WEIGHTS, strict=False):
        total ^= _product(SIGNS.index(sign), weight)
    return total


def _product(a: int, b: int) -> int:
    """Return a times b in GF(32)."""
    total = 0
    while b:
        total ^= a if b & 1 else 0
        a, b = a << 1, b >> 1
        a ^= _MODULUS if a >> _BITS else 0
    return total

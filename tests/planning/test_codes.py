"""Short codes: stable, distinct, and no single slip of the hand makes another one."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest

from territory.errors import NoAnswer, WrongUsage
from territory.planning.codes import SIGNS, coded, decode, identity, stop_letter
from tests.outputs.map_town import outing, plan


def big_plan(count: int = 60, week: str = "2026-W48"):  # noqa: ANN201
    sessions = tuple(
        outing(session_id=f"S{n}", agents=(f"M{n % 7}",), start_min=540 + n) for n in range(count)
    )
    return replace(plan(), week=week, sessions=sessions)


def codes_of(whole) -> list[str]:
    return [s.code for s in coded(whole).sessions]


def is_code(text: str) -> bool:
    try:
        decode(text)
    except WrongUsage:
        return False
    return True


def test_sessions_have_codes_and_stops_letters() -> None:
    first = coded(plan()).sessions[0]
    assert len(first.code) == 4
    assert set(first.code) <= set(SIGNS)
    assert [s.code for s in first.stops] == ["A", "B"]
    assert decode(first.code) == first.code


@pytest.mark.parametrize("code", codes_of(big_plan(12)))
def test_no_wrong_sign_and_no_exchange_makes_another_code(code: str) -> None:
    for at in range(4):
        for sign in set(SIGNS) - {code[at]}:
            assert not is_code(code[:at] + sign + code[at + 1 :])
    for one, two in combinations(range(4), 2):
        if code[one] != code[two]:
            signs = list(code)
            signs[one], signs[two] = signs[two], signs[one]
            assert not is_code("".join(signs))


def test_codes_are_distinct_hold_a_digit_and_owe_nothing_to_the_order() -> None:
    whole = big_plan()
    codes = codes_of(whole)
    assert len(set(codes)) == 60
    assert all(any(sign.isdigit() for sign in code) for code in codes)
    mixed = list(whole.sessions)
    random.Random(3).shuffle(mixed)  # noqa: S311 - a shuffle
    again = coded(replace(whole, sessions=tuple(mixed))).sessions
    assert {s.session_id: s.code for s in again} == {
        s.session_id: c for s, c in zip(whole.sessions, codes, strict=True)
    }


def test_a_code_already_printed_stays_with_its_session() -> None:
    whole = coded(big_plan(40))
    printed = {s.code: identity(s, whole.week) for s in whole.sessions}
    moved = tuple(replace(s, start_min=s.start_min + 1) for s in whole.sessions[:20])
    later = coded(replace(whole, sessions=(*moved, *whole.sessions[20:])), printed)
    assert [s.code for s in later.sessions[20:]] == [s.code for s in whole.sessions[20:]]
    assert not {s.code for s in later.sessions[:20]} & set(printed)


def test_coding_twice_changes_nothing() -> None:
    once = coded(plan())
    assert coded(once) == once


def test_weeks_near_each_other_never_share_a_code() -> None:
    monday = date(2026, 1, 5)
    firsts = set()
    for n in range(32):
        year, number, _ = (monday + timedelta(weeks=n)).isocalendar()
        firsts.add(codes_of(big_plan(1, f"{year}-W{number:02d}"))[0][0])
    assert len(firsts) == 32


def test_a_week_without_codes_left_says_so() -> None:
    whole = coded(big_plan(1))
    every = {whole.sessions[0].code[0] + b + c + d: "other" for b in SIGNS for c in SIGNS
             for d in SIGNS}  # fmt: skip
    with pytest.raises(NoAnswer, match="semaine 2026-W48"):
        coded(whole, every)


def test_case_spaces_and_hyphens_do_not_matter() -> None:
    code = codes_of(plan())[0]
    assert decode(f" {code[:2].lower()}-{code[2:].lower()} ") == code


@pytest.mark.parametrize("text", ["", "8KQ", "8KQ22", "0KQ2", "7IQ2", "7KO2", "Mme Dupont"])
def test_what_is_no_code_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(
        WrongUsage, match=r"^\[E-CODE\] le code d'une fiche a quatre signes"
    ) as told:
        decode(text)
    assert not text or text not in str(told.value)


def test_letters_go_on_after_the_last() -> None:
    assert [stop_letter(n) for n in (0, 8, 23, 24, 25)] == ["A", "J", "Z", "A2", "B2"]

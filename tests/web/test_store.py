"""Accounts, sessions, tries and journal, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text

from territory.errors import WrongUsage
from territory.web.account_tables import ACCOUNTS, SESSIONS
from territory.web.attempts import ATTEMPTS
from territory.web.passwords import Passwords, drawn_password, weakness
from territory.web.rights import Role
from territory.web.store import Store, open_store
from tests.web.folders import CHEAP, HandClock, team_config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PASS = "quatre chevaux bleus"  # noqa: S105 - of the tests
HERE = "192.0.2.7"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def store(tmp_path: Path, base_url: str, clock: HandClock) -> Iterator[Store]:
    opened = open_store(team_config(tmp_path, clock, base_url))
    yield opened
    opened.engine.dispose()


@pytest.fixture
def team(store: Store) -> Store:
    store.accounts.create("CH1", Role.MANAGER, PASS)
    store.accounts.create("M1", Role.MEDIATOR, PASS)
    return store


def test_the_base_is_the_one_asked(store: Store, base_url: str) -> None:
    assert base_url.startswith(store.engine.dialect.name)
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect() as base:
            assert "PostgreSQL" in str(base.execute(text("SELECT version()")).scalar())


def test_a_password_is_known_by_its_account_only(team: Store) -> None:
    found = team.accounts.check(" m1 ", PASS)
    assert found is not None
    assert (found.login, found.role, found.must_change) == ("M1", Role.MEDIATOR, False)
    assert team.accounts.check("M1", PASS + "s") is None
    assert team.accounts.check("M2", PASS) is None


def test_the_base_holds_neither_passwords_nor_cookies(team: Store) -> None:
    secret = team.sessions.open("M1")
    with team.engine.connect() as base:
        rows = [*base.execute(select(ACCOUNTS)), *base.execute(select(SESSIONS))]
    written = repr(rows)
    assert written.count("$argon2id$") == 2
    assert PASS not in written
    assert secret not in written


@pytest.mark.parametrize("login", ["Nathalie", "M-1", "", "x" * 20, "<b>1</b>"])
def test_an_account_is_a_code_never_a_name(store: Store, login: str) -> None:
    with pytest.raises(WrongUsage, match="pas un nom"):
        store.accounts.create(login, Role.READER, PASS)


def test_a_code_has_one_account(team: Store) -> None:
    with pytest.raises(WrongUsage, match="« M1 » a déjà un compte"):
        team.accounts.create("m1", Role.READER, PASS)


def test_a_drawn_password_must_be_changed(store: Store) -> None:
    drawn = store.accounts.create("M1", Role.MEDIATOR)
    found = store.accounts.check("M1", drawn)
    assert found is not None
    assert found.must_change
    store.accounts.set_password("M1", PASS)
    assert store.accounts.check("M1", drawn) is None
    assert [a.must_change for a in store.accounts.listed()] == [False]


def test_the_last_who_keeps_the_accounts_cannot_leave(team: Store) -> None:
    for leave in (
        lambda: team.accounts.set_role("CH1", Role.READER),
        lambda: team.accounts.set_active("CH1", active=False),
    ):
        with pytest.raises(WrongUsage, match="au moins un compte de direction"):
            leave()
    assert [a.login for a in team.accounts.listed() if a.role == Role.MANAGER and a.active] == [
        "CH1"
    ]
    team.accounts.set_role("M1", Role.MANAGER)
    team.accounts.set_active("CH1", active=False)
    assert [a.active for a in team.accounts.listed()] == [False, True]


def test_of_two_managers_who_leave_at_once_one_stays(team: Store) -> None:
    team.accounts.set_role("M1", Role.MANAGER)

    def leave(login: str) -> bool:
        try:
            team.accounts.set_role(login, Role.READER)
        except WrongUsage:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, ["CH1", "M1"])) == [False, True]


def test_nobody_is_changed_under_an_unknown_code(team: Store) -> None:
    with pytest.raises(WrongUsage, match="Aucun compte ne porte le code « X9 »"):
        team.accounts.reset("X9")


def test_a_session_is_known_by_its_secret(team: Store) -> None:
    secret = team.sessions.open("M1")
    found = team.sessions.who(secret)
    assert found is not None
    assert found.login == "M1"
    assert team.sessions.who(secret[:-1] + "!") is None
    team.sessions.close(secret)
    assert team.sessions.who(secret) is None


def test_a_session_ends_after_an_hour_without_a_page(team: Store, clock: HandClock) -> None:
    secret = team.sessions.open("M1")
    clock.now += 60 * 60 - 1
    assert team.sessions.who(secret) is not None
    clock.now += 60 * 60 - 1
    assert team.sessions.who(secret) is not None
    clock.now += 60 * 60
    assert team.sessions.who(secret) is None


def test_a_session_used_all_day_ends_after_twelve_hours(team: Store, clock: HandClock) -> None:
    secret = team.sessions.open("M1")
    alive = 0
    while team.sessions.who(secret) is not None:
        alive += 1
        clock.now += 30 * 60
    assert alive == 24


def test_old_sessions_are_swept_when_another_opens(team: Store, clock: HandClock) -> None:
    team.sessions.open("M1")
    clock.now += 13 * 3600
    team.sessions.open("M1")
    with team.engine.connect() as base:
        assert len(base.execute(select(SESSIONS)).all()) == 1


@pytest.mark.parametrize("what", ["password", "reset", "shut"])
def test_what_touches_the_password_or_closes_the_account_ends_every_session(
    team: Store, what: str
) -> None:
    mine = [team.sessions.open("M1") for _ in range(2)]
    other = team.sessions.open("CH1")
    {
        "password": lambda: team.accounts.set_password("M1", "une autre phrase"),
        "reset": lambda: team.accounts.reset("M1"),
        "shut": lambda: team.accounts.set_active("M1", active=False),
    }[what]()
    assert [team.sessions.who(s) for s in mine] == [None, None]
    assert team.sessions.who(other) is not None


def test_a_closed_account_is_refused_as_a_wrong_password_is(team: Store) -> None:
    team.accounts.set_active("M1", active=False)
    assert team.accounts.check("M1", PASS) is None
    team.accounts.set_active("M1", active=True)
    assert team.accounts.check("M1", PASS) is not None


def test_another_role_counts_at_once(team: Store) -> None:
    secret = team.sessions.open("M1")
    team.accounts.set_role("M1", Role.READER)
    found = team.sessions.who(secret)
    assert found is not None
    assert found.role == Role.READER


def test_a_code_is_tried_ten_times_then_waits(store: Store, clock: HandClock) -> None:
    places = [f"192.0.2.{n}" for n in range(30)]
    assert [store.attempts.allow("M1", p) for p in places].count(True) == 10
    assert store.attempts.allow("M2", HERE)
    clock.now += 15 * 60
    assert store.attempts.allow("m1", HERE)


def test_an_address_is_heard_sixty_times_then_waits(store: Store) -> None:
    logins = [f"M{n}" for n in range(80)]
    assert [store.attempts.allow(login, HERE) for login in logins].count(True) == 60
    assert store.attempts.allow("M99", "198.51.100.1")


def test_an_ipv6_line_is_one_address(store: Store) -> None:
    heard = [store.attempts.allow(f"M{n}", f"2001:db8::{n:x}") for n in range(80)]
    assert heard.count(True) == 60
    assert store.attempts.allow("M99", "2001:db8:0:1::1")


def test_who_signs_in_is_forgiven_and_the_team_shares_one_address(store: Store) -> None:
    for _ in range(200):
        assert store.attempts.allow("M1", HERE)
        store.attempts.forgive("M1", HERE)


def test_tries_at_once_are_counted_one_by_one(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        heard = list(pool.map(store.attempts.allow, repeat("M1", 40), repeat(HERE)))
    assert heard.count(True) == 10


def test_tries_keep_neither_what_was_typed_nor_the_address(store: Store) -> None:
    store.attempts.allow("mon mot de passe", HERE)
    with store.engine.connect() as base:
        keys = [row.key for row in base.execute(select(ATTEMPTS))]
    assert [len(key) for key in keys] == [7, 7]
    assert HERE not in "".join(keys)


def test_the_journal_holds_codes_and_no_value(store: Store, clock: HandClock) -> None:
    store.actions.note(
        "M1", ("POST /semaine/{which}", "Semaine changée"), {"which": "2026-W48"}, 200
    )
    clock.now += 1
    store.actions.note("", ("POST /x/{name}", ""), {"name": "Mme Dupont, 3 rue Haute"}, 403)
    newest, first = store.actions.latest()
    assert (first.login, first.title, first.targets, first.status) == (
        "M1", "Semaine changée", "which=2026-W48", 200,
    )  # fmt: skip
    assert newest.targets == "name=?"


def test_the_journal_is_erased_after_a_year(store: Store, clock: HandClock) -> None:
    store.actions.note("M1", ("POST /calcul", ""), {}, 200)
    clock.now += 364 * 86_400
    store.actions.note("M2", ("POST /calcul", ""), {}, 200)
    store.actions.sweep()
    assert len(store.actions.latest()) == 2
    clock.now += 2 * 86_400
    store.actions.sweep()
    assert [a.login for a in store.actions.latest()] == ["M2"]


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("court", "au moins 12"),
        ("x" * 201, "au plus 200"),
        ("abababababab", "trop peu"),
        ("zorglub1zorglub1", "le code répété"),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, told: str) -> None:
    assert told in weakness(password, "ZORGLUB1")


def test_a_drawn_password_is_strong_and_never_twice_the_same() -> None:
    drawn = {drawn_password() for _ in range(50)}
    assert len(drawn) == 50
    assert {weakness(password, "M1") for password in drawn} == {""}


def test_accents_are_the_same_in_one_piece_or_two() -> None:
    passwords = Passwords(CHEAP)
    assert passwords.matches(passwords.hashed("pe\u0301nible détour"), "pénible de\u0301tour")


def test_nobody_is_never_matched() -> None:
    passwords = Passwords(CHEAP)
    assert not passwords.matches(None, "")
    assert not passwords.matches("un hachage", PASS)
    assert not passwords.matches(passwords.hashed("a" * 200), "a" * 201)

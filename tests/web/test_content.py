"""A base copied elsewhere and back is the same row by row, whatever it holds: all or nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import OperationalError

from territory.errors import DataProblem, WrongUsage
from territory.web import content as module
from territory.web.account_tables import ACCOUNTS
from territory.web.actions import ACTIONS
from territory.web.content import Content, Rows, fill, read_content
from territory.web.database import make_engine, writing
from territory.web.job_store import JobStore, jobs
from territory.web.schema import CONTENT, create_all
from tests.web.bases import empty_schema
from tests.web.test_job_store import job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Engine

MOST = 2**31 - 1
# What PostgreSQL cannot hold (the null letter, half letters) is refused, and tried apart.
LETTERS = st.characters(exclude_characters="\x00", exclude_categories=("Cs",))
FRENCH = st.sampled_from(
    ["", "é", "Cœur d’Île « à part »", "a\nb", "😀", '"\\', "\u2028", "Ÿ\u0301"]
)
SECONDS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0.0, -0.0, 5e-324, 1.7976931348623157e308, 1_795_000_000.000001, 1e22]
)
NUMBERS = st.integers(-MOST - 1, MOST)


def texts(longest: int) -> st.SearchStrategy[str]:
    drawn = FRENCH | st.text(LETTERS, max_size=min(longest, 40))
    return drawn.filter(lambda told: len(told) <= longest)


def rows_of(columns: dict[str, st.SearchStrategy[Any]], key: str) -> st.SearchStrategy[list[Any]]:
    row = st.fixed_dictionaries(columns)
    return st.lists(row, max_size=4, unique_by=lambda found: found[key])


@st.composite
def contents(draw: st.DrawFn) -> Content:
    """Whatever the tables may hold, sessions of accounts that are there."""
    accounts = draw(rows_of({
        "login": texts(8), "role": texts(20), "password": texts(200), "active": st.booleans(),
        "must_change": st.booleans(), "made_s": SECONDS,
    }, "login"))  # fmt: skip
    logins = [account["login"] for account in accounts]
    sessions = draw(rows_of({
        "fingerprint": texts(64), "login": st.sampled_from(logins), "opened_s": SECONDS,
        "seen_s": SECONDS,
    }, "fingerprint")) if logins else []  # fmt: skip
    attempts = draw(rows_of({"key": texts(20), "count": NUMBERS, "until_s": SECONDS}, "key"))
    actions = draw(rows_of({
        "id": st.integers(1, MOST - 9), "at_s": SECONDS, "login": texts(8), "action": texts(120),
        "title": texts(80), "targets": texts(200), "status": NUMBERS,
    }, "id"))  # fmt: skip
    maybe = st.none() | texts(300)
    kept = rows_of({
        "number": st.integers(1, MOST - 9), "key": texts(32), "scope": texts(99),
        "job_order": texts(64), "arguments": texts(300), "asked_by": texts(9), "back": texts(99),
        "state": texts(16), "asked": texts(40), "ended": st.none() | texts(40),
        "lines": texts(300), "value": maybe, "code": st.none() | NUMBERS, "tries": NUMBERS,
        "stop_asked": st.booleans(),
    }, "number")  # fmt: skip
    asked = draw(kept.filter(lambda rows: len({row["key"] for row in rows}) == len(rows)))
    given = zip(CONTENT, (accounts, sessions, attempts, actions, asked), strict=True)
    return Content(2, tuple(_rows(table.name, rows) for table, rows in given))


def _rows(name: str, rows: list[dict[str, Any]]) -> Rows:
    table = next(one for one in CONTENT if one.name == name)
    columns = tuple(column.name for column in table.columns)
    keys = [column.name for column in table.primary_key]
    ordered = sorted(rows, key=lambda row: [row[key] for key in keys])
    return Rows(name, columns, tuple(tuple(row[c] for c in columns) for row in ordered))


@pytest.fixture(scope="module")
def three(
    postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Engine, Engine, Engine]]:
    """A SQLite file, a PostgreSQL base, another SQLite file."""
    folder = tmp_path_factory.mktemp("bases")
    urls = [f"sqlite:///{folder}/a.db", empty_schema(postgres), f"sqlite:///{folder}/b.db"]
    engines = [make_engine(url) for url in urls]
    yield engines[0], engines[1], engines[2]
    for engine in engines:
        engine.dispose()


@given(given=contents())
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_to_the_server_and_back_is_the_same_row_by_row(
    three: tuple[Engine, Engine, Engine], given: Content
) -> None:
    first, server, back = three
    fill(first, given, replace=True)
    assert read_content(first) == given
    for source, target in ((first, server), (server, back)):
        fill(target, read_content(source), replace=True)
        assert read_content(target) == read_content(source)
    assert [t.sha256 for t in read_content(back).tables] == [t.sha256 for t in given.tables]


@pytest.fixture
def engine(base_url: str) -> Iterator[Engine]:
    opened = make_engine(base_url)
    create_all(opened)
    yield opened
    opened.dispose()


def some() -> Content:
    """A little of everything."""
    account = ("M1", "mediation", "x", True, False, 1_795_000_000.123456)
    action = (7, 1.5, "M1", "POST /x", "Semaine changée", "which=2026-W48", 200)
    held = {"accounts": [account], "actions": [action]}
    return Content(2, tuple(
        Rows(t.name, tuple(c.name for c in t.columns), tuple(held.get(t.name, ()))) for t in CONTENT
    ))  # fmt: skip


def test_new_rows_go_on_after_the_last_one(engine: Engine) -> None:
    fill(engine, some())
    with writing(engine) as base:
        base.execute(insert(ACTIONS).values(
            at_s=1.0, login="", action="", title="", targets="", status=200
        ))  # fmt: skip
        assert list(base.scalars(select(ACTIONS.c.id).order_by(ACTIONS.c.id))) == [7, 8]
    JobStore(engine).add(job("a"))
    with engine.connect() as base:
        assert base.scalar(select(jobs.c.number)) == 1


def test_a_base_that_holds_something_is_not_written_unless_said(engine: Engine) -> None:
    fill(engine, some())
    with pytest.raises(WrongUsage, match=r"n'est pas vide \(comptes : 1\).*--remplacer"):
        fill(engine, some())
    fill(engine, replace(some(), tables=()), replace=True)
    assert sum(read_content(engine).counts.values()) == 0


def test_an_empty_base_has_nothing_to_copy(base_url: str) -> None:
    opened = make_engine(base_url)
    with pytest.raises(WrongUsage, match="Cette base est vide"):
        read_content(opened)
    opened.dispose()


def test_what_reads_back_otherwise_changes_nothing(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(engine, some())
    monkeypatch.setattr(module, "_insert", lambda *_: None)
    other = replace(some(), tables=some().tables[:1])
    with pytest.raises(DataProblem, match="n'est pas ce qui devait l'être"):
        fill(engine, other, replace=True)
    assert read_content(engine) == some()


@pytest.mark.parametrize("value", ["a\x00b", "x" * 9], ids=["null letter", "too long"])
def test_what_the_server_cannot_hold_is_said_and_nothing_changes(
    postgres_base: str, value: str
) -> None:
    opened = make_engine(postgres_base)
    account = (value, "mediation", "x", True, False, 1.0)
    tables = (replace(some().tables[0], rows=(account,)), *some().tables[1:])
    with pytest.raises(DataProblem, match=r"n'accepte pas une valeur \(comptes\)"):
        fill(opened, Content(2, tables))
    with pytest.raises(WrongUsage, match="vide"):
        read_content(opened)
    opened.dispose()


def test_a_copy_is_of_one_moment_while_others_write(engine: Engine, base_url: str) -> None:
    """Each writer adds an account and a line of the journal together: a copy has both or none."""
    fill(engine, some())
    other = make_engine(base_url)
    seen = []
    for n in range(8):
        with module.snapshot(engine) as base:
            before = base.scalar(select(func.count()).select_from(ACCOUNTS))
            with writing(other) as writer:
                writer.execute(insert(ACCOUNTS).values(
                    login=f"W{n}", role="x", password="x", active=True, must_change=False, made_s=0  # noqa: S106
                ))  # fmt: skip
                writer.execute(insert(ACTIONS).values(
                    at_s=1.0, login="", action="", title="", targets="", status=200
                ))  # fmt: skip
            actions = base.scalar(select(func.count()).select_from(ACTIONS))
            seen.append((before, actions))
    assert seen == [(n + 1, n + 1) for n in range(8)]
    other.dispose()


def test_who_writes_while_a_base_is_filled_waits_and_who_reads_does_not(
    postgres_base: str,
) -> None:
    opened, other = make_engine(postgres_base), make_engine(postgres_base)
    fill(opened, some())
    with writing(opened) as base:
        module._hold_others(base)
        with other.connect() as writer:
            writer.execute(text("SET lock_timeout = '100ms'"))
            with pytest.raises(OperationalError, match="lock timeout"):
                writer.execute(update(ACCOUNTS).values(role="x"))
        with other.connect() as reader:
            assert reader.scalar(select(ACCOUNTS.c.role)) == "mediation"
    for engine in (opened, other):
        engine.dispose()

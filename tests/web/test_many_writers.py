"""Many writers at once, killed or cut off: what was told as kept is there, once, and whole."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier, Event, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete, event, func, insert, select, text
from sqlalchemy.exc import OperationalError

from territory.web import database
from territory.web.account_tables import ACCOUNTS, SESSIONS
from territory.web.actions import ACTIONS
from territory.web.attempts import ATTEMPTS
from territory.web.database import Undone, insisting, make_engine, writing
from territory.web.job_store import JobStore, jobs
from territory.web.rights import Role
from territory.web.schema import create_all
from territory.web.store import Store, open_store
from tests.conftest import ROOT
from tests.web.folders import HandClock, team_config
from tests.web.test_job_store import job
from tests.web.test_jobs import until
from tests.web.writer import KEEPERS, PASS, PEOPLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection, Engine

WRITERS, CHANGES = 3, 60


@pytest.fixture
def store(tmp_path: Path, base_url: str) -> Iterator[Store]:
    opened = open_store(team_config(tmp_path, HandClock(), base_url))
    for code in (*KEEPERS, *PEOPLE):
        role = Role.MANAGER if code in KEEPERS else Role.MEDIATOR
        opened.accounts.create(code, role, PASS)
    yield opened
    opened.engine.dispose()


class Writer:
    """A writer in a process of its own, that tells what was kept into a file."""

    def __init__(self, folder: Path, url: str, tag: str, count: int) -> None:
        self._file = folder / f"{tag}.txt"
        command = [sys.executable, "-m", "tests.web.writer", url, tag, str(count)]
        with self._file.open("w") as out:
            self.process = subprocess.Popen(command, cwd=ROOT, stdout=out)

    def told(self) -> list[list[str]]:
        lines = self._file.read_text().split("\n")[:-1]  # the last may be half
        return [line.split(" ", 2) for line in lines]


def ended(writers: list[Writer]) -> list[list[str]]:
    for writer in writers:
        writer.process.wait(timeout=120)
    return [line for writer in writers for line in writer.told()]


def check(store: Store, told: list[list[str]], *, untold: int = 0) -> None:
    """Check the base against what was told; `untold`: writers killed before they could tell."""
    kept = Counter((what, value) for how, what, value in told if how == "kept")
    unknown = Counter(what for how, what, _ in told if how == "unknown")
    with store.engine.connect() as base:
        notes = Counter(row.targets[2:] for row in base.execute(select(ACTIONS)))
        assert max(notes.values(), default=1) == 1
        told_notes = {value for what, value in kept if what == "note"}
        assert told_notes <= set(notes)
        assert len(notes) <= len(told_notes) + unknown["note"] + untold
        tries = base.scalar(select(ATTEMPTS.c.count).order_by(ATTEMPTS.c.count.desc()).limit(1))
        allowed = sum(n for (what, _), n in kept.items() if what == "try")
        assert allowed <= (tries or 0) <= allowed + unknown["try"] + untold
        _check_accounts(base, {value for what, value in kept if what == "make"})
        _check_jobs(base, {value for what, value in kept if what == "job"})


def _check_accounts(base: Connection, made: set[str]) -> None:
    accounts = {row.login: row for row in base.execute(select(ACCOUNTS))}
    assert made <= set(accounts)
    assert any(row.role == Role.MANAGER and row.active for row in accounts.values())
    signed = set(base.scalars(select(SESSIONS.c.login)))
    assert all(accounts[login].active for login in signed), "a closed account keeps a session"


def _check_jobs(base: Connection, asked: set[str]) -> None:
    rows = base.execute(select(jobs)).all()
    assert asked <= {row.key for row in rows}
    assert len({row.arguments for row in rows}) == len(rows), "the same job waits twice"


def test_writers_of_several_processes_lose_nothing(
    store: Store, base_url: str, tmp_path: Path
) -> None:
    told = ended([Writer(tmp_path, base_url, f"W{n}", CHANGES) for n in range(WRITERS)])
    assert len(told) == WRITERS * CHANGES
    assert {how for how, *_ in told} <= {"kept", "refused"}
    check(store, told)


def test_what_a_killed_writer_told_is_there_and_nothing_is_half(
    store: Store, base_url: str, tmp_path: Path
) -> None:
    writers = [Writer(tmp_path, base_url, f"K{n}", 5_000) for n in range(WRITERS)]
    until(lambda: all(len(writer.told()) > 15 for writer in writers))
    for writer in writers:
        writer.process.kill()
    told = ended(writers)
    assert len(told) < WRITERS * 5_000
    check(store, told, untold=WRITERS)
    with writing(store.engine) as base:  # nothing is locked any more
        base.execute(delete(SESSIONS))


@pytest.fixture
def shared(tmp_path: Path, postgres_base: str) -> Iterator[Store]:
    """The base of a PostgreSQL server only."""
    opened = open_store(team_config(tmp_path, HandClock(), postgres_base))
    opened.accounts.create("D1", Role.MANAGER, PASS)
    yield opened
    opened.engine.dispose()


def test_writers_cut_off_by_the_server_go_on_and_lose_nothing(
    shared: Store, postgres_base: str, tmp_path: Path
) -> None:
    for code in ("D2", *PEOPLE):
        shared.accounts.create(code, Role.MANAGER if code == "D2" else Role.MEDIATOR, PASS)
    over, cut = Event(), []
    mine = select(func.pg_terminate_backend(text("pid"))).select_from(text("pg_stat_activity"))
    others = mine.where(text("pid <> pg_backend_pid() AND application_name = 'writer'"))

    def cutting() -> None:
        engine = make_engine(postgres_base)
        while not over.wait(0.15):
            with engine.connect() as base:
                cut.extend(base.execute(others).all())
        engine.dispose()

    knife = Thread(target=cutting)
    knife.start()
    url = f"{postgres_base}&application_name=writer"
    told = ended([Writer(tmp_path, url, f"C{n}", 100) for n in range(WRITERS)])
    over.set()
    knife.join()
    assert cut
    assert sum(how == "kept" for how, *_ in told) > 150
    check(shared, told)


def test_a_knot_of_two_transactions_is_undone_and_asked_again(shared: Store) -> None:
    meet, tries = Barrier(2, timeout=20), []

    @insisting
    def both(first: str, second: str) -> None:
        with writing(shared.engine) as base:
            tries.append(first)
            _count(base, first)
            if tries.count(first) == 1:
                meet.wait()
            _count(base, second)

    with writing(shared.engine) as base:
        base.execute(insert(ATTEMPTS), [{"key": k, "count": 0, "until_s": 0.0} for k in "ab"])
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(both, "ab", "ba"))
    assert len(tries) == 3
    with shared.engine.connect() as base:
        assert list(base.scalars(select(ATTEMPTS.c.count))) == [2, 2]


def _count(base: Connection, key: str) -> None:
    mine = ATTEMPTS.update().where(ATTEMPTS.c.key == key)
    base.execute(mine.values(count=ATTEMPTS.c.count + 1))


def test_a_transaction_cut_off_before_its_end_is_asked_again_and_kept_once(shared: Store) -> None:
    tries = []

    @insisting
    def noted() -> None:
        with writing(shared.engine) as base:
            base.execute(insert(ATTEMPTS).values(key="x", count=len(tries), until_s=0.0))
            tries.append(base.scalar(select(func.pg_backend_pid())))
            if len(tries) == 1:
                with shared.engine.connect() as other:
                    other.execute(select(func.pg_terminate_backend(tries[0])))
            base.execute(select(ATTEMPTS)).all()

    noted()
    assert len(tries) == 2
    with shared.engine.connect() as base:
        assert list(base.scalars(select(ATTEMPTS.c.count))) == [1]


def test_what_may_have_been_kept_is_never_asked_again(shared: Store, postgres_base: str) -> None:
    tries = []

    other = make_engine(postgres_base)

    def cut(connection: Connection) -> None:
        pid = connection.connection.driver_connection.info.backend_pid
        with other.connect() as base:
            base.execute(select(func.pg_terminate_backend(pid)))

    @insisting
    def noted() -> None:
        tries.append(1)
        with writing(shared.engine) as base:
            base.execute(insert(ATTEMPTS).values(key="y", count=1, until_s=0.0))

    event.listen(shared.engine, "commit", cut)
    with pytest.raises(OperationalError) as refused:
        noted()
    assert not isinstance(refused.value, Undone)
    assert tries == [1]
    other.dispose()


def test_insisting_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_FIRST_PAUSE_S", 0.0)
    tries = []

    @insisting
    def never() -> None:
        tries.append(1)
        raise Undone

    with pytest.raises(Undone):
        never()
    assert len(tries) == 8


def test_the_same_job_asked_at_once_by_many_is_one(base_url: str) -> None:
    engines = [_ready(base_url) for _ in range(6)]
    meet = Barrier(len(engines), timeout=20)

    def ask(n: int) -> str:
        meet.wait()
        return JobStore(engines[n]).add(job(f"j{n}")).key

    with ThreadPoolExecutor(len(engines)) as pool:
        assert len(set(pool.map(ask, range(len(engines))))) == 1
    for engine in engines:
        engine.dispose()


def test_servers_that_take_jobs_at_once_take_each_one_once(base_url: str) -> None:
    engines = [_ready(base_url) for _ in range(4)]
    for n in range(24):
        JobStore(engines[0]).add(replace(job(f"j{n}"), arguments={"n": n}))

    def taken(engine: Engine) -> list[str]:
        found, store = [], JobStore(engine)
        while (mine := store.next()) is not None:
            found.append(mine.key)
        return found

    with ThreadPoolExecutor(len(engines)) as pool:
        keys = [key for found in pool.map(taken, engines) for key in found]
    assert sorted(keys) == sorted(f"j{n}" for n in range(24))
    for engine in engines:
        engine.dispose()


def test_servers_that_open_an_empty_base_at_once_make_it_once(base_url: str) -> None:
    engines = [make_engine(base_url) for _ in range(6)]
    meet = Barrier(len(engines), timeout=20)

    def make(engine: Engine) -> None:
        meet.wait()
        create_all(engine)

    with ThreadPoolExecutor(len(engines)) as pool:
        list(pool.map(make, engines))
    for engine in engines:
        engine.dispose()


def test_a_session_is_not_opened_with_a_password_that_was_just_reset(store: Store) -> None:
    known = store.accounts.check("M1", PASS)
    assert known is not None
    store.accounts.reset("M1")
    assert store.sessions.open(known.login, known.mark) is None
    known = store.accounts.check("M2", PASS)
    assert known is not None
    store.accounts.set_active("M2", active=False)
    assert store.sessions.open("M2") is None


def _ready(url: str) -> Engine:
    engine = make_engine(url)
    create_all(engine)
    return engine

"""Servers that share a base take turns: one runs the jobs, the next takes over, once."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text

from territory.web import turns as of_turns
from territory.web.database import make_engine
from territory.web.job_model import JobState
from territory.web.job_store import JobStore
from territory.web.schema import create_all
from territory.web.turns import Turn
from tests.conftest import ROOT
from tests.web.job_server import jobs_of
from tests.web.test_job_store import job
from tests.web.test_jobs import _asked, begun, gone, over, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import Engine

LENT_S = 5.0  # longer than this machine ever stops for something else


@pytest.fixture
def engine(base_url: str) -> Iterator[Engine]:
    opened = make_engine(base_url)
    create_all(opened)
    yield opened
    opened.dispose()


def test_one_holds_the_turn_until_it_gives_it_back(engine: Engine) -> None:
    first, second, other = Turn(engine, "a"), Turn(engine, "a"), Turn(engine, "b")
    assert [first.keep(), second.keep(), first.keep(), other.keep()] == [True, False, True, True]
    second.give_back()
    assert not second.keep()
    first.give_back()
    assert second.keep()
    assert not first.keep()


def test_a_turn_that_is_not_kept_goes_to_the_next(engine: Engine) -> None:
    first, second = Turn(engine, "a", lent_s=0.3), Turn(engine, "a", lent_s=60)
    assert first.keep()
    until(second.keep)
    until(lambda: not first.keep())
    with engine.connect() as base:
        assert [first.holds(base), second.holds(base)] == [False, True]


def test_who_slept_through_the_turn_of_another_takes_it_anew(engine: Engine) -> None:
    first, second = Turn(engine, "a", lent_s=0.2), Turn(engine, "a", lent_s=0.2)
    assert first.keep()
    until(second.keep)
    until(lambda: Turn(engine, "a", lent_s=0.0).keep())  # the time of the second is over too
    assert [first.keep(), first.keep()] == [False, True]
    second.give_back()
    assert first.keep()


def test_who_slept_until_the_turn_was_given_back_takes_it_anew(engine: Engine) -> None:
    first, second = Turn(engine, "a", lent_s=0.2), Turn(engine, "a", lent_s=60)
    assert first.keep()
    until(second.keep)
    second.give_back()
    assert [first.keep(), first.keep()] == [False, True]


def test_a_server_taken_over_writes_nothing_more_of_its_job(engine: Engine) -> None:
    first = JobStore(engine, "ville", Turn(engine, "ville", lent_s=0.2))
    second = JobStore(engine, "ville", Turn(engine, "ville", lent_s=60))
    first.add(job("a"))
    assert first.next() is None  # its turn is not taken yet
    assert first.turn.keep()
    assert first.next().key == "a"
    until(second.turn.keep)
    second.take_over()
    first.end("a", JobState.DONE, 0, ("de l’ancien",))
    first.put_back("a")
    first.take_over()
    assert first.next() is None
    assert second.next().key == "a"
    second.end("a", JobState.DONE, 0, ("du nouveau",))
    assert second.get("a").lines == ("du nouveau",)


def test_a_connection_that_is_cut_does_not_lose_the_turn(postgres_base: str) -> None:
    engine, admin = make_engine(postgres_base), make_engine(postgres_base)
    create_all(engine)
    turn = Turn(engine, "ville", lent_s=0.0)  # asked again each time
    turn._lent_s = 60.0
    assert turn.keep()
    with admin.connect() as base:
        base.execute(
            select(func.pg_terminate_backend(text("pid")))
            .select_from(text("pg_stat_activity"))
            .where(text("pid <> pg_backend_pid() AND backend_type = 'client backend'"))
        )
    turn._kept_at = float("-inf")
    assert turn.keep()
    engine.dispose()
    admin.dispose()


def test_who_sleeps_in_the_middle_of_a_transaction_lets_it_go_with_its_turn(
    postgres_base: str,
) -> None:
    engine = make_engine(postgres_base)
    with engine.connect() as base:
        waited = base.scalar(text("SHOW idle_in_transaction_session_timeout"))
    assert waited == f"{of_turns.LENT_S:.0f}s"
    engine.dispose()


@pytest.fixture
def machines(tmp_path: Path) -> tuple[Path, Path]:
    """The folders of two machines that share a base and nothing else."""
    first, second = tmp_path / "a", tmp_path / "b"
    first.mkdir()
    second.mkdir()
    return first, second


@contextmanager
def server_of(folder: Path, url: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.web.job_server", str(folder), url, f"{LENT_S}"]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        yield server
    finally:
        server.kill()
        server.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of Unix")
def test_of_two_machines_one_runs_a_job_and_the_other_takes_over_when_it_dies(
    machines: tuple[Path, Path], postgres_base: str
) -> None:
    first, second = machines
    jobs = jobs_of(second, postgres_base, lent_s=LENT_S)
    ran = jobs._store.add(_asked("ran", "hold", name="x"))
    with server_of(first, postgres_base) as server:
        begun(first, "x")
        jobs.open(warm=False)
        waits = jobs._store.add(_asked("waits", "answer", second="2"))
        assert not (second / "x.begun").exists()
        assert jobs.get(waits.key).state is JobState.WAITING
        server.send_signal(signal.SIGKILL)
        server.wait()
        begun(second, "x")
    (second / "x").touch()
    assert over(jobs, ran).state is JobState.DONE
    assert over(jobs, waits).state is JobState.DONE
    assert len(begun(first, "x")) == len(begun(second, "x")) == 1
    jobs.close()
    jobs._store.engine.dispose()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGSTOP is of Unix")
def test_a_machine_that_slept_leaves_its_job_to_who_took_it_over(
    machines: tuple[Path, Path], postgres_base: str
) -> None:
    first, second = machines
    jobs = jobs_of(second, postgres_base, lent_s=LENT_S)
    ran = jobs._store.add(_asked("ran", "hold", name="x"))
    with server_of(first, postgres_base) as server:
        worker = begun(first, "x")[0]
        server.send_signal(signal.SIGSTOP)
        jobs.open(warm=False)
        begun(second, "x")
        server.send_signal(signal.SIGCONT)
        until(lambda: gone(worker))  # it found out, and ended what it ran
        assert jobs.get(ran.key).state is JobState.RUNNING
        (second / "x").touch()
        assert over(jobs, ran).state is JobState.DONE
    jobs.close()
    jobs._store.engine.dispose()

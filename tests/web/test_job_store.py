"""Jobs in the base, SQLite and PostgreSQL alike: twice is once, order, ends, dead servers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from territory.web import job_store
from territory.web.database import make_engine
from territory.web.job_model import Job, JobState
from territory.web.job_store import JobStore
from territory.web.schema import create_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server of this test alone."""
    pgserver = pytest.importorskip("pgserver")
    pytest.importorskip("psycopg")
    server = pgserver.get_server(tmp_path_factory.mktemp("base"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[JobStore]:
    chosen = request.param == "postgresql"
    url = request.getfixturevalue("postgresql") if chosen else f"sqlite:///{tmp_path / 'x.db'}"
    engine = make_engine(url)
    create_all(engine)
    yield JobStore(engine, str(tmp_path))
    job_store.jobs.drop(engine)  # one base for all tests
    engine.dispose()


def job(key: str, *, order: str = "week", which: str = "2026-W48") -> Job:
    asked = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    return Job(
        key, order, {"which": which, "seed": None}, "C1", "/semaine", JobState.WAITING, asked
    )


def test_a_job_reads_back_as_it_was_asked(store: JobStore) -> None:
    store.add(job("é"))
    assert store.get("é") == replace(job("é"), asked=job("é").asked.astimezone())
    assert store.get("f") is None


def test_the_same_asked_twice_is_one_job_until_it_is_over(store: JobStore) -> None:
    store.add(job("a"))
    assert store.add(job("b")).key == "a"
    assert store.add(job("c", which="2026-W49")).key == "c"
    assert store.next() is not None
    assert store.add(job("d")).key == "a"
    assert store.add(job("e"), afresh=True).key == "e"
    assert store.add(job("f"), afresh=True).key == "e"
    store.end("a", JobState.DONE, 0, ("fait",))
    store.end("e", JobState.DONE, 0, ())
    assert store.add(job("g")).key == "g"
    assert [one.key for one in store.latest(9)] == ["g", "e", "c", "a"]


def test_waiting_jobs_run_in_order_and_a_stopped_one_never(store: JobStore) -> None:
    for key in "abc":
        store.add(job(key, which=key))
    store.ask_stop("b")
    taken = [store.next(), store.next(), store.next()]
    assert [one and (one.key, one.state) for one in taken] == [
        ("a", JobState.RUNNING), ("c", JobState.RUNNING), None,
    ]  # fmt: skip
    assert store.get("b").state is JobState.STOPPED
    assert not store.to_stop("a")
    store.ask_stop("a")
    assert store.to_stop("a")
    assert store.get("a").state is JobState.RUNNING  # its server ends it


def test_an_end_is_told_once(store: JobStore) -> None:
    store.add(job("a"))
    store.end("a", JobState.REFUSED, 2, ("non",), '{"n": [1]}')
    store.end("a", JobState.DONE, 0, ("oui",))
    ended = store.get("a")
    assert (ended.state, ended.code, ended.lines) == (JobState.REFUSED, 2, ("non",))
    assert ended.value == {"n": [1]}
    assert ended.ended is not None
    assert store.under_way() == ()


def test_what_a_dead_server_ran_waits_again_once_then_is_broken_off(store: JobStore) -> None:
    store.add(job("a"))
    store.add(job("b", which="b"))
    for times in (1, 2):
        assert store.next().key == "a"
        store.take_over()
        state = JobState.WAITING if times == 1 else JobState.BROKEN
        assert store.get("a").state is state
    assert store.next().key == "b"
    store.ask_stop("b")
    store.take_over()
    assert store.get("b").state is JobState.STOPPED


def test_a_server_that_closes_may_be_opened_many_times(store: JobStore) -> None:
    store.add(job("a"))
    for _ in range(3):
        assert store.next().key == "a"
        store.put_back("a")
    store.next()
    store.take_over()
    assert store.get("a").state is JobState.WAITING


def test_folders_that_share_a_base_see_their_own_jobs(store: JobStore) -> None:
    other = JobStore(store.engine, f"{store.scope}/autre")
    store.add(job("a"))
    assert other.add(job("b")).key == "b"
    assert [one.key for one in other.latest(9)] == ["b"]
    assert other.next().key == "b"
    store.take_over()
    assert other.get("b").state is JobState.RUNNING


def test_a_job_of_no_folder_is_of_the_one_that_runs_it(store: JobStore) -> None:
    other = JobStore(store.engine, f"{store.scope}/autre")
    JobStore(store.engine).add(job("a"))  # kept before folders could share a base
    assert store.under_way() == other.under_way() != ()
    assert store.next().key == "a"
    assert [len(store.under_way()), len(other.under_way())] == [1, 0]


def test_old_jobs_are_forgotten_never_those_to_come(
    store: JobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(job_store, "KEPT", 2)
    store.add(job("waits", which="w"))
    for n in range(5):
        store.add(job(f"{n}", which=f"{n}"))
        store.end(f"{n}", JobState.DONE, 0, ())
    store.add(job("last", which="l"))
    assert [one.key for one in store.latest(9)] == ["last", "4", "3", "waits"]

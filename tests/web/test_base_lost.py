"""The base of the jobs is lost at any moment, or the disk full: every job ends all the same."""

from __future__ import annotations

import errno
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from threading import Thread
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import pytest
from sqlalchemy.exc import OperationalError

from territory.web import jobs as of_jobs
from territory.web.crew import Worker
from territory.web.database import make_engine
from territory.web.job_model import JobState
from territory.web.job_store import JobStore
from territory.web.jobs import DIED, Jobs
from territory.web.schema import create_all
from territory.web.turns import Turn
from territory.web.worker import Task
from tests.web.job_actions import ORDERS
from tests.web.test_jobs import _asked, over, start, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from pathlib import Path

P = ParamSpec("P")
T = TypeVar("T")
CALLS = 24  # of a server to its base for the three jobs, and some more
AWAY = OperationalError("", {}, Exception("the base is away"))


@dataclass
class Lost:
    """What loses the base at the calls numbered `at`: before they do anything, or after."""

    at: range
    after: bool
    calls: int = field(default=0, init=False)

    def around(self, act: Callable[P, T]) -> Callable[P, T]:
        def called(*args: P.args, **kwargs: P.kwargs) -> T:
            self.calls += 1
            lost = self.calls in self.at
            if lost and not self.after:
                raise AWAY
            value = act(*args, **kwargs)
            if lost:
                raise AWAY
            return value

        return called


@dataclass
class Through:
    """A store, or a turn, as its server reaches it: through a base that may be lost."""

    inner: Any
    lost: Lost

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - what the other has
        found = getattr(self.inner, name)
        if name == "turn":
            return Through(found, self.lost)
        return self.lost.around(found) if callable(found) else found


def in_a_thread(*, warm: bool) -> Worker:
    """Return a worker that ends its tasks at once, or dies of one that says so."""
    ours, theirs = Pipe()
    Thread(target=_answers, args=(theirs,), daemon=True).start()
    return Worker(SimpleNamespace(kill=lambda: warm, join=lambda: None), ours)


def _answers(line: Connection) -> None:
    with suppress(EOFError, OSError):
        while True:
            task = line.recv()
            if not isinstance(task, Task):
                continue
            if task.arguments["second"] == "dies":
                line.close()
            line.send(("ended", task.key, JobState.DONE, 0, (task.arguments["second"],), None))


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Lost], Any]:
    """A function that returns the jobs of a server whose base is lost, and its store by itself."""
    monkeypatch.setattr(of_jobs, "_LOOK_S", 0.01)
    monkeypatch.setattr(of_jobs, "hired", in_a_thread)
    engine = make_engine(f"sqlite:///{tmp_path / 'x.db'}")
    create_all(engine)

    @contextmanager
    def of(lost: Lost) -> Iterator[tuple[Jobs, JobStore]]:
        store = JobStore(engine, "ville", Turn(engine, "ville", lent_s=0.03))
        jobs = Jobs(tmp_path, store, orders=ORDERS)
        jobs._store = Through(store, lost)
        yield jobs, store
        jobs.close()

    yield of
    engine.dispose()


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("length", [1, 3])
def test_every_job_ends_wherever_the_base_is_lost(
    server: Callable[[Lost], Any], length: int, after: bool
) -> None:
    for first in range(1, CALLS):
        with server(Lost(range(first, first + length), after)) as (jobs, store):
            for n, word in enumerate(("un", "dies", "trois")):
                store.add(_asked(f"{first} {n}", "answer", second=word))
            jobs.open(warm=False)
            until(lambda store=store: not store.under_way())
            ends = [job.lines for job in store.latest(3)]
            assert ends == [("trois",), (DIED,), ("un",)]


@pytest.mark.parametrize("fails", ["hired", "FolderLock.take"])
def test_a_disk_full_when_a_job_begins_only_delays_it(
    server: Callable[[Lost], Any], monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    kept = {"hired": of_jobs.hired, "FolderLock.take": of_jobs.FolderLock.take}[fails]
    calls = []

    def at_last(*given: object, **named: bool) -> object:
        calls.append(fails)
        if len(calls) < 4:
            raise OSError(errno.ENOSPC, "")
        return kept(*given, **named)

    monkeypatch.setattr(f"territory.web.jobs.{fails}", at_last)
    with server(Lost(range(0), after=False)) as (jobs, _):
        assert over(jobs, start(jobs, "answer", second="un")).lines == ("un",)

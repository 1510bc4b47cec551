"""Jobs in real processes: progress, ends of every kind, one at a time, twice is once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from territory.io.products import open_product, read_product
from territory.web.job_model import Job, JobState
from tests.conftest import ROOT
from tests.web.job_server import jobs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from territory.web.jobs import Jobs

PATIENCE_S = 120.0  # of a test on a machine that does other things


def until(found: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever it looks for
    """Return the first true value of `found`, looked for again and again."""
    end = monotonic() + PATIENCE_S
    while monotonic() < end:
        value = found()
        if value:
            return value
        Event().wait(0.02)
    raise AssertionError("never came")


def over(jobs: Jobs, job: Job) -> Job:
    ended: Job = until(lambda: (now := jobs.get(job.key)) and now.over and now)
    return ended


def begun(folder: Path, name: str, times: int = 1) -> list[int]:
    """Return the processes of the runs of `hold`, once there are as many."""
    path = folder / f"{name}.begun"

    def runs() -> list[int]:
        return [int(n) for n in path.read_text().split()] if path.exists() else []

    found: list[int] = until(lambda: (many := runs()) and len(many) >= times and many)
    return found


def start(jobs: Jobs, order: str, by: str = "C1", **arguments: object) -> Job:
    return jobs.start(order, arguments, by=by, back="/")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jobs]:
    """One server for the tests that leave its process alive."""
    jobs = jobs_of(tmp_path_factory.mktemp("dossier"))
    yield jobs
    jobs.close()


def test_arguments_are_given_by_name_and_the_answer_is_told(shared: Jobs) -> None:
    job = over(shared, start(shared, "answer", second="deux"))
    assert (job.state, job.code) == (JobState.DONE, 0)
    assert job.lines == ("un", "deux", shared.folder.name)
    assert job.value == {"first": "un"}
    assert job.ended is not None
    assert job.ended >= job.asked


def test_a_refusal_ends_with_its_sentence(shared: Jobs) -> None:
    job = over(shared, start(shared, "refuse"))
    assert (job.state, job.code) == (JobState.REFUSED, 2)
    assert job.lines == (f"Rien à faire dans {shared.folder.name}.",)


def test_what_nobody_foresaw_shows_no_value_and_leaves_a_trace(shared: Jobs) -> None:
    job = over(shared, start(shared, "fail"))
    assert job.state is JobState.REFUSED
    assert "erreur imprévue" in job.lines[0]
    trace = shared.folder / ".territory" / "territory-erreur.txt"
    assert "fail" in trace.read_text(encoding="utf-8")
    assert str(shared.folder) not in trace.read_text(encoding="utf-8")


def test_the_step_and_the_share_are_those_told(shared: Jobs) -> None:
    job = start(shared, "hold", name="a")
    told = until(lambda: (now := shared.get(job.key)) and now.share is not None and now)
    assert (told.step, told.share, told.state) == ("Attente du fichier", 0.5, JobState.RUNNING)
    (shared.folder / "a").touch()
    assert over(shared, job).lines == ("le fichier est là",)


def test_one_job_at_a_time_others_wait_in_order_and_twice_is_once(shared: Jobs) -> None:
    first, second = start(shared, "hold", name="b"), start(shared, "hold", name="c")
    assert start(shared, "hold", by="D1", name="b").key == first.key
    assert start(shared, "hold", name="c").key == second.key
    begun(shared.folder, "b")
    assert shared.running() == shared.get(first.key)
    assert shared.get(second.key).state is JobState.WAITING
    assert [job.key for job in shared.latest(2)] == [second.key, first.key]
    again = shared.start("hold", {"name": "b"}, by="C1", back="/", afresh=True)
    assert again.key not in {first.key, second.key}
    for name in "bc":
        (shared.folder / name).touch()
    ends = [over(shared, job).ended for job in (first, second, again)]
    assert ends == sorted(ends)
    assert shared.running() is None
    assert start(shared, "hold", name="b").key != first.key


def test_a_job_that_listens_stops_by_itself_and_its_process_stays(shared: Jobs) -> None:
    job, waiting = start(shared, "hold", name="d"), start(shared, "hold", name="e")
    process = begun(shared.folder, "d")
    shared.stop(waiting.key)
    assert shared.get(waiting.key).state is JobState.STOPPED
    shared.stop(job.key)
    assert over(shared, job).state is JobState.STOPPED
    after = start(shared, "hold", name="f")
    assert begun(shared.folder, "f") == process
    (shared.folder / "f").touch()
    assert over(shared, after).state is JobState.DONE


@contextmanager
def opened(folder: Path) -> Iterator[Jobs]:
    jobs = jobs_of(folder)
    try:
        yield jobs
    finally:
        jobs.close()


def test_a_deaf_job_ends_in_two_seconds_a_dead_one_breaks_off_the_next_runs(
    tmp_path: Path,
) -> None:
    with opened(tmp_path) as jobs:
        job = start(jobs, "deaf")
        until(lambda: read_product(tmp_path, "99_deaf"))
        asked = monotonic()
        jobs.stop(job.key)
        ended = over(jobs, job)
        assert monotonic() - asked < 2.0
        assert (ended.state, ended.lines[0][:20]) == (JobState.STOPPED, "Arrêté à la demande.")
        whole = open_product(tmp_path, "99_deaf")
        assert whole is not None
        assert whole.tables["n"]["number"].eq(whole.facts["number"]).all()
        dead, after = start(jobs, "die"), start(jobs, "answer", second="2")
        broken = over(jobs, dead)
        assert broken.state is JobState.BROKEN
        assert "s’est interrompu brutalement" in broken.lines[0]
        assert over(jobs, after).state is JobState.DONE


@contextmanager
def other_server(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A server of jobs in a process of its own, killed at the end as by a power cut."""
    server = subprocess.Popen([sys.executable, "-m", "tests.web.job_server", str(folder)], cwd=ROOT)
    try:
        yield server
    finally:
        server.kill()
        server.wait()


def gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of Unix")
def test_jobs_outlive_a_killed_server_once_and_waiting_ones_run(tmp_path: Path) -> None:
    store = jobs_of(tmp_path)._store
    ran = store.add(_asked("ran", "hold", name="x"))
    waits = store.add(_asked("waits", "answer", second="2"))
    for times in (1, 2):
        with other_server(tmp_path) as server:
            process = begun(tmp_path, "x", times)[-1]
            server.send_signal(signal.SIGKILL)
            server.wait()
            until(lambda number=process: gone(number))  # its worker goes with it
        assert store.get(ran.key).state is JobState.RUNNING
    with opened(tmp_path) as jobs:
        jobs.open(warm=False)
        ended = over(jobs, ran)
        assert ended.state is JobState.BROKEN
        assert "deux fois" in ended.lines[0]
        assert over(jobs, waits).state is JobState.DONE


def test_a_server_that_closes_lets_its_job_wait_and_another_takes_over(tmp_path: Path) -> None:
    with opened(tmp_path) as first, opened(tmp_path) as second:
        job = start(first, "hold", name="x")
        begun(tmp_path, "x")
        second.open(warm=False)
        first.close()
        (tmp_path / "x").touch()
        assert over(second, job).state is JobState.DONE
        assert len(begun(tmp_path, "x", 2)) == 2


def _asked(key: str, order: str, **arguments: object) -> Job:
    now = datetime.now().astimezone()
    return Job(key, order, arguments, "C1", "/", JobState.WAITING, now)

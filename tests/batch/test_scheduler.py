"""Real workers: killed at any time, slow, alone to fail; a scheduler that dies; nothing is lost."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

import psutil
import pytest

from territory.batch.catalogue import entries_of, read_catalogue
from territory.batch.products import PRODUCTS
from territory.batch.run import run
from territory.batch.scheduler import Crew, gathered
from territory.batch.store import Store
from territory.errors import NoAnswer, Stopped, WrongUsage
from territory.io.products import MANIFEST
from territory.model.progress import SILENT
from tests.batch.stand_in import MARKS, STEPS, marks
from tests.batch.territories import counted, many, tasks, territory, told, worked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CREW = Crew("local", 2, 4 << 30)
MEMORY_BYTES = 768 << 20  # less than what « gourmand » holds
WAIT_S = 100.0


@pytest.fixture
def computed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder where each product computed leaves a mark."""
    folder = tmp_path / "marques"
    folder.mkdir()
    monkeypatch.setenv(MARKS, str(folder))
    return folder


def wait_until(true: Callable[[], bool]) -> None:
    """Return as soon as `true` holds."""
    until = time.monotonic() + WAIT_S
    while not true():
        assert time.monotonic() < until
        time.sleep(0.005)


@contextmanager
def beside(action: Callable[[], None]) -> Iterator[None]:
    """Do `action` in a thread while the block runs; its failure is that of the test."""
    failed: list[BaseException] = []

    def act() -> None:
        try:
            action()
        except BaseException as error:  # noqa: BLE001 - shown below
            failed.append(error)

    thread = threading.Thread(target=act)
    thread.start()
    yield
    thread.join()
    assert failed == []


def workers() -> list[psutil.Process]:
    """Return the worker processes that this one started."""
    found = psutil.Process().children(recursive=True)
    return [p for p in found if "spawn_main" in " ".join(p.cmdline())]


def test_workers_killed_at_random_lose_nothing(tmp_path: Path, computed: Path) -> None:
    towns, drawn = many(tmp_path, 8), random.Random(10)  # noqa: S311 - the moments of the kills
    whole, store = Store("memory://tues"), Store(str(tmp_path / "magasin"))
    worked(towns, whole, tmp_path / "essai")
    already = len(marks(computed))

    def kill() -> None:
        for count in sorted(drawn.sample(range(1, 20), 2)):
            wait_until(lambda least=count: len(marks(computed)) >= already + least)
            wait_until(lambda: len(workers()) > 0)
            drawn.choice(workers()).kill()

    with beside(kill):
        ran = run(tasks(towns, store.address), CREW, SILENT)
    assert [o.state for o in ran.outcomes] == ["done"] * 8
    assert (counted(store), told(store)) == (counted(whole), told(whole))
    again = run(tasks(towns, store.address), CREW, SILENT)
    assert [o.fresh for o in again.outcomes] == [False] * 8


@pytest.mark.usefixtures("computed")
def test_those_that_kill_their_workers_are_given_up_alone(tmp_path: Path) -> None:
    """By itself, or by holding more memory than a worker may."""
    killers = [territory(tmp_path, f"ville-{said}", said) for said in ("tueur", "gourmand")]
    store = Store(str(tmp_path / "magasin"))
    crew = replace(CREW, memory_bytes=MEMORY_BYTES)
    towns = [*killers, *many(tmp_path, 4)]
    found = run(tasks(towns, store.address), crew, SILENT).outcomes
    assert [(o.state, o.ending) for o in found[:2]] == [("failed", "failed")] * 2
    assert ["interrompus 4 fois" in o.sentence for o in found[:2]] == [True] * 2
    assert [o.state for o in found[2:]] == ["done"] * 4


def test_workers_that_dask_gives_up_are_replaced() -> None:
    """As one is whose process dies before it has begun."""
    with gathered(CREW) as client:
        cluster = client.cluster
        for keeper in list(cluster.workers.values()):
            cluster.sync(keeper.close)
        assert client.submit(os.getpid, pure=False).result(timeout=WAIT_S) > 0
        wait_until(lambda: len(client.nthreads()) == CREW.workers)


def test_a_slow_territory_holds_nobody_up(tmp_path: Path, computed: Path) -> None:
    towns = [territory(tmp_path, "ville-lente", "lent"), *many(tmp_path, 5)]
    store = Store(str(tmp_path / "magasin"))

    def let_go() -> None:
        wait_until(lambda: len(marks(computed)) >= 1 + 5 * len(STEPS))
        (computed / "suite").touch()

    with beside(let_go):
        ran = run(tasks(towns, store.address), CREW, SILENT)
    assert [o.state for o in ran.outcomes] == ["done"] * 6


def test_the_command_itself_killed_leaves_no_orphan(tmp_path: Path, computed: Path) -> None:
    towns = [*many(tmp_path, 3), territory(tmp_path, "ville-lente", "lent")]
    store = Store(str(tmp_path / "magasin"))
    code = (
        "import sys; from pathlib import Path; from tests.batch import territories as t; "
        "from territory.batch.run import run; from territory.batch.scheduler import Crew; "
        "from territory.model.progress import SILENT\n"
        "if __name__ == '__main__':\n"
        "    listed = [t.Listed(p.name, str(p), '93', 'est') for p in sorted(Path(sys.argv[1])"
        ".glob('ville-*'))]\n"
        "    run(t.tasks(listed, sys.argv[2]), Crew('local', 2, 4 << 30), SILENT)\n"
    )
    script = tmp_path / "lot.py"
    script.write_text(code, encoding="utf-8")
    words = [sys.executable, str(script), str(tmp_path), store.address]
    command = subprocess.Popen(words, env=reaching_tests(), cwd=tmp_path)
    wait_until(lambda: len(entries_of(store)) == 3)
    first = f"{PRODUCTS}/ville-lente/{STEPS[0]}/{MANIFEST}"
    wait_until(lambda: first in set(store.names(PRODUCTS)))  # computed, and out of the worker
    left = psutil.Process(command.pid).children(recursive=True)
    command.kill()
    command.wait()
    assert len(left) >= 2
    wait_until(lambda: not any(p.is_running() and p.status() != "zombie" for p in left))
    (computed / "suite").touch()
    again = worked(towns, store, tmp_path / "essai")
    assert [o.fresh for o in again] == [False, False, False, True]
    assert [m for m in marks(computed) if m.startswith("ville-lente")] == [
        f"ville-lente:{name}" for name in STEPS
    ]


def test_stopped_by_hand_tells_what_is_done(tmp_path: Path) -> None:
    towns, store = many(tmp_path, 4), Store(str(tmp_path / "magasin"))

    class Tired:
        """Told of one territory, wants no more."""

        stopped = False

        def tell(self, _step: str, done: float | None = None) -> None:
            self.stopped = bool(done)

    with pytest.raises(Stopped):
        run(tasks(towns, store.address), CREW, Tired())
    states = [entry.state for entry in read_catalogue(store)]
    assert len(states) == 4
    assert set(states) == {"done", "absent"}


def test_nobody_at_the_address(tmp_path: Path) -> None:
    towns = many(tmp_path, 1)
    store = Store(str(tmp_path / "magasin"))
    with pytest.raises(WrongUsage, match="Personne ne répond"):
        run(tasks(towns, store.address), Crew("tcp://127.0.0.1:9"), SILENT)


def test_a_scheduler_that_dies_and_comes_back(tmp_path: Path, computed: Path) -> None:
    towns = [*many(tmp_path, 3), territory(tmp_path, "ville-lente", "lent")]
    store = Store(str(tmp_path / "magasin"))
    with crew(tmp_path) as (address, processes):

        def kill() -> None:
            wait_until(lambda: len(entries_of(store)) == 3)
            wait_until(lambda: f"ville-lente:{STEPS[0]}" in marks(computed))
            processes[0].kill()

        with beside(kill), pytest.raises(NoAnswer, match="relancez"):
            run(tasks(towns, store.address), Crew(address), SILENT)
    assert len(counted(store)["territoires"]) == 3
    (computed / "suite").touch()
    with crew(tmp_path) as (address, _):
        ran = run(tasks(towns, store.address), Crew(address), SILENT)
    assert [o.fresh for o in ran.outcomes] == [False, False, False, True]
    assert len(counted(store)["territoires"]) == 4
    done = [name for name in marks(computed) if name.startswith("ville-lente")]
    assert done == [f"ville-lente:{name}" for name in STEPS]


@contextmanager
def crew(folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and one worker of this machine, as an operator does; end them."""
    place = folder / f"ordonnanceur-{time.monotonic_ns()}.json"
    run_dask = [sys.executable, "-m", "dask"]
    shared = ["--host", "127.0.0.1", "--no-dashboard", "--scheduler-file", place]
    commands = [
        [*run_dask, "scheduler", "--port", "0", *shared],
        [*run_dask, "worker", "--nthreads", "1", *shared],
    ]
    processes = [
        subprocess.Popen(c, env=reaching_tests(), cwd=folder, stderr=subprocess.DEVNULL)
        for c in commands
    ]
    try:
        wait_until(lambda: place.exists() and place.stat().st_size > 0)
        yield _address(place), processes
    finally:
        for process in processes:
            for child in psutil.Process(process.pid).children(recursive=True):
                child.kill()
            process.kill()
            process.wait()


def reaching_tests() -> dict[str, str]:
    """Return an environment where processes import what this one does."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def _address(place: Path) -> str:
    return str(json.loads(place.read_text(encoding="utf-8"))["address"])

"""
Tasks spread over processes or machines by Dask: the only module of the package that knows it.

A worker is a process that holds one territory at a time. One that dies is replaced and its
territory given to another; a territory that kills its workers again and again is given up, alone.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import threading
import uuid
from collections import deque
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import dask
from distributed import Client, Future, LocalCluster, as_completed, get_client, get_worker
from distributed.core import Status
from distributed.scheduler import KilledWorker
from distributed.system import MEMORY_LIMIT

from territory.batch.catalogue import FAILED
from territory.batch.failures import LOST
from territory.batch.halfway import met_halfway
from territory.batch.release import release
from territory.batch.store import Store
from territory.batch.work import Outcome, Task, work_on
from territory.errors import NoAnswer, WrongUsage
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from territory.batch.halfway import Do, Found, Part, Ready

LOCAL = "local"
_HERE = "127.0.0.1"  # nobody else reaches the crew of a command
_ONE_AT_A_TIME = threading.Lock()
_DEATHS = 1  # workers that a territory may lose, twice over, before it is given up
_TRIES = 2 * (_DEATHS + 1)
_LOST_SCHEDULER = (
    "L'ordonnanceur ne répond plus. Ce qui est fini est gardé : relancez-le, puis la même commande."
)
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS")
_GIVE_BACK = {"MALLOC_TRIM_THRESHOLD_": "65536"}  # memory freed goes back to the system
_QUIET = logging.CRITICAL + 1  # what Dask logs is English, and told in French by the outcomes
_GIB = 1 << 30
_REACHED_S = 5.0  # for a scheduler to answer
_WAIT_S = 60.0  # for a first worker to join a scheduler
_LOOKED_AT_S = 1.0  # between two looks at the workers of this machine
_GONE = frozenset({Status.closed, Status.failed})
_HANDED_S = 30.0  # for a part that is ready to come from the worker that did it


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works: `local` or the address of a scheduler, how many workers, memory of each."""

    address: str = LOCAL
    workers: int = 1
    memory_bytes: int = 0

    @property
    def threads(self) -> int:
        """Threads that the calculations of one worker may use."""
        return max(1, (os.cpu_count() or 1) // self.workers)


def crew_of(address: str, workers: int | None, memory_gib: float | None) -> Crew:
    """Return the crew asked for; by default a worker a core, memory shared out between them."""
    count = workers or os.cpu_count() or 1
    share = MEMORY_LIMIT // count if memory_gib is None else int(memory_gib * _GIB)
    return Crew(address, count, share)


@contextmanager
def gathered(crew: Crew) -> Iterator[Client]:
    """
    Yield a client of the crew; workers of this machine are started, and end with the block.

    Raises WrongUsage when nobody answers at the address.
    """
    with dask.config.set(_rules(crew)), _silence():
        if crew.address != LOCAL:
            with _reached(crew.address) as client:
                yield client
            return
        with (
            LocalCluster(
                host=_HERE,
                n_workers=crew.workers,
                threads_per_worker=1,
                memory_limit=crew.memory_bytes,
                dashboard_address=f"{_HERE}:0",
                silence_logs=_QUIET,
            ) as cluster,
            Client(cluster, set_as_default=False) as client,
            _kept_up(cluster, crew.workers),
        ):
            yield client


def outcomes(client: Client, tasks: Sequence[Task], run: str) -> Iterator[Outcome]:
    """
    Yield how each task ended, as soon as it did; `run` names this batch among others.

    No worker holds more than the task it works on: one that dies takes no other down with it. Those
    given up all the same are tried again at the end, one at a time. Leaving the loop gives up the
    rest. Raises NoAnswer when the scheduler is lost.
    """
    lost: list[Task] = []
    for task, outcome in _spread(client, tasks, run):
        if outcome is None:
            lost.append(task)
        else:
            yield outcome
    for task in lost:
        for _, outcome in _spread(client, [task], f"{run}-bis"):
            yield outcome or _given_up(task)


def _spread(
    client: Client, tasks: Sequence[Task], run: str
) -> Iterator[tuple[Task, Outcome | None]]:
    """Yield each task with how it ended, None when its workers died."""
    waiting, asked = deque(tasks), dict[str, Task]()
    pool = as_completed(loop=client.loop)

    def give() -> None:
        while waiting and len(asked) < max(1, sum(client.nthreads().values())):
            task = waiting.popleft()
            future = client.submit(_worked, task, key=f"{run}-{task.listed.name}", pure=False)
            asked[str(future.key)] = task
            pool.add(future)

    try:
        give()
        for future in pool:
            task = asked.pop(str(future.key))
            yield task, _outcome(future, task)
            give()
    except (OSError, TimeoutError) as error:
        raise NoAnswer(_LOST_SCHEDULER) from error
    finally:
        pool.clear()


def dask_setup(_worker: object) -> None:
    """Leave Ctrl+C to the command, which ends its workers: called by Dask in each as it starts."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _rules(crew: Crew) -> dict[str, object]:
    """Return the settings of Dask that a batch rests on."""
    limits = dict.fromkeys(_THREADS, str(crew.threads)) | _GIVE_BACK
    return {
        "distributed.deploy.lost-worker-timeout": "5 minutes",  # one that starts is not lost
        "distributed.nanny.pre-spawn-environ": limits,
        "distributed.scheduler.allowed-failures": _DEATHS,
        "distributed.scheduler.http.routes": [],  # no page is served
        "distributed.worker.http.routes": [],
        "distributed.worker.preload": [__name__],
        "distributed.scheduler.worker-ttl": "1 hour",  # a long calculation is no death
        "distributed.worker.memory.target": False,
        "distributed.worker.memory.spill": False,
        "distributed.worker.memory.pause": False,  # one territory at a time: waiting frees nothing
        "distributed.worker.memory.terminate": 0.95,
        "distributed.admin.tick.limit": "1 hour",
        "distributed.admin.large-graph-warning-threshold": "1 TiB",  # a tile weighs megabytes
        "distributed.admin.tick.interval": "1s",  # what watches Dask itself costs as much as it
        "distributed.admin.system-monitor.interval": "5s",
        "distributed.scheduler.active-memory-manager.start": False,
        "distributed.worker.profile.enabled": False,
    }


@contextmanager
def _kept_up(cluster: LocalCluster, workers: int) -> Iterator[None]:
    """Keep so many workers on this machine: Dask gives up those that die before they have begun."""
    over = threading.Event()

    def look() -> None:
        if over.is_set():
            return
        for name, keeper in list(cluster.workers.items()):
            if keeper.status in _GONE:
                del cluster.workers[name]
        cluster.scale(workers)

    def look_again() -> None:
        while cluster.loop is not None and not over.wait(_LOOKED_AT_S):
            cluster.loop.add_callback(look)

    thread = threading.Thread(target=look_again, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@contextmanager
def _reached(address: str) -> Iterator[Client]:
    try:
        client = Client(address, timeout=_REACHED_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise WrongUsage(
            f"Personne ne répond à « {address} » : l'ordonnanceur (dask scheduler) est-il lancé, "
            "l'adresse est-elle de la forme tcp://machine:8786 ?"
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_WAIT_S)
        except TimeoutError as error:
            raise WrongUsage(
                f"Aucun travailleur n'a rejoint « {address} » : lancez-en (dask worker {address})."
            ) from error
        yield client


@contextmanager
def _silence() -> Iterator[None]:
    """Keep Dask from writing on the screen of this command for a while."""
    logger = logging.getLogger("distributed")
    level = logger.level
    logger.setLevel(_QUIET)
    try:
        yield
    finally:
        logger.setLevel(level)


def _outcome(future: Future[Outcome], task: Task) -> Outcome | None:
    if future.status == "finished":
        return future.result()
    if future.status != "error":
        raise NoAnswer(_LOST_SCHEDULER)
    error = future.exception()
    if isinstance(error, KilledWorker):
        return None
    said = f"Un travailleur n'a pas pu commencer ({type(error).__name__}) : même version partout ?"
    return Outcome(task.listed.name, FAILED, Ending.FAILED.value, said)


def _given_up(task: Task) -> Outcome:
    return Outcome(task.listed.name, FAILED, Ending.FAILED.value, LOST.format(times=_TRIES))


def _worked(task: Task) -> Outcome:
    """Do one task in this worker, alone in its process."""
    with _ONE_AT_A_TIME:
        scratch = Path(get_worker().local_directory) / "territoires"
        try:
            return work_on(task, Store(task.store), scratch, each=partial(met_halfway, offered))
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
            release()


@contextmanager
def offered(do: Do[Part, Found], parts: Sequence[Part]) -> Iterator[Ready[Found]]:
    """
    In a worker, ask the others for `do` of `parts`, the last first, but the first: see `halfway`.

    Whatever goes wrong with that, a lost scheduler included, is no help and no failure.
    """
    futures: list[Future[Found]] = []
    with suppress(Exception):
        client, own, name = get_client(), get_worker().address, uuid.uuid4().hex
        others = sorted(set(client.nthreads()) - {own})
        for n, part in enumerate(parts[1:] if others else (), 1):
            futures.append(client.submit(
                _helped, do, part, key=f"part-{name}-{n}", workers=others, priority=n, pure=False
            ))  # fmt: skip
    try:
        yield lambda n: _handed(futures[n - 1]) if 0 < n <= len(futures) else None
    finally:
        with suppress(Exception):
            for future in futures:
                future.release()


def _handed(future: Future[Found]) -> Found | None:
    """Return the result of a part that is ready; None for any other, or lost on its way."""
    if future.status != "finished":
        return None
    try:
        return future.result(timeout=_HANDED_S)
    except Exception:  # noqa: BLE001 - its owner does it, and meets what is wrong with it
        return None


def _helped(do: Do[Part, Found], part: Part) -> Found:
    """Do a part of what another worker calculates, alone in this process too."""
    with _ONE_AT_A_TIME:
        try:
            return do(part)
        finally:
            release()

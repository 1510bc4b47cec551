"""Jobs one after the other in processes of their own: pages always answer, nothing is lost."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from multiprocessing import Pipe
from multiprocessing.connection import wait
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import SQLAlchemyError

from territory.commands.audit import unfinished
from territory.endings import NO_ANSWER
from territory.model.marked import marked
from territory.web.crew import Wear, Worker, hired
from territory.web.folder_lock import FolderLock
from territory.web.job_model import Job, JobState
from territory.web.orders import ORDERS
from territory.web.worker import Task

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from territory.web.job_store import JobStore
    from territory.web.orders import Order

_LOOK_S, _CLOSE_LOOK_S = 1.0, 0.1  # between two looks at the jobs of other servers, at a late end
_FIRST_S, _CLOSED_S = 2.0, 5.0  # for the first pages before processes start; to close
STOPPED = marked("Arrêté à la demande. Rien n’est à moitié écrit.")
DIED = marked(
    "Le calcul s’est interrompu brutalement, peut-être faute de mémoire. Rien n’est à moitié "
    "écrit : fermez d’autres programmes, puis relancez-le."
)
UNKNOWN = marked("Ce travail n’existe plus dans cette version.")


class Jobs:
    """
    The jobs of one folder: kept in the database, run one at a time by warm processes.

    One thread gives tasks and hears of them; pages only read and write the database. Where several
    servers show one folder, the one that holds its lock runs the jobs of all; where several
    machines share the base, the one whose turn it is (`JobStore.turn`).
    """

    def __init__(
        self,
        folder: Path,
        store: JobStore,
        *,
        workers: int = 1,
        orders: Mapping[str, Order] = ORDERS,
        wear: Wear = Wear(),  # noqa: B008 - frozen
    ) -> None:
        self.folder, self.orders = folder, orders
        self._store, self._workers, self._wear = store, workers, wear
        self._lock = FolderLock(folder / ".territory" / "travaux.lock")
        self._told: dict[str, tuple[str, float | None]] = {}
        self._hears, self._bell = Pipe(duplex=False)
        self._opening, self._closing = Lock(), Event()
        self._thread: Thread | None = None
        self._warm = False

    def open(self, *, warm: bool = True) -> None:
        """Go on with what waits, in the background; `warm` workers load everything at once."""
        with self._opening:
            if self._thread is None and not self._closing.is_set():
                self._warm = warm
                self._thread = Thread(target=self._run, daemon=True)
                self._thread.start()

    def start(
        self,
        order: str,
        arguments: Mapping[str, Any],
        *,
        by: str,
        back: str,
        afresh: bool = False,
    ) -> Job:
        """
        Queue `order` with the arguments of its command but the folder, by name; return its job.

        That of the same order and arguments when one waits or runs: a double click starts nothing
        twice. `afresh`: what it reads has just changed, one that runs already will not do.
        """
        title = self.orders[order].title
        key, asked = secrets.token_urlsafe(9), datetime.now().astimezone()
        job = Job(key, order, dict(arguments), by, back, JobState.WAITING, asked, step=title)
        kept = self._store.add(job, afresh=afresh)
        self.open(warm=False)
        self._ring()
        return kept

    def get(self, key: str) -> Job | None:
        """Return a job as it is now, None when there is none of this key."""
        found = self._store.get(key)
        return None if found is None else self._now(found)

    def latest(self, count: int = 10) -> tuple[Job, ...]:
        """Return the last jobs asked, the newest first."""
        return tuple(map(self._now, self._store.latest(count)))

    def running(self) -> Job | None:
        """Return the job under way, else the first that waits, if any."""
        found = self._store.under_way()
        return self._now(found[0]) if found else None

    def stop(self, key: str) -> None:
        """Ask a job to stop: it is over within two seconds, nothing half written."""
        self._store.ask_stop(key)
        self._ring()

    def title(self, job: Job) -> str:
        """Return what pages call a job."""
        known = self.orders.get(job.order)
        return known.title if known else job.order

    def close(self) -> None:
        """End the processes; what ran or waited goes on at the next start."""
        self._closing.set()
        self._ring()
        if self._thread is not None:
            self._thread.join(_CLOSED_S)

    def _now(self, job: Job) -> Job:
        step, share = self._told.get(job.key, ("", None))
        return job if job.over else replace(job, step=step, share=share)

    def _ring(self) -> None:
        with suppress(OSError):
            self._bell.send(None)

    def _run(self) -> None:
        if self._warm:
            self._hears.poll(_FIRST_S)
        crew = [hired(warm=True) for _ in range(self._workers if self._warm else 0)]
        while not self._closing.is_set():
            with suppress(SQLAlchemyError, OSError):  # base away, disk full: at the next turn
                self._turn(crew)
        with suppress(SQLAlchemyError):  # another server takes over what is not put back
            for worker in crew:
                worker.end()
                if worker.key:
                    self._store.put_back(worker.key)
            if self._store.turn is not None:
                self._store.turn.give_back()
        self._lock.give_back()

    def _turn(self, crew: list[Worker]) -> None:
        """Hear what is said, end what must end, note what ended, give what waits."""
        late = any(worker.ends_at is not None for worker in crew)
        lines = [self._hears, *(worker.line for worker in crew if not worker.dead)]
        speaking = wait(lines, _CLOSE_LOOK_S if late else _LOOK_S)
        if self._hears in speaking:
            self._hears.recv()
        if self._lock.held and not self._has_turn():
            self._leave(crew)
        for worker in crew:
            if worker.line in speaking:
                self._hear(worker)
        for worker in crew:
            if worker.late and worker.ended is None:
                worker.ended = JobState.STOPPED, NO_ANSWER, (STOPPED,), None
                worker.end()
            elif worker.key and worker.ends_at is None and self._store.to_stop(worker.key):
                worker.ask_stop()
        self._settle(crew)
        self._give(crew)
        self._renew(crew)

    def _hear(self, worker: Worker) -> None:
        said = worker.heard()
        if said is None:
            asked = worker.ends_at is not None
            over = (JobState.STOPPED, STOPPED) if asked else (JobState.BROKEN, DIED)
            worker.ended = over[0], NO_ANSWER, (over[1],), None
            worker.end()
        elif said[0] == "told":
            self._told[said[1]] = said[2:]
        elif said[0] == "weighs":
            worker.mib = said[1]
        elif said[0] == "warm":
            worker.warm = True
        elif said[1] == worker.key:
            worker.ended = said[2:]

    def _settle(self, crew: list[Worker]) -> None:
        """Note the jobs that ended, and replace the workers that died under one."""
        for worker in [one for one in crew if one.ended is not None or one.dead]:
            if worker.key and worker.ended is not None:
                self._store.end(worker.key, *worker.ended)
                self._log_if_killed(worker)
                self._told.pop(worker.key, None)
                worker.done += 1
            if worker.dead:
                crew.remove(worker)
                if worker.key and not any(one.fresh for one in crew):
                    crew.append(hired(warm=self._warm))
            worker.key, worker.ends_at, worker.ended = "", None, None

    def _renew(self, crew: list[Worker]) -> None:
        """Start a fresh process beside the first one when it is worn; once warm, it replaces it."""
        if not crew:
            return
        first, last = crew[0], crew[-1]
        if last is first or not last.fresh:
            if first.worn(self._wear):
                first.done, first.mib = 0, float("nan")  # asked once, whatever comes of it
                crew.append(hired(warm=self._warm))
                crew[-1].fresh = True
        elif last.warm and not first.key:
            crew.remove(first)
            first.end()
            last.fresh = False

    def _has_turn(self) -> bool:
        return self._store.turn is None or self._store.turn.keep()

    def _in_charge(self) -> bool:
        """Return whether this server runs the jobs, from now on when no other one does."""
        if not self._lock.held and self._lock.take() and not self._has_turn():
            self._lock.give_back()
        return self._lock.held

    def _leave(self, crew: list[Worker]) -> None:
        """Drop what runs here: another server has taken it over, while the base was away."""
        self._lock.give_back()
        for worker in [one for one in crew if one.key]:
            worker.end()
            worker.key = ""
            crew.remove(worker)

    def _log_if_killed(self, worker: Worker) -> None:
        job = self._store.get(worker.key) if worker.dead else None
        if job is not None:
            command = self.orders[job.order].action.rpartition(".")[2]
            unfinished(self.folder, command, job.asked, job.arguments)

    def _give(self, crew: list[Worker]) -> None:
        """
        Give the oldest waiting job to a worker, when none runs and the folder is ours.

        What the base says to run is then lost, by a server that died or by a base away while it was
        given: it waits again.
        """
        if any(worker.key for worker in crew) or not self._in_charge():
            return
        asked = self._store.under_way()
        if not asked:
            return
        if any(job.state is JobState.RUNNING for job in asked):
            self._store.take_over()
        if not crew:
            crew.append(hired(warm=False))
        job = self._store.next()
        if job is None:
            return
        order = self.orders.get(job.order)
        if order is None:
            self._store.end(job.key, JobState.BROKEN, None, (UNKNOWN,))
            return
        crew[0].give(Task(job.key, self.folder, order, job.arguments))

"""Jobs one after the other in a process of their own, so that pages always answer."""

from __future__ import annotations

import secrets
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import replace
from datetime import datetime
from importlib import import_module
from multiprocessing import get_context
from threading import Lock
from typing import TYPE_CHECKING, Any

from territory.errors import TerritoryError
from territory.web.job_model import Job, JobState
from territory.web.orders import ORDERS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Ended = tuple[int, tuple[str, ...], Any]


class Jobs:
    """The jobs of one folder."""

    def __init__(self, folder: Path, *, workers: int = 1) -> None:
        self.folder = folder
        self._pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
        self._lock = Lock()
        self._jobs: dict[str, Job] = {}

    def start(self, order: str, arguments: Mapping[str, Any], *, by: str, back: str) -> Job:
        """Queue `order` with the arguments of its command but the folder; return its job."""
        key = secrets.token_urlsafe(9)
        job = Job(
            key, order, dict(arguments), by, back, JobState.RUNNING, datetime.now().astimezone()
        )
        with self._lock:
            self._jobs[key] = job
        future = self._pool.submit(run_order, self.folder, order, dict(arguments))
        future.add_done_callback(lambda ended: self._end(key, ended))
        return job

    def get(self, key: str) -> Job | None:
        """Return a job as it is now, None when there is none of this key."""
        with self._lock:
            return self._jobs.get(key)

    def latest(self, count: int = 10) -> tuple[Job, ...]:
        """Return the last jobs asked, the newest first."""
        with self._lock:
            return tuple(list(self._jobs.values())[::-1][:count])

    def running(self) -> Job | None:
        """Return the job under way, if any."""
        return next((j for j in self.latest(50) if not j.over), None)

    def stop(self, key: str) -> None:
        """Ask a job to stop: it is over within two seconds, nothing half written."""

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _end(self, key: str, ended: Future[Ended]) -> None:
        error = ended.exception()
        with self._lock:
            code, lines, value = (1, (str(error),), None) if error else ended.result()
            state = JobState.REFUSED if code else JobState.DONE
            self._jobs[key] = replace(
                self._jobs[key], state=state, code=code, lines=lines, value=value,
                ended=datetime.now().astimezone(),
            )  # fmt: skip


def run_order(folder: Path, order: str, arguments: dict[str, Any]) -> Ended:
    """Run one order in this process; return its exit code, its French lines and its value."""
    module, function = ORDERS[order].action.split(".")
    act = getattr(import_module(f"territory.commands.{module}"), function)
    audited = import_module("territory.commands.audit").audited
    try:
        answer, unlogged = audited(function, act, (folder, *arguments.values()))
    except TerritoryError as error:
        return error.exit_code, (str(error),), None
    lines = (*answer.lines, *([unlogged] if unlogged else []))
    return answer.code, lines, answer.value

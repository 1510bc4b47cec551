"""The process that runs jobs: kept warm, one job after the other, gone as soon as its server is."""

from __future__ import annotations

import json
import os
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from inspect import signature
from queue import SimpleQueue
from threading import Event, Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING, Any

from territory.errors import Stopped, TerritoryError
from territory.web.job_model import JobState
from territory.web.weight import resident_mib

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from multiprocessing.connection import Connection
    from pathlib import Path

    from territory.commands.answer import Answer
    from territory.web.orders import Order

PATIENCE = 5  # nicer than the server: pages answer first
EVERY_S = 0.2  # between two messages of the same step
Ended = tuple[JobState, int, tuple[str, ...], str | None]  # with the value as JSON


@dataclass(frozen=True, slots=True)
class Task:
    """A job as its worker receives it."""

    key: str
    folder: Path
    order: Order
    arguments: Mapping[str, Any]


@dataclass(slots=True)
class Told:
    """Tells the server the step under way: a new one at once, its share from time to time."""

    line: Connection
    key: str
    stop: Event = field(default_factory=Event)
    last: tuple[str, float] = ("", 0.0)
    turn: Lock = field(default_factory=Lock)  # places are explained by several threads

    @property
    def stopped(self) -> bool:
        """Return whether the server asked for the end of the job."""
        return self.stop.is_set()

    def tell(self, step: str, done: float | None = None) -> None:
        """Send the step, without the number it has in data/processed, and the share done."""
        with self.turn:
            now = monotonic()
            if step == self.last[0] and now - self.last[1] < EVERY_S:
                return
            self.last = step, now
            name = step.lstrip("0123456789 ")
            self.line.send(("told", self.key, name[:1].upper() + name[1:], done))


def work(line: Connection, *, warm: bool) -> None:
    """
    Run the tasks that come on `line` until it closes; with `warm`, load all loops between two.

    « told » (key, step, share), « ended » (key, state, code, lines, value), « weighs » (MiB, after
    a job) and « warm » go back. Ctrl+C is for the server, which ends its workers.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(PATIENCE)
    waiting, pieces, told_warm = _listening(line), _warming() if warm else iter(()), False
    while True:
        if waiting.tasks.empty() and _one_more(pieces):
            continue
        if waiting.tasks.empty() and not told_warm:
            line.send(("warm",))
            told_warm = True
        task = waiting.tasks.get()
        told = Told(line, task.key)
        waiting.stops[task.key] = told.stop
        if task.key in waiting.unwanted:
            told.stop.set()
        ended = run(task, told)
        line.send(("weighs", resident_mib()))
        line.send(("ended", task.key, *ended))


def run(task: Task, told: Told) -> Ended:
    """Run one task here; return how it ended, its exit code, its French lines, its answer."""
    module, function = task.order.action.split(".")
    try:
        act = getattr(import_module(f"{task.order.package}.{module}"), function)
        audited = import_module("territory.commands.audit").audited
        named = {"folder": task.folder, **task.arguments}
        if "progress" in signature(act).parameters:
            named["progress"] = told
        answer, unlogged = audited(function, act, (), named=named)
    except Stopped as error:
        return JobState.STOPPED, error.exit_code, (str(error),), None
    except TerritoryError as error:
        return JobState.REFUSED, error.exit_code, (str(error),), None
    except Exception as error:  # noqa: BLE001 - a page shows a sentence, never a trace
        return JobState.REFUSED, 1, (_unforeseen(error, task.folder),), None
    value = json.dumps(answer.value, ensure_ascii=False) if task.order.valued else None
    return _said(answer, unlogged, value)


def _said(answer: Answer, unlogged: str, value: str | None) -> Ended:
    lines = (*answer.lines, *([unlogged] if unlogged else []))
    return (JobState.REFUSED if answer.code else JobState.DONE), answer.code, lines, value


def _unforeseen(error: Exception, folder: Path) -> str:
    sentence: str = import_module("territory.endings").unforeseen(
        error, folder / ".territory" / "territory-erreur.txt"
    )
    return sentence


@dataclass(frozen=True, slots=True)
class _Inbox:
    """What the server sent: tasks to run, the end of those under way, of those to come."""

    tasks: SimpleQueue[Task]
    stops: dict[str, Event]
    unwanted: set[str]


def _listening(line: Connection) -> _Inbox:
    """Return the inbox of `line`; the process ends with it, since nobody waits any more."""
    inbox = _Inbox(SimpleQueue(), {}, set())

    def listen() -> None:
        with suppress(EOFError, OSError):
            while True:
                word = line.recv()
                if isinstance(word, Task):
                    inbox.tasks.put(word)
                else:
                    inbox.unwanted.add(word)
                    inbox.stops.get(word, Event()).set()
        os._exit(0)  # what is being written is dropped: every write is all or nothing

    Thread(target=listen, daemon=True).start()
    return inbox


def _warming() -> Iterator[str]:
    """Import what commands need and load their loops, one after the other; yield what was done."""
    for name in ("work", "sites", "sectors", "audit"):
        import_module(f"territory.commands.{name}")
        yield name
    everything = import_module("territory.pipeline.warm")
    if not import_module("territory.io.machine_code").fresh():
        everything.warm()  # compiles them: once after an upgrade
        return
    for room in everything.ROOMS:
        room.warm()
        yield room.__name__


def _one_more(pieces: Iterator[str]) -> bool:
    """Do one more piece; return False at the end, or when it fails: the job that needs it tells."""
    with suppress(Exception):
        return bool(next(pieces, ""))
    return False

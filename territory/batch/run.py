"""A whole batch: every territory of a list given to a crew, then the catalogue of the store."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from territory.batch.catalogue import DONE, Entry, entry_of, publish, used_paths, write_entry
from territory.batch.dataset import sweep
from territory.batch.inputs import received_bytes
from territory.batch.scheduler import gathered, outcomes
from territory.batch.store import Store
from territory.model.progress import go_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.batch.scheduler import Crew
    from territory.batch.work import Outcome, Task
    from territory.model.progress import ProgressReporter


@dataclass(frozen=True, slots=True)
class Ran:
    """What a batch did: how each territory of the list ended, in its order; `written` or not."""

    outcomes: tuple[Outcome, ...]
    written: bool


def run(tasks: Sequence[Task], crew: Crew, progress: ProgressReporter) -> Ran:
    """
    Work on every task and write the catalogue; one that fails stops no other.

    Raises Stopped when `progress` says so, NoAnswer when the scheduler is lost, WrongUsage when
    nobody answers at its address: the catalogue then tells what was done until there.
    """
    store = Store(tasks[0].store)
    found: dict[str, Outcome] = {}
    written = False
    try:
        progress.tell("mise en route des travailleurs", 0.0)
        with gathered(crew) as client:
            for outcome in outcomes(client, _heaviest_first(tasks), uuid.uuid4().hex[:12]):
                found[outcome.name] = outcome
                progress.tell(_told(outcome, len(found), len(tasks)), len(found) / len(tasks))
                go_on(progress)
    finally:
        written = _published(store, tasks, found)
    return Ran(tuple(found[task.listed.name] for task in tasks), written)


def _heaviest_first(tasks: Sequence[Task]) -> list[Task]:
    """Return the tasks by bytes received, the most first: no large one is left alone at the end."""
    return sorted(tasks, key=lambda task: -received_bytes(task.listed))


def _told(outcome: Outcome, count: int, total: int) -> str:
    how = "fait" if outcome.fresh else "déjà à jour"
    return f"{count} sur {total} : {outcome.name}, {how if outcome.state == DONE else 'en échec'}"


def _published(store: Store, tasks: Sequence[Task], found: dict[str, Outcome]) -> bool:
    """Write what workers could not, then the catalogue; return whether it could be written."""
    now = datetime.now(UTC)
    at = now.isoformat(timespec="seconds")
    try:
        for task in tasks:
            outcome = found.get(task.listed.name)
            if outcome is not None and outcome.state != DONE:
                _note(store, task, outcome, at)
        entries = publish(store, [task.listed for task in tasks], at)
    except OSError:
        return False
    with suppress(OSError):
        sweep(store, used_paths(entries), now)
    return True


def _note(store: Store, task: Task, outcome: Outcome, at: str) -> None:
    """Write the entry of a failure that its worker could not write: dead, or out of space."""
    listed, before = task.listed, entry_of(store, task.listed.name)
    if before is not None and (before.sentence, before.state) == (outcome.sentence, outcome.state):
        return
    former = (before.result or before.former) if before else None
    entry = Entry(listed.name, listed.department, listed.network, outcome.state, outcome.ending,
                  at, outcome.sentence, former=former)  # fmt: skip
    write_entry(store, entry)

"""One territory of a batch, from its files to its part of the dataset; knows nothing of Dask."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol, TypeGuard

from territory import __version__
from territory.batch.catalogue import DONE, Entry, Result, entry_of, write_entry
from territory.batch.cost import start
from territory.batch.dataset import sound, write_parts
from territory.batch.failures import told
from territory.batch.inputs import bring, bring_products, give_back, has_raw, rests_on
from territory.batch.kinds import with_cost
from territory.batch.products import Kept, sound_products
from territory.errors import Stopped
from territory.model.progress import go_on
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator
    from pathlib import Path

    from territory.batch.kinds import Rows
    from territory.batch.listing import Listed
    from territory.batch.store import Store
    from territory.model.progress import ProgressReporter
    from territory.network.near import Each
    from territory.network.tiles import Pairs, Tile
    from territory.pipeline.workspace import Built, Territory

_MINUTE_S = 60.0
_LATE = (
    "Pas fini dans les {minutes} minutes données ; arrêté à l'étape « {step} ». Relancez la même "
    "commande : le calcul reprend là."
)


class Craft(Protocol):
    """The things done for a territory: `batch.craft`, or quick ones that tests put in its place."""

    def warm(self) -> None:
        """Load what every territory needs, once a process."""

    def fetch(self, folder: Path) -> None:
        """Bring the official files into the territory; raises DataProblem when one cannot be."""

    def build(
        self, territory: Territory, *, whole: bool, progress: ProgressReporter, each: Each
    ) -> Built:
        """
        Return every product, computed or read back; not `whole`: without those of weeks.

        `each` runs the tiles of a large network, as `map` does.
        """

    def rows(self, built: Built, listed: Listed) -> Rows:
        """Return the rows of the territory by kind of the dataset."""


def real_craft() -> Craft:
    """Return what is done for good: loaded once there is something to compute."""
    from territory.batch.craft import RealCraft  # noqa: PLC0415 - slow, and not needed to look

    return RealCraft()


@dataclass(frozen=True, slots=True)
class Task:
    """
    A territory to work on, and how: what a worker is sent.

    `minutes` is the time it may take (None: as long as it needs), between two steps or two tiles of
    a large network; without `online` nothing is downloaded, and without `whole` passage, sectors
    and tours, which only the weeks of a team rest on, are not computed. `craft` gives the things to
    do: a function that a worker can import.
    """

    listed: Listed
    store: str
    seed: int | None = None
    minutes: float | None = None
    online: bool = True
    whole: bool = False
    craft: Callable[[], Craft] = real_craft


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one territory ended, `fresh` when it was computed now, and what it cost."""

    name: str
    state: str
    ending: str
    sentence: str = ""
    fresh: bool = False
    cost: dict[str, float | int | None] = field(default_factory=dict)


def work_on(task: Task, store: Store, scratch: Path, *, each: Each = map) -> Outcome:
    """
    Work on one territory in a folder of its own under `scratch`, and write its entry.

    `each` runs the tiles of a large network, as `map` does. Whatever goes wrong with it is in the
    outcome and in the entry: nothing is raised but what stops a process. The same task may run
    twice, at once too: the same files are written.
    """
    folder, watch = scratch / task.listed.name, _Watch(task.minutes, each)
    shutil.rmtree(folder, ignore_errors=True)
    try:
        entry, fresh = _worked(task, store, folder, watch)
    except Exception as error:  # noqa: BLE001 - one territory never stops the others
        entry, fresh = _ended(task, store, error, watch), False
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    cost = watch.started.cost()
    return Outcome(task.listed.name, entry.state, entry.ending, entry.sentence, fresh, cost)


def _worked(task: Task, store: Store, folder: Path, watch: _Watch) -> tuple[Entry, bool]:
    """Return the entry of a territory done, and whether it was computed now."""
    source = bring(task.listed, folder)
    if task.listed.fetched and task.online and not has_raw(folder):
        task.craft().fetch(folder)
        give_back(source, folder)
    territory = open_territory(folder).with_options(seed=task.seed, sites={})
    watch.rests_on = rests_on(territory, task.listed, whole=task.whole)
    entry = watch.seen = entry_of(store, task.listed.name)
    more = rests_on(territory, task.listed, whole=True)  # what has more is good too
    known = _still_good(store, entry, {watch.rests_on, more})
    if known is None:
        return write_entry(
            store, _done(task, _computed(task, store, territory, source, watch))
        ), True
    if entry is not None and entry.state == DONE:
        return entry, False
    return write_entry(store, _done(task, known)), False


def _computed(
    task: Task, store: Store, territory: Territory, source: Store, watch: _Watch
) -> Result:
    """Compute a territory, from the step it had reached, and publish all but its entry."""
    craft = task.craft()
    craft.warm()
    watch.started = start()  # what is loaded once a process is no cost of a territory
    kept = watch.kept = Kept(store, task.listed.name, territory.processed)
    kept.take_back()
    bring_products(source, territory.folder)
    kept.begin()
    built = craft.build(territory, whole=task.whole, progress=watch, each=watch.each)
    products = kept.close(built.products)
    rows = craft.rows(built, task.listed)
    cost = {**watch.started.cost(), "computed": kept.computed}
    parts = write_parts(store, with_cost(rows, cost), task.listed)
    return Result(watch.rests_on, built.digest, __version__, _now(), parts, products)


def _still_good(store: Store, entry: Entry | None, wanted: Collection[str]) -> Result | None:
    """Return the result that rests on one of `wanted`, whole in the store; None without one."""
    for result in (entry.result, entry.former) if entry else ():
        if (
            result is not None
            and entry is not None
            and result.rests_on in wanted
            and sound(store, result.parts.values())
            and sound_products(store, entry.name, result.products)
        ):
            return result
    return None


def _done(task: Task, result: Result) -> Entry:
    listed = task.listed
    return Entry(listed.name, listed.department, listed.network, DONE, DONE, _now(), result=result)


def _ended(task: Task, store: Store, error: Exception, watch: _Watch) -> Entry:
    """Write and return the entry of a territory not done; a twin that did it is left as it is."""
    listed = task.listed
    state, ending, sentence = told(error, store, listed.name)
    if isinstance(error, Stopped):
        sentence = _LATE.format(minutes=_shown(task.minutes or 0.0), step=watch.step)
    entry = Entry(
        listed.name, listed.department, listed.network, state, ending, _now(), sentence, watch.step
    )
    with suppress(OSError):
        before = entry_of(store, listed.name)
        if _by_a_twin(before, watch):
            return before
        former = (before.result or before.former) if before else None
        write_entry(store, replace(entry, former=former))
    return entry


def _shown(minutes: float) -> str:
    return f"{minutes:g}".replace(".", ",")


def _by_a_twin(before: Entry | None, watch: _Watch) -> TypeGuard[Entry]:
    """Return whether the same work was done by another while this one was under way."""
    if before is None or before.result is None or before == watch.seen:
        return False
    return before.result.rests_on == watch.rests_on


class _Watch:
    """Told the steps of a build: sends what is complete to the store, ends it when time is up."""

    def __init__(self, minutes: float | None, each: Each) -> None:
        self._until = None if minutes is None else time.monotonic() + minutes * _MINUTE_S
        self._each = each
        self.kept: Kept | None = None
        self.step, self.rests_on = "", ""
        self.seen: Entry | None = None
        self.started = start()

    def tell(self, step: str, done: float | None = None) -> None:  # noqa: ARG002 - not shown
        if step != self.step:
            self.step = step
            if self.kept is not None:
                self.kept.send()

    def each(self, do: Callable[[Tile], Pairs], tiles: Iterable[Tile]) -> Iterator[Pairs]:
        """Yield what each tile gives; raises Stopped as soon as time is up."""
        for found in self._each(do, tiles):
            go_on(self)
            yield found

    @property
    def stopped(self) -> bool:
        return self._until is not None and time.monotonic() > self._until


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

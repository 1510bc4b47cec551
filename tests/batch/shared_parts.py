"""What workers share in the tests: a territory of many parts, and networks cut in tiles."""

from __future__ import annotations

import os
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from territory.batch.halfway import met_halfway
from territory.batch.scheduler import offered
from territory.network.near import near_walks
from tests.batch.stand_in import MARKS, WAIT_S, QuickCraft, mark, marks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from territory.io.products import Computed
    from territory.model.progress import ProgressReporter
    from territory.model.walks import Walks
    from territory.network.near import Each
    from territory.network.walk import WalkNetwork
    from territory.pipeline.workspace import Built, Territory

PARTS = 12
ALONE, GO_ON = "seul", "suite"  # files among the marks: nobody helps; nobody is waited for


class Shared(QuickCraft):
    """A territory of many parts; its name says what becomes of who helps."""

    def build(
        self, territory: Territory, *, whole: bool, progress: ProgressReporter, each: Each
    ) -> Built:
        """Return three products, that hold what each part found."""
        do = partial(part, owner=os.getpid(), said=territory.settings.ground.name)
        ask: Callable[..., Iterator[int]] = each  # type: ignore[assignment]  # parts are no tiles
        self.found = list(ask(do, range(PARTS)))
        return super().build(territory, whole=whole, progress=progress, each=each)

    def computed(self, territory: Territory, product: str) -> Computed:
        """Compute one product."""
        tables, facts = super().computed(territory, product)[:2]
        return tables, {**facts, "found": self.found}


def part(n: int, owner: int, said: str) -> int:
    """
    Return a square, and leave a mark of who did it.

    « entraide »: the owner does its first when helpers did all the others. « aide-tuee »: a helper
    never ends; the owner begins once told.
    """
    folder, own = Path(os.environ[MARKS]), os.getpid() == owner
    mark(f"{'soi' if own else 'aide'}-{os.getpid()}:{n}")
    if said == "entraide" and own and n == 0 and not (folder / ALONE).exists():
        _hold(lambda: sum(m.startswith("aide") for m in marks(folder)) == PARTS - 1)
        time.sleep(0.2)  # for the last to be told
    if said == "aide-tuee" and own:
        _hold((folder / GO_ON).exists)
    if said == "aide-tuee" and not own:
        _hold(lambda: False)
    return n * n


def walked(network: WalkNetwork, limit_min: float, tiles: int) -> Walks:
    """Return the walks between all points of a network, in a worker that others help."""
    names = list(network.points.index)
    help_asked = partial(met_halfway, offered)
    return near_walks(network, names, names, limit_min=limit_min, tiles=tiles, each=help_asked)


def _hold(until: Callable[[], bool]) -> None:
    limit = time.monotonic() + WAIT_S
    while not until() and time.monotonic() < limit:
        time.sleep(0.01)

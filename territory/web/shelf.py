"""What the folder holds now, read once and kept until a product changes."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from territory.errors import TerritoryError
from territory.io.products import MANIFEST, open_product
from territory.model.marked import marked
from territory.pipeline.workspace import Built, Territory, open_territory
from territory.settings import FILE_NAME, read_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from territory.io.products import Product
    from territory.model.results import Gap, SectorPlan, SitePlan, Variant

T = TypeVar("T")
State = tuple[tuple[str, int], ...]
BUILT = "80_rounds"  # the last product of a build: without it nothing can be shown
_WEEK = "90_week_"


class Holdings:
    """
    The products of a folder as they stood when they were last read; nothing in it changes.

    Tables are read at first use, results once. `territory` holds settings and received files.
    """

    def __init__(self, territory: Territory) -> None:
        self.territory = territory
        names = sorted(p.parent.name for p in territory.processed.glob(f"*/{MANIFEST}"))
        found = {name: open_product(territory.processed, name) for name in names}
        self._products = {name: product for name, product in found.items() if product is not None}
        self._made: dict[object, Any] = {}

    @cached_property
    def built(self) -> Built | None:
        """Return what a build made, None before the first one."""
        if BUILT not in self._products:
            return None
        return Built(self.territory, {n: p for n, p in self._products.items() if _WEEK not in n})

    @cached_property
    def gaps(self) -> tuple[Gap, ...]:
        """Ranked zones, empty before the first build."""
        return self.built.gaps if self.built else ()

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """Other ways of computing the zones, empty before the first build."""
        return self.built.variants if self.built else ()

    @cached_property
    def sites(self) -> SitePlan | None:
        """Suggested permanences, None before the first build."""
        return self.built.sites if self.built else None

    @cached_property
    def sectors(self) -> SectorPlan | None:
        """Who covers what, None before the first build."""
        return self.built.sectors if self.built else None

    @property
    def weeks(self) -> tuple[str, ...]:
        """Return the ISO weeks planned, the latest first."""
        named = {
            n.removeprefix(_WEEK).removesuffix("_changed") for n in self._products if _WEEK in n
        }
        return tuple(sorted(named, reverse=True))

    def once(self, name: object, make: Callable[[], T]) -> T:
        """Return what `make` gives, made for the first who asks `name` and kept with the rest."""
        if name not in self._made:
            self._made[name] = make()
        made: T = self._made[name]
        return made

    def product(self, name: str) -> Product | None:
        """Return one product by name, None when it is not there."""
        return self._products.get(name)


class NotFounded(Exception):
    """The folder holds no territory yet: pages lead to the first steps."""


class Shelf:
    """The holdings of a folder, read again when a product, a setting or a received file changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = Lock()
        self._state: State = ()
        self._held: Holdings | None = None
        self._name = marked("Nouveau territoire")

    @property
    def founded(self) -> bool:
        """Return whether the folder is a territory yet."""
        return (self.folder / FILE_NAME).exists()

    def name(self) -> str:
        """Return the name of the territory, « Nouveau territoire » before there is one."""
        if self.founded:
            self._name = read_settings(self.folder).ground.name
        return self._name

    def last_name(self) -> str:
        """Return the name as it was last read, whatever became of the settings."""
        with suppress(TerritoryError):
            self.name()
        return self._name

    def now(self) -> Holdings:
        """
        Return the holdings of this moment.

        Raises NotFounded before the folder is a territory, BadSettings or UnreadableFile (French)
        as `open_territory`.
        """
        if not self.founded:
            raise NotFounded
        with self._lock:
            state = _state(self.folder)
            if self._held is None or state != self._state:
                self._held, self._state = Holdings(open_territory(self.folder)), state
            return self._held


def _state(folder: Path) -> State:
    """Return what changes when a product, the settings or the received files do."""
    data = folder / "data"
    watched = [folder / FILE_NAME, data / "raw" / MANIFEST]
    watched += sorted((data / "processed").glob(f"*/{MANIFEST}"))
    return tuple((str(path), path.stat().st_mtime_ns) for path in watched if path.exists())

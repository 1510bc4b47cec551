"""A territory folder ready to work, and what was built from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from territory.io.hashing import value_sha256
from territory.io.intake import Raw, open_raw
from territory.model.issues import ReadReport
from territory.model.jsonable import from_json
from territory.model.results import Calibration, Gap, SectorPlan, SitePlan, Variant
from territory.settings import Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from territory.io.products import Product


@dataclass(frozen=True, slots=True)
class Territory:
    """A territory folder ready to work: its settings and its received files."""

    folder: Path
    settings: Settings
    raw: Raw

    @property
    def processed(self) -> Path:
        """Folder of the numbered products."""
        return self.folder / "data" / "processed"

    @property
    def today(self) -> date:
        """Reference date of the settings, else the civil date of this machine."""
        return self.settings.ground.reference_date or date.today()  # noqa: DTZ011

    def with_options(self, *, seed: int | None, sites: Mapping[str, Any]) -> Territory:
        """
        Return the same territory with options of the command line in place of the settings'.

        `sites` are values of `settings.Sites` by name: None and () change nothing, lists of places
        are added to those of the settings.
        """
        ground = {} if seed is None else {"seed": seed}
        had = self.settings.sites
        wanted = {
            name: (*getattr(had, name), *value) if isinstance(value, tuple) else value
            for name, value in sites.items()
            if value is not None
        }
        settings = self.settings.model_copy(
            update={
                "ground": self.settings.ground.model_copy(update=ground),
                "sites": had.model_copy(update=wanted),
            }
        )
        return Territory(self.folder, settings, self.raw)


@dataclass(frozen=True, slots=True)
class Built:
    """Every product up to the sites, and their results as frozen answers."""

    territory: Territory
    products: Mapping[str, Product]

    def table(self, name: str) -> Any:  # noqa: ANN401 - DataFrame or GeoDataFrame
        """Return a table by name, whatever product holds it; StopIteration when none does."""
        return next(p.tables[name] for p in self.products.values() if name in p.tables)

    @property
    def digest(self) -> str:
        """SHA-256 of all the products: what is printed at the foot of documents."""
        return value_sha256({name: product.digest for name, product in self.products.items()})

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Ranked zones; KeyError before step 60."""
        return from_json(tuple[Gap, ...], self.products["60_gaps"].facts["gaps"])

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Other ways of computing the zones, and which they keep; KeyError before step 60."""
        return from_json(tuple[Variant, ...], self.products["60_gaps"].facts["variants"])

    @property
    def searched(self) -> float:
        """Share, 0-1, of the target living where zones are searched; KeyError before step 60."""
        return float(self.products["60_gaps"].facts["searched"])

    @property
    def sectors(self) -> SectorPlan:
        """Who covers what; KeyError before step 70."""
        return from_json(SectorPlan, self.products["70_sectors"].facts["plan"])

    @property
    def sites(self) -> SitePlan:
        """Suggested permanences; KeyError before step 75."""
        return from_json(SitePlan, self.products["75_sites"].facts["plan"])

    @property
    def calibration(self) -> Calibration:
        """What counts made of the passage; KeyError before step 45."""
        return from_json(Calibration, self.products["45_passage"].facts["calibration"])

    @property
    def reports(self) -> tuple[ReadReport, ...]:
        """What every reader had to say, in the order of the steps."""
        rows = [r for p in self.products.values() for r in p.facts.get("reports", ())]
        return tuple(from_json(ReadReport, row) for row in rows)


def open_territory(folder: Path) -> Territory:
    """Open a territory folder; raises BadSettings or UnreadableFile with a French sentence."""
    return Territory(folder, read_settings(folder), open_raw(folder))


def next_week(today: date) -> str:
    """Return the ISO week after the one of `today`, as « 2026-W48 »."""
    year, number, _ = (today + timedelta(days=7)).isocalendar()
    return f"{year}-W{number:02d}"

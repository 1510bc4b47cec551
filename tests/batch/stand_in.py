"""A build that takes no time: three small products, and whatever goes wrong asked by the name."""

from __future__ import annotations

import os
import signal
import time
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from territory.batch.kinds import kept
from territory.errors import MissingSource, NoAnswer
from territory.io.products import Product, step
from territory.model.progress import go_on
from territory.pipeline.workspace import Built

if TYPE_CHECKING:
    from territory.batch.kinds import Rows
    from territory.batch.listing import Listed
    from territory.io.products import Computed
    from territory.model.progress import ProgressReporter
    from territory.network.near import Each
    from territory.pipeline.workspace import Territory

MARKS = "TERRITORY_TEST_MARKS"  # folder where each product computed leaves a file
STEPS = ("10_zones", "20_places", "30_activity")
LAST = "80_rounds"  # made for the weeks of a team alone
WAIT_S = 120.0
TOO_MUCH = 1 << 30  # bytes held by « gourmand »
SECRET = "Dupont Jean".title()  # a value: code lines may be written, not this


class QuickCraft:
    """What `batch.craft` does, in no time."""

    def warm(self) -> None:
        """Load nothing."""

    def fetch(self, folder: Path) -> None:
        """Receive no file, as if downloaded."""
        (folder / "data" / "raw").mkdir(parents=True, exist_ok=True)
        (folder / "data" / "raw" / "manifeste.json").write_text('{"files": []}', encoding="utf-8")

    def build(
        self,
        territory: Territory,
        *,
        whole: bool,
        progress: ProgressReporter,
        each: Each,  # noqa: ARG002 - nothing here is large
    ) -> Built:
        """
        Return three products, each resting on the one before; the name may ask for trouble.

        One more when `whole`.
        """
        products: dict[str, Product] = {}
        digest = ""
        for name in (*STEPS, *((LAST,) if whole else ())):
            go_on(progress)
            progress.tell(name)
            found = step(
                territory.processed,
                name,
                lambda made=name: self.computed(territory, made),
                settings={"name": territory.settings.ground.name},
                inputs={"before": digest},
            )
            products[name], digest = found, found.digest
        progress.tell("fin")
        return Built(territory, products)

    def rows(self, built: Built, listed: Listed) -> Rows:
        """Return one row of the territory and three of indicators."""
        where = {"territoire": listed.name, "departement": listed.department}
        where["digest"] = built.digest
        name = built.territory.settings.ground.name
        months = [{"grain": "mois", "period": f"2026-{n:02d}", "value": n} for n in range(1, 4)]
        return {
            "territoires": kept("territoires", pd.DataFrame([{"name": name}]), where),
            "indicators": kept("indicators", pd.DataFrame(months), where),
        }

    def computed(self, territory: Territory, product: str) -> Computed:
        """Compute one product, or do what the name of the territory says at its middle one."""
        if product == STEPS[1]:
            self.trouble(territory.settings.ground.name)
        mark(f"{territory.folder.name}:{product}")
        facts = {"product": product, "name": territory.settings.ground.name}
        return {"table": pd.DataFrame({"value": range(50)})}, facts

    def trouble(self, name: str) -> None:
        """Do what the name of the territory asks for."""
        if name == "absent":
            raise MissingSource("Il manque les carreaux.")
        if name == "impossible":
            raise NoAnswer("Personne ne peut couvrir ce territoire.")
        if name == "bogue":
            raise KeyError(SECRET)
        if name == "tueur":
            os.kill(os.getpid(), signal.SIGKILL)
        if name == "gourmand":
            held = b"x" * TOO_MUCH
            _wait_for_the_others(Path(os.environ[MARKS]))
            mark(f"held {len(held)}")
        if name == "lent":
            _wait_for_the_others(Path(os.environ[MARKS]))


class Mended(QuickCraft):
    """The same, where whatever stopped a territory was mended elsewhere than in its files."""

    def trouble(self, name: str) -> None:
        """Do nothing."""


def marks(folder: Path) -> list[str]:
    """Return the products computed so far, one « territory/product » a computation."""
    return sorted(path.name.rpartition("+")[0] for path in folder.iterdir())


def mark(text: str) -> None:
    """Leave a file that says `text` in the folder of marks, when there is one."""
    if MARKS in os.environ:
        (Path(os.environ[MARKS]) / f"{text}+{uuid.uuid4().hex}").touch()


def _wait_for_the_others(folder: Path) -> None:
    """Go on once the file « suite » is there: nobody sleeps for long."""
    until = time.monotonic() + WAIT_S
    while not (folder / "suite").exists():
        if time.monotonic() > until:
            raise NoAnswer("Personne n'a dit de continuer.")
        time.sleep(0.01)

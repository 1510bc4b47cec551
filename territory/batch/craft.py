"""What a batch does for a territory: the same functions as the commands of a laptop."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from territory.batch.release import settle
from territory.batch.results import rows_of
from territory.errors import UnreadableFile
from territory.fetch.patience import Means
from territory.fetch.run import fetch
from territory.fetch.sources import ALL
from territory.pipeline.steps import build, build_sites
from territory.pipeline.warm import ROOMS
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from pathlib import Path

    from territory.batch.kinds import Rows
    from territory.batch.listing import Listed
    from territory.model.progress import ProgressReporter
    from territory.network.near import Each
    from territory.pipeline.workspace import Built, Territory


class RealCraft:
    """`fetch`, `build` and the rows of the dataset."""

    def warm(self) -> None:
        """Load the compiled loops, once a process."""
        _warmed()

    def fetch(self, folder: Path) -> None:
        """
        Bring in every official source.

        Raises UnreadableFile when one of them failed: all are asked for again the next time.
        """
        found = fetch(folder, open_territory(folder).settings, ALL, Means(), _Quiet())
        failed = [f"{one.label} : {one.sentence.removeprefix(f'{one.label} : ')}"
                  for one in found if one.failed]  # fmt: skip
        if failed:
            raise UnreadableFile(f"Téléchargement incomplet. {' ; '.join(failed)}")

    def build(
        self, territory: Territory, *, whole: bool, progress: ProgressReporter, each: Each
    ) -> Built:
        """Return every product, or what permanences rest on; raises as `pipeline.steps.build`."""
        return (build if whole else build_sites)(territory, progress=progress, each=each)

    def rows(self, built: Built, listed: Listed) -> Rows:
        """Return the rows of a territory by kind of the dataset; raises as `rows_of`."""
        return rows_of(built, listed)


@cache
def _warmed() -> None:
    for room in ROOMS:
        room.warm()
    settle()


class _Quiet:
    """Is told of downloads, and shows nothing."""

    def says(self, sentence: str) -> None:
        pass

    def starts(self, label: str, size: int | None, done: int) -> None:
        pass

    def receives(self, count: int) -> None:
        pass

"""Bring in the official files: over the network, or from a folder somebody filled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from territory.commands.answer import Answer
from territory.endings import DONE, REFUSED
from territory.fetch.addresses import Ask, addresses_of, host_of, hosts
from territory.fetch.by_hand import bring
from territory.fetch.patience import Means
from territory.fetch.run import BY_HAND, Outcome, chosen, pointed_to, to_bring
from territory.fetch.run import fetch as fetched_from
from territory.fetch.sources import ALL
from territory.model.jsonable import to_json
from territory.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from rich.progress import TaskID

    from territory.fetch.sources import Source

_MEGA = 1_000_000


def fetch(
    folder: Path,
    keys: Sequence[str],
    given: Path | None,
    dry_run: bool,  # noqa: FBT001 - the command line passes its options in order
) -> Answer:
    """
    Bring in the sources named `keys` (all when none), or those whose files lie in `given`.

    With `dry_run` nothing is contacted nor written. The code is REFUSED when a source failed.
    Raises WrongUsage for an unknown source or a territory without commune, BadSettings, and
    UnreadableFile when `given` is no folder.
    """
    return brought_in(folder, chosen(keys), given, dry_run=dry_run)


def brought_in(
    folder: Path,
    sources: Sequence[Source],
    given: Path | None = None,
    *,
    dry_run: bool = False,
    addresses: Mapping[str, tuple[str, ...]] | None = None,
    means: Means | None = None,
) -> Answer:
    """Do `fetch` on records; `addresses` replace the published ones. Raises the same."""
    settings = read_settings(folder)
    pointed = pointed_to(sources, addresses or {})
    if dry_run:
        return _plan(pointed, tuple(sorted(settings.ground.communes)))
    if given is not None:
        return _answer(folder, bring(folder, settings, pointed, given, means or Means()))
    with _Screen() as screen:
        return _answer(folder, fetched_from(folder, settings, pointed, means or Means(), screen))


def source_list() -> Answer:
    """List the sources: key, French label, publisher, licence."""
    lines = [f"{s.key} : {s.label} ({s.publisher} ; {s.licence})" for s in ALL]
    return Answer({"sources": [s.key for s in ALL]}, lines)


def _plan(sources: Sequence[Source], communes: tuple[str, ...]) -> Answer:
    ask = Ask(communes)
    rows: list[dict[str, Any]] = []
    lines = [f"Serveurs qui peuvent être contactés : {', '.join(hosts(sources, ask)) or 'aucun'}."]
    for source in sources:
        addresses = addresses_of(source, ask)
        lines += [
            f"{source.key} : {source.label}, {source.vintage} ({source.publisher} ; "
            f"{source.licence}) → data/raw/{source.target}"
        ]
        lines += [f"  {address}" for address in addresses] or [f"  {to_bring(source)}"]
        rows.append(
            {
                "source": source.key,
                "adresses": addresses,
                "serveurs": sorted({host_of(a) for a in addresses}),
                "fichier": source.target,
                "licence": source.licence,
                "millesime": source.vintage,
            }
        )
    lines.append("Essai à blanc : rien n'a été contacté ni écrit.")
    return Answer({"sources": to_json(rows)}, lines)


def _answer(folder: Path, outcomes: tuple[Outcome, ...]) -> Answer:
    lines = [f"{o.label} : {o.sentence}" for o in outcomes]
    failed = [o for o in outcomes if o.failed]
    entered = sum(bool(o.rows) for o in outcomes)
    by_hand = sum(o.state == BY_HAND for o in outcomes)
    lines.append(
        f"{entered} fichiers à jour, {len(failed)} échecs"
        + (f", {by_hand} à apporter à la main." if by_hand else ".")
    )
    lines.append(f"Vérifiez maintenant la lecture : territory check {folder}")
    value = {"sources": [to_json(o) for o in outcomes]}
    return Answer(value, lines, REFUSED if failed else DONE)


class _Screen:
    """Announcements and progress bars on standard error; plain lines when it is no terminal."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, soft_wrap=True, highlight=False)
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(),
                   TransferSpeedColumn())  # fmt: skip
        shown = self._console.is_terminal
        self._bars = Progress(*columns, console=self._console, disable=not shown)
        self._bar: TaskID | None = None

    def __enter__(self) -> _Screen:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def says(self, sentence: str) -> None:
        """Show one sentence."""
        self._console.print(sentence, markup=False)

    def starts(self, label: str, size: int | None, done: int) -> None:
        """Open a bar, and say the size announced."""
        announced = "taille non annoncée" if size is None else _megabytes(size)
        resumed = f", reprise après {_megabytes(done)}" if done else ""
        self.says(f"{label} : {announced}{resumed}.")
        self._bar = self._bars.add_task(label, total=size, completed=done)

    def receives(self, count: int) -> None:
        """Move the bar."""
        if self._bar is not None:
            self._bars.advance(self._bar, count)


def _megabytes(size: int) -> str:
    text = f"{size / _MEGA:.1f}" if size >= _MEGA / 10 else f"{size / _MEGA:.3f}"
    return text.replace(".", ",") + " Mo"

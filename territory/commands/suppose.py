"""What other permanences or other sectors would give: computed in a copy, nothing kept changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from territory.commands.sectors import sectors
from territory.commands.sites import sites
from territory.io.atomic import write_bytes
from territory.io.hashing import value_sha256
from territory.io.working_copy import working_copy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from territory.commands.answer import Answer
    from territory.model.progress import ProgressReporter

TRIALS = "outputs/essais"
KEPT = 30  # notes of the last trials


def suppose_sites(  # noqa: PLR0913, PLR0917 - the arguments of `sites`
    folder: Path,
    number: int,
    places: Mapping[str, Sequence[str] | None],
    guarantee: float | None,
    wanted: tuple[int, bool, int, bool, float | None],
    everything: bool,  # noqa: FBT001 - a flag
    seed: int | None,
    progress: ProgressReporter | None = None,
) -> Answer:
    """
    Answer as `sites`, the permanences and the note of the folder staying as they are.

    The note of the supposition goes to outputs/essais, where the last ones are kept. Raises as
    `sites`.
    """
    with working_copy(folder) as copy:
        answer = sites(copy, number, places, guarantee, wanted, everything, seed, progress)
        return _brought(answer, copy, folder)


def suppose_sectors(
    folder: Path,
    absent: str,
    posts: int,
    compare: bool,  # noqa: FBT001 - a flag
    seed: int | None,
    progress: ProgressReporter | None = None,
) -> Answer:
    """
    Answer as `sectors`, the sectors and the note of the folder staying as they are.

    The note of the supposition goes to outputs/essais, where the last ones are kept. Raises as
    `sectors`.
    """
    with working_copy(folder) as copy:
        return _brought(sectors(copy, absent, posts, compare, seed, progress), copy, folder)


def _brought(answer: Answer, copy: Path, folder: Path) -> Answer:
    """Bring the note of a supposition home under a name of its own, and say where it lies."""
    written = answer.value["fichier"]
    note = copy / written
    path = f"{TRIALS}/{note.stem}_{value_sha256(answer.value)[:10]}{note.suffix}"
    write_bytes(folder / path, note.read_bytes())
    _sweep(folder / TRIALS)
    lines = [line.replace(written, path) for line in answer.lines]
    return replace(answer, value={**answer.value, "fichier": path}, lines=lines)


def _sweep(trials: Path) -> None:
    """Take away the oldest notes."""
    notes = sorted(trials.glob("*.pdf"), key=lambda note: (-note.stat().st_mtime_ns, note.name))
    for note in notes[KEPT:]:
        note.unlink(missing_ok=True)

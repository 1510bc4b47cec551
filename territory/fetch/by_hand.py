"""Files somebody downloaded: matched to their sources, checked and cut as if just received."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from territory.errors import TerritoryError, UnreadableFile
from territory.fetch.addresses import vintage_of
from territory.fetch.area import received_area
from territory.fetch.enter import Arrival, Ground, enter
from territory.fetch.run import FAILED, Outcome, to_bring, today, told
from territory.io.hashing import file_sha256
from territory.io.raw_folder import Fetched
from territory.io.recognise import recognise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from territory.fetch.patience import Means
    from territory.fetch.sources import Source
    from territory.settings import Settings

_COMPANIONS = frozenset({".shx", ".dbf", ".prj", ".cpg"})
ABSENT = "absent"


def bring(
    folder: Path, settings: Settings, sources: Sequence[Source], given: Path, means: Means
) -> tuple[Outcome, ...]:
    """
    Take in the files of `given` (and its sub-folders) that belong to `sources`, without network.

    A file belongs to a source by its name, or by what is recognised in it. Raises UnreadableFile
    when `given` is no folder; the failures of files are told in the outcomes.
    """
    if not given.is_dir():
        raise UnreadableFile(f"« {given.name} » n'est pas un dossier. Vérifiez le chemin.")
    files = _files(given)
    kinds = {path: _kinds(path) for path in files}
    outcomes: list[Outcome] = []
    for source in sources:
        mine = [p for p in files if _belongs(p, source, kinds[p])]
        names = _names(mine)
        outcomes += [_outcome(p, source, n, folder, settings, means) for p, n in names.items()]
        if not mine:
            outcomes.append(Outcome(source.key, source.label, ABSENT, _absent(source)))
    return tuple(outcomes)


def _files(given: Path) -> list[Path]:
    found = (p for p in given.rglob("*") if p.is_file() and not p.name.startswith("."))
    return sorted(p for p in found if p.suffix.lower() not in _COMPANIONS)


def _kinds(path: Path) -> frozenset[str]:
    """Return what the readers recognise in a file; nothing when they turn it away."""
    try:
        return frozenset(content.kind for content in recognise(path))
    except (TerritoryError, OSError):
        return frozenset()


def _belongs(path: Path, source: Source, kinds: frozenset[str]) -> bool:
    if source.kind in kinds:
        return True
    return any(fnmatchcase(path.name.lower(), name) for name in source.names)


def _names(mine: Sequence[Path]) -> dict[Path, str]:
    """Return what tells each file from the others of its source; nothing when it is alone."""
    if len(mine) == 1:
        return {mine[0]: ""}
    names: dict[Path, str] = {}
    for path in mine:
        stem = path.name.partition(".")[0]
        again = sum(1 for n in names.values() if n == stem or n.startswith(f"{stem}-"))
        names[path] = f"{stem}-{again + 1}" if again else stem
    return names


def _outcome(
    path: Path, source: Source, name: str, folder: Path, settings: Settings, means: Means
) -> Outcome:
    label = f"{source.label} ({path.name})"
    try:
        codes = frozenset(settings.ground.communes)
        ground = Ground(folder, codes, received_area(folder, settings))
        vintage = vintage_of(source, path.name, published=False)
        fetched = Fetched(today(means), vintage, file_sha256(path))
        arrival = Arrival(path, source, f"apporté : {path.name}", fetched, by_hand=True, name=name)
        outcome = told(source, enter(arrival, ground))
    except (TerritoryError, OSError) as error:
        said = str(error) if isinstance(error, TerritoryError) else "le fichier ne peut être lu."
        return Outcome(source.key, label, FAILED, said)
    return Outcome(outcome.key, label, outcome.state, outcome.sentence, outcome.file, outcome.rows)


def _absent(source: Source) -> str:
    return f"aucun fichier dans le dossier. {to_bring(source).partition('. ')[2]}"

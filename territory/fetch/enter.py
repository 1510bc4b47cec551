"""A received file to a file of the territory: opened, checked, cut, recognised, listed."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from territory.errors import DataProblem, MissingSource, UnknownKind
from territory.fetch.addresses import grid_of
from territory.fetch.checks import check, form_of
from territory.fetch.cut import cut_layer, cut_outlines, cut_table
from territory.fetch.cut_streets import cut_streets
from territory.fetch.cut_transit import cut_transit
from territory.fetch.unpack import Limits, unpacked
from territory.io.hashing import file_sha256
from territory.io.raw_folder import Fetched, RawFile, add_raw, read_raw
from territory.io.recognise import recognise
from territory.io.streets import read_streets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from territory.fetch.area import Area
    from territory.fetch.sources import Source

WORK_FOLDER = Path("data") / ".telechargements"
_WHOLE_FORMS = frozenset({"json", "text"})  # streets drawn by hand or by Overpass: already small


@dataclass(frozen=True, slots=True)
class Ground:
    """The territory files enter: its folder, its commune codes, its outline once known."""

    folder: Path
    codes: frozenset[str]
    area: Area | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """
    A file to take in: where it lies, its source, its provenance.

    A file brought `by_hand` may be a part of the national one and have the columns of another
    vintage; `name` tells it from others of the same source in data/raw.
    """

    path: Path
    source: Source
    origin: str
    fetched: Fetched
    by_hand: bool = False
    name: str = ""


@dataclass(frozen=True, slots=True)
class Entered:
    """What became of an arrival: its name in data/raw, rows kept, whether anything changed."""

    name: str
    rows: int
    changed: bool


def enter(arrival: Arrival, ground: Ground, limits: Limits | None = None) -> Entered:
    """
    Take a received file into the territory, cut to it; the former copy stays until then.

    Nothing is entered when the file holds nothing there (0 rows). Raises DataProblem (French):
    MissingSource without the outlines of the communes when the cut needs them, UnreadableFile or
    UnknownKind for a file that is not what its source promises.
    """
    source = arrival.source
    check_outlines(source, ground)
    with work_folder(ground.folder) as folder:
        grid = f"_{grid_of(sorted(ground.codes))}"
        members = [m.replace("{grid}", grid) for m in source.members]
        plain = _with_suffix(unpacked(arrival.path, members, folder, limits or Limits()), folder)
        least = 1 if arrival.by_hand else source.minimum_rows
        check(plain, source, least, columns=not arrival.by_hand)
        cut = folder / _name(arrival, plain)
        rows = _cut(plain, source, ground, cut)
        return _listed(arrival, cut, rows, ground.folder) if rows else Entered("", 0, False)


def check_outlines(source: Source, ground: Ground) -> None:
    """Raise MissingSource when a source needs the outlines of the communes and they lack."""
    if source.national and ground.area is None:
        raise MissingSource(
            f"{source.label} : il faut d'abord les limites des communes (source « communes »)."
        )


@contextmanager
def work_folder(territory: Path) -> Iterator[Path]:
    """Yield an empty folder of the territory, for its owner alone, removed at the end."""
    parent = territory / WORK_FOLDER
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        leave_work_folder(territory)


def leave_work_folder(territory: Path) -> None:
    """Remove the folder of downloads, unless something in it waits to be resumed."""
    with suppress(OSError):
        (territory / WORK_FOLDER).rmdir()


def _with_suffix(plain: Path, folder: Path) -> Path:
    """Give a file that came without one the suffix of its form: readers of layers look at it."""
    if plain.suffix:
        return plain
    suffixes = {"json": ".geojson", "text": ".csv", "pbf": ".osm.pbf", "xml": ".osm"}
    form = form_of(plain)
    named = folder / f"recu{suffixes.get(form, f'.{form}')}"
    try:
        named.hardlink_to(plain)
    except OSError:  # another disk, or one without links
        shutil.copyfile(plain, named)
    return named


def _name(arrival: Arrival, plain: Path) -> str:
    """Return the name in data/raw, with the suffix of the form the cut gives."""
    source = arrival.source
    stem, _, suffix = source.target.partition(".")
    form = form_of(plain)
    if arrival.name:
        stem = f"{source.key}_{arrival.name}"
    if source.content == "table" and form in {"gpkg", "shp", "json"}:
        suffix = "geojson"
    if source.content == "streets" and _stays_whole(plain):
        suffix = plain.suffix.lstrip(".") or "json"
    return f"{stem}.{suffix}"


def _stays_whole(path: Path) -> bool:
    if form_of(path) in _WHOLE_FORMS:
        return True
    with path.open("rb") as stream:
        return b"<graphml" in stream.read(2048)


def _cut(plain: Path, source: Source, ground: Ground, target: Path) -> int:
    """Write what concerns the territory; return how many rows, features, ways or stops."""
    if source.content == "table" and form_of(plain) in {"text", "parquet"}:
        return cut_table(plain, source, ground.area, target, ground.codes)
    if source.kind == "communes":
        return cut_outlines(plain, source, ground.codes, target)
    area = ground.area
    if area is None:  # said before by `enter` for the sources that need it
        raise MissingSource(f"{source.label} : limites des communes absentes.")
    if source.content == "transit":
        return cut_transit(plain, area, target)
    if source.content == "streets":
        return _streets(plain, area, target)
    return cut_layer(plain, source, area, target)


def _streets(plain: Path, area: Area, target: Path) -> int:
    if not _stays_whole(plain):
        return cut_streets(plain, area, target)
    streets, _ = read_streets(plain, epsg=area.epsg, inside=area.around)
    shutil.copyfile(plain, target)
    return len(streets.segments)


def _listed(arrival: Arrival, cut: Path, rows: int, folder: Path) -> Entered:
    """Recognise the cut file and list it, unless the territory already holds the same bytes."""
    source = arrival.source
    found = tuple(kind for kind in recognise(cut) if kind.kind == source.kind)
    if not found:
        raise UnknownKind(f"{source.label} : le contenu reçu n'est pas celui attendu.")
    if _same(cut, folder):
        return Entered(cut.name, rows, changed=False)
    add_raw(
        folder,
        cut,
        found,
        origin=arrival.origin,
        licence=source.licence,
        fetched=arrival.fetched,
    )
    return Entered(cut.name, rows, changed=True)


def _same(cut: Path, folder: Path) -> bool:
    return any(f.name == cut.name and f.sha256 == file_sha256(cut) for f in read_raw(folder))


def held(source: Source, folder: Path) -> RawFile | None:
    """Return the former copy of a source in the territory, None when there is none."""
    stem = source.target.partition(".")[0]
    try:
        files = read_raw(folder)
    except DataProblem:
        return None
    return next((f for f in files if f.name.partition(".")[0] == stem and f.fetched_on), None)

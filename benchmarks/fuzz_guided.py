"""
Coverage-guided fuzzing (atheris) of the readers written in Python: text in, a sentence or a value.

Where fuzz_readers damages valid files blindly, this one keeps every input that reached a new line
of code and goes on from it. Run: python benchmarks/fuzz_guided.py TARGET [RUNS [SEED]], or « all ».
The exit code is 1 when an error other than a French refusal came out; the input that shows it again
is then named, in a temporary folder. Linux only.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import atheris

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

with atheris.instrument_imports(include=["territory"]):
    from territory.errors import TerritoryError
    from territory.geocoding.address_text import read_address
    from territory.io.inclusion import parse_list
    from territory.io.logs import read_activities
    from territory.io.partners import read_partners
    from territory.io.privacy import holds_identifier
    from territory.io.recognise import recognise
    from territory.io.records import received_table
    from territory.io.streets import read_streets
    from territory.io.values import read_code, read_date, read_number, read_range, read_time
    from territory.io.zones import read_zones
    from territory.model.closures import closed_periods
    from territory.model.opening import to_osm
    from territory.settings import FILE_NAME, read_settings

from tests.robustness.mutations import seeds

if TYPE_CHECKING:
    from collections.abc import Callable

    Check = Callable[[bytes], object]

RUNS, SEED, LONGEST = 20_000, 1, 4096
FOLDER = Path(tempfile.gettempdir()) / "territory_fuzz"


def words(*readers: Callable[[str], object]) -> Check:
    """Give each reader the input as a text."""

    def check(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        for read in readers:
            read(text)

    return check


def files(name: str, *readers: Callable[[Path], object]) -> Check:
    """Give each reader the input as a file."""

    def check(data: bytes) -> None:
        path = FOLDER / name
        path.write_bytes(data)
        for read in readers:
            _refusing(read, path)

    return check


def settings(data: bytes) -> None:
    """Read the input as the settings of a folder."""
    (FOLDER / FILE_NAME).write_bytes(data)
    _refusing(read_settings, FOLDER)


def _refusing(read: Callable[[Path], object], path: Path) -> None:
    try:
        read(path)
    except TerritoryError as error:
        if not str(error):
            raise ValueError("a refusal that does not say why") from error


# target -> what is tried, and the valid files it starts from
TARGETS: dict[str, tuple[Check, tuple[bytes, ...]]] = {
    "values": (
        words(read_number, read_date, read_time, read_range, read_code, holds_identifier),
        (b"1 234,5", b"29 mars 2024", b"9h-12h / 14h-17h", b"93010", b"a@b.fr"),
    ),
    "hours": (
        words(to_osm),
        (b"lun-ven 9h-12h 14h-17h ; sam 9h-12h", b"1er lundi du mois 9h-12h", b"Mo[1] 09:00-12:00",
         "mardi 10h-12h (semaines impaires), sauf jours fériés".encode()),
    ),
    "closures": (words(closed_periods), (b"du 03/08/2026 au 23/08/2026 ; 24/12/2026",)),
    "addresses": (words(read_address), (b"12 bis, av. du Gal de Gaulle 93140 BONDY",)),
    "lists": (words(parse_list), (b"['a', 'b']", b"{a,b}", b"a|b")),
    "activities": (files("a.csv", recognise, read_activities), ()),
    "partners": (files("p.csv", recognise, read_partners), ()),
    "zones": (files("q.geojson", recognise, read_zones), ()),
    "overpass": (files("s.json", recognise, read_streets), ()),
    "records": (files("r.json", recognise, received_table), ()),
    "settings": (settings, (b'[territoire]\nnom = "A"\n[proximite]\ndistance_m = 300.0\n',)),
}  # fmt: skip
_SEED_OF = {
    "activities": "activités (CSV)", "partners": "partenaires (CSV)", "zones": "QPV (GeoJSON)",
    "overpass": "rues (Overpass)", "records": "structures (JSON)",
}  # fmt: skip


def corpus(target: str, folder: Path) -> Path:
    """Write the valid inputs a target starts from."""
    folder.mkdir(parents=True, exist_ok=True)
    starts = TARGETS[target][1] or (seeds()[_SEED_OF[target]][1],)
    for number, start in enumerate(starts):
        (folder / str(number)).write_bytes(start)
    return folder


def fuzz(target: str, runs: int, seed: int) -> None:
    """Try one target in this process; atheris never returns."""
    FOLDER.mkdir(exist_ok=True)
    start = corpus(target, Path(tempfile.mkdtemp(prefix=f"{target}_")))
    options = [f"-runs={runs}", f"-seed={seed}", f"-max_len={LONGEST}", "-verbosity=0"]
    options += [f"-artifact_prefix={FOLDER}/{target}_", "-print_final_stats=1"]
    options += ["-rss_limit_mb=4096"]
    atheris.Setup([sys.argv[0], *options, str(start)], TARGETS[target][0])
    atheris.Fuzz()


def main() -> int:
    """Try one target, or each in a process of its own."""
    target, runs, seed = (*sys.argv[1:], *("all", RUNS, SEED)[len(sys.argv) - 1 :])[:3]
    if target != "all":
        fuzz(str(target), int(runs), int(seed))
    failed = []
    for name in TARGETS:
        command = [sys.executable, __file__, name, str(runs), str(seed)]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        said = [line for line in ended.stderr.splitlines() if "new_units_added" in line]
        verdict = "FAILED" if ended.returncode else "ok"
        print(f"{name:12} {runs} runs  {verdict}  {' '.join(said)}", flush=True)
        if ended.returncode:
            failed.append(name)
            print(ended.stdout[-3000:], ended.stderr[-3000:])
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())

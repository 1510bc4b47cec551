"""
How well addresses written by people are placed: Bondy's 8,399 real addresses, spoiled on purpose.

Each address is written again as people do (abbreviations, capitals, lost accents, typing faults, no
number, a building, a box, another spelling of the suffix) and searched for. Beside it, in the same
run, the peer: rapidfuzz over all written labels, best token_sort_ratio. Seeds 900 and after were
never looked at while the rules were written. Run: python benchmarks/geocoding.py [QUERIES [SEED]].
"""

from __future__ import annotations

import math
import random
import sys
import time
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz import fuzz, process

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from territory.geocoding.index import build_index
from territory.geocoding.match import ACCEPTED, CHECKED, Query, locate
from territory.io.addresses import read_addresses
from tests.real_data import real_file

if TYPE_CHECKING:
    from collections.abc import Callable

CODE, CITY = "93010", "Bondy"
SHORT = {"Avenue": "Av.", "Boulevard": "Bd", "Place": "Pl", "Impasse": "Imp.", "Allée": "All",
         "Général": "Gal", "Maréchal": "Mal", "Docteur": "Dr", "Saint": "St"}  # fmt: skip
EXTRAS = (" Bât A", " esc. 2", " BP 12", " RDC", ", 93140 Bondy", " 93140 BONDY CEDEX")
NEAR_M, FAR_M = 50.0, 200.0


class Written(NamedTuple):
    """A spoiled address, and where it is (metres); `numbered` when its number was left."""

    text: str
    x: float
    y: float
    numbered: bool


class Found(NamedTuple):
    """A score 0-1 and a point in metres; None when nothing was found."""

    score: float
    x: float
    y: float


def shortened(street: str, draw: random.Random) -> str:  # noqa: ARG001 - one form for all
    """Write abbreviations."""
    for whole, short in SHORT.items():
        street = street.replace(whole, short)
    return street


def plainly(street: str, draw: random.Random) -> str:
    """Lose accents, or write in capitals."""
    bare = unicodedata.normalize("NFKD", street).encode("ascii", "ignore").decode()
    return draw.choice([bare, bare.upper(), bare.lower()])


def mistyped(street: str, draw: random.Random) -> str:
    """Swap, lose or double one letter."""
    at = draw.randrange(max(len(street) - 1, 1))
    two = street[at : at + 2]
    return street[:at] + draw.choice([two[::-1], two[:1], two[:1] + two]) + street[at + 2 :]


def partly(street: str, draw: random.Random) -> str:  # noqa: ARG001 - one form for all
    """Lose the first name or the type: « rue Péri »."""
    words = street.split()
    return " ".join([words[0], *words[2:]]) if len(words) > 3 else street


SPOILERS: tuple[Callable[[str, random.Random], str], ...] = (shortened, plainly, mistyped, partly)


def spoiled(rows: list[tuple[str, str, float, float]], queries: int, seed: int) -> list[Written]:
    """Return `queries` addresses drawn and written as people would."""
    draw, found = random.Random(seed), []  # noqa: S311 - a drawn example
    for number, street, x, y in draw.choices(rows, k=queries):
        for spoil in draw.sample(SPOILERS, draw.choice([1, 1, 2])):
            street = spoil(street, draw)  # noqa: PLW2901 - written again and again
        numbered = draw.random() < 0.9
        suffix = number.replace("bis", draw.choice(["bis", " bis", "B"]))
        text = f"{suffix}{draw.choice([' ', ', '])}{street}" if numbered else street
        found.append(Written(text + draw.choice(["", "", *EXTRAS]), x, y, numbered))
    return found


def told(name: str, written: list[Written], found: list[Found | None], seconds: float) -> None:
    """Print, by class of score, how many answers lie within 50 m and 200 m of the truth."""
    classes = (("placed", ACCEPTED, 2.0), ("to check", CHECKED, ACCEPTED), ("all", CHECKED, 2.0))
    for label, low, high in classes:
        kept = [(w, f) for w, f in zip(written, found, strict=True) if f and low <= f.score < high]
        away = [math.hypot(w.x - f.x, w.y - f.y) for w, f in kept]
        near, far = (sum(a <= limit for a in away) for limit in (NEAR_M, FAR_M))
        n = max(len(kept), 1)
        print(
            f"| {name} | {label} | {len(kept) / len(written):.1%} | {near / n:.1%} | {far / n:.1%} "
            f"| {near / len(written):.1%} | {len(written) / seconds:.0f} |"
        )


def ours(rows: list[tuple[str, str, float, float]], written: list[Written]) -> list[Found | None]:
    """Place with territory, its index included in the time."""
    index = build_index([(number, street, CODE, x, y) for number, street, x, y in rows])
    options = locate(index, [Query(w.text, CODE, CITY) for w in written])
    return [Found(o[0].score, o[0].x, o[0].y) if o else None for o in options]


def peer(rows: list[tuple[str, str, float, float]], written: list[Written]) -> list[Found | None]:
    """Place at the likeliest label of all, as a careful script would."""
    labels = [f"{number} {street}".lower() for number, street, _, _ in rows]
    found = []
    for one in written:
        best = process.extractOne(one.text.lower(), labels, scorer=fuzz.token_sort_ratio)
        _, score, at = best
        found.append(Found(score / 100, rows[at][2], rows[at][3]))
    return found


def main() -> None:
    """Spoil, place both ways, print both tables."""
    queries = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 900
    table, _ = read_addresses(real_file("partners/ban_adresses_bondy.geojson"))
    known = table[table["number"].notna() & table["street"].notna()]
    points = known.geometry
    rows = list(zip(known["number"], known["street"], points.x, points.y, strict=True))
    written = spoiled(rows, queries, seed)
    print(f"{len(rows)} addresses, {queries} queries, seed {seed}")
    print("| | score class | share | within 50 m | within 200 m | recall at 50 m | addresses/s |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    for name, place in (("territory", ours), ("rapidfuzz on labels", peer)):
        start = time.process_time()
        found = place(rows, written)
        told(name, written, found, time.process_time() - start)


if __name__ == "__main__":
    main()

"""Every street of an address file, with its numbers: what `match` searches."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.geocoding.address_text import read_street

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NUMBER = re.compile(r"(\d+)\s*(\w*)")


@dataclass(frozen=True, slots=True, order=True)
class Door:
    """One numbered door of a street, coordinates in metres."""

    number: int
    suffix: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Street:
    """One street of one commune ("" when the file does not say it), doors by number."""

    commune_code: str
    label: str
    kind: str
    name: tuple[str, ...]
    doors: tuple[Door, ...]

    @property
    def text(self) -> str:
        """Return the words of the name as one text, to compare."""
        return " ".join(self.name)


@dataclass(frozen=True, slots=True)
class AddressIndex:
    """The streets of each commune code, in order of label; "" holds those of unknown commune."""

    streets: Mapping[str, tuple[Street, ...]]

    def near(self, commune_code: str | None) -> tuple[Street, ...]:
        """Return the streets an address of `commune_code` may be in (all when it is unknown)."""
        if commune_code is None:
            return tuple(s for group in self.streets.values() for s in group)
        return self.streets.get(commune_code, ()) + self.streets.get("", ())


def build_index(
    rows: Iterable[tuple[str | None, str | None, str | None, float, float]],
) -> AddressIndex:
    """
    Return the index of `rows`: number as written, street, commune code, x and y in metres.

    Rows without street or without a number that starts by digits are left out. Independent of the
    order of the rows; spellings of one street that differ by accents or case are one street.
    """
    doors: dict[tuple[str, str, tuple[str, ...]], list[Door]] = {}
    labels: dict[tuple[str, str, tuple[str, ...]], str] = {}
    for number, street, commune, x, y in rows:
        found = _NUMBER.fullmatch((number or "").strip().lower())
        if not street or not found:
            continue
        key = (commune or "", *read_street(street))
        doors.setdefault(key, []).append(Door(int(found[1]), found[2], float(x), float(y)))
        labels[key] = max(labels.get(key, street), street, key=_care)
    streets = [Street(k[0], labels[k], k[1], k[2], tuple(sorted(d))) for k, d in doors.items()]
    grouped: dict[str, list[Street]] = {}
    for one in sorted(streets, key=lambda s: (s.commune_code, s.name, s.kind)):
        grouped.setdefault(one.commune_code, []).append(one)
    return AddressIndex({code: tuple(group) for code, group in grouped.items()})


def _care(label: str) -> tuple[bool, bool, str]:
    """Return a key that grows with the care a name was written with: capitals, then accents."""
    return (label != label.lower(), not label.isascii(), label)

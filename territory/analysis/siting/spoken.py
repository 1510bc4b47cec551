"""Figures and lists as the sentences of the dialogue say them, in French."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

THIN = "\u202f"
_MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip


def number(value: float, decimals: int = 1) -> str:
    """Return 1234.56 as « 1 234,6 », 12.0 as « 12 »."""
    text = f"{value:z,.{decimals}f}"
    whole, _, rest = text.partition(".")
    rest = rest.rstrip("0")
    return whole.replace(",", THIN) + (f",{rest}" if rest else "")


def listed(items: Sequence[str]) -> str:
    """Return « a, b et c »."""
    if len(items) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(items)
    return ", ".join(items[:-1]) + " et " + items[-1]


def day(on: date) -> str:
    """Return « 1er mars 2026 », « 12 mars 2026 »."""
    first = "1er" if on.day == 1 else str(on.day)
    return f"{first} {_MONTHS[on.month - 1]} {on.year}"

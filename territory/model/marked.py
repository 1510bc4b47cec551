"""French sentences that pages may say in another language, marked where they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Marked(str):
    """A French sentence that knows its `pattern`, as the catalogue has it, and what fills it."""

    __slots__ = ("pattern", "values")
    pattern: str
    values: Mapping[str, object]

    def __str__(self) -> str:
        """Return itself, so that an error that carries it does not lose what it is made of."""
        return self


def marked(pattern: str, **values: object) -> str:
    """
    Return `pattern` (French) filled with `values`; `scripts/write_catalogue.py` finds it by this.

    Without values it is the pattern itself.
    """
    if not values:
        return pattern
    sentence = Marked(pattern % values)
    sentence.pattern, sentence.values = pattern, values
    return sentence

"""What stakeholders ask of a choice of places: required, forbidden, kept, closed, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - read at run time by the JSON writer
from enum import StrEnum


class Ask(StrEnum):
    """
    What is asked of some options: one of them at least chosen, or none.

    KEEP and CLOSE speak of those held now only: all stay, or none does.
    """

    REQUIRE = "require"
    FORBID = "forbid"
    KEEP = "keep"
    CLOSE = "close"

    @property
    def verb(self) -> str:
        """The French verb of the request."""
        return {"require": "retenir", "forbid": "écarter", "keep": "garder", "close": "fermer"}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class Request:
    """
    One request: `who` (an organisation, never a person) asks `kind` of `options`, `why`, `on`.

    `options` are positions of options (or of groups, for extension quarters); a request about a
    place holds all options of that place.
    """

    who: str
    kind: Ask
    options: tuple[int, ...]
    why: str
    on: date


@dataclass(frozen=True, slots=True)
class Decision:
    """
    One line of the decision log: what `who` decided `on` a day about a place, and why.

    `kind` is None for a line that only undoes another one; `slot` is a half-day (« lundi matin »),
    None for all of the place. `undoes` is the line number of the decision it takes back.
    """

    on: date
    who: str
    kind: Ask | None
    place_id: str
    slot: str | None
    why: str
    undoes: int | None = None

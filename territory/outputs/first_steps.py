"""The way of a newcomer from an empty folder to a first week: five steps, each done or lacking."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.model.kinds import LABELS
from territory.outputs.reading_account import WANTED

if TYPE_CHECKING:
    from collections.abc import Collection

NEEDED = ("communes", "cells", "streets")
HELPFUL = {
    "qpv": WANTED["qpv"],
    "iris": "ils portent le recensement",
    "census": "sans lui, le public vient des seuls carreaux",
    "france_services": "permanences et lieux où orienter",
    "inclusion_structures": "structures de l’insertion autour",
    "qva": WANTED["qva"],
    "transit": "sans eux, les trajets en bus sont estimés",
}
TEAM = {
    "team": WANTED["team"],
    "availability": WANTED["availability"],
    "partners": WANTED["partners"],
    "activities": WANTED["activities"],
}
_NEEDED_OF_TEAM = ("team",)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One kind of data: its French name, why it is wanted, whether it is there or must be."""

    kind: str
    label: str
    why: str
    here: bool
    needed: bool


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """
    Where a newcomer is: which of the five steps are done, `now` the first that is not (6: none).

    `data` and `team` list what steps 2 and 3 want, what must be there first.
    """

    done: tuple[bool, bool, bool, bool, bool]
    data: tuple[Wanted, ...]
    team: tuple[Wanted, ...]

    @property
    def now(self) -> int:
        """Number of the first step to do, from 1."""
        return next((n for n, done in enumerate(self.done, 1) if not done), len(self.done) + 1)


def first_steps(here: Collection[str], *, founded: bool, built: bool, planned: bool) -> FirstSteps:
    """Return the steps; `here` are the kinds received."""
    data = _wanted({kind: WANTED[kind] for kind in NEEDED}, here, NEEDED)
    data += _wanted(HELPFUL, here, ())
    team = _wanted(TEAM, here, _NEEDED_OF_TEAM)
    ready = all(set(kinds) <= set(here) for kinds in (NEEDED, _NEEDED_OF_TEAM))
    done = (
        founded,
        founded and set(NEEDED) <= set(here),
        founded and set(_NEEDED_OF_TEAM) <= set(here),
        ready and built,
        ready and built and planned,
    )
    return FirstSteps(done, data, team)


def _wanted(
    reasons: dict[str, str], here: Collection[str], needed: Collection[str]
) -> tuple[Wanted, ...]:
    return tuple(
        Wanted(kind, LABELS[kind], why, kind in here, kind in needed)
        for kind, why in reasons.items()
    )

"""A job as pages show it: what was asked, how far it is, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from territory.model.marked import marked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


class JobState(StrEnum):
    """Where a job is."""

    WAITING = marked("en attente")
    RUNNING = marked("en cours")
    DONE = marked("terminé")
    REFUSED = marked(
        "refusé"
    )  # it ended with a French sentence: wrong data, wrong request, no answer
    STOPPED = marked("arrêté")
    BROKEN = marked("interrompu")  # the worker died, or the server did twice


ENDED = frozenset({JobState.DONE, JobState.REFUSED, JobState.STOPPED, JobState.BROKEN})


@dataclass(frozen=True, slots=True)
class Job:
    """
    One job: a command of `orders` with its arguments, who asked, and how it goes.

    `step` is French, `share` the part done, 0-1 (None: not known); `lines` what the command tells
    at its end, `value` its JSON answer, `code` its exit code (None before), `back` the page to go
    back to.
    """

    key: str
    order: str
    arguments: Mapping[str, Any]
    by: str
    back: str
    state: JobState
    asked: datetime
    step: str = ""
    share: float | None = None
    lines: tuple[str, ...] = ()
    code: int | None = None
    ended: datetime | None = None
    value: Any = None

    @property
    def over(self) -> bool:
        """Return whether nothing more will happen."""
        return self.state in ENDED

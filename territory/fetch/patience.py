"""
How long and how often to insist on a server: growing waits, Retry-After, an end.

The session, the clock and the waiting are given, so that nothing here sleeps in a test.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

import requests

from territory.errors import UnreadableFile

if TYPE_CHECKING:
    from collections.abc import Callable

_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often to insist, in seconds and bytes a second."""

    attempts: int = 5
    connect_s: float = 10.0
    idle_s: float = 30.0
    total_s: float = 3600.0
    slow_after_s: float = 60.0
    slowest_bytes_s: float = 1000.0
    first_wait_s: float = 2.0
    longest_wait_s: float = 120.0

    @property
    def timeout_s(self) -> tuple[float, float]:
        """Return how long to wait for a connection, then for the next bytes."""
        return self.connect_s, self.idle_s


@dataclass(frozen=True, slots=True)
class Means:
    """What a request works with: session, time, waiting, patience."""

    session: requests.Session = field(default_factory=requests.Session)
    elapsed_s: Callable[[], float] = time.monotonic
    civil_s: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    patience: Patience = field(default_factory=Patience)


class PassingFailure(Exception):
    """A failure that may pass: worth another try, after `wait_s` when the server says so."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


def insist(
    attempt: Callable[[float], Result],
    label: str,
    host: str,
    means: Means,
    says: Callable[[str], None],
) -> Result:
    """
    Return what `attempt` gives, trying again while it raises PassingFailure.

    `attempt` is told when the first one began (s, `means.elapsed_s`); each wait is announced to
    `says`. Raises UnreadableFile (French) when patience ends, and what `attempt` raises otherwise.
    """
    started, reason = means.elapsed_s(), ""
    for number in range(means.patience.attempts):
        try:
            return attempt(started)
        except PassingFailure as error:
            reason, wait_s = str(error), _wait_s(error, number, means.patience)
        if wait_s is None or means.elapsed_s() + wait_s - started > means.patience.total_s:
            break
        if number + 1 < means.patience.attempts:
            says(f"{label} : {reason}. Nouvel essai dans {wait_s:.0f} s.")
            means.sleep(wait_s)
    raise UnreadableFile(f"{host} : {reason}. Réessayez plus tard.")


def check_busy(response: requests.Response, host: str, means: Means) -> None:
    """Close the answer and raise PassingFailure when its status says to come back later."""
    if response.status_code in _PASSING:
        response.close()
        reason = f"{host} est occupé (réponse {response.status_code})"
        raise PassingFailure(reason, _retry_after_s(response, means))


def _wait_s(error: PassingFailure, number: int, patience: Patience) -> float | None:
    """Return the wait before another try; None when the server asks for more than is sensible."""
    if error.wait_s is not None:
        return error.wait_s if error.wait_s <= patience.longest_wait_s else None
    return float(min(patience.first_wait_s * 2**number, patience.longest_wait_s))


def _retry_after_s(response: requests.Response, means: Means) -> float | None:
    """Return the wait a server asks for, in seconds or until a date; None when it says none."""
    asked = response.headers.get("Retry-After", "").strip()
    if asked.isdigit():
        return float(asked)
    try:
        return max(parsedate_to_datetime(asked).timestamp() - means.civil_s(), 0.0)
    except ValueError:
        return None

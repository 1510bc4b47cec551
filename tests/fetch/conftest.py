"""The misbehaving server, a clock moved by hand, and an ear for announcements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
import requests

from territory.fetch.patience import Means, Patience
from tests.fetch.server import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fetch.server import Script


@dataclass
class Clock:
    """Time that passes only when waited for, or by `step_s` at each look."""

    now_s: float = 0.0
    step_s: float = 0.0
    waits: list[float] = field(default_factory=list)

    def look(self) -> float:
        self.now_s += self.step_s
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now_s += seconds


@dataclass
class Ear:
    """Keeps what is announced."""

    said: list[str] = field(default_factory=list)
    sizes: list[tuple[str, int | None, int]] = field(default_factory=list)
    received: int = 0

    def says(self, sentence: str) -> None:
        self.said.append(sentence)

    def starts(self, label: str, size: int | None, done: int) -> None:
        self.sizes.append((label, size, done))

    def receives(self, count: int) -> None:
        self.received += count


@pytest.fixture
def server() -> Iterator[Script]:
    with running() as script:
        yield script


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def means(clock: Clock) -> Iterator[Means]:
    with requests.Session() as session:
        session.trust_env = False
        yield Means(
            session=session,
            elapsed_s=clock.look,
            civil_s=lambda: 1_000_000.0,
            sleep=clock.sleep,
            patience=Patience(idle_s=5.0),
        )

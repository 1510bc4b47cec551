"""Where a work is: shares of parts and stages, and the end that was asked for."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from territory.errors import NoAnswer, Stopped
from territory.model.progress import SILENT, Part, Stages, go_on
from territory.planning.week_progress import Questions, Tries


@dataclass
class Heard:
    """Keeps what it is told; stopped once `most` things were said."""

    most: int = 1000
    told: list[tuple[str, float | None]] = field(default_factory=list)

    def tell(self, step: str, done: float | None = None) -> None:
        self.told.append((step, done))

    @property
    def stopped(self) -> bool:
        return len(self.told) >= self.most


def test_a_part_of_a_part_keeps_to_its_place() -> None:
    heard = Heard()
    inner = Part(Part(heard, 0.5, 1.0), 0.0, 0.5)
    for done in (None, 0.0, 0.5, 1.0):
        inner.tell("x", done)
    assert heard.told == [("x", 0.5), ("x", 0.5), ("x", 0.625), ("x", 0.75)]


def test_stages_begin_where_the_usual_time_before_them_ends() -> None:
    heard = Heard()
    stages = Stages(heard, {"a": 1, "b": 2, "c": 1})
    stages.begin("a").tell("a", 1.0)
    stages.begin("c")
    assert heard.told == [("a", 0.0), ("a", 0.25), ("c", 0.75)]


def test_a_stage_does_not_begin_once_nobody_waits() -> None:
    stages = Stages(Heard(most=1), {"a": 1, "b": 1})
    stages.begin("a")
    with pytest.raises(Stopped, match="Arrêté à la demande"):
        stages.begin("b")
    assert issubclass(Stopped, NoAnswer)
    go_on(SILENT)  # nobody ever stops it


def test_tries_and_questions_never_go_back_nor_beyond_the_end() -> None:
    heard = Heard()
    tries = Tries(heard)
    for _ in range(4):
        told = tries.next()
        for done in (0.02, 0.5, 1.0):
            told(done, 12.0)
    asked = Questions(heard, 3)
    assert not any(asked() for _ in range(6))
    shares = [done for _, done in heard.told if done is not None]
    assert shares == sorted(shares)
    assert 0.0 < shares[0] < shares[-1] == 1.0

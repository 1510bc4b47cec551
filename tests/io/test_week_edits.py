"""The log of a week: several at once, and what was written since it was read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from territory.errors import Overtaken, WrongUsage
from territory.io.week_edits import append_edits, edits_revision, read_edits
from territory.model.week_edits import EditKind, WeekEdit

if TYPE_CHECKING:
    from pathlib import Path

WEEK = "2026-W48"


def place(target: str) -> WeekEdit:
    return WeekEdit(EditKind.PLACE, target)


def test_changes_made_together_are_numbered_in_order(tmp_path: Path) -> None:
    assert edits_revision(tmp_path, WEEK) == 0
    assert append_edits(tmp_path, WEEK, [place("P1"), place("P2")], revision=0) == (1, 2)
    assert edits_revision(tmp_path, WEEK) == 2
    assert [e.target for e in read_edits(tmp_path, WEEK)[0].values()] == ["P1", "P2"]


def test_of_many_who_read_the_same_state_one_alone_writes(tmp_path: Path) -> None:
    def tried(number: int) -> bool:
        try:
            append_edits(tmp_path, WEEK, [place(f"P{number}")], revision=0)
        except Overtaken:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(tried, range(8)))
    assert sum(won) == 1
    assert [e.target for e in read_edits(tmp_path, WEEK)[0].values()] == [f"P{won.index(True)}"]


def test_one_wrong_change_keeps_the_others_out(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="il annule une ligne qui n'existe pas"):
        append_edits(tmp_path, WEEK, [place("P1"), WeekEdit(None, undoes=9)], revision=0)
    assert read_edits(tmp_path, WEEK)[0] == {}

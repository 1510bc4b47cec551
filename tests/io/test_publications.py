"""What was given outside is remembered whole, for the next comparison, and forgotten in time."""

from __future__ import annotations

import stat
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pytest

from territory.errors import UnreadableFile
from territory.io.publications import (
    FILE_NAME,
    add_published,
    add_published_report,
    forget_published,
    read_published,
    read_published_reports,
)
from territory.model.published import Published, PublishedReport

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 10, 5)


def table(*columns: str) -> Published:
    counts = np.arange(2 * len(columns)).reshape(2, len(columns))
    hidden = np.zeros((3, len(columns) + 1), bool)
    hidden[0, 0] = True
    return Published("un", "commune", "mois", ("93010", "93055"), columns, counts, hidden)


def test_a_publication_comes_back_as_it_was(tmp_path: Path) -> None:
    path = add_published(tmp_path, table("2026-01", "2026-02"), on=DAY, k=11)
    (found,) = read_published(tmp_path)
    assert (found.name, found.rows, found.columns) == (
        "un", ("93010", "93055"), ("2026-01", "2026-02"),
    )  # fmt: skip
    assert found.counts.tolist() == [[0, 1], [2, 3]]
    assert found.hidden[0, 0]
    assert found.hidden.sum() == 1
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_same_table_twice_is_recorded_once(tmp_path: Path) -> None:
    add_published(tmp_path, table("2026-01"), on=DAY, k=11)
    add_published(tmp_path, table("2026-01"), on=date(2026, 10, 6), k=11)
    add_published(tmp_path, table("2026-02"), on=DAY, k=11)
    assert [t.columns for t in read_published(tmp_path)] == [("2026-01",), ("2026-02",)]


@pytest.mark.parametrize("damage", ["{", "{}", '{"effectifs": [[1, 2]]}', "[]"])
def test_a_damaged_record_is_said_and_nothing_is_compared_without_it(tmp_path, damage) -> None:
    add_published(tmp_path, table("2026-01"), on=DAY, k=11)
    with (tmp_path / FILE_NAME).open("a", encoding="utf-8") as file:
        file.write(damage + "\n")
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(UnreadableFile, match="déjà été publié"):
        read_published(tmp_path)
    with pytest.raises(UnreadableFile, match="déjà été publié"):
        forget_published(tmp_path, date(2030, 1, 1), write=True)
    assert (tmp_path / FILE_NAME).read_bytes() == before  # the damage stays to be seen


def test_years_past_their_time_are_forgotten(tmp_path: Path) -> None:
    add_published(tmp_path, table("2022-11", "2023-12"), on=DAY, k=11)
    add_published(tmp_path, table("2023-12", "2024-01"), on=DAY, k=11)
    assert forget_published(tmp_path, date(2024, 1, 1), write=False) == 1
    assert len(read_published(tmp_path)) == 2
    assert forget_published(tmp_path, date(2024, 1, 1), write=True) == 1
    assert [t.columns for t in read_published(tmp_path)] == [("2023-12", "2024-01")]
    assert forget_published(tmp_path, date(2024, 1, 1), write=True) == 0


def test_nothing_was_published_yet(tmp_path: Path) -> None:
    assert read_published(tmp_path) == ()
    assert forget_published(tmp_path, DAY, write=True) == 0


def report(year: int, digest: str = "ab") -> PublishedReport:
    return PublishedReport(
        "aveq", date(year, 1, 1), date(year, 12, 31), digest, 11, ("E7/93010",), ("E7#",), "cd"
    )


def test_reports_come_back_beside_tables_and_each_is_recorded_once(tmp_path: Path) -> None:
    add_published(tmp_path, table("2026-01"), on=DAY, k=11)
    for one in (report(2026), report(2026), report(2026, "ef"), report(2023)):
        add_published_report(tmp_path, one, on=DAY)
    assert read_published_reports(tmp_path) == (report(2026), report(2026, "ef"), report(2023))
    assert [t.columns for t in read_published(tmp_path)] == [("2026-01",)]
    assert forget_published(tmp_path, date(2024, 1, 1), write=True) == 1
    assert read_published_reports(tmp_path) == (report(2026), report(2026, "ef"))


@pytest.mark.parametrize("damage", ['{"nom": "bilan"}', '{"nom": "bilan", "periode": ["x", "y"]}'])
def test_a_damaged_report_is_said(tmp_path: Path, damage: str) -> None:
    (tmp_path / FILE_NAME).write_text(damage + "\n", encoding="utf-8")
    with pytest.raises(UnreadableFile, match="déjà été publié"):
        read_published_reports(tmp_path)

"""Weeks past their time are forgotten whole; the others, and other files, stay as they are."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from territory.io.retention import Purged
from territory.io.week_retention import purge_weeks

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 10, 5)
FIRST_KEPT = date(2024, 1, 1)
OLD = (
    "semaines/2023-W10-plan.json", "semaines/2023-W10.jsonl", "semaines/.2023-W10.jsonl.partiel",
    "semaines/2020-W53-plan.json", "outputs/2023-W52/semaine.pdf", "outputs/2023-W52/M1/a.gpx",
)  # fmt: skip
KEPT = (
    "semaines/2024-W01-plan.json", "semaines/2026-W40.jsonl", "semaines/2023-W54.jsonl",
    "semaines/2023-notes.txt", "outputs/2024-W01/semaine.pdf", "outputs/carte.html",
    "outputs/public/2023-W10/a.csv",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (*OLD, *KEPT):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}", encoding="utf-8")
    return tmp_path


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_a_try_deletes_nothing_and_tells_the_same(folder: Path) -> None:
    tried = purge_weeks(folder, today=TODAY, write=False)
    assert tried == [Purged("semaines/", 4, FIRST_KEPT), Purged("outputs/", 2, FIRST_KEPT)]
    assert files(folder) == {*OLD, *KEPT}
    assert purge_weeks(folder, today=TODAY, write=True) == tried


def test_weeks_begun_too_long_ago_go_whole_and_nothing_else(folder: Path) -> None:
    purge_weeks(folder, today=TODAY, write=True)
    assert files(folder) == set(KEPT)
    assert not (folder / "outputs" / "2023-W52").exists()
    assert purge_weeks(folder, today=TODAY, write=True) == []


def test_a_week_of_two_years_goes_with_its_first_days(folder: Path) -> None:
    name = "semaines/2026-W01.jsonl"  # Monday 29 December 2025
    (folder / name).write_text("{}", encoding="utf-8")
    purge_weeks(folder, today=date(2027, 12, 31), write=True)
    assert name in files(folder)
    purge_weeks(folder, today=date(2028, 1, 1), write=True)
    assert name not in files(folder)


def test_a_link_to_another_folder_is_not_followed(folder: Path, tmp_path_factory) -> None:
    elsewhere = tmp_path_factory.mktemp("ailleurs")
    (elsewhere / "a.txt").write_text("a", encoding="utf-8")
    try:
        (folder / "outputs" / "2023-W11").symlink_to(elsewhere)
    except OSError:
        pytest.skip("this system makes no links")
    purge_weeks(folder, today=TODAY, write=True)
    assert not (folder / "outputs" / "2023-W11").is_symlink()
    assert (elsewhere / "a.txt").exists()


def test_a_territory_without_weeks_has_nothing_to_forget(tmp_path: Path) -> None:
    assert purge_weeks(tmp_path, today=TODAY, write=True) == []

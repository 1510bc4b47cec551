"""Weeks past their time: plans, changes and what was printed of them tell who was where."""

from __future__ import annotations

import re
import shutil
from datetime import date
from typing import TYPE_CHECKING

from territory.io.retention import Purged, first_day_kept
from territory.io.week_edits import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OUTPUTS = "outputs"
_WEEK = re.compile(r"\.?(\d{4})-W(\d{2})(?!\d)")  # a point: what a crash left half written


def purge_weeks(territory: Path, *, today: date, write: bool) -> list[Purged]:
    """
    Return the files of weeks begun before the first day kept, folder by folder.

    Those of « semaines » (signed plans and changes) and of « outputs » by week; deleted when
    `write`, whole: no week is shortened, since a part of a signed plan is no plan. Nothing of them
    is archived: the outings done are counted with the activities. An interruption leaves weeks
    for the next time. Raises OSError when the disk refuses.
    """
    before, done = first_day_kept(today), []
    for folder in (FOLDER, OUTPUTS):
        old = [path for path in _weeks(territory / folder) if _monday(path) < before]
        files = sum(1 for path in old for _ in _files(path))
        if not files:
            continue
        done.append(Purged(f"{folder}/", files, before))
        for path in old if write else ():
            _delete(path)
    return done


def _weeks(folder: Path) -> list[Path]:
    """Return what is named after an ISO week in a folder."""
    inside = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path for path in inside if _monday(path) != date.max]


def _monday(path: Path) -> date:
    """Return the first day of the week that a file is named after, `date.max` for another name."""
    named = _WEEK.match(path.name)
    if named is None:
        return date.max
    try:
        return date.fromisocalendar(int(named[1]), int(named[2]), 1)
    except ValueError:  # there is no week 54
        return date.max


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir() and not path.is_symlink():
        yield from (file for file in path.rglob("*") if not file.is_dir())
    else:
        yield path


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

"""What a territory leaves behind goes back to the system, where the system can take it."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

import psutil
import pytest

from territory.batch import release as module
from territory.batch.release import release, settle

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE, PIECES, KEPT = 1000, 60_000, 200  # bytes, how many, one in so many is kept


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    """Look for the library anew in each test, and leave the collector what it had."""
    module._trim.cache_clear()
    frozen = gc.get_freeze_count()
    yield
    module._trim.cache_clear()
    if not frozen:
        gc.unfreeze()


def test_fragments_go_back_to_the_system() -> None:
    if module._trim() is int:
        pytest.skip("la bibliothèque C de ce système ne rend pas les fragments")
    pieces: list[bytes | None] = [bytes(PIECE) for _ in range(PIECES)]
    kept = pieces[::KEPT]
    held = psutil.Process().memory_info().rss
    pieces.clear()
    release()
    assert held - psutil.Process().memory_info().rss > PIECE * PIECES / 2
    assert len(kept) == PIECES / KEPT


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_elsewhere_nothing_is_asked(platform: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    release()


def test_a_c_library_without_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ctypes.CDLL", lambda _: object())
    release()


def test_what_is_loaded_is_no_longer_searched() -> None:
    settle()
    assert gc.get_freeze_count() > 0
    assert len(gc.get_objects()) < gc.get_freeze_count()

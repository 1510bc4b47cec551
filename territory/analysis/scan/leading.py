"""From the scores of all windows: the leading ones that share no place, and what covers a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.analysis.scan.windows import Windows


def leading_windows(
    windows: Windows, scores: NDArray[np.float64], *, count: int | None = None
) -> list[tuple[NDArray[np.int32], float]]:
    """
    Return (members, score) of the best windows, best first, none sharing a place with a better one.

    `scores` [n, K] as `window_scores`; only scores above 0 count; `count` bounds how many.
    """
    taken = np.zeros(int(windows.order.max(initial=-1)) + 1, bool)
    found: list[tuple[NDArray[np.int32], float]] = []
    open_scores = np.where(scores > 0, scores, 0.0)
    while count is None or len(found) < count:
        best = _best(open_scores)
        if best is None:
            break
        members = windows.members(*best)
        found.append((members, float(scores[best])))
        taken[members] = True
        _close(windows, open_scores, taken)
    return found


def _best(scores: NDArray[np.float64]) -> tuple[int, int] | None:
    if not scores.size or scores.max() <= 0:
        return None
    centre, rank = np.unravel_index(int(np.argmax(scores)), scores.shape)
    return int(centre), int(rank)


def _close(windows: Windows, scores: NDArray[np.float64], taken: NDArray[np.bool_]) -> None:
    """Give no score any more to the windows that hold a taken place."""
    hit = taken[windows.order] & windows.within()
    scores[np.maximum.accumulate(hit, axis=1)] = 0.0


def cover_scores(windows: Windows, scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return, per place [n], the best score of a window that holds it; 0 when none does."""
    covered = np.zeros(len(windows.sizes))
    if scores.size:
        reverse = np.maximum.accumulate(scores[:, ::-1], axis=1)[:, ::-1]
        used = windows.within()
        np.maximum.at(covered, windows.order[used], reverse[used])
    return covered

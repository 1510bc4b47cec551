"""What jobs found, given back to pages as long as the products they rest on are the same."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from territory.io.products import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from territory.web.job_model import Job

_LISTED = 8


@dataclass(frozen=True, slots=True)
class Trials:
    """
    What was tried: the job to show (None: nothing), and the last ones of everybody, newest first.

    `old`: the one shown rests on what was computed before. `words` say what each asked, by key.
    """

    shown: Job | None
    last: tuple[Job, ...]
    old: bool
    words: Mapping[str, str] = field(default_factory=dict)


def made_at(processed: Path, name: str) -> datetime:
    """Return when the product `name` was written; the first day of all when there is none."""
    path = processed / name / MANIFEST
    seconds = path.stat().st_mtime if path.exists() else 0.0
    return datetime.fromtimestamp(seconds, UTC)


def found_by(
    jobs: Iterable[Job], order: str, since: datetime, arguments: Mapping[str, Any] | None = None
) -> Job | None:
    """
    Return the first of `jobs` (newest first) that ran `order` to a value since then, else None.

    With `arguments`, only a job that was asked exactly that.
    """
    for job in jobs:
        asked = arguments is None or dict(job.arguments) == dict(arguments)
        if job.order == order and asked and job.value is not None and (job.ended or since) >= since:
            return job
    return None


def trials_of(
    jobs: Iterable[Job], order: str, since: datetime, *, by: str, chosen: Job | None = None
) -> Trials:
    """
    Return the trials that ran `order` since then, of `jobs` (newest first).

    Shown is `chosen` when it is a trial that has an answer, else the last of `by`, else the last.
    """
    ran = [job for job in jobs if found_by([job], order, since) is not None]
    if chosen is not None and (chosen.order != order or chosen.value is None):
        chosen = None
    own = next((job for job in ran if job.by == by), ran[0] if ran else None)
    shown = chosen or own
    old = shown is not None and shown.ended is not None and shown.ended < since
    return Trials(shown, tuple(ran[:_LISTED]), old)


def listed(trials: Trials, words: Callable[[Mapping[str, Any]], str]) -> Trials:
    """Return the trials with what each asked, said by `words` from the arguments of its job."""
    told = [*trials.last, *([] if trials.shown is None else [trials.shown])]
    return replace(trials, words={job.key: words(job.arguments) for job in told})

"""What jobs found, given back to pages as long as the products they rest on are the same."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from territory.io.products import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from territory.web.job_model import Job

_RECENT = 50


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

"""Jobs that only note what they are asked, and hold the answers a test gives them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from territory.web.job_model import Job, JobState
from territory.web.orders import ORDERS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.testclient import TestClient


_TOKEN = re.compile(r'"x-csrf-token":"([^"]+)"')


@dataclass
class NotedJobs:
    """In place of `Jobs`: nothing runs, `held` are the jobs there are, the newest first."""

    held: list[Job] = field(default_factory=list)

    def start(self, order: str, arguments: Mapping[str, Any], *, by: str, back: str) -> Job:
        """Note a job as under way."""
        job = Job(
            f"k{len(self.held)}", order, dict(arguments), by, back, JobState.RUNNING, _now()
        )  # fmt: skip
        self.held.insert(0, job)
        return job

    def answer(self, order: str, arguments: Mapping[str, Any], value: object) -> None:
        """Hold a job that ended now with a value."""
        job = self.start(order, arguments, by="", back="/")
        self.held[0] = replace(job, state=JobState.DONE, code=0, value=value, ended=_now())

    def get(self, key: str) -> Job | None:
        """Return a job by key."""
        return next((job for job in self.held if job.key == key), None)

    def latest(self, count: int = 10) -> tuple[Job, ...]:
        """Return the last jobs."""
        return tuple(self.held[:count])

    def running(self) -> Job | None:
        """Return the job under way."""
        return next((job for job in self.held if not job.over), None)

    def title(self, job: Job) -> str:
        """Return what pages call a job."""
        return ORDERS[job.order].title

    def close(self) -> None:
        """Do nothing: no process was started."""


def noted(client: TestClient) -> NotedJobs:
    """Put `NotedJobs` in the office of `client`, whose forms are then ours; return them."""
    app: Any = client.app
    app.state.office.jobs.close()
    jobs = NotedJobs()
    app.state.office = replace(app.state.office, jobs=jobs)
    found = _TOKEN.search(client.get("/bilan").text)  # whether or not the first page has a form
    client.headers["x-csrf-token"] = found.group(1) if found else ""
    return jobs


def _now() -> datetime:
    return datetime.now().astimezone()

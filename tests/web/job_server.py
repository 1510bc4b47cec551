"""A server of jobs on its own, for a test to kill: `python -m tests.web.job_server FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from territory.web.config import WebConfig
from territory.web.database import database_url, make_engine
from territory.web.job_store import JobStore
from territory.web.jobs import Jobs
from territory.web.schema import create_all
from tests.web.job_actions import ORDERS

if TYPE_CHECKING:
    from territory.web.crew import Wear


def jobs_of(folder: Path, **more: Wear) -> Jobs:
    """Return the jobs of a folder with the orders of the tests."""
    engine = make_engine(database_url(WebConfig(folder)))
    create_all(engine)
    return Jobs(folder, JobStore(engine), orders=ORDERS, **more)


if __name__ == "__main__":
    jobs_of(Path(sys.argv[1])).open(warm=False)
    Event().wait()

"""A server of jobs for a test to kill: `python -m tests.web.job_server FOLDER [URL LENT_S]`."""

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
from territory.web.turns import Turn
from tests.web.job_actions import ORDERS

if TYPE_CHECKING:
    from territory.web.crew import Wear


def jobs_of(folder: Path, url: str = "", *, lent_s: float = 30.0, **more: Wear) -> Jobs:
    """Return the jobs of a folder with the orders of the tests, by turns in the base `url`."""
    engine = make_engine(database_url(WebConfig(folder, database_url=url)))
    create_all(engine)
    turn = Turn(engine, "", lent_s=lent_s) if url else None
    return Jobs(folder, JobStore(engine, "", turn), orders=ORDERS, **more)


if __name__ == "__main__":
    where, *base = sys.argv[1:]
    given = jobs_of(Path(where), base[0], lent_s=float(base[1])) if base else jobs_of(Path(where))
    given.open(warm=False)
    Event().wait()

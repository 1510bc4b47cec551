"""A writer of the base on its own, for a test to kill: `python -m tests.web.writer URL TAG N`."""

from __future__ import annotations

import random
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from territory.errors import WrongUsage
from territory.web.job_model import Job, JobState
from territory.web.job_store import JobStore
from territory.web.rights import Role
from territory.web.store import Store, open_store
from territory.web.tokens import fingerprint
from tests.web.folders import HandClock, team_config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PASS = "quatre chevaux bleus"  # noqa: S105 - of the tests
PEOPLE = ("M1", "M2", "M3")
KEEPERS = ("D1", "D2")
TRIED, PLACE = "Z9", "192.0.2.1"


def changes(
    store: Store, tag: str, count: int, seed: str
) -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield `count` changes drawn by `seed`: what each is, and a call that returns what it kept."""
    draw = random.Random(seed)  # noqa: S311 - of a test
    jobs = JobStore(store.engine)
    for n in range(count):
        who, keeper, name = draw.choice(PEOPLE), draw.choice(KEEPERS), f"{tag}{n}"
        yield draw.choice([
            ("note", lambda name=name: _noted(store, name)),
            ("try", lambda: f"{store.attempts.allow(TRIED, PLACE)}"),
            ("open", lambda who=who: fingerprint(store.sessions.open(who) or "")),
            ("close", lambda who=who: f"{store.accounts.set_active(who, active=False)}"),
            ("reopen", lambda who=who: f"{store.accounts.set_active(who, active=True)}"),
            ("make", lambda name=name: store.accounts.create(name, Role.READER, PASS) and name),
            ("leave", lambda one=keeper: f"{store.accounts.set_role(one, Role.READER)}"),
            ("return", lambda one=keeper: f"{store.accounts.set_role(one, Role.MANAGER)}"),
            ("job", lambda name=name, n=n: jobs.add(_job(name, n)).key),
            ("forgive", lambda name=name: f"{store.attempts.forgive(name, PLACE + '9')}"),
        ])  # fmt: skip


def told(store: Store, tag: str, count: int, seed: str) -> Iterator[str]:
    """Yield a line for each change: kept, refused or not known, what it is, what it kept."""
    for what, act in changes(store, tag, count, seed):
        try:
            yield f"kept {what} {act()}"
        except WrongUsage:
            yield f"refused {what} -"
        except SQLAlchemyError as error:
            yield f"unknown {what} {type(error).__name__}"


def _noted(store: Store, name: str) -> str:
    store.actions.note("M1", ("POST /x/{n}", ""), {"n": name}, 200)
    return name


def _job(name: str, n: int) -> Job:
    asked = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    return Job(name, "week", {"which": n % 4}, "C1", "/", JobState.WAITING, asked)


if __name__ == "__main__":
    url, tag, count = sys.argv[1:]
    config = team_config(Path(), HandClock(), url, tries_login=10**6, tries_address=10**6)
    for line in told(open_store(config), tag, int(count), tag):
        print(line, flush=True)  # noqa: T201 - read by the test

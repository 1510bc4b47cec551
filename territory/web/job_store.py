"""The jobs of a folder in the database: they outlive the server that runs them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Column, Integer, String, Table, Text, delete, insert, select, update

from territory.model.marked import marked
from territory.web.database import alone, insisting, metadata, reading, writing
from territory.web.job_model import ENDED, Job, JobState

if TYPE_CHECKING:
    from sqlalchemy import Row
    from sqlalchemy.engine import Connection, Engine

    from territory.web.turns import Turn

KEPT = 200  # jobs that are over, the last ones: the audit log keeps the rest
TRIES = 2  # a job whose server died is started again once
LOST = marked("La machine s’est arrêtée deux fois pendant ce travail. Rien n’est à moitié écrit.")
_OPEN = (JobState.WAITING.value, JobState.RUNNING.value)
jobs = Table(
    "jobs",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("key", String(32), unique=True, nullable=False),
    Column("scope", Text, nullable=False, index=True),
    Column("job_order", String(64), nullable=False),
    Column("arguments", Text, nullable=False),  # JSON, sorted
    Column("asked_by", Text, nullable=False),
    Column("back", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("asked", String(40), nullable=False),  # ISO, UTC
    Column("ended", String(40)),
    Column("lines", Text, nullable=False, default="[]"),  # JSON
    Column("value", Text),  # JSON
    Column("code", Integer),
    Column("tries", Integer, nullable=False, default=0),
    Column("stop_asked", Boolean, nullable=False, default=False),
)


@dataclass(frozen=True, slots=True)
class JobStore:
    """
    The jobs of one territory, `scope`, and those of nobody else; safe between threads and servers.

    With a `turn`, what runs is only changed by the server whose turn it is.
    """

    engine: Engine
    scope: str = ""
    turn: Turn | None = None

    @insisting
    def add(self, job: Job, *, afresh: bool = False) -> Job:
        """
        Keep a new job, or return the one that asks the same and is not over yet.

        `afresh`: what it reads has changed, so that one that runs already will not do.
        """
        asked = _arguments(job)
        states = _OPEN[:1] if afresh else _OPEN
        with writing(self.engine) as connection:
            alone(connection, "job")  # else two at once would both be the first
            same = jobs.c.job_order == job.order, jobs.c.arguments == asked
            twin = connection.execute(
                self._mine(jobs).where(*same, jobs.c.state.in_(states), ~jobs.c.stop_asked)
            ).first()
            if twin is not None:
                return _job(twin)
            connection.execute(insert(jobs).values(
                key=job.key, scope=self.scope, job_order=job.order, arguments=asked,
                asked_by=job.by, back=job.back, state=job.state.value, asked=_text(job.asked),
            ))  # fmt: skip
            self._forget_old(connection)
        return job

    @insisting
    def get(self, key: str) -> Job | None:
        """Return a job by its key, None when there is none."""
        with reading(self.engine) as connection:
            row = connection.execute(self._mine(jobs).where(jobs.c.key == key)).first()
        return None if row is None else _job(row)

    @insisting
    def latest(self, count: int) -> tuple[Job, ...]:
        """Return the last jobs asked, the newest first."""
        with reading(self.engine) as connection:
            newest = self._mine(jobs).order_by(jobs.c.number.desc()).limit(count)
            return tuple(map(_job, connection.execute(newest)))

    @insisting
    def under_way(self) -> tuple[Job, ...]:
        """Return the jobs that are not over, the one that runs first, then in order."""
        with reading(self.engine) as connection:
            first = self._mine(jobs).where(jobs.c.state.in_(_OPEN)).order_by(jobs.c.number)
            found = tuple(map(_job, connection.execute(first)))
        return tuple(sorted(found, key=lambda job: job.state is not JobState.RUNNING))

    @insisting
    def next(self) -> Job | None:
        """Return the oldest waiting job, from now on running; None when there is none."""
        with writing(self.engine) as connection:
            if not self._may_run(connection):
                return None
            waiting = self._mine(jobs).where(jobs.c.state == JobState.WAITING.value)
            row = connection.execute(
                waiting.order_by(jobs.c.number).limit(1).with_for_update()
            ).first()
            if row is None:
                return None
            taken = {"state": JobState.RUNNING.value, "tries": row.tries + 1, "scope": self.scope}
            connection.execute(update(jobs).where(jobs.c.key == row.key).values(**taken))
        return self.get(row.key)

    @insisting
    def end(
        self,
        key: str,
        state: JobState,
        code: int | None,
        lines: tuple[str, ...],
        value: str | None = None,
    ) -> None:
        """
        Note how a job ended, its `value` as JSON.

        Nothing when it was over already, or when another server has taken it over.
        """
        with writing(self.engine) as connection:
            if not self._may_run(connection):
                return
            connection.execute(
                update(jobs).where(jobs.c.key == key, jobs.c.state.in_(_OPEN)).values(
                    state=state.value, code=code, ended=_text(datetime.now(UTC)), value=value,
                    lines=json.dumps(lines, ensure_ascii=False),
                )
            )  # fmt: skip

    @insisting
    def ask_stop(self, key: str) -> None:
        """Note that a job must end: at once when it waits, else by the server that runs it."""
        waits = jobs.c.key == key, jobs.c.state == JobState.WAITING.value
        with writing(self.engine) as connection:
            connection.execute(update(jobs).where(jobs.c.key == key).values(stop_asked=True))
            connection.execute(
                update(jobs).where(*waits).values(
                    state=JobState.STOPPED.value, ended=_text(datetime.now(UTC))
                )
            )  # fmt: skip

    @insisting
    def to_stop(self, key: str) -> bool:
        """Return whether the end of a job was asked for."""
        with reading(self.engine) as connection:
            return bool(connection.scalar(select(jobs.c.stop_asked).where(jobs.c.key == key)))

    @insisting
    def put_back(self, key: str) -> None:
        """Let a job that runs wait again, as if it had never been started: its server closes."""
        with writing(self.engine) as connection:
            if not self._may_run(connection):
                return
            again = {"state": JobState.WAITING.value, "tries": jobs.c.tries - 1}
            ran = jobs.c.key == key, jobs.c.state == JobState.RUNNING.value
            connection.execute(update(jobs).where(*ran).values(**again))

    @insisting
    def take_over(self) -> None:
        """Let what ran in a server that died wait again, once; the second time it is broken off."""
        ran = self._is_mine(jobs), jobs.c.state == JobState.RUNNING.value
        again = {"state": JobState.WAITING.value}
        stopped = {"state": JobState.STOPPED.value, "ended": _text(datetime.now(UTC))}
        lost = json.dumps([LOST], ensure_ascii=False)
        broken = stopped | {"state": JobState.BROKEN.value, "lines": lost}
        with writing(self.engine) as connection:
            if not self._may_run(connection):
                return
            for which, becomes in (
                ((jobs.c.stop_asked,), stopped),
                ((jobs.c.tries >= TRIES,), broken),
                ((), again),
            ):
                connection.execute(update(jobs).where(*ran, *which).values(**becomes))

    def _mine(self, table: Table) -> Any:  # noqa: ANN401 - a statement
        return select(table).where(self._is_mine(table))

    def _is_mine(self, table: Table) -> Any:  # noqa: ANN401 - a condition
        return table.c.scope.in_(sorted({"", self.scope}))

    def _may_run(self, connection: Connection) -> bool:
        return self.turn is None or self.turn.holds(connection)

    def _forget_old(self, connection: Connection) -> None:
        over = self._is_mine(jobs), jobs.c.state.in_([state.value for state in ENDED])
        last = select(jobs.c.number).where(*over).order_by(jobs.c.number.desc()).offset(KEPT)
        oldest = connection.scalar(last.limit(1))
        if oldest is not None:
            connection.execute(delete(jobs).where(*over, jobs.c.number <= oldest))


def _job(row: Row[Any]) -> Job:
    return Job(
        row.key, row.job_order, json.loads(row.arguments), row.asked_by, row.back,
        JobState(row.state), _moment(row.asked), lines=tuple(json.loads(row.lines)), code=row.code,
        ended=None if row.ended is None else _moment(row.ended),
        value=None if row.value is None else json.loads(row.value),
    )  # fmt: skip


def _arguments(job: Job) -> str:
    return json.dumps(dict(job.arguments), ensure_ascii=False, sort_keys=True)


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone()

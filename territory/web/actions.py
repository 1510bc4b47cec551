"""The journal of the pages: who asked which action and how it ended; never a value."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Double, Integer, String, Table, delete, insert, select

from territory.web.database import insisting, metadata, reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.engine import Engine, Row

    from territory.web.config import WebConfig

ACTIONS = Table(
    "actions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at_s", Double, nullable=False, index=True),
    Column("login", String(8), nullable=False),
    Column("action", String(120), nullable=False),
    Column("title", String(80), nullable=False),
    Column("targets", String(200), nullable=False),
    Column("status", Integer, nullable=False),
)
_CODE = re.compile(r"[A-Za-z0-9_:\-]{1,40}")
_DAY_S = 86_400
_REFUSED = 400


@dataclass(frozen=True, slots=True)
class Action:
    """
    One action: when (s, UTC), by whom ("" without accounts), which route, its targets, its answer.

    `action` is « POST /comptes/{login}/role », `title` what pages call it, `targets` the codes of
    its address: « login=M2 ».
    """

    at_s: float
    login: str
    action: str
    title: str
    targets: str
    status: int


class Actions:
    """The actions asked of the pages of one folder, kept `journal_days`."""

    def __init__(self, engine: Engine, config: WebConfig) -> None:
        self._engine = engine
        self._clock = config.clock
        self._kept_s = config.journal_days * _DAY_S

    @insisting
    def note(
        self, login: str, action: tuple[str, str], parts: Mapping[str, Any], status: int
    ) -> None:
        """
        Add one line: the action and its title, who asked, how it was answered.

        Of `parts`, the variable parts of the address, only codes are written.
        """
        told = [f"{name}={v if _CODE.fullmatch(v) else '?'}" for name, v in _texts(parts)]
        now = self._clock()
        row = {"login": login, "action": action[0][:120], "title": action[1][:80]}
        targets = " ".join(told)[:200]
        with writing(self._engine) as base:
            base.execute(insert(ACTIONS).values(at_s=now, status=status, targets=targets, **row))

    @insisting
    def latest(self, count: int = 200) -> tuple[Action, ...]:
        """Return the last actions, the newest first."""
        asked = select(ACTIONS).order_by(ACTIONS.c.id.desc()).limit(count)
        with reading(self._engine) as base:
            rows = base.execute(asked).all()
        return tuple(map(_action, rows))

    @insisting
    def last_done(self, action: str, targets: str) -> Action | None:
        """Return the newest action of this name on these targets that was done, None without."""
        of_it = (ACTIONS.c.action == action) & (ACTIONS.c.targets == targets)
        done = ACTIONS.c.status < _REFUSED
        asked = select(ACTIONS).where(of_it & done).order_by(ACTIONS.c.id.desc()).limit(1)
        with reading(self._engine) as base:
            row = base.execute(asked).one_or_none()
        return None if row is None else _action(row)

    @insisting
    def sweep(self) -> None:
        """Erase the lines older than they may be kept."""
        with writing(self._engine) as base:
            base.execute(delete(ACTIONS).where(ACTIONS.c.at_s < self._clock() - self._kept_s))


def _action(row: Row[Any]) -> Action:
    return Action(row.at_s, row.login, row.action, row.title, row.targets, row.status)


def _texts(parts: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, str(value)) for name, value in sorted(parts.items())]

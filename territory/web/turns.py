"""
Which server runs the jobs of a territory, where several machines share a base: one at a time.

The turn is lent for half a minute and lent again while its server lives. A server that dies, or
that the base no longer hears, loses it: what it was running is taken over, and nothing that it
would still say of it is written.
"""

from __future__ import annotations

import secrets
from time import monotonic, time
from typing import TYPE_CHECKING

from sqlalchemy import Column, Double, String, Table, Text, delete, func, insert, select, update

from territory.web.database import SERVER, alone, insisting, metadata, reading, writing

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

LENT_S = 30.0
_NEVER = float("-inf")
TURNS = Table(
    "turns",
    metadata,
    Column("scope", Text, primary_key=True),
    Column("holder", String(32), nullable=False),
    Column("until_s", Double, nullable=False),  # by the clock of the base
)


class Turn:
    """The turn of one server among those that run the jobs of `scope`."""

    def __init__(self, engine: Engine, scope: str, *, lent_s: float = LENT_S) -> None:
        self._engine, self._scope, self._lent_s = engine, scope, lent_s
        self._holder = secrets.token_hex(8)
        self._kept_at = _NEVER  # of the monotonic clock

    def keep(self) -> bool:
        """
        Take the turn, or have it lent again when some time has passed; return whether it is ours.

        False too, once, when another server had it meanwhile, even if it has ended since: what
        that one ran is to be taken over. Raises SQLAlchemyError when the base is away: it is then
        ours as long as nobody took it.
        """
        if monotonic() - self._kept_at < self._lent_s / 6:
            return True
        asked_at = monotonic()
        ours = not self._another_has_it() and self._take()
        self._kept_at = asked_at if ours else _NEVER
        return ours

    def holds(self, base: Connection) -> bool:
        """Return whether it is ours, and will be until the end of this transaction."""
        asked = select(TURNS.c.holder).where(TURNS.c.scope == self._scope)
        return base.scalar(asked.with_for_update(read=True)) == self._holder

    @insisting
    def give_back(self) -> None:
        """Let another server have it at once."""
        self._kept_at = _NEVER
        mine = TURNS.c.scope == self._scope, TURNS.c.holder == self._holder
        with writing(self._engine) as base:
            base.execute(delete(TURNS).where(*mine))

    @insisting
    def _another_has_it(self) -> bool:
        with reading(self._engine) as base:
            return self._is_lent(base)

    @insisting
    def _take(self) -> bool:
        with writing(self._engine) as base:
            alone(base, "turn")
            if self._is_lent(base):
                return False
            lent = {"holder": self._holder, "until_s": _now_s(base) + self._lent_s}
            again = update(TURNS).where(TURNS.c.scope == self._scope).values(**lent)
            if not base.execute(again).rowcount:
                base.execute(insert(TURNS).values(scope=self._scope, **lent))
            return True

    def _is_lent(self, base: Connection) -> bool:
        """Return whether another server has it, or had it since we kept it."""
        row = base.execute(select(TURNS).where(TURNS.c.scope == self._scope)).one_or_none()
        if self._kept_at != _NEVER:
            return row is None or row.holder != self._holder
        return row is not None and row.holder != self._holder and row.until_s > _now_s(base)


def _now_s(base: Connection) -> float:
    """Return the time of the base, the same for all its servers: seconds since 1970."""
    if base.dialect.name != SERVER:
        return time()
    return float(base.scalar(select(func.extract("epoch", func.clock_timestamp()))) or 0.0)

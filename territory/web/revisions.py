"""No lost update: who changes something says which state was seen, and learns of a newer one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Double, Integer, String, Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from territory.web.database import metadata, writing

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from territory.web.config import WebConfig

REVISIONS = Table(
    "revisions",
    metadata,
    Column("key", String(120), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("by", String(8), nullable=False),
    Column("at_s", Double, nullable=False),
)
FIELD = "revision"  # the hidden field of a form that says which number its page showed


@dataclass(frozen=True, slots=True)
class Revision:
    """One state of a thing: its number, who made it ("" without accounts), when (s, UTC)."""

    number: int
    by: str
    at_s: float


class Stale(Exception):
    """
    Somebody changed the same thing since it was seen; the pages answer 409 and say who and when.

    `what` is French with its article (« la semaine 2026-W48 »), `back` the page to look at again.
    """

    def __init__(self, latest: Revision, what: str, back: str) -> None:
        super().__init__(what)
        self.latest = latest
        self.what = what
        self.back = back


class Revisions:
    """
    The numbers of what several people change at once, such as `semaine:2026-W48`.

    A page shows `current(key)` in its forms, as a hidden field named `revision`. The route that
    changes calls `claim_or_raise` with the number of the form, before it changes anything.
    """

    def __init__(self, engine: Engine, config: WebConfig) -> None:
        self._engine = engine
        self._clock = config.clock

    def current(self, key: str) -> int:
        """Return how many times the thing was changed; 0 before the first time."""
        return self.latest(key).number

    def latest(self, key: str) -> Revision:
        """Return the last change of a thing; number 0 when there was none."""
        with self._engine.connect() as base:
            row = base.execute(select(REVISIONS).where(REVISIONS.c.key == key)).one_or_none()
        return Revision(row.number, row.by, row.at_s) if row is not None else Revision(0, "", 0.0)

    def claim(self, key: str, seen: int, *, by: str = "") -> bool:
        """
        Make the next revision if `seen` is still the current one; return whether it was.

        Of several that saw the same number, in any thread or server, one alone gets True. `by` is
        the login of who changes, "" without accounts.
        """
        made = {"number": seen + 1, "by": by, "at_s": self._clock()}
        with writing(self._engine) as base:
            if seen:
                still = (REVISIONS.c.key == key) & (REVISIONS.c.number == seen)
                return bool(base.execute(update(REVISIONS).where(still).values(made)).rowcount)
            dialect: Any = postgresql if base.dialect.name == "postgresql" else sqlite
            first = dialect.insert(REVISIONS).values(key=key, **made).on_conflict_do_nothing()
            return base.execute(first.returning(REVISIONS.c.number)).first() is not None

    def claim_or_raise(self, key: str, seen: int, *, by: str, what: str, back: str) -> None:
        """Claim as `claim`; raises Stale, answered by a page, when somebody was quicker."""
        if not self.claim(key, seen, by=by):
            raise Stale(self.latest(key), what, back)

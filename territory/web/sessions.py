"""Sessions kept by the server: the cookie holds a random secret, the base its fingerprint only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from territory.web.account_tables import ACCOUNTS, SESSIONS, Account, account_of
from territory.web.database import insisting, reading, writing
from territory.web.tokens import fingerprint, new_secret

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from territory.web.config import WebConfig

_SEEN_EACH_S = 60.0  # written this often at most: reading pages must not mean writing
_MIN_S, _H_S = 60, 3600


class Sessions:
    """The open sessions of a team."""

    def __init__(self, engine: Engine, config: WebConfig) -> None:
        self._engine = engine
        self._clock = config.clock
        self._idle_s = config.idle_min * _MIN_S
        self._longest_s = config.session_h * _H_S

    @insisting
    def open(self, login: str, mark: str = "") -> str | None:
        """
        Open a session under a secret never used before; return it. Old ones are swept.

        None when the account is closed, or no longer has the password of `mark` (Account.mark).
        """
        secret, now = new_secret(), self._clock()
        with writing(self._engine) as base:
            mine = select(ACCOUNTS).where(ACCOUNTS.c.login == login)
            row = base.execute(mine.with_for_update()).one_or_none()  # nobody changes it meanwhile
            if row is None or not row.active or mark not in {"", account_of(row).mark}:
                return None
            kept = {"fingerprint": fingerprint(secret), "login": login}
            base.execute(insert(SESSIONS).values(opened_s=now, seen_s=now, **kept))
            base.execute(delete(SESSIONS).where(SESSIONS.c.fingerprint.in_(self._over(now))))
        return secret

    @insisting
    def who(self, secret: str) -> Account | None:
        """Return the account signed in under `secret`, None when it is over or never was."""
        now = self._clock()
        kept = fingerprint(secret)
        asked = (
            select(ACCOUNTS, SESSIONS.c.opened_s, SESSIONS.c.seen_s)
            .join(SESSIONS, SESSIONS.c.login == ACCOUNTS.c.login)
            .where(SESSIONS.c.fingerprint == kept, ACCOUNTS.c.active)
        )
        with reading(self._engine) as base:
            row = base.execute(asked).one_or_none()
        if row is None or self._is_over(row.opened_s, row.seen_s, now):
            return None
        if now - row.seen_s >= _SEEN_EACH_S:
            with writing(self._engine) as base:
                base.execute(
                    update(SESSIONS).where(SESSIONS.c.fingerprint == kept).values(seen_s=now)
                )
        return account_of(row)

    @insisting
    def close(self, secret: str) -> None:
        """End the session of `secret`, if there is one."""
        with writing(self._engine) as base:
            base.execute(delete(SESSIONS).where(SESSIONS.c.fingerprint == fingerprint(secret)))

    def _is_over(self, opened_s: float, seen_s: float, now: float) -> bool:
        return now - opened_s >= self._longest_s or now - seen_s >= self._idle_s

    def _over(self, now: float) -> Any:  # noqa: ANN401 - a statement
        """Return the sessions that are over and that nobody is ending now."""
        over = (SESSIONS.c.opened_s <= now - self._longest_s) | (
            SESSIONS.c.seen_s <= now - self._idle_s
        )
        asked = select(SESSIONS.c.fingerprint).where(over)
        return asked.with_for_update(skip_locked=True).scalar_subquery()

"""How many sign-ins were tried, by code and by address, counted where every server sees them."""

from __future__ import annotations

import hashlib
import ipaddress
from typing import TYPE_CHECKING, Any

from sqlalchemy import Column, Double, Integer, String, Table, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from territory.web.accounts import code_of
from territory.web.database import SERVER, insisting, metadata, writing

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

    from territory.web.config import WebConfig

ATTEMPTS = Table(
    "attempts",
    metadata,
    Column("key", String(20), primary_key=True),
    Column("count", Integer, nullable=False),
    Column("until_s", Double, nullable=False),
)
_MIN_S = 60
_HOME_BITS = 64  # an IPv6 line gives its owner that many addresses


class Attempts:
    """The tries under way; each window begins with its first try and ends by itself."""

    def __init__(self, engine: Engine, config: WebConfig) -> None:
        self._engine = engine
        self._clock = config.clock
        self._window_s = config.tries_min * _MIN_S
        self._most = (config.tries_login, config.tries_address)

    @insisting
    def allow(self, login: str, address: str) -> bool:
        """Count one more try; return whether neither the code nor the address has had too many."""
        now = self._clock()
        most = dict(zip(_keys(login, address), self._most, strict=True))
        with writing(self._engine) as base:
            counts = {
                key: self._count(base, key, now) for key in sorted(most)
            }  # one order: no knot
        return all(counts[key] <= most[key] for key in most)

    @insisting
    def forgive(self, login: str, address: str) -> None:
        """Forget the tries of a code that has signed in, and one try of its address."""
        code, place = _keys(login, address)
        with writing(self._engine) as base:  # the address first, as `allow`: no knot
            one = ATTEMPTS.c.key == place, ATTEMPTS.c.count > 0
            base.execute(update(ATTEMPTS).where(*one).values(count=ATTEMPTS.c.count - 1))
            base.execute(delete(ATTEMPTS).where(ATTEMPTS.c.key == code))
        with writing(self._engine) as base:
            base.execute(delete(ATTEMPTS).where(ATTEMPTS.c.key.in_(self._over())))

    def _over(self) -> Any:  # noqa: ANN401 - a statement
        """Return the windows that are over and that nobody is counting now."""
        over = select(ATTEMPTS.c.key).where(ATTEMPTS.c.until_s <= self._clock())
        return over.with_for_update(skip_locked=True).scalar_subquery()

    def _count(self, base: Connection, key: str, now: float) -> int:
        """Add one to a count, atomically in both bases; return it."""
        dialect: Any = postgresql if base.dialect.name == SERVER else sqlite
        begun = {"key": key, "count": 1, "until_s": now + self._window_s}
        over = ATTEMPTS.c.until_s <= now
        added = dialect.insert(ATTEMPTS).values(**begun).on_conflict_do_update(
            index_elements=["key"],
            set_={
                "count": case((over, 1), else_=ATTEMPTS.c.count + 1),
                "until_s": case((over, begun["until_s"]), else_=ATTEMPTS.c.until_s),
            },
        )  # fmt: skip
        return int(base.execute(added.returning(ATTEMPTS.c.count)).scalar_one())


def _keys(login: str, address: str) -> tuple[str, str]:
    """Return short marks of a code and of an address: what was typed may be a password."""
    return f"c{_mark(code_of(login))}", f"a{_mark(_line(address))}"


def _mark(text: str) -> str:
    """Return 24 bits of a text: too few to find it again, enough to tell tries apart."""
    return hashlib.sha256(text.encode()).hexdigest()[:6]


def _line(address: str) -> str:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    is_six = isinstance(found, ipaddress.IPv6Address)
    return str(ipaddress.ip_network((found, _HOME_BITS), strict=False)) if is_six else address

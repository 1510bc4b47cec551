"""What the base keeps of a team: its accounts by code, and their open sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, Column, Double, ForeignKey, String, Table

from territory.web.database import metadata
from territory.web.rights import Role
from territory.web.tokens import fingerprint

if TYPE_CHECKING:
    from sqlalchemy import Row

ACCOUNTS = Table(
    "accounts",
    metadata,
    Column("login", String(8), primary_key=True),  # a code or initials, upper case
    Column("role", String(20), nullable=False),
    Column("password", String(200), nullable=False),  # argon2id, its salt and cost inside
    Column("active", Boolean, nullable=False),
    Column("must_change", Boolean, nullable=False),
    Column("made_s", Double, nullable=False),  # seconds since 1970, UTC, as every *_s here
)
SESSIONS = Table(
    "sessions",
    metadata,
    Column("fingerprint", String(64), primary_key=True),
    Column("login", String(8), ForeignKey(ACCOUNTS.c.login), nullable=False, index=True),
    Column("opened_s", Double, nullable=False),
    Column("seen_s", Double, nullable=False),
)


@dataclass(frozen=True, slots=True)
class Account:
    """
    Somebody of the team: a code, a role; `must_change` as long as others know the password.

    `mark` is another one as soon as the password is.
    """

    login: str
    role: Role
    active: bool = True
    must_change: bool = False
    mark: str = ""


def account_of(row: Row[Any]) -> Account:
    """Return the account of a row of ACCOUNTS."""
    mark = fingerprint(row.password)[:16]
    return Account(row.login, Role(row.role), row.active, row.must_change, mark)

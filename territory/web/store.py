"""What the pages keep in their base, opened together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.web.accounts import Accounts
from territory.web.actions import Actions
from territory.web.attempts import Attempts
from territory.web.database import database_url, make_engine
from territory.web.schema import opened
from territory.web.sessions import Sessions

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from territory.web.config import WebConfig


@dataclass(frozen=True, slots=True)
class Store:
    """The accounts and sessions of a team, the tries to sign in, the journal."""

    engine: Engine
    accounts: Accounts
    sessions: Sessions
    attempts: Attempts
    actions: Actions


def open_store(config: WebConfig) -> Store:
    """
    Return the store of `config`, its tables made when missing, brought up to date when older.

    Raises WrongUsage (French) as `make_engine`, and as `schema.opened`.
    """
    engine = opened(make_engine(database_url(config)))
    return Store(
        engine, Accounts(engine, config), Sessions(engine, config), Attempts(engine, config),
        Actions(engine, config),
    )  # fmt: skip

"""
Where the pages keep what must outlive the server: jobs, accounts, sessions; never a product.

A SQLite file in the folder by default, read while it is written (WAL); PostgreSQL by its address.
"""

from __future__ import annotations

import os
import random
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from sqlalchemy import MetaData, create_engine, event, func, select
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from territory.errors import WrongUsage
from territory.io.atomic import own_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import URL, Engine

    from territory.web.config import WebConfig

P = ParamSpec("P")
T = TypeVar("T")
FOLDER, FILE = ".territory", "web.db"
SERVER = "postgresql"  # the name of its dialect
_WAIT_S = 10  # for another writer of the same rows, or of the same file
_ASLEEP_S = 30  # a server that says nothing in the middle of a transaction: no longer than its turn
_TRIES, _TRIES_S, _FIRST_PAUSE_S = 8, 20.0, 0.02  # of a transaction that the base gave up
_GIVEN_UP = ("40001", "40P01", "40000", "55P03")  # serialization, deadlock, rollback, lock timeout
_BUSY, _ONE_BYTE = 5, 0xFF  # SQLITE_BUSY and its variants
metadata = MetaData()  # the tables of each store are declared on it


class Undone(SQLAlchemyError):
    """The base gave up a transaction, of which nothing was kept: it may be asked again."""


def database_url(config: WebConfig) -> str:
    """Return the address of the database of `config`: its own, else a file of the folder."""
    return config.database_url or f"sqlite:///{config.folder.resolve() / FOLDER / FILE}"


def make_engine(url: str) -> Engine:
    """
    Return the engine of `url`, for threads; a SQLite file is made first, owner-only.

    A « postgresql:// » address is answered by psycopg. Raises WrongUsage (French) for an address
    that cannot be, or whose driver is not installed; OSError when the file cannot be made.
    """
    try:
        parsed = _with_driver(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed)
        return _server(parsed)
    except (SQLAlchemyError, ImportError) as error:
        raise WrongUsage(
            "L'adresse de la base de données n'est pas comprise, ou son pilote n'est pas installé. "
            "Exemple : postgresql://utilisateur:motdepasse@serveur/base"
        ) from error


def insisting(act: Callable[P, T]) -> Callable[P, T]:
    """
    Return `act` asked again when the base gave it up: deadlock, busy, away or lost for a moment.

    Eight times and 20 s at most, after a pause drawn longer each time; then Undone goes on. What
    may have been kept (a connection lost while the end was confirmed) is never asked again.
    """

    @wraps(act)
    def again(*args: P.args, **kwargs: P.kwargs) -> T:
        end = monotonic() + _TRIES_S
        for n in range(_TRIES - 1):
            try:
                return act(*args, **kwargs)
            except Undone:
                if monotonic() > end:
                    raise
                sleep(_FIRST_PAUSE_S * 2**n * random.random())  # noqa: S311 - no secret
        return act(*args, **kwargs)

    return again


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """
    Yield a connection whose changes are kept together, or not at all when something is raised.

    On SQLite nobody else writes meanwhile: what was read there is still so when it is changed. On
    PostgreSQL read with `with_for_update`, or be `alone`, for the same. Raises Undone when the base
    gave everything up: who writes is `insisting`.
    """
    options: dict[str, Any] = {"territory_writes": True}
    begun = ending = False
    try:
        with engine.execution_options(**options).begin() as connection:
            begun = True
            yield connection
            ending = True
    except DBAPIError as error:
        if _given_up(error) or not begun or (error.connection_invalidated and not ending):
            raise Undone(str(error.orig)) from error
        raise


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that only reads; raises Undone when the base lets it go meanwhile."""
    begun = False
    try:
        with engine.connect() as connection:
            begun = True
            yield connection
    except DBAPIError as error:
        if _given_up(error) or not begun or error.connection_invalidated:
            raise Undone(str(error.orig)) from error
        raise


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Yield a connection that reads the whole base as it was at one moment, and writes nothing."""
    server = engine.dialect.name == SERVER
    alike: dict[str, Any] = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with reading(engine) as plain:
        connection = plain.execution_options(**alike) if server else plain
        with connection.begin():
            yield connection


def alone(connection: Connection, what: str) -> None:
    """Wait to be the only transaction that does `what`, by a name; it is so until its end."""
    if connection.dialect.name == SERVER:  # SQLite has one writer at a time
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"territory {what}"))))


def _given_up(error: DBAPIError) -> bool:
    """Return whether the base says that it undid everything because of others."""
    if getattr(error.orig, "sqlstate", None) in _GIVEN_UP:
        return True
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code is not None and code & _ONE_BYTE == _BUSY


def _with_driver(url: str) -> URL:
    parsed = make_url(url)
    plain = parsed.drivername in {"postgresql", "postgres"}
    return parsed.set(drivername="postgresql+psycopg") if plain else parsed


def _server(url: URL) -> Engine:
    engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": _WAIT_S})
    event.listen(engine, "connect", _patient)
    return engine


def _patient(connection: Any, _record: object) -> None:  # noqa: ANN401 - of the driver
    """Wait no longer for others than for a file; a server that hangs lets go what it holds."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{_WAIT_S}s'")
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{_ASLEEP_S}s'")
    connection.commit()


def _sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        path = Path(url.database)
        own_folder(path.parent)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # its journals take the same rights
    engine = create_engine(url, connect_args={"timeout": _WAIT_S})
    event.listen(engine, "connect", _prepared)
    event.listen(engine, "begin", _begun)
    return engine


def _prepared(connection: Any, _record: object) -> None:  # noqa: ANN401 - of the driver
    connection.isolation_level = None  # the driver begins nothing by itself: `_begun` does
    cursor = connection.cursor()
    for rule in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {rule}")
    cursor.close()


def _begun(connection: Connection) -> None:
    writes = connection.get_execution_options().get("territory_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

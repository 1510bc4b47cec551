"""
Where the pages keep what must outlive the server: jobs, accounts, sessions; never a product.

A SQLite file in the folder by default, read while it is written (WAL); PostgreSQL by its address.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import MetaData, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError

from territory.errors import WrongUsage
from territory.io.atomic import own_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL, Engine

    from territory.web.config import WebConfig

FOLDER, FILE = ".territory", "web.db"
_WAIT_S = 10  # for another writer of the same file
metadata = MetaData()  # the tables of each store are declared on it


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
        return create_engine(parsed, pool_pre_ping=True)
    except (SQLAlchemyError, ImportError) as error:
        raise WrongUsage(
            "L'adresse de la base de données n'est pas comprise, ou son pilote n'est pas installé. "
            "Exemple : postgresql://utilisateur:motdepasse@serveur/base"
        ) from error


def create_all(engine: Engine) -> None:
    """Make the tables that are not there yet; raises SQLAlchemyError when the base is away."""
    metadata.create_all(engine)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """
    Yield a connection whose changes are kept together, or not at all when something is raised.

    On SQLite nobody else writes meanwhile: what was read there is still so when it is changed. On
    PostgreSQL read with `with_for_update` for the same.
    """
    options: dict[str, Any] = {"territory_writes": True}
    with engine.execution_options(**options).begin() as connection:
        yield connection


def _with_driver(url: str) -> URL:
    parsed = make_url(url)
    plain = parsed.drivername in {"postgresql", "postgres"}
    return parsed.set(drivername="postgresql+psycopg") if plain else parsed


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
    for rule in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {rule}")
    cursor.close()


def _begun(connection: Connection) -> None:
    writes = connection.get_execution_options().get("territory_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

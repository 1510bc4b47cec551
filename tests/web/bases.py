"""The two kinds of base the pages may keep: a SQLite file, and a PostgreSQL server of the tests."""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from territory.web.database import make_engine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.engine import Connection


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a PostgreSQL server that lives as long as the tests of this worker."""
    pytest.importorskip(
        "psycopg", reason="psycopg n'est pas installé : PostgreSQL n'est pas essayé"
    )
    runtime = tmp_path_factory.mktemp("run")
    runtime.chmod(0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", os.fspath(runtime))  # read when pgserver is imported
        pgserver = pytest.importorskip(
            "pgserver", reason="pgserver n'est pas installé : PostgreSQL n'est pas essayé"
        )
        server = pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
        with _administered(server.get_uri()) as base:  # nothing of the tests outlives them
            base.execute(text("ALTER SYSTEM SET fsync = off"))
            base.execute(text("SELECT pg_reload_conf()"))
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def base_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty base, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'pages.db'}"
    return empty_schema(request.getfixturevalue("postgres"))


@pytest.fixture
def postgres_base(postgres: str) -> str:
    """The address of an empty base of a PostgreSQL server."""
    return empty_schema(postgres)


def empty_schema(server: str) -> str:
    """Return the address of an empty base of a server."""
    name = f"t{secrets.token_hex(6)}"
    with _administered(server) as base:
        base.execute(text(f"CREATE SCHEMA {name}"))
    return f"{server}&options=-csearch_path%3D{name}"


@contextmanager
def _administered(url: str) -> Iterator[Connection]:
    engine = make_engine(url)
    with engine.connect() as base:
        yield base.execution_options(isolation_level="AUTOCOMMIT")
    engine.dispose()

"""The two kinds of base the pages may keep: a SQLite file, and a PostgreSQL server of the tests."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from territory.web.database import make_engine

try:
    import pwd
except ImportError:  # Windows
    pwd = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.fixture(scope="session")
def postgis() -> Iterator[str]:
    """The address of a base with PostGIS, of a server of this machine started for these tests."""
    homes = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if _has_postgis(p.parent.name)]
    if not homes or not (os.geteuid() or _SERVANT):
        pytest.skip("PostGIS n'est pas installé ici : les couches partagées ne sont pas essayées")
    pytest.importorskip("psycopg")
    with _served(max(homes)) as url:
        with _administered(url) as base:
            base.execute(text("CREATE EXTENSION postgis"))
        yield url


_SERVANT = "postgres" if pwd and any(u.pw_name == "postgres" for u in pwd.getpwall()) else ""


def _has_postgis(version: str) -> bool:
    return Path(f"/usr/share/postgresql/{version}/extension/postgis.control").exists()


@contextmanager
def _served(programs: Path) -> Iterator[str]:
    """Run a server that only this machine reaches, by a socket; PostgreSQL never runs as root."""
    who = {} if os.geteuid() else {"user": _SERVANT}
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        if who:
            shutil.chown(folder, _SERVANT)
        data = f"{folder}/data"
        made = [f"{programs}/initdb", "-D", data, "-A", "trust", "-U", "postgres", "-N"]
        made += ["--encoding=UTF8", "--locale=C.UTF-8"]
        subprocess.run(made, check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)
        run = [f"{programs}/postgres", "-D", data, "-k", folder, "-F"]
        with Path(folder, "log").open("w") as log:
            server = subprocess.Popen(
                [*run, "-c", "listen_addresses="], stderr=log, stdout=log, cwd=folder, **who
            )
            try:
                yield _answering(f"postgresql://postgres@/postgres?host={folder}")
            finally:
                server.send_signal(signal.SIGINT)
                server.wait(30)


def _answering(url: str) -> str:
    engine = make_engine(url)
    for _ in range(300):
        with suppress(OperationalError), engine.connect():
            break
        sleep(0.1)
    engine.dispose()
    return url


@contextmanager
def _administered(url: str) -> Iterator[Connection]:
    engine = make_engine(url)
    with engine.connect() as base:
        yield base.execution_options(isolation_level="AUTOCOMMIT")
    engine.dispose()

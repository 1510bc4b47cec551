"""The base of the pages: owner-only, read while written, changes kept together or not at all."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, func, insert, select, text

from territory.errors import WrongUsage
from territory.web.config import WebConfig
from territory.web.database import database_url, make_engine, writing
from territory.web.schema import create_all

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.engine import Engine

NUMBERS = Table("numbers", MetaData(), Column("n", Integer))


def test_the_file_lies_in_the_folder_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    engine = make_engine(database_url(WebConfig(tmp_path)))
    create_all(engine)
    NUMBERS.create(engine)
    with writing(engine) as connection:
        connection.execute(insert(NUMBERS).values(n=1))
        files = sorted((tmp_path / ".territory").iterdir())
        assert [f.name for f in files] == ["web.db", "web.db-shm", "web.db-wal"]
        if sys.platform != "win32":
            assert {oct(f.stat().st_mode & 0o777) for f in files} == {"0o600"}
    engine.dispose()


def test_readers_do_not_wait_for_a_writer_nor_see_half_of_it(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'x.db'}")
    NUMBERS.create(engine)
    with writing(engine) as writer, engine.connect() as reader:
        writer.execute(insert(NUMBERS).values(n=1))
        assert reader.scalar(select(func.count()).select_from(NUMBERS)) == 0
    with engine.connect() as reader:
        assert reader.scalar(select(func.count()).select_from(NUMBERS)) == 1
        assert reader.scalar(text("PRAGMA journal_mode")) == "wal"
    engine.dispose()


def test_what_fails_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'x.db'}")
    NUMBERS.create(engine)
    with pytest.raises(KeyError, match="panne"):
        _insert_then_fail(engine)
    with engine.connect() as reader:
        assert reader.scalar(select(func.count()).select_from(NUMBERS)) == 0
    engine.dispose()


def _insert_then_fail(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(insert(NUMBERS).values(n=1))
        raise KeyError("panne")


@pytest.mark.parametrize("url", ["pas une adresse", "oracle://serveur/base"])
def test_an_address_that_cannot_be_is_refused_in_french(url: str) -> None:
    with pytest.raises(WrongUsage, match="n'est pas comprise"):
        make_engine(url)


def test_postgresql_is_answered_by_psycopg() -> None:
    pytest.importorskip("psycopg")
    engine = make_engine("postgresql://quelquun@serveur/base")
    assert (engine.dialect.name, engine.dialect.driver) == ("postgresql", "psycopg")

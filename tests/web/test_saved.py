"""A backup is one file of a whole base: written whole, read whole, or refused in a sentence."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, String, select, text, update

from territory.errors import UnreadableFile, WrongUsage
from territory.web import saved, schema
from territory.web.content import fill, read_content
from territory.web.database import make_engine, writing
from territory.web.job_store import jobs
from territory.web.saved import MAGIC, read_saved, write_saved
from territory.web.schema import STEPS, Step, create_all
from tests.conftest import ROOT
from tests.web.test_content import contents, some
from tests.web.test_jobs import until

if TYPE_CHECKING:
    from pathlib import Path

    from territory.web.content import Content

DISK = 60_000  # bytes left: enough for SQLite to open a base
AT = datetime(2026, 11, 27, 2, 0, tzinfo=UTC)


@given(given=contents())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_what_is_saved_reads_back_the_same(tmp_path: Path, given: Content) -> None:
    path = write_saved(tmp_path / "sauvegarde", given, AT)
    assert read_saved(path) == (given, "2026-11-27T02:00:00+00:00")
    first = path.read_bytes()
    assert write_saved(path, given, AT).read_bytes() == first


@pytest.mark.skipif(sys.platform == "win32", reason="rights are those of Unix")
def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    path = write_saved(tmp_path / "sauvegarde", some(), AT)
    assert oct(path.stat().st_mode & 0o777) == "0o600"


def test_any_byte_that_differs_is_seen(tmp_path: Path) -> None:
    path = write_saved(tmp_path / "sauvegarde", some(), AT)
    whole = path.read_bytes()
    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1 << at % 8]) + whole[at + 1 :])
        with pytest.raises(UnreadableFile, match=r"abîmée|n'est pas une sauvegarde"):
            read_saved(path)


@given(cut=st.integers(0, 2_000), more=st.binary(max_size=3))
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_a_file_cut_short_or_longer_is_refused(tmp_path: Path, cut: int, more: bytes) -> None:
    path = write_saved(tmp_path / "sauvegarde", some(), AT)
    whole = path.read_bytes()
    path.write_bytes(whole[: cut % len(whole)] + more)
    if path.read_bytes() != whole:
        with pytest.raises(UnreadableFile):
            read_saved(path)


def forged(path: Path, lines: list[object]) -> Path:
    """A file whose hash is right, whatever it holds."""
    body = gzip.compress("".join(json.dumps(line) + "\n" for line in lines).encode())
    path.write_bytes(MAGIC + hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
    return path


@pytest.mark.parametrize(
    "lines",
    [
        [], [1], [{}], [{"schema": 2, "made": "", "tables": [{"name": "pg_user"}]}],
        [{"schema": 2, "made": "", "tables": []}, ["une ligne de trop"]],
        [{"schema": 2, "made": "", "tables": [
            {"name": "accounts", "columns": ["login"], "rows": 1, "sha256": ""}]}, ["M1"]],
    ],
)  # fmt: skip
def test_a_file_that_says_something_impossible_is_refused(
    tmp_path: Path, lines: list[object]
) -> None:
    with pytest.raises(UnreadableFile, match="abîmée"):
        read_saved(forged(tmp_path / "x", lines))


def test_a_newer_backup_is_refused_with_what_to_do(tmp_path: Path, base_url: str) -> None:
    with pytest.raises(WrongUsage, match=r"plus récente.*tables 9.*Mettez territory à jour"):
        read_saved(forged(tmp_path / "x", [{"schema": 9, "made": "", "tables": []}]))
    engine = make_engine(base_url)
    create_all(engine)
    with writing(engine) as base:
        base.execute(update(schema.SCHEMA).values(version=9))
    for act in (create_all, read_content):
        with pytest.raises(WrongUsage, match="version plus récente"):
            act(engine)
    engine.dispose()


def test_a_base_of_the_first_version_is_brought_up_to_date(base_url: str) -> None:
    engine = make_engine(base_url)
    fill(engine, with_job(2, "/srv/ville"))
    with writing(engine) as base:
        for table in ("turns", "schema_version"):
            base.execute(text(f"DROP TABLE {table}"))
    former = read_content(engine)
    assert former.schema == 1
    create_all(engine)
    assert read_content(engine).schema == 2
    with engine.connect() as base:
        assert base.scalar(select(jobs.c.scope)) == ""
    fill(engine, former, replace=True)  # a backup made before says the same
    with engine.connect() as base:
        assert base.scalar(select(jobs.c.scope)) == ""
    engine.dispose()


def with_job(version: int, scope: str) -> Content:
    row = (3, "k", scope, "week", "{}", "C1", "/", "terminé", "2026-11-23T09:30:00+00:00", None,
           "[]", None, 0, 1, False)  # fmt: skip
    tables = [replace(t, rows=(row,)) if t.name == "jobs" else t for t in some().tables]
    return replace(some(), schema=version, tables=tuple(tables))


def test_a_column_added_later_is_filled_from_an_older_backup(
    tmp_path: Path, base_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A third version, with one more column and rows to carry: the way of every change to come."""
    engine = make_engine(base_url)
    fill(engine, some())
    path = write_saved(tmp_path / "sauvegarde", read_content(engine), AT)
    accounts = schema.account_tables.ACCOUNTS
    accounts.append_column(Column("tongue", String(2)))
    monkeypatch.setitem(saved._COLUMNS, "accounts", {c.name for c in accounts.columns})
    try:
        added = text("ALTER TABLE accounts ADD COLUMN tongue VARCHAR(2)")
        step = Step((added,), (update(accounts).values(tongue="fr"),))
        monkeypatch.setattr(schema, "STEPS", {**STEPS, 3: step})
        create_all(engine)
        with engine.connect() as base:
            assert list(base.scalars(select(accounts.c.tongue))) == ["fr"]
        fill(engine, read_saved(path)[0], replace=True)
        with engine.connect() as base:
            assert list(base.scalars(select(accounts.c.tongue))) == ["fr"]
        with writing(engine) as base:
            base.execute(text("ALTER TABLE accounts DROP COLUMN tongue"))
            base.execute(update(schema.SCHEMA).values(version=2))
        monkeypatch.setattr(schema, "STEPS", {**STEPS, 3: Step()})
        with pytest.raises(WrongUsage, match=r"« accounts » .* n'a pas la colonne « tongue »"):
            create_all(engine)
    finally:
        accounts._columns.remove(accounts.c.tongue)
    engine.dispose()


def test_a_base_of_which_a_table_was_never_made_is_read(base_url: str) -> None:
    engine = make_engine(base_url)
    fill(engine, some())
    with writing(engine) as base:
        for table in ("jobs", "turns", "schema_version"):
            base.execute(text(f"DROP TABLE {table}"))
    former = read_content(engine)
    assert former.counts["travaux"] == 0
    fill(engine, former, replace=True)
    assert read_content(engine) == some()
    engine.dispose()


@pytest.mark.skipif(sys.platform == "win32", reason="limits are those of Unix")
def test_a_full_disk_leaves_the_former_backup_and_the_former_base(tmp_path: Path) -> None:
    ready(tmp_path)
    before = (tmp_path / "sauvegarde").read_bytes()
    assert len(before) > 2 * DISK
    for line in ("restore", "backup"):
        told = territory(tmp_path, line, limit=DISK)
        assert told.returncode == 1, told.stderr
        assert "disque" in told.stderr
        assert "Traceback" not in told.stderr
        assert kept(tmp_path) == many(3 if line == "restore" else 3_000)
        put(tmp_path, many(3_000))  # then the base is too large for a backup
    assert (tmp_path / "sauvegarde").read_bytes() == before
    assert sorted(p.name for p in tmp_path.glob(".sauvegarde*")) == []


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is of Unix")
@pytest.mark.parametrize("line", ["backup", "restore"])
def test_a_kill_in_the_middle_leaves_all_or_nothing(tmp_path: Path, line: str) -> None:
    ready(tmp_path)
    before, there = (tmp_path / "sauvegarde").read_bytes(), read_saved(tmp_path / "sauvegarde")[0]
    code = (
        "import sys, territory.web.content as c, territory.io.atomic as a, time\n"
        "def stop(*_): print('here', flush=True); time.sleep(99)\n"
        "c._check_same = stop\na.os.fsync = stop\n"
        "from territory.cli import run\nrun(sys.argv[1:])"
    )
    words = [sys.executable, "-c", code, *command(tmp_path, line)]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert until(process.stdout.readline).strip() == "here"
    process.kill()
    process.wait()
    process.stdout.close()
    assert (tmp_path / "sauvegarde").read_bytes() == before
    assert kept(tmp_path) == many(3)
    assert territory(tmp_path, line).returncode == 0
    assert kept(tmp_path) == (there if line == "restore" else many(3))


def many(count: int) -> Content:
    """As many accounts, whose passwords do not compress."""
    account = some().tables[0].rows[0]
    drawn = [hashlib.sha256(bytes(n)).hexdigest() for n in range(count)]
    rows = tuple(
        (f"M{n:05}", account[1], word, *account[3:]) for n, word in enumerate(drawn)
    )  # fmt: skip
    return replace(some(), tables=(replace(some().tables[0], rows=rows), *some().tables[1:]))


def ready(folder: Path) -> None:
    """A territory with a base of three accounts, and a backup of three thousand."""
    (folder / "territory.toml").write_bytes((ROOT / "territory.toml").read_bytes())
    put(folder, many(3))
    write_saved(folder / "sauvegarde", many(3_000), AT)


def put(folder: Path, content: Content) -> None:
    engine = make_engine(f"sqlite:///{folder}/.territory/web.db")
    fill(engine, content, replace=True)
    engine.dispose()


def kept(folder: Path) -> Content:
    engine = make_engine(f"sqlite:///{folder}/.territory/web.db")
    found = read_content(engine)
    engine.dispose()
    return found


def command(folder: Path, line: str) -> list[str]:
    more = ["--remplacer"] if line == "restore" else []
    return ["store", line, str(folder), str(folder / "sauvegarde"), *more]


def territory(folder: Path, line: str, *, limit: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a command, with files of `limit` bytes at most: the disk is full."""

    def limited() -> None:
        if limit:
            resource = import_module("resource")  # of Unix only
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    words = [sys.executable, "-B", "-m", "territory", *command(folder, line)]  # no cache cut short
    return subprocess.run(
        words, cwd=ROOT, preexec_fn=limited, capture_output=True, text=True, check=False
    )

"""The store: files whole or not at all, in a folder and in an object store."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from territory.batch.dataset import sweep
from territory.batch.store import Store
from territory.errors import WrongUsage

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "folder":
        return Store(str(tmp_path / "magasin"))
    return Store(f"memory://magasin-{tmp_path.name}")


def test_written_read_listed_removed(store: Store, tmp_path: Path) -> None:
    assert store.read("a/b.txt") is None
    assert store.names("a") == []
    store.write("a/b.txt", b"un")
    store.write("a/b.txt", b"deux")
    store.write("c.txt", b"trois")
    assert store.read("a/b.txt") == b"deux"
    assert store.names() == ["a/b.txt", "c.txt"]
    assert store.names(deep=False) == ["c.txt"]
    assert store.read_all(["a/b.txt", "rien"]) == {"a/b.txt": b"deux"}
    store.copy_out("a/b.txt", tmp_path / "x" / "b.txt")
    assert (tmp_path / "x" / "b.txt").read_bytes() == b"deux"
    store.remove("a/b.txt")
    store.remove("a/b.txt")
    assert store.names() == ["c.txt"]


def test_two_writers_at_once_never_mix(store: Store) -> None:
    contents = [bytes([n]) * 200_000 for n in range(8)]
    threads = [threading.Thread(target=store.write, args=("f", content)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.read("f") in contents
    assert store.names() == ["f"]


def test_a_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    Store(str(tmp_path / "magasin")).write("a/b", b"x")
    assert (tmp_path / "magasin" / "a" / "b").stat().st_mode & 0o077 == 0


def test_what_nobody_names_goes_after_a_day(store: Store) -> None:
    now = datetime.now(UTC)
    for path in ("resultats/cells/a", "resultats/cells/b"):
        store.write(path, b"x")
    assert sweep(store, ["resultats/cells/a"], now) == 0
    assert sweep(store, ["resultats/cells/a"], now + timedelta(days=2)) == 1
    assert store.names() == ["resultats/cells/a"]


def test_half_written_files_of_the_dead_go_too(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    (tmp_path / "resultats").mkdir()
    half = tmp_path / "resultats" / ".part.0123.partiel"
    half.write_bytes(b"x")
    assert store.names() == []
    assert sweep(store, [], datetime.now(UTC) + timedelta(days=2)) == 1
    assert not half.exists()


@pytest.mark.parametrize("address", ["s4://seau", "bizarre://x"])
def test_an_address_that_nothing_reads(address: str) -> None:
    with pytest.raises(WrongUsage, match="s3fs"):
        Store(address)

"""The store and the folders of a list in objects, as s3fs reaches them: a real server, S3's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem

from territory.batch.listing import Listed
from territory.batch.store import Store
from territory.batch.work import work_on
from tests.batch.territories import counted, many, pieces, tasks, worked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUCKET = "equipes"


@pytest.fixture
def objects(monkeypatch: pytest.MonkeyPatch) -> Iterator[S3FileSystem]:
    """An empty bucket on a server of this machine, told by the environment as a team tells it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "essai")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "essai")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    S3FileSystem.clear_instance_cache()
    files = S3FileSystem()
    files.mkdir(BUCKET)
    yield files
    files.rm(BUCKET, recursive=True)  # the server keeps its objects for the next one
    S3FileSystem.clear_instance_cache()
    server.stop()


def test_folders_and_store_in_objects_count_as_on_a_disk(
    tmp_path: Path, objects: S3FileSystem
) -> None:
    near = many(tmp_path / "villes", 2)
    objects.put(f"{tmp_path / 'villes'}/", f"{BUCKET}/villes/", recursive=True)
    far = [
        Listed(one.name, f"s3://{BUCKET}/villes/{one.name}", one.department, one.network)
        for one in near
    ]
    disk, store = Store(str(tmp_path / "magasin")), Store(f"s3://{BUCKET}/resultats")
    worked(near, disk, tmp_path / "essai")
    outcomes = worked(far, store, tmp_path / "essai")
    assert [(o.state, o.fresh) for o in outcomes] == [("done", True)] * 2
    assert counted(store) == counted(disk)
    assert store.names("produits") == disk.names("produits")
    again = worked(far, store, tmp_path / "essai")
    assert [(o.state, o.fresh) for o in again] == [("done", False)] * 2


def test_a_damaged_object_is_made_again(tmp_path: Path, objects: S3FileSystem) -> None:
    towns, store = many(tmp_path, 2), Store(f"s3://{BUCKET}/resultats")
    worked(towns, store, tmp_path / "essai")
    good = counted(store)
    objects.pipe_file(f"{BUCKET}/resultats/{min(pieces(store))}", b"abime")
    outcomes = worked(towns, store, tmp_path / "essai")
    assert sorted(o.fresh for o in outcomes) == [False, True]
    assert counted(store) == good


def test_a_bucket_that_is_not_there(tmp_path: Path, objects: S3FileSystem) -> None:
    towns, store = many(tmp_path, 1), Store("s3://nulle-part/resultats")
    (task,) = tasks(towns, store.address)
    outcome = work_on(task, store, tmp_path / "essai")
    assert outcome.state == "failed"
    assert "adresse du magasin" in outcome.sentence
    assert not objects.exists("nulle-part")

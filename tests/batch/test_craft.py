"""What a batch does for good with a territory: downloads, from a server of this machine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from territory.batch.craft import RealCraft
from territory.cli import run
from territory.errors import UnreadableFile
from territory.fetch.sources import ALL
from territory.pipeline.workspace import open_territory
from tests.fetch.server import Reply, running
from tests.real_data import real_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.fetch.server import Script

SERVED = {
    "communes": "admin/communes-93-seine-saint-denis.geojson",
    "france-services": "partners/france_services_2024-08-01.csv",
    "bibliotheques": "partners/bibliotheques_ile_de_france.geojson",
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with running() as script:
        served = tuple(
            replace(one, minimum_rows=1, addresses=(script.serve(f"/{one.key}", reply(one.key)),))
            for one in ALL
            if one.key in SERVED
        )
        monkeypatch.setattr("territory.batch.craft.ALL", served)
        yield script


def reply(key: str) -> Reply:
    return Reply(real_file(SERVED[key]).read_bytes())


@pytest.fixture
def bondy(tmp_path: Path) -> Path:
    folder = tmp_path / "bondy"
    assert run(["init", str(folder), "--communes", "93010", "--nom", "Bondy"]) == 0
    return folder


@pytest.mark.usefixtures("server")
def test_every_source_is_brought_in(bondy: Path) -> None:
    RealCraft().fetch(bondy)
    found = {source for file in open_territory(bondy).raw.files for source in file.sources}
    assert len(found) == len(SERVED)


def test_a_source_that_fails_is_named_and_the_others_stay(bondy: Path, server: Script) -> None:
    server.serve("/bibliotheques", Reply(b"", status=404))
    with pytest.raises(UnreadableFile, match="Téléchargement incomplet") as told:
        RealCraft().fetch(bondy)
    assert str(told.value).count("Bibliothèques") == 1
    assert len(open_territory(bondy).raw.files) == 2

"""Files kept apart: plain names whatever is sent, owner-only, gone when told or after a day."""

from __future__ import annotations

import os
import stat
from io import BytesIO
from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.errors import WrongUsage
from territory.io.deposit import (
    ACCEPTED,
    FOLDER,
    KEPT_S,
    deposited,
    forget,
    place_of,
    plain_name,
    put,
    sweep,
)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../territory.toml.csv", "territory.toml.csv"),
        ("C:\\Users\\x\\suivi équipe.xlsx", "suivi équipe.xlsx"),
        ("/etc/passwd.csv", "passwd.csv"),
        ("CON.csv", "fichier_CON.csv"),
        ("manifeste.json", "fichier_manifeste.json"),
        ("a<script>b.CSV", "a_script_b.csv"),
        ("..csv.csv", "csv.csv"),
        ("\x00\n.csv.csv", "_.csv.csv"),
    ],
)
def test_a_name_sent_is_made_plain(sent: str, kept: str) -> None:
    assert plain_name(sent) == kept


@given(st.text(max_size=40), st.sampled_from(ACCEPTED))
def test_no_name_ever_leads_elsewhere(text: str, suffix: str) -> None:
    try:
        name = plain_name(text + suffix)
    except WrongUsage:
        return
    assert PurePath(name).name == name
    assert not name.startswith(".")
    assert len(name) < 120
    assert (Path("/depot") / name).resolve().parent == Path("/depot")


@pytest.mark.parametrize("sent", ["virus.exe", "", "..", "sans_suffixe", ".csv/"])
def test_what_nothing_reads_is_refused(sent: str) -> None:
    with pytest.raises(WrongUsage, match="Ce type de fichier n’est pas lu ici"):
        plain_name(sent)


def _put(folder: Path, *names: str) -> str:
    return put(folder, [(name, BytesIO(b"nom;commune\n")) for name in names])


def test_files_of_one_name_are_told_apart_and_owner_only(tmp_path: Path) -> None:
    key = _put(tmp_path, "a.csv", "x/A.csv")
    assert [p.name for p in deposited(tmp_path, key)] == ["A_2.csv", "a.csv"]
    if os.name == "posix":
        modes = {stat.S_IMODE(p.stat().st_mode) for p in place_of(tmp_path, key).iterdir()}
        assert modes == {0o600}
        assert stat.S_IMODE(place_of(tmp_path, key).stat().st_mode) == 0o700


def test_a_shapefile_goes_with_what_lies_beside_it(tmp_path: Path) -> None:
    key = _put(tmp_path, "z.shp", "z.dbf", "z.shx", "autre.csv")
    assert [p.name for p in deposited(tmp_path, key)] == ["autre.csv", "z.shp"]
    forget(tmp_path, key, "z.shp")
    assert [p.name for p in place_of(tmp_path, key).iterdir()] == ["autre.csv"]
    forget(tmp_path, key, "autre.csv")
    with pytest.raises(WrongUsage, match="n’existe plus"):
        place_of(tmp_path, key)


@pytest.mark.parametrize("key", ["", "..", "../depot", "x" * 16, "a" * 200])
def test_a_key_that_was_not_given_opens_nothing(key: str, tmp_path: Path) -> None:
    _put(tmp_path, "a.csv")
    with pytest.raises(WrongUsage, match="Ce dépôt n’existe plus"):
        place_of(tmp_path, key)
    forget(tmp_path, key)
    assert len(list((tmp_path / FOLDER).iterdir())) == 1


def test_only_what_is_older_than_a_day_is_swept(tmp_path: Path) -> None:
    old, new = _put(tmp_path, "a.csv"), _put(tmp_path, "b.csv")
    now = place_of(tmp_path, new).stat().st_mtime
    os.utime(place_of(tmp_path, old), (now - KEPT_S - 5,) * 2)
    assert sweep(tmp_path, now) == 1
    assert [p.name for p in (tmp_path / FOLDER).iterdir()] == [new]


def test_no_file_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(WrongUsage, match="Choisissez au moins un fichier"):
        put(tmp_path, [])
    assert not (tmp_path / FOLDER).exists()

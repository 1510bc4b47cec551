"""Archives: the right content out, nothing else, and never more than is sensible."""

from __future__ import annotations

import gzip
import io
import zipfile
from typing import TYPE_CHECKING

import py7zr
import pytest

from territory.errors import UnreadableFile
from territory.fetch.unpack import Limits, unpacked
from tests.fetch.grounds import written, zipped

if TYPE_CHECKING:
    from pathlib import Path

CSV = b"a,b\n1,2\n"
LIMITS = Limits()


def opened(path: Path, folder: Path, *members: str, limits: Limits = LIMITS) -> Path:
    inside = folder / "dedans"
    inside.mkdir()
    return unpacked(path, members or (".csv",), inside, limits)


def seven(path: Path, members: dict[str, bytes]) -> Path:
    with py7zr.SevenZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writef(io.BytesIO(content), name)
    return path


def test_a_plain_file_is_itself(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", CSV)
    assert opened(path, tmp_path) == path


def test_the_first_ending_wins_then_the_largest(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "a.zip", big__csv=CSV * 9, small__csv=CSV, x_met__csv=CSV, meta_x__csv=CSV * 99
    )
    assert opened(path, tmp_path, "_met.csv", ".csv").name == "x_met.csv"
    other = tmp_path / "autre"
    other.mkdir()
    assert opened(path, other, ".gpkg", ".csv").read_bytes() == CSV * 9


def test_a_7z_inside_a_zip_inside_a_gz(tmp_path: Path) -> None:
    inner = seven(tmp_path / "i.7z", {"sous/carreaux_200m_met.csv": CSV, "lisez.txt": b"x"})
    outer = zipped(tmp_path / "o.zip", interieur__7z=inner.read_bytes())
    path = written(tmp_path / "o.zip.gz", gzip.compress(outer.read_bytes()))
    assert opened(path, tmp_path, "_met.csv").read_bytes() == CSV


def test_a_shapefile_comes_with_its_companions(tmp_path: Path) -> None:
    path = zipped(tmp_path / "s.zip", c__shp=b"s", c__DBF=b"d", c__shx=b"x", autre__dbf=b"n")
    shape = opened(path, tmp_path, ".shp")
    assert sorted(p.name for p in shape.parent.iterdir()) == ["c.DBF", "c.shp", "c.shx"]


def test_a_feed_stays_whole(tmp_path: Path) -> None:
    path = zipped(tmp_path / "g.zip", stops__txt=b"stop_id\n")
    assert opened(path, tmp_path, ".zip") == path


@pytest.mark.parametrize("name", ["../dehors.csv", "/racine.csv", "C:\\x.csv", "a/../../b.csv"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "p.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bon.csv", CSV)
        archive.writestr(name, CSV)
    with pytest.raises(UnreadableFile, match="sort de son dossier"):
        opened(path, tmp_path)
    assert not (tmp_path / "dehors.csv").exists()


def test_a_bomb_is_refused_whatever_it_says_of_its_size(tmp_path: Path) -> None:
    path = zipped(tmp_path / "b.zip", b__csv=bytes(5_000_000))
    small = Limits(total_bytes=10**9, times=10, free_bytes=100_000)
    with pytest.raises(UnreadableFile, match="sans mesure"):
        opened(path, tmp_path, limits=small)
    packed = written(tmp_path / "b.csv.gz", gzip.compress(bytes(5_000_000)))
    other = tmp_path / "autre"
    other.mkdir()
    with pytest.raises(UnreadableFile, match="sans mesure"):
        opened(packed, other, limits=small)


def test_a_7z_bomb_is_refused(tmp_path: Path) -> None:
    path = seven(tmp_path / "b.7z", {"b.csv": bytes(5_000_000)})
    with pytest.raises(UnreadableFile, match="sans mesure"):
        opened(path, tmp_path, limits=Limits(times=10, free_bytes=100_000))


def test_too_many_members(tmp_path: Path) -> None:
    path = zipped(tmp_path / "m.zip", **{f"n{i}__csv": b"" for i in range(30)})
    with pytest.raises(UnreadableFile, match="sans mesure"):
        opened(path, tmp_path, limits=Limits(members=20))


def test_archives_without_end(tmp_path: Path) -> None:
    content = CSV
    for _ in range(6):
        content = zipped(tmp_path / "z.zip", encore__zip=content).read_bytes()
    with pytest.raises(UnreadableFile, match="sans fin"):
        opened(tmp_path / "z.zip", tmp_path)


def test_without_the_expected_content(tmp_path: Path) -> None:
    path = zipped(tmp_path / "r.zip", lisez__txt=b"rien")
    with pytest.raises(UnreadableFile, match=r"ne contient pas le fichier attendu \(\.csv\)"):
        opened(path, tmp_path)


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"7z\xbc\xaf'\x1c", b"\x1f\x8b\x08"])
def test_a_damaged_archive_is_a_sentence(tmp_path: Path, start: bytes) -> None:
    path = written(tmp_path / "abime.zip", start + bytes(range(200)))
    with pytest.raises(UnreadableFile, match="abîmée ou protégée"):
        opened(path, tmp_path)


@pytest.mark.parametrize("end", [10, 60, 200])
def test_a_truncated_archive_is_a_sentence(tmp_path: Path, end: int) -> None:
    for path in (
        zipped(tmp_path / "t.zip", a__csv=bytes(range(256)) * 20),
        seven(tmp_path / "t.7z", {"a.csv": bytes(range(256)) * 20}),
    ):
        cut = written(tmp_path / f"c{path.suffix}", path.read_bytes()[:end])
        folder = tmp_path / f"d{path.suffix}"
        folder.mkdir()
        with pytest.raises(UnreadableFile, match="abîmée ou protégée"):
            opened(cut, folder)

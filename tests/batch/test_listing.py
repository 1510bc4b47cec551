"""The list of a batch: what is read of it, what is turned away, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from territory.batch.listing import Listed, read_list
from territory.batch.store import Store
from territory.errors import UnreadableFile, WrongUsage

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "territoire;dossier;departement;reseau\n"


def listing(folder: Path, text: str) -> str:
    path = folder / "liste.csv"
    path.write_text(text, encoding="utf-8-sig")
    return str(path)


def test_folders_are_relative_to_the_list(tmp_path: Path) -> None:
    text = HEAD + "bondy;93/bondy;93;Est\nloin;s3://seau/loin;2A;\n"
    near, far = read_list(listing(tmp_path, text))
    assert near == Listed("bondy", (tmp_path / "93" / "bondy").as_posix(), "93", "Est")
    assert far == Listed("loin", "s3://seau/loin", "2A", "")


def test_a_list_of_a_store_and_a_column_more() -> None:
    content = b"departement;dossier;territoire;telecharger;note\n974;sud;sud;Oui;x\n"
    Store("memory://pays").write("liste.csv", content)
    (found,) = read_list("memory://pays/liste.csv")
    assert found == Listed("sud", "memory://pays/sud", "974", "", fetched=True)


def test_a_path_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listing(tmp_path, HEAD + "a;a;93;\n")
    monkeypatch.chdir(tmp_path)
    (found,) = read_list("liste.csv")
    assert found.address == (tmp_path / "a").as_posix()


def test_every_wrong_line_is_named(tmp_path: Path) -> None:
    rows = "../x;a;93;\nb;;93;\nc;c;Seine;\nd;d;93;\nD;e;93;\n"
    with pytest.raises(WrongUsage) as told:
        read_list(listing(tmp_path, HEAD + rows))
    said = str(told.value)
    for words in (
        "ligne 2, territoire",
        "ligne 3, dossier : vide",
        "ligne 4, departement",
        "lignes 5 et 6 : le même territoire, « D »",
    ):
        assert words in said


def test_what_is_no_list(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="n'existe pas"):
        read_list(str(tmp_path / "rien.csv"))
    with pytest.raises(UnreadableFile, match="departement"):
        read_list(listing(tmp_path, "territoire,dossier\n"))
    (tmp_path / "binaire.csv").write_bytes(b"territoire;dossier;departement\n\xff\xfe;a;93\n")
    with pytest.raises(UnreadableFile, match="UTF-8"):
        read_list(str(tmp_path / "binaire.csv"))

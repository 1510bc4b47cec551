"""The base of a team on the command line: told, copied to a server and back, saved, restored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from territory.cli import run
from territory.web.content import read_content
from territory.web.database import make_engine
from tests.web.folders import bare_folder

if TYPE_CHECKING:
    from pathlib import Path

    from territory.web.content import Content


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A territory with one account, in the file of its folder."""
    made = bare_folder(tmp_path / "ville")
    assert run(["account", str(made), "D1"]) == 0
    return made


def held(url: str) -> Content:
    engine = make_engine(url)
    found = read_content(engine)
    engine.dispose()
    return found


def own(folder: Path) -> str:
    return f"sqlite:///{folder}/.territory/web.db"


def test_to_the_server_and_back(
    folder: Path,
    postgres_base: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TERRITORY_BASE", postgres_base)
    before = held(own(folder))
    capsys.readouterr()
    assert run(["store", "copy", str(folder)]) == 0
    assert "comptes 1" in capsys.readouterr().out
    assert held(postgres_base) == before
    assert run(["store", "copy", str(folder), "--de", "base", "--vers", "dossier"]) == 2
    assert "n'est pas vide" in capsys.readouterr().err
    back = ["store", "copy", str(folder), "--de", "base", "--vers", "dossier", "--remplacer"]
    assert run([*back, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["copie"]["comptes"] == 1
    assert held(own(folder)) == before


def test_a_base_is_saved_and_restored_in_another(
    folder: Path, postgres_base: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "nuit" / "base.territoire"
    assert run(["store", "backup", str(folder), str(file)]) == 0
    assert run(["store", "restore", str(folder), str(file), "--base", postgres_base]) == 0
    assert held(postgres_base) == held(own(folder))
    capsys.readouterr()
    assert run(["store", "state", str(folder), "--base", postgres_base]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == [
        "Base PostgreSQL, tables en version 2 sur 2.", "comptes : 1",
    ]  # fmt: skip
    assert "password" not in (folder / "journal.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["copy", "F"], 2, "Aucune base n'est nommée"),
        (["copy", "F", "--vers", "dossier"], 2, "sont la même"),
        (["copy", "F", "--vers", "postgresql://x@127.0.0.1:9/y"], 2, "ne répond pas"),
        (["copy", "F", "--vers", "rien"], 2, "n'est pas comprise"),
        (["restore", "F", "absente"], 1, "est-il bien là"),
        (["restore", "F", "T"], 1, "n'est pas une sauvegarde"),
        (["backup", "ailleurs", "x"], 2, "territory.toml"),
        (["publish", "F", "--vers", "dossier"], 2, "territory build"),
        (["publish", "ailleurs"], 2, "territory.toml"),
        (["copy"], 2, "Il manque"),
    ],
)
def test_what_cannot_be_is_said(
    folder: Path,
    words: list[str],
    code: int,
    told: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("TERRITORY_BASE", raising=False)
    named = {"F": str(folder), "T": str(folder / "territory.toml")}
    assert run(["store", *(named.get(word, word) for word in words)]) == code
    assert told in capsys.readouterr().err


def test_a_folder_without_a_base_makes_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bare = bare_folder(tmp_path / "vide")
    assert run(["store", "backup", str(bare), str(tmp_path / "x")]) == 2
    assert "Il n'y a pas encore de base" in capsys.readouterr().err
    assert not (bare / ".territory").exists()


def test_a_file_that_is_no_base_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / ".territory" / "web.db").write_bytes(b"n'importe quoi" * 1000)
    assert run(["store", "state", str(folder)]) == 1
    assert "abîmé" in capsys.readouterr().err

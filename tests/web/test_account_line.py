"""The first account of a team, made on the command line."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from territory.cli import run
from territory.errors import WrongUsage
from territory.web.account_line import check_somebody_keeps_accounts
from territory.web.config import WebConfig
from territory.web.rights import Role
from territory.web.store import open_store
from tests.web.folders import bare_folder

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("TERRITORY_BASE", raising=False)
    return bare_folder(tmp_path / "ville")


def drawn(told: str) -> str:
    found = re.search(r"cette seule fois : (\S+)", told)
    assert found
    return found[1]


def test_the_first_account_opens_the_pages_of_a_team(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = WebConfig(folder, team=True)
    with pytest.raises(WrongUsage, match="Aucun compte de direction"):
        check_somebody_keeps_accounts(config)
    assert run(["account", str(folder), "d1"]) == 0
    password = drawn(capsys.readouterr().out)
    check_somebody_keeps_accounts(config)
    assert run(["account", str(folder), "D1", "--renouveler"]) == 0
    other = drawn(capsys.readouterr().out)
    store = open_store(config)
    assert store.accounts.check("D1", password) is None
    found = store.accounts.check("D1", other)
    store.engine.dispose()
    assert found is not None
    assert (found.role, found.must_change) == (Role.MANAGER, True)
    log = (folder / "journal.jsonl").read_text(encoding="utf-8")
    assert '"account"' in log
    assert password not in log


def test_without_accounts_nothing_is_asked(folder: Path) -> None:
    check_somebody_keeps_accounts(WebConfig(folder))
    assert not (folder / ".territory").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["account", "{}", "Nathalie"], "pas un nom"),
        (["account", "{}", "M1", "--role", "chef"], "Rôles : lecture, mediation"),
        (["account", "{}", "M1", "--renouveler"], "Aucun compte ne porte le code « M1 »"),
        (["account", "{}", "M1", "--base", "autre://x"], "n'est pas comprise"),
        (["serve", "{}", "--adresse", "192.0.2.7"], "Ajoutez --equipe"),
        (["serve", "{}", "--equipe"], "Aucun compte de direction"),
    ],
)
def test_what_cannot_be_is_said(
    folder: Path, words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([word.format(folder) for word in words]) == 2
    assert told in capsys.readouterr().err


def test_a_base_that_does_not_answer_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("psycopg", reason="psycopg manque : PostgreSQL n'est pas essayé")
    away = "postgresql://u:secret@127.0.0.1:1/x"
    assert run(["account", str(folder), "M1", "--base", away]) == 2
    told = capsys.readouterr().err
    assert "ne répond pas" in told
    assert "secret" not in told


@pytest.mark.skipif(sys.platform == "win32", reason="les droits des fichiers sont ceux d'Unix")
def test_only_the_owner_reads_the_accounts(folder: Path) -> None:
    assert run(["account", str(folder), "D1"]) == 0
    assert {oct(f.stat().st_mode & 0o777) for f in (folder / ".territory").iterdir()} == {"0o600"}

"""What was done is written down, line by line, and nothing of what the files held."""

from __future__ import annotations

import json
import shutil
import stat
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from territory.cli import run
from territory.commands.audit import NOT_WRITTEN, audited
from territory.errors import WrongUsage
from territory.io.audit_log import FILE_NAME, Entry, LoggedFile, append_entry, read_entries
from territory.io.hashing import file_sha256

if TYPE_CHECKING:
    from pathlib import Path

    from territory.commands.answer import Answer

HOUR = datetime(2026, 10, 5, 9, 30, tzinfo=UTC)
PHONE = "06 12 34 56 78"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "ville"
    assert run(["init", str(home), "--communes", "93010", "--nom", "Camille Dupont"]) == 0
    return home


def test_entries_come_back_as_they_were_written(tmp_path: Path) -> None:
    first = Entry("2026-10-05T09:30:00+00:00", "check", 1, {"strict": True},
                  (LoggedFile("a.csv", "ab", 3),), (), {"E-DATE": 2})  # fmt: skip
    second = Entry("2026-10-05T09:31:00+00:00", "week", 0)
    path = append_entry(tmp_path, first)
    append_entry(tmp_path, second)
    assert read_entries(tmp_path) == ((first, second), 0)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("torn", ['{"at": "2026', "[1]", '{"at": 1}', "\x00\x00"])
def test_a_torn_line_spoils_no_other(tmp_path: Path, torn: str) -> None:
    entry = Entry("2026-10-05T09:30:00+00:00", "check", 0)
    path = append_entry(tmp_path, entry)
    path.write_text(path.read_text(encoding="utf-8") + torn, encoding="utf-8")
    append_entry(tmp_path, entry)
    assert read_entries(tmp_path) == ((entry, entry), 1)


def test_a_command_leaves_its_files_and_refusals_and_no_value(folder: Path, tmp_path: Path) -> None:
    log = tmp_path / "suivi.csv"
    log.write_text(f"date;type_activite;commune;lieu\n05/03/2026;maraude;Bondy;{PHONE}\n")
    assert run(["add", str(folder), str(log), "--origine", "Camille Dupont"]) == 0
    entries, _ = read_entries(folder)
    assert [e.command for e in entries] == ["init", "add"]
    assert entries[1].inputs == (LoggedFile("suivi.csv", file_sha256(log), 2),)
    assert {f.name for f in entries[1].outputs} == {"data/raw/suivi.csv", "data/raw/manifeste.json"}
    text = (folder / FILE_NAME).read_text(encoding="utf-8")
    assert entries[0].parameters == {"communes": "93010"}
    for secret in (PHONE, "Camille", "Dupont", str(tmp_path)):
        assert secret not in text


def test_what_is_refused_is_logged_with_its_code(folder: Path) -> None:
    def refused(folder: Path) -> Answer:  # noqa: ARG001 - named as commands name it
        raise WrongUsage(f"Non. {PHONE}")

    with pytest.raises(WrongUsage):
        audited("essai", refused, [folder], clock=lambda: HOUR)
    last = json.loads((folder / FILE_NAME).read_text(encoding="utf-8").splitlines()[-1])
    assert (last["command"], last["code"]) == ("essai", WrongUsage("").exit_code)
    assert last["at"] == "2026-10-05T09:30:00+00:00"
    assert PHONE not in json.dumps(last)


def test_a_refused_text_is_not_logged_for_it_may_be_anything(folder: Path) -> None:
    assert run(["export", str(folder), "--avec", "Camille Dupont", "--seuil", "7"]) == 1
    assert run(["week", str(folder), "Camille Dupont"]) != 0
    entries, _ = read_entries(folder)
    assert [(e.command, e.parameters) for e in entries[1:]] == [("export", {"k": 7}), ("week", {})]
    assert "Camille" not in (folder / FILE_NAME).read_text(encoding="utf-8")


def test_a_file_that_cannot_be_read_is_logged_without_its_lines(folder: Path, tmp_path) -> None:
    bad = tmp_path / "programme.csv"
    bad.write_bytes(b"MZ\x00\x90" * 50)
    assert run(["add", str(folder), str(bad)]) == 1
    last = read_entries(folder)[0][-1]
    assert (last.code, last.inputs) == (1, (LoggedFile(bad.name, file_sha256(bad), None),))


def test_what_a_reading_counted_is_logged(demo_town: Path, tmp_path: Path) -> None:
    home = tmp_path / "ville"
    shutil.copytree(demo_town, home)
    assert run(["partners", str(home)]) == 0
    last = read_entries(home)[0][-1]
    assert {f.name for f in last.inputs} >= {"suivi_aller_vers.xlsx", "communes.geojson"}
    assert all(isinstance(f.lines, int) and f.lines > 0 for f in last.inputs)


def test_a_log_that_cannot_be_written_loses_no_result(folder: Path, capsys, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("territory.commands.audit.append_entry", full)
    assert run(["journal", str(folder)]) == 0
    said = capsys.readouterr()
    assert "init : 0 fichiers lus" in said.out
    assert NOT_WRITTEN in said.err


def test_a_folder_that_is_no_territory_gets_no_log(tmp_path: Path) -> None:
    assert run(["check", str(tmp_path)]) != 0
    assert list(tmp_path.iterdir()) == []


def test_the_journal_is_told_in_french(folder: Path, capsys) -> None:
    capsys.readouterr()
    assert run(["journal", str(folder)]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.endswith("init : 0 fichiers lus, 0 écrits")

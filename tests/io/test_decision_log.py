"""What was decided is written once, never edited, and can be replayed to any day."""

from __future__ import annotations

import json
import stat
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.errors import WrongUsage
from territory.io.decision_log import FILE_NAME, append_decision, in_force, read_decisions
from territory.model.requests import Ask, Decision

if TYPE_CHECKING:
    from pathlib import Path

MARCH, APRIL, MAY = date(2026, 3, 12), date(2026, 4, 2), date(2026, 5, 20)


def decided(on: date = MARCH, kind: Ask | None = Ask.REQUIRE, **more: object) -> Decision:
    fields = {"who": "Ville de Pantin", "place_id": "mde-pantin", "slot": "mercredi matin",
              "why": "le marché du mercredi"}  # fmt: skip
    return Decision(on=on, kind=kind, **{**fields, **more})


def undoing(line: int, on: date = APRIL) -> Decision:
    return decided(on, None, place_id="", slot=None, why="accord trouvé", undoes=line)


def test_decisions_come_back_as_they_were_written(tmp_path: Path) -> None:
    first, second = decided(), decided(APRIL, Ask.FORBID, slot=None, who="Bailleur")
    assert read_decisions(tmp_path) == ({}, ())
    assert append_decision(tmp_path, first) == 1
    assert append_decision(tmp_path, second) == 2
    assert read_decisions(tmp_path) == ({1: first, 2: second}, ())
    path = tmp_path / FILE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    row = json.loads(path.read_text(encoding="utf-8").splitlines()[0])
    assert row["on"] == "2026-03-12"
    assert "marché" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_line_torn_by_a_crash_is_told_and_spoils_no_other(tmp_path: Path, cut: int) -> None:
    append_decision(tmp_path, decided())
    append_decision(tmp_path, decided(APRIL))
    path = tmp_path / FILE_NAME
    path.write_bytes(path.read_bytes()[: -cut - 1])
    kept, issues = read_decisions(tmp_path)
    assert list(kept) == [1]
    (issue,) = issues
    assert str(issue) == (
        "[E-DECISION] fichier « decisions.jsonl », ligne 2 : cette décision n'est pas reprise : "
        "elle est coupée ou illisible."
    )
    assert append_decision(tmp_path, decided(MAY)) == 3
    assert list(read_decisions(tmp_path)[0]) == [1, 3]


def test_a_line_that_only_lost_its_end_of_line_is_kept(tmp_path: Path) -> None:
    append_decision(tmp_path, decided())
    path = tmp_path / FILE_NAME
    path.write_bytes(path.read_bytes()[:-1])
    assert list(read_decisions(tmp_path)[0]) == [1]
    assert append_decision(tmp_path, undoing(1)) == 2


def test_replayed_to_a_day(tmp_path: Path) -> None:
    append_decision(tmp_path, decided())
    append_decision(tmp_path, decided(APRIL, Ask.FORBID, place_id="csc"))
    append_decision(tmp_path, undoing(1, MAY))
    log, _ = read_decisions(tmp_path)
    assert list(in_force(log, date(2026, 1, 1))) == []
    assert list(in_force(log, MARCH)) == [1]
    assert list(in_force(log, APRIL)) == [1, 2]
    assert list(in_force(log, MAY)) == [2]


def test_undoing_what_undid_brings_the_decision_back(tmp_path: Path) -> None:
    append_decision(tmp_path, decided())
    append_decision(tmp_path, undoing(1, APRIL))
    append_decision(tmp_path, undoing(2, MAY))
    log, _ = read_decisions(tmp_path)
    assert list(in_force(log, APRIL)) == []
    assert in_force(log, MAY) == {1: decided()}


def test_a_decision_may_take_the_place_of_another(tmp_path: Path) -> None:
    append_decision(tmp_path, decided())
    append_decision(tmp_path, decided(APRIL, slot="vendredi matin", undoes=1))
    log, _ = read_decisions(tmp_path)
    assert [d.slot for d in in_force(log, MAY).values()] == ["vendredi matin"]


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 3)), max_size=8), st.integers(0, 3))
def test_what_holds_is_what_no_holding_line_undoes(lines: list[tuple[int, int]], day: int) -> None:
    log = {
        i: decided(date(2026, 1, 1 + on), undoes=target if 0 < target < i else None)
        for i, (target, on) in enumerate(lines, 1)
    }
    today = date(2026, 1, 1 + day)
    held = in_force(log, today)
    for number, decision in log.items():
        undone = any(d.undoes == number for d in held.values())
        assert (number in held) == (decision.on <= today and not undone)


@pytest.mark.parametrize("field", ["who", "why"])
@pytest.mark.parametrize(
    "value", ["vu avec 06 12 34 56 78", "ecrire a a.b@ville.fr", "+33612345678"]
)
def test_no_address_and_no_number_of_somebody(tmp_path: Path, field: str, value: str) -> None:
    with pytest.raises(WrongUsage, match="adresse électronique, un numéro de téléphone") as said:
        append_decision(tmp_path, decided(**{field: value}))
    assert value not in str(said.value)
    assert not (tmp_path / FILE_NAME).exists()
    row = {"on": "2026-03-12", "kind": "keep", "who": "Ville", "place_id": "a", "slot": None,
           "why": "oui", "undoes": None, field: value}  # fmt: skip
    (tmp_path / FILE_NAME).write_text(json.dumps(row) + "\n", encoding="utf-8")
    kept, (issue,) = read_decisions(tmp_path)
    assert kept == {}
    assert issue.line == 1
    assert value not in str(issue)


@pytest.mark.parametrize(
    ("decision", "message"),
    [
        (decided(who=" "), "l'organisme manque"),
        (decided(why=""), "le motif manque"),
        (decided(why="x" * 401), "le motif doit être un texte de 400 caractères au plus"),
        (decided(place_id=" "), "il manque ce qui est demandé ou le lieu concerné"),
        (decided(kind=None), "il manque ce qui est demandé ou le lieu concerné"),
        (undoing(7), "elle annule une ligne qui n'existe pas"),
        (decided(undoes=True), "elle annule une ligne qui n'existe pas"),
    ],
)
def test_a_decision_that_says_nothing_is_refused(
    tmp_path: Path, decision: Decision, message: str
) -> None:
    with pytest.raises(WrongUsage, match=f"La décision n'est pas notée : {message}"):
        append_decision(tmp_path, decision)


@pytest.mark.parametrize(
    "line",
    ["[1]", "{}", '{"on": "hier", "kind": "keep", "who": "a", "place_id": "b", "why": "c"}',
     '{"on": "2026-03-12", "kind": "jouer", "who": "a", "place_id": "b", "why": "c"}',
     '{"on": "2026-03-12", "kind": "keep", "who": 1, "place_id": "b", "why": "c", "slot": null}',
     '{"on": "2026-03-12", "kind": "keep", "who": "a", "place_id": "b", "why": "c", "x": 1}',
     "\x00\x00", "[" * 5000],
)  # fmt: skip
def test_edited_lines_are_told(tmp_path: Path, line: str) -> None:
    append_decision(tmp_path, decided())
    path = tmp_path / FILE_NAME
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    kept, issues = read_decisions(tmp_path)
    assert list(kept) == [1]
    assert [(i.code, i.line) for i in issues] == [("E-DECISION", 2)]

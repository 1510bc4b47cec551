"""Sheets « contraintes » and « secteurs »: what is read, refused, and what the week makes of it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from territory.io.recognise import recognise
from territory.io.team_rules import read_constraints, read_sectors
from territory.model.tables import CONSTRAINTS, SECTORS, check_table
from territory.planning.calendar import week_days
from territory.planning.team_rules import ruled
from territory.settings import Settings
from tests.io.tables import save

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "type;valeur;jour;debut;fin;code_agent;commune;id_partenaire;force;du;au"
DAYS = week_days("2026-W48")


@pytest.mark.parametrize(
    ("line", "value", "weekday"),
    [
        ("binome;oui;;;;;;;obligatoire;;", "1", None),
        ("max_maraudes_semaine;3;;;;M1;;;;;", "3", None),
        ("duree_max_maraude_h;2,5;;;;;;;;;", "2.5", None),
        ("pause_midi;12h-14h;;;;;;;;;", "720-840", None),
        ("pas_avant;9h30;;;;;;;;;", "570", None),
        ("jour_exclu;mercredi;;;;;;;;;", "2", 2),
        ("jour_exclu;;mercredi;;;;;;;;", None, 2),
        ("lieu_fixe;;jeudi;14h;17h;M1;;P0007;obligatoire;;", None, 3),
        ("eviter;QP093001;;;;;;;;;", "QP093001", None),
    ],
)
def test_each_rule_has_its_value(tmp_path: Path, line: str, value: str, weekday: int) -> None:
    path = save(tmp_path, f"{HEAD}\n{line}\n")
    assert [s.kind for s in recognise(path)] == ["constraints"]
    table, report = read_constraints(path)
    check_table(table, CONSTRAINTS)
    assert report.kept == 1
    row = table.astype(object).where(table.notna(), None).iloc[0]
    assert (row["value"], row["weekday"]) == (value, weekday)
    assert row["strength"] in {"souhait", "obligatoire"}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("binome;peut-être;;;;;;;;;", "E-VALEUR"),
        ("max_maraudes_semaine;2,5;;;;;;;;;", "E-VALEUR"),
        ("part_qpv_min;120;;;;;;;;;", "E-VALEUR"),
        ("pause_midi;14h-12h;;;;;;;;;", "E-VALEUR"),
        ("jour_exclu;;;;;;;;;;", "E-VALEUR"),
        ("binome;;;;;;;;;;", "E-VIDE"),
        ("danser;oui;;;;;;;;;", "E-LISTE"),
        ("binome;oui;;;;Jean Exemple;;;;;", "E-NOM"),
        ("eviter;06 12 34 56 78;;;;;;;;;", "E-TEXTE"),
    ],
)
def test_a_value_its_rule_cannot_have_is_refused(tmp_path: Path, line: str, code: str) -> None:
    table, report = read_constraints(save(tmp_path, f"{HEAD}\n{line}\n"))
    assert table.empty
    assert [(i.code, i.line) for i in report.issues if i.refused] == [(code, 2)]
    assert "Jean" not in str(report.issues)


def test_sectors_give_communes_by_worker(tmp_path: Path) -> None:
    text = "commune;unite_territoriale;code_agent\nBondy;UT1;M1\nBobigny;UT1;M1\nAilleurs;UT2;M2\n"
    path = save(tmp_path, text)
    assert [s.kind for s in recognise(path)] == ["sectors"]
    table, report = read_sectors(path, city_codes={"Bondy": "93010", "Bobigny": "93008"})
    check_table(table, SECTORS)
    assert sorted(table["commune_code"]) == ["93008", "93010"]
    assert [(i.code, i.line) for i in report.issues if i.refused] == [("E-VIDE", 4)]


def test_the_strictest_rule_of_the_whole_team_holds(tmp_path: Path) -> None:
    lines = ["binome;non;;;;;;;;;", "max_maraudes_semaine;2;;;;;;;;;",
             "max_maraudes_semaine;4;;;;;;;;;", "duree_max_maraude_h;1;;;;;;;;;",
             "pause_midi;12h-14h;;;;;;;;;", "max_maraudes_semaine;1;;;;M1;;;;;",
             "max_maraudes_semaine;1;;;;;;;;01/01/2025;31/01/2025"]  # fmt: skip
    table, _ = read_constraints(save(tmp_path, "\n".join([HEAD, *lines])))
    before = Settings()
    after = ruled(before, table, DAYS)
    week = after.week
    assert (week.pairs, week.maraudes_per_agent) == (False, 2)
    assert (week.maraude_max_min, week.maraude_min_min) == (60, 60)
    assert (week.lunch_start, week.lunch_end) == ("12:00", "14:00")
    assert before == Settings()
    assert DAYS[0] == date(2026, 11, 23)


def test_without_rules_nothing_changes(tmp_path: Path) -> None:
    table, _ = read_constraints(save(tmp_path, HEAD))
    assert ruled(Settings(), table, DAYS) == Settings()

"""The page of the week tells the figures that were measured, and which were not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scripts.week_page import FILES, MISSING, UNFOUND, page
from territory.model.debriefs import COUNT_SIGNS
from territory.outputs.settings_words import MEANINGS
from territory.settings import Week

if TYPE_CHECKING:
    from pathlib import Path


def test_what_was_not_measured_is_said(tmp_path: Path) -> None:
    text = page(tmp_path / "absent")
    assert [c for c in FILES.values() if MISSING.format(command=c) not in text] == []
    assert [words for sign, _, words in COUNT_SIGNS if f"| `{sign}` | {words} |" not in text] == []


def test_an_engine_is_judged_on_the_weeks_where_it_breaks_nothing(tmp_path: Path) -> None:
    week = {"limit_s": 2.0, "asked": 9, "faults": [], "cpu_s": 3.0, "others": 0.0, "cores": 2}
    lost = {**week, "value": None}
    rows = [
        {"method": "ours", "seed": 1, "value": 110, "kept": 9, **week},
        {"method": "ours", "seed": 2, "value": 300, "kept": 9, **week},
        {"method": "other", "seed": 1, "value": 100, "kept": 9, "version": "1.2", **week},
        {"method": "other", "seed": 2, "value": 900, "kept": 8, "version": "1.2", **week},
        {"method": "slow", "seed": 1, "value": 100, "kept": 9, **week},
        {"method": "slow", "seed": 2, **lost, "faults": [UNFOUND]},
        {"method": "gone", "seed": 1, "value": None, "limit_s": 2.0, "faults": ["not installed"]},
    ]
    (tmp_path / "weeks.json").write_text(json.dumps(rows), encoding="utf-8")
    text = page(tmp_path).replace("\u202f", " ")
    assert "| other 1.2 | 2 | 1 sur 2 | 94,4 % | 0 | 100 | 110 | 10,0 % | 0 sur 1 | 3,0 |" in text
    assert "| ici | 2 | 2 sur 2 | 100,0 % | 0 | 205 | 205 |  |  | 3,0 |" in text
    assert "| slow | 2 | 1 sur 2 | 100,0 % | 0 | 100 | 110 | 10,0 % | 0 sur 1 | 3,0 |" in text
    assert "| gone | 2 | non installé |" in text
    assert "machine partagée" not in text


def test_weeks_measured_while_others_worked_are_told_so(tmp_path: Path) -> None:
    row = {"method": "ours", "seed": 1, "value": 1, "kept": 9, "limit_s": 2.0, "asked": 9,
           "faults": [], "cpu_s": 1.0, "others": 1.5}  # fmt: skip
    (tmp_path / "weeks.json").write_text(json.dumps([row]), encoding="utf-8")
    assert "Mesuré sur une machine partagée" in page(tmp_path)


def test_files_of_several_windows_stand_beside_the_search_published(tmp_path: Path) -> None:
    row = {"tours": 2, "limit_s": 5.0, "faults": [], "ils_gap": 0.03}
    rows = [{"method": "ours", "gap": gap, **row} for gap in (0.0, 0.02, 0.04)]
    (tmp_path / "multi_window.json").write_text(json.dumps(rows), encoding="utf-8")
    text = page(tmp_path).replace("\u202f", " ")
    assert "| ici | 2 | 5 | 3 | 2,00 % | 3,00 % | 2 sur 3 | 0 |" in text


def test_how_long_a_new_plan_takes_is_told_step_by_step(tmp_path: Path) -> None:
    def phases(search_s: float) -> list[dict[str, object]]:
        return [{"phase": "search", "wall_s": search_s, "cpu_s": 2 * search_s}]

    drawn = [{"phases": phases(s), "explained": 90, "moved": 4, "visits": 80} for s in (0.5, 1.5)]
    inside = [{"phase": "files", "wall_s": 2.25, "cpu_s": 2.5}]
    bondy = {"told_s": 2.6, "all_s": 5.1, "cpu_s": 6.2, "changes": "1 arrêt changé sur 15.",
             "phases": inside}  # fmt: skip
    figures = {"load": 0.1, "cores": 2, "pace_s": 0.1, "drawn": drawn, "bondy": bondy}
    (tmp_path / "replan.json").write_text(json.dumps(figures), encoding="utf-8")
    text = page(tmp_path).replace("\u202f", " ")
    assert "2,6 s ; la commande finit d'écrire les fichiers à 5,1 s (6,2 s de processeur" in text
    assert "« 1 arrêt changé sur 15. »" in text
    assert "| écrire carte, fiches, classeur, agendas | 2,25 | 2,50 |" in text
    assert "8 visites changent\nsur 160, 180 explications planifiées à nouveau." in text
    assert "| chercher | 1,00 | 2,00 |" in text
    (tmp_path / "replan.json").write_text(json.dumps(figures | {"bondy": None}), encoding="utf-8")
    assert "Semaine réelle de Bondy" not in page(tmp_path)


def test_a_claim_of_proof_that_is_beaten_is_counted(tmp_path: Path) -> None:
    row = {"routes": 1, "limit_s": 1.0, "faults": [], "cpu_s": 2.0, "set": "mixed"}
    rows = [
        {"case": "a", "method": "ours", "gap": 0.0, "lies": False, **row},
        {"case": "b", "method": "ours", "gap": 0.02, "lies": True, **row},
    ]
    (tmp_path / "toptw.json").write_text(json.dumps(rows), encoding="utf-8")
    text = page(tmp_path).replace("\u202f", " ")
    assert (
        "| dix choisis, 1 à 4 tournées | ici | 1 | 2 sur 2 | 1,00 % | 2,0 % | 0 | 1 | 2,0 |" in text
    )


def test_figures_of_judges_tours_and_yields_are_told(tmp_path: Path) -> None:
    judged = {"weeks": 1000, "appointments": 2, "outings": 3, "visits": 4, "weeks_with_faults": 1,
              "faults": {"absences": 1}}  # fmt: skip
    gain = [4.0, 3.0, 5.0]
    told = {"advantage": dict.fromkeys(("nearest", "tsp", "everystreet", "best"), gain),
            "areas": 30, "behind": 0, "of_bound": 0.9}  # fmt: skip
    case = {"towns": 60, "gain_on_fixed": [0.12, 0.01], "share_of_knowing": [0.91, 0.01],
            "covered": [0.95, 0.01], "explored": [0.1, 0.0]}  # fmt: skip
    large = [{"seed": 1, "limit_s": s, "value": v, "visits": 9, "faults": []}
             for s, v in ((5.0, 95.0), (30.0, 100.0))]  # fmt: skip
    files = {"random_weeks": judged, "street_tours": {"slow 40": told}, "yields": {"main": case},
             "weeks_large": large}  # fmt: skip
    for name, content in files.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    text = page(tmp_path).replace("\u202f", " ")
    assert "| sorties pendant une absence | 1 |" in text
    assert "| patrouille lente, 40 min | 30 | 4,0 % (3,0 à 5,0) |" in text
    assert "| cas principal | 60 | 12,0 % ± 1,0 | 91,0 % ± 1,0 | 95,0 % | 10,0 % |" in text
    assert "| 5 | 1 | 95,0 % | 9 | 0 |" in text


def test_every_setting_of_the_week_has_a_meaning() -> None:
    aliases = {str(field.alias) for field in Week.model_fields.values()}
    assert sorted(aliases - set(MEANINGS)) == []
    assert all(MEANINGS.values())

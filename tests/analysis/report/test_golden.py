"""The printed figures of three programmes, found again from rows; their inconsistencies flagged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from territory.analysis.proportions import wilson
from territory.pipeline.report import report_step
from territory.pipeline.sources import read_sources
from territory.pipeline.workspace import open_territory
from tests.analysis.report import golden

if TYPE_CHECKING:
    from pathlib import Path

    from territory.analysis.report.findings import Findings


def found(
    folder: Path, sheets: dict[str, golden.Rows], profile: str, toml: str = "", span: str = "2026"
) -> Findings:
    golden.write_territory(folder, sheets, toml)
    return counted(folder, span, profile)


def counted(folder: Path, span: str, profile: str) -> Findings:
    return report_step(read_sources(open_territory(folder)), span, profile)


def values(findings: Findings) -> dict[str, float]:
    found: dict[str, float] = findings.figures.table["value"].to_dict()
    return found


def share(findings: Findings, name: str) -> float:
    row = findings.figures.table.loc[name]
    return float(round(100 * row["value"] / row["over"], 1))


def sentences(findings: Findings, code: str) -> list[str]:
    return [guard.problem for guard in findings.guards if guard.code == code]


@pytest.fixture(scope="module")
def est_ensemble(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    folder = tmp_path_factory.mktemp("est_ensemble") / "ville"
    return found(folder, golden.est_ensemble(), "est_ensemble", "[bilan.imprimes]\nE2v = 96\n")


def test_the_year_of_est_ensemble_is_found_again(est_ensemble: Findings) -> None:
    got = values(est_ensemble)
    printed = {"E1": 1000, "E2": 96, "E2a": 47, "E2b": 49, "E3": 487, "E3r": 487, "E4": 219,
               "E8": 251, "E8r": 145, "E12": 50}  # fmt: skip
    assert {code: got[code] for code in printed} == printed


def test_its_shares_are_those_printed(est_ensemble: Findings) -> None:
    assert share(est_ensemble, "E5/femme") == 60.0
    assert share(est_ensemble, "E6/26_59") > 80
    assert share(est_ensemble, "E12/cdi") == 40.0
    assert share(est_ensemble, "E12/cdd_plus_6_mois") == 38.0
    assert share(est_ensemble, "E8r") == 57.8  # 145 of more than 250: 58 % at most


def test_96_is_said_to_hold_no_visit_to_partners(est_ensemble: Findings) -> None:
    (said,) = sentences(est_ensemble, "IMPRIMÉ")
    assert "96 imprimé, 130 dans le suivi" in said
    assert "96 est le nombre de « Maraudes et événements »" in said


LAUNCH = """
[bilan]
lancement = 2025-02-03
[bilan.imprimes]
A1 = 900
[[bilan.cumuls]]
chiffre = "A2"
total = 662
periodes = { "2026" = 421, "2025" = 241 }
"""


@pytest.fixture(scope="module")
def paris(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return golden.write_territory(tmp_path_factory.mktemp("aveq") / "ville", golden.aveq(), LAUNCH)


@pytest.fixture(scope="module")
def aveq(paris: Path) -> Findings:
    return counted(paris, "2026", "aveq")


def test_the_year_of_aveq_is_found_again(aveq: Findings) -> None:
    got = values(aveq)
    assert (got["A1"], got["A2"], got["A4"]) == (906, 421, 295)
    assert round(100 * got["A9"]) == 46
    channels = ("bouche_a_oreille", "espace_public", "permanence", "autre")
    assert [round(share(aveq, f"A3/{name}")) for name in channels] == [31, 22, 22, 25]
    homes = ("qpv", "qva", "proximite")
    assert [round(share(aveq, f"A4d/{name}")) for name in homes] == [35, 10, 26]
    assert [round(share(aveq, name)) for name in ("A4", "A6i/oui", "A6a/oui")] == [70, 70, 5]


def test_a_year_before_and_the_whole_since_the_launch(aveq: Findings, paris: Path) -> None:
    assert aveq.before.table.loc["A2", "value"] == 241
    whole = counted(paris, "lancement", "aveq")
    assert values(whole)["A2"] == 662 == 421 + 241
    assert sentences(aveq, "CUMUL") == sentences(whole, "CUMUL") == []
    halves = {name: value for name, value in values(whole).items() if name.startswith("LSe/")}
    assert halves == {"LSe/2025-S1": 241, "LSe/2026-S1": 421}
    assert "montée en charge" in whole.ramp_up
    assert "LSe" not in values(aveq)  # a year needs no half-years


def test_more_than_900_is_said_to_be_906(aveq: Findings) -> None:
    (said,) = sentences(aveq, "IMPRIMÉ")
    assert "900 imprimé, 906 dans le suivi" in said


def test_6_of_14_is_too_few_for_a_share(tmp_path: Path) -> None:
    told = found(tmp_path / "ville", golden.coffee(), "aveq", span="2024")
    row = told.figures.table.loc["A7t"]
    assert (row["value"], row["over"]) == (6, 14)
    assert pd.isna(row["low"])
    assert any("14 personnes seulement" in line for line in sentences(told, "PETIT"))
    low, high = wilson(6, 14)
    assert (round(100 * 6 / 14), round(100 * low), round(100 * high)) == (43, 21, 67)
    assert sentences(told, "JOUR") == []  # 29 March 2024 is a Friday


def test_71_for_70_is_said_to_be_rounding(aveq: Findings) -> None:
    said = sentences(aveq, "ARRONDI")
    assert any("35 % + 10 % + 26 % = 71 %" in line and "(70 %)" in line for line in said)


@pytest.fixture(scope="module")
def la_rochelle(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    toml = golden.COHORTS_TOML + (
        '[[bilan.listes]]\ntitre = "Territoires supplémentaires"\nannonce = 4\n'
        'elements = ["19e Sud", "20e et 11e", "13e", "14e", "15e"]\n'
    )
    folder = tmp_path_factory.mktemp("la_rochelle") / "ville"
    return found(folder, golden.la_rochelle(), "la_rochelle", toml)


def test_the_cohorts_of_la_rochelle_are_found_again(la_rochelle: Findings) -> None:
    got = values(la_rochelle)
    assert got["R1"] == 44
    assert [got[f"R1/{name}"] for name in ("jeunes", "femmes", "seniors")] == [19, 15, 10]
    assert got["R2"] == got["R2f"] == 9
    assert {name.partition("/")[2]: got[name] for name in got if name.startswith("R2i/")} == {
        "interim": 3, "formation_certifiante": 2, "cdi": 2, "alternance": 1, "cddi": 1
    }  # fmt: skip
    assert got["R2j"] == 0


def test_9_of_25_is_known_too_widely_to_conclude(la_rochelle: Findings) -> None:
    row = la_rochelle.figures.table.loc["R2f"]
    assert (row["value"], row["over"]) == (9, 25)
    assert [round(100 * row[name]) for name in ("low", "high")] == [20, 55]
    assert any("de 20 à 55 %" in line for line in sentences(la_rochelle, "INTERVALLE"))


def test_public_statistics_and_slots_held_are_beside_them(la_rochelle: Findings) -> None:
    table = la_rochelle.figures.table
    for code in ("R3", "R3j", "R3f"):
        assert table.loc[code, "value"] > 0
    assert (table.loc["R6", "value"], table.loc["R6", "over"]) == (20, 20)


def test_five_lines_for_four_announced_are_said(la_rochelle: Findings) -> None:
    assert sentences(la_rochelle, "LISTE") == [
        "« Territoires supplémentaires » : 4 annoncés, 5 écrits (19e Sud, 20e et 11e, 13e, 14e, "
        "15e)."
    ]


def test_a_date_of_another_weekday_is_said(tmp_path: Path) -> None:
    sheets = golden.la_rochelle()
    sheets["activites"][3]["date"] = "mar 29/03/2024"  # a Friday (S1-13)
    sheets["activites"][4]["date"] = "ven 27/03/2026"
    told = found(tmp_path / "ville", sheets, "la_rochelle", golden.COHORTS_TOML)
    (said,) = sentences(told, "JOUR")
    assert said.startswith("1 ligne du suivi porte un jour de semaine")
    assert values(told)["R6"] == 19


def test_counts_told_two_ways_are_said(tmp_path: Path) -> None:
    sheets = golden.la_rochelle()
    sheets["activites"][0]["nb_accroches"] = 40
    told = found(tmp_path / "ville", sheets, "la_rochelle", golden.COHORTS_TOML)
    (said,) = sentences(told, "ECART")
    assert "1 activité compte autrement" in said
    assert "p000" in said
    assert values(told)["R1"] == 44

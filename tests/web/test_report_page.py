"""The report page: the numbers of the documents, nothing small outside, lines for the team."""

from __future__ import annotations

import csv
import io
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from territory.analysis.disclosure import K_PUBLIC
from territory.analysis.report.hiding import hidden_figures
from territory.commands.report import report
from territory.io.report_profiles import profile_codes
from territory.outputs.report_shown import HIDDEN
from territory.pipeline.report import report_step
from territory.pipeline.workspace import open_territory
from territory.web.report_choice import Choice
from territory.web.report_read import findings_of
from territory.web.rights import Right
from territory.web.shelf import Holdings
from territory.web.views.report import report_of
from territory.web.visitor import Visitor
from tests.web.stand_in import noted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

    from territory.web.views.report import Report

    Clients = Callable[..., TestClient]

_SPACES = str.maketrans("", "", "\u202f\u00a0 ")
OWN = """
code = "a_nous"
nom = "Notre bilan à nous"
[[chiffre]]
code = "N1"
libelle = "Maraudes de l’équipe"
cle = true
compter = "activites"
parmi = { type = ["maraude"] }
par = "commune"
"""


def told_in(page: str) -> dict[str, str]:
    """Return the text of each figure of a page by its name."""
    cells = re.findall(r'<span data-chiffre="([^"]+)">(?:<a [^>]*>)?([^<]*)<', page)
    return {unescape(name): text for name, text in cells}


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))


def number_in(text: str) -> float:
    return float(text.translate(_SPACES).replace(",", "."))


@pytest.fixture(scope="module")
def team_report(demo_folder: Path) -> Report:
    """The report of the year of the fictional town, as the coordinator has it."""
    built = Holdings(open_territory(demo_folder)).built
    assert built is not None
    return report_of(report_step(built), hours=True)


# --- the same numbers as the documents ---------------------------------------------------------


@pytest.mark.parametrize("team", [False, True])
def test_the_page_and_its_csv_hold_the_numbers_of_the_documents(
    own_demo: Path, client: Clients, team: bool
) -> None:
    """One hash, one table: what the command writes is what the page shows."""
    written = report(own_demo, "2026", "aveq", team)
    asked = "periode=2026&profil=aveq" + ("&pour=equipe" if team else "")
    pages = client(own_demo)
    page = pages.get(f"/bilan?{asked}").text
    assert written.value["empreinte"][:12] in page
    path = next(own_demo / name for name in written.value["fichiers"] if name.endswith(".csv"))
    assert pages.get(f"/bilan/bilan.csv?{asked}").content == path.read_bytes()
    shown = {name: text.translate(_SPACES) for name, text in told_in(page).items()}
    for name, text in written.value["chiffres"].items():
        assert shown.get(name, text.translate(_SPACES)) == text.translate(_SPACES), name
    assert len(shown) > 60
    names = [name.rsplit("/", 1)[-1] for name in written.value["fichiers"]]
    assert all(f'href="/fichiers/bilan/{name}"' in pages.get(f"/bilan?{asked}").text
               for name in names)  # fmt: skip
    assert pages.get(f"/fichiers/bilan/{names[1]}").status_code == 200


def test_periods_profiles_and_audience_are_chosen(own_demo: Path, client: Clients) -> None:
    """Years and halves with activities, profiles of the folder too; what is not there is usual."""
    (own_demo / "mon_bilan.toml").write_text(OWN, encoding="utf-8")
    (own_demo / "autre.toml").write_text("a = 1", encoding="utf-8")
    pages = client(own_demo)
    page = pages.get("/bilan").text
    assert '<option value="2026" selected>' in page
    assert '<option value="2026-S1"' in page
    assert 'value="lancement"' not in page
    assert "Notre bilan à nous" in page
    assert "autre.toml" not in page
    own = pages.get("/bilan?periode=2026-S1&profil=mon_bilan.toml").text
    assert "Maraudes de l’équipe" in own
    assert "1er janvier 2026" in own
    assert "30 juin 2026" in own
    (own_demo / "mon_bilan.toml").write_text(OWN.replace("Maraudes de", "Tours de"), "utf-8")
    assert "Tours de l’équipe" in pages.get("/bilan?profil=mon_bilan.toml").text
    assert "année 2026" in pages.get("/bilan?periode=1789&profil=../../x.toml&annee=1").text
    assert "vue de l’équipe" in pages.get("/bilan?pour=equipe&annee=1789").text


def test_since_the_launch_is_offered_when_its_day_is_known(own_demo: Path, client: Clients) -> None:
    path = own_demo / "territory.toml"
    path.write_text(path.read_text("utf-8") + "\n[bilan]\nlancement = 2026-02-01\n", "utf-8")
    pages = client(own_demo)
    assert '<option value="lancement"' in pages.get("/bilan").text
    assert "depuis le lancement (01/02/2026)" in pages.get("/bilan?periode=lancement").text


def test_each_key_figure_has_a_definition_and_each_guard_its_sentence(
    demo_folder: Path, client: Clients, team_report: Report
) -> None:
    page = unescape(client(demo_folder).get("/bilan?pour=equipe").text)
    keys = page[page.index('class="keys"') : page.index('id="titre-lire"')]
    assert keys.count("<summary>Définition") == len(team_report.keys) > 4
    assert team_report.guards
    assert page.count("<q>") == len(team_report.guards)
    assert "Ce qui n’est pas encore sur cette page" not in page
    said = page[page.index('id="methode"') :].translate(_SPACES)
    assert all(sentence.translate(_SPACES) in said for sentence in team_report.method)
    assert "Seuilsappliqués" in said
    assert {code for one in team_report.definitions for code in one["codes"]} == {
        counting.code for counting in team_report.found.profile.countings
    }
    assert all(one["meaning"].translate(_SPACES) in said for one in team_report.definitions)


# --- nothing small outside ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("profile", "span"), [*((code, "2026") for code in profile_codes()), ("aveq", "2026-S1")]
)
def test_outside_no_small_count_of_people_is_anywhere(
    demo_folder: Path, client: Clients, profile: str, span: str
) -> None:
    """Of every profile: what is hidden, and what is the team's, is on neither page nor CSV."""
    pages = client(demo_folder)
    page = pages.get(f"/bilan?periode={span}&profil={profile}").text
    held = pages.app.state.office.shelf.now()  # type: ignore[attr-defined]
    found = findings_of(held, Choice(span, profile, outside=True))  # kept by the page
    table, hidden = found.figures.table, hidden_figures(found.profile, found.figures)
    small = table.index[
        table["people"].fillna(value=False) & table["value"].between(1, K_PUBLIC - 1)
    ]
    assert set(small) <= hidden
    shown = told_in(page)
    assert {shown[name] for name in hidden & set(shown)} <= {HIDDEN}
    team = {counting.code for counting in found.profile.countings if counting.team}
    assert not {name for name in shown if name.split("/")[0] in team}
    assert "/bilan/lignes" not in page
    rows = rows_of(pages.get(f"/bilan/bilan.csv?periode={span}&profil={profile}").text)
    assert {row["valeur"] for row in rows if row["chiffre"] in hidden} <= {""}
    assert not {row["chiffre"] for row in rows if row["chiffre"].split("/")[0] in team}


# --- the lines behind a figure -----------------------------------------------------------------


def test_the_lines_behind_figures_add_up_to_them(
    demo_folder: Path, client: Clients, team_report: Report
) -> None:
    """Of people, activities, hours and structures, whole and in part; the rest by `behind`."""
    pages, table = client(demo_folder), team_report.found.figures.table
    for name in ("E1", "E2a/00101", "S12", "S9", "S9/association", "FCi"):
        told = rows_of(pages.get("/bilan/lignes.csv", params={"chiffre": name}).text)
        known = [number_in(row["compte"]) for row in told if row["compte"] != "non compté"]
        assert len(told) == table.loc[name, "used"] > 0
        assert sum(known) == pytest.approx(float(table.loc[name, "value"]))


def test_a_page_of_lines_says_what_they_make_and_goes_on(
    demo_folder: Path, client: Clients, team_report: Report
) -> None:
    pages = client(demo_folder)
    page = pages.get("/bilan?pour=equipe").text
    link = unescape(re.search(r'href="(/bilan/lignes\?chiffre=E1&[^"]+)"', page)[1])  # type: ignore[index]
    first = pages.get(link).text.translate(_SPACES)
    row = team_report.found.figures.table.loc["E1"]
    assert f"{int(row['value'])}:cequefontces{int(row['used'])}lignes" in first
    assert f"Lignes1à100,sur{int(row['used'])}" in first
    second = pages.get(f"{link}&page=2").text
    assert "Lignes d’avant" in second
    assert pages.get(f"{link}&page=9999").status_code == 200
    assert pages.get(f"{link}&page=0").status_code == 422


@pytest.mark.parametrize(
    "asked",
    ["chiffre=Z9", "chiffre=E1%2F99999", "", "chiffre=E1&periode=1789", "chiffre=E1&profil=x"],
)
def test_a_figure_that_is_not_there_is_no_page(
    demo_folder: Path, client: Clients, asked: str
) -> None:
    pages = client(demo_folder)
    for path in ("/bilan/lignes", "/bilan/lignes.csv"):
        answer = pages.get(f"{path}?{asked}")
        assert answer.status_code == 404
        assert "Cette page n’existe pas." in answer.text


# --- rights ------------------------------------------------------------------------------------


def test_hours_of_each_are_for_who_may_see_them(
    own_demo: Path, client: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Codes of the team are the coordinator's view (PRIVACY section 6), and so its documents."""
    pages = client(own_demo)
    written = report(own_demo, "2026", "", True)
    assert "S12m" in pages.get("/bilan?pour=equipe").text
    assert "equipe" in rows_of(pages.get("/bilan/lignes.csv?chiffre=E1").text)[0]
    monkeypatch.setattr(Visitor, "may", lambda _, right: right in {Right.READ, Right.DECIDE})
    page = pages.get("/bilan?pour=equipe").text
    assert "S12m" not in page
    assert "_equipe." not in page
    assert "S12m" not in pages.get("/bilan/bilan.csv?pour=equipe").text
    assert pages.get("/bilan/lignes?chiffre=S12m").status_code == 404
    assert "Équipe</th>" not in pages.get("/bilan/lignes?chiffre=E1").text
    assert "equipe" not in rows_of(pages.get("/bilan/lignes.csv?chiffre=E1").text)[0]
    name = written.value["fichiers"][0].removeprefix("outputs/")
    assert pages.get(f"/fichiers/{name}").status_code == 403
    assert pages.post("/bilan/documents", data={"pour": "equipe"}).status_code == 403


def test_documents_and_tables_for_outside_are_written_by_the_commands(
    demo_folder: Path, client: Clients
) -> None:
    """The page only asks `report` and `export`, for what exists, with the usual threshold."""
    pages = client(demo_folder)
    jobs = noted(pages)
    pages.post("/bilan/documents", data={"periode": "2026-S1", "profil": "/etc/x.toml"})
    job = jobs.held[0]
    assert job.order == "report"
    assert dict(job.arguments) == {"span": "2026-S1", "profile": "est_ensemble", "team": False}
    assert job.back == "/bilan?periode=2026-S1&profil=est_ensemble#dehors"
    pages.post("/bilan/export", data={"zonage": "porte", "periode": "annee"})
    assert dict(jobs.held[0].arguments) == {
        "zoning": "commune", "period": "annee", "extra": "", "k": 11,
    }  # fmt: skip

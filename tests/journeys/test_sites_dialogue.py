"""The dialogue on permanences as a manager holds it, on a copy of the fictional town."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pypdf import PdfReader

from territory.analysis.proportions import wilson
from territory.analysis.siting.discussion import asked_scene
from territory.analysis.siting.equity import equity_frontier
from territory.analysis.siting.slot_problem import attendance
from territory.cli import run
from territory.network.walk import minutes_between
from territory.outputs.typography import typeset
from territory.pipeline.site_views import SiteTable, site_table
from territory.pipeline.sites import chosen
from territory.pipeline.steps import build
from territory.pipeline.walking import network_of
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from pathlib import Path

THIN = "\u202f"


@pytest.fixture(scope="module")
def town(demo_town: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the built fictional town, without any decision."""
    folder = tmp_path_factory.mktemp("dialogue") / "ville"
    shutil.copytree(demo_town, folder)
    return folder


@pytest.fixture(scope="module")
def everything(town: Path) -> Any:  # noqa: ANN401 - JSON
    """All sections of one answer, as JSON."""
    return asked(town, "sites", "--curve", "3", "--alternatives", "--robust", "8", "--slider", "1")


@pytest.fixture(scope="module")
def table(town: Path, everything: Any) -> SiteTable:  # noqa: ANN401, ARG001 - built before
    """The table around which the same choice is discussed."""
    return site_table(build(open_territory(town)))


def asked(town: Path, command: str, *words: str, code: int = 0) -> Any:  # noqa: ANN401 - JSON
    """Return what a command answers as JSON."""
    capture = pytest.MonkeyPatch()
    heard: list[str] = []
    capture.setattr("typer.echo", lambda text, **_: heard.append(text))
    try:
        assert run([command, str(town), *words, "--json"]) == code
    finally:
        capture.undo()
    return json.loads(heard[0])


def fresh(town: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "ville"
    shutil.copytree(town, folder)
    return folder


def names(town: Path) -> tuple[str, str, str]:
    """Return the ids of three places that may host and do not: what requests are about."""
    options = build(open_territory(town)).table("site_options")
    held = set(options.loc[options["present"], "place_id"])
    free = sorted(set(options["place_id"]) - held)
    return free[0], free[1], free[2]


def test_the_curve_never_falls_and_agrees_with_the_plan(everything) -> None:
    points = everything["courbe"]["points"]
    assert [p["ajoutees"] for p in points] == [0, 1, 2, 3]
    assert points[0]["personnes"] == pytest.approx(everything["people_before"], abs=1e-3)
    assert points[1]["personnes"] == pytest.approx(everything["people_week"], abs=1e-3)
    gains = [p["gain"] for p in points[1:]]
    assert min(gains) >= 0
    assert sum(gains) == pytest.approx(points[-1]["personnes"] - points[0]["personnes"], abs=0.01)
    hours = points[1]["heures"] - points[0]["heures"]
    assert points[1]["heures_par_personne"] == pytest.approx(hours / gains[0], abs=1e-3)


def test_the_alternatives_are_those_found_one_by_one(everything, table: SiteTable) -> None:
    scene, held = table.scene, table.scene.held()
    best: dict[str, float] = {}
    for k in range(len(scene.options)):
        if k not in held:
            worth = attendance(scene.problem, [*held, k]).total
            key = str(scene.groups[k])
            best[key] = max(worth, best.get(key, 0.0))
    top = max(best.values())
    near = sorted((v for v in best.values() if v >= 0.98 * top), reverse=True)
    told = everything["equivalents"]
    assert told["complet"]
    assert [s["personnes"] for s in told["choix"]] == pytest.approx(near, abs=1e-3)


def test_frequencies_are_shares_with_their_interval(everything) -> None:
    robust = everything["robustesse"]
    assert robust["scenarios"] == 8
    new = [o for o in robust["options"] if o["fois"] < 8]
    assert sum(o["fois"] for o in new) == 8  # one half-day more in each scenario
    for one in robust["options"]:
        assert one["part"] == pytest.approx(one["fois"] / 8)
        assert (one["bas"], one["haut"]) == pytest.approx(wilson(one["fois"], 8))
    assert 0 <= robust["regret_moyen"] <= robust["pire_regret"] < 0.5
    assert "entre" in robust["tirages"]


def test_the_frontier_is_that_of_the_pure_function(everything, table: SiteTable) -> None:
    options = table.scene.options
    places = sorted(set(options["place_id"]))
    held = [places.index(p) for p in sorted(set(options.loc[options["present"], "place_id"]))]
    people = table.scene.target[table.scene.target > 0]
    network = network_of(table.built.products["40_walk"])
    minutes = minutes_between(
        network, [f"c:{c}" for c in people.index], [f"p:{p}" for p in places], limit_min=240
    ).to_numpy(float)
    near = np.isfinite(minutes).any(axis=1)
    found = equity_frontier(people.to_numpy()[near], minutes[near], len(held) + 1, fixed=held)
    told = everything["equite"]
    assert [p["moyenne_min"] for p in told["points"]] == pytest.approx(
        [p.mean_min for p in found.points], abs=1e-3
    )
    assert told["points"][told["choisi"]]["pire_min"] == pytest.approx(
        found.points[-1].worst_min, abs=1e-3
    )


def test_a_decision_is_obeyed_priced_and_taken_back(town: Path, tmp_path: Path, capsys) -> None:
    folder, (place, *_) = fresh(town, tmp_path), names(town)
    free = asked(folder, "sites")["people_week"]
    note = asked(folder, "decide", "--require", place, "--by", "Ville", "--why", "salle offerte")
    assert note["numero"] == 1
    plan = asked(folder, "sites")
    assert [s["place_id"] for s in plan["sites"]] == [place]
    (row,) = plan["demandes"]["lignes"]
    assert row["prix"] == pytest.approx(free - plan["people_week"], abs=1e-6)
    assert row["organisme"] == "Ville"
    asked(folder, "decide", "--undo", "1", "--by", "Ville", "--why", "salle prise")
    assert asked(folder, "sites")["people_week"] == pytest.approx(free)
    capsys.readouterr()
    assert run(["decide", str(folder), "--list"]) == 0
    log = capsys.readouterr().out
    assert "Plus en vigueur." in log
    assert f"annule le n° 1 (motif{THIN}: salle prise)" in log


def test_contradictions_are_answered_by_the_smallest_concession(town: Path, tmp_path: Path) -> None:
    folder, (one, two, _) = fresh(town, tmp_path), names(town)
    asked(folder, "decide", "--require", one, "--by", "Ville", "--why", "proche de la gare")
    asked(folder, "decide", "--require", two, "--by", "Département", "--why", "locaux libres")
    plan = asked(folder, "sites", code=3)
    text = "\n".join(plan["notes"])
    assert "Il suffit de porter le nombre de demi-journées nouvelles de 1 à 2." in text
    assert "Il suffit de renoncer à la demande de « Ville » (retenir : proche de la gare)." in text
    kept = [row for row in plan["demandes"]["lignes"] if row["tenue"]]
    assert len(kept) == 1
    assert len(plan["sites"]) == 1
    pages = PdfReader(folder / "outputs/permanences.pdf").pages
    assert len(pages) == 1
    page = pages[0].extract_text()
    assert "Tout ce qui était demandé ne peut pas être tenu" in page.replace("\n", " ")
    assert "Département" in page


def test_closing_what_is_held_is_possible_and_has_a_price(town: Path, tmp_path: Path) -> None:
    folder = fresh(town, tmp_path)
    asked(folder, "decide", "--close", "P0025", "--by", "Ville", "--why", "travaux")
    plan = asked(folder, "sites")
    assert plan["closed"] == ["Centre social des Tilleuls, mardi matin"]
    assert plan["demandes"]["lignes"][0]["prix"] > 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--require", "P0001", "--why", "x"], "l'organisme manque"),
        (["--require", "P0001", "--by", "Ville"], "le motif manque"),
        (["--require", "P0001", "--by", "Ville", "--why", "a@b.fr"], "adresse électronique"),
        (["--require", "Atlantide", "--by", "Ville", "--why", "x"], "lieu inconnu"),
        (["--close", "P0001", "--by", "Ville", "--why", "x"], "aucune permanence n'y est tenue"),
        (["--undo", "9", "--by", "Ville", "--why", "x"], "une ligne qui n'existe pas"),
        (["--require", "P0001", "--forbid", "P0001"], "Une décision à la fois"),
    ],
)
def test_a_decision_that_says_nothing_is_refused(town: Path, words, message: str, capsys) -> None:
    assert run(["decide", str(town), *words]) == 2
    assert message in capsys.readouterr().err
    assert not (town / "decisions.jsonl").exists()


def test_a_slider_outside_its_range_is_refused(town: Path, capsys) -> None:
    assert run(["sites", str(town), "--slider", "2"]) == 2
    assert "Le curseur d'équité va de 0" in capsys.readouterr().err


def test_the_note_is_one_page_and_says_what_was_decided(town: Path, everything) -> None:
    pages = PdfReader(town / everything["fichier"]).pages
    assert len(pages) == 1
    text = " ".join(pages[0].extract_text().split())
    site = everything["sites"][0]
    assert site["name"] in text
    assert "Une demi-journée de plus, puis une autre" in text
    assert "Ce qui serait presque aussi bien" in text
    assert "des scénarios (entre" in text
    assert "Méthode et doutes" in text
    assert "hypothèse, non mesurée" in text


def test_scenarios_are_copied_compared_and_drawn(town: Path, tmp_path: Path, capsys) -> None:
    folder, (one, two, _) = fresh(town, tmp_path), names(town)
    asked(folder, "scenario", "nord", "--add", "1", "--require", one)
    copy = asked(folder, "scenario", "nord-bis", "--from", "nord", "--add", "2", "--require", two)
    assert copy["required"] == [one, two]
    assert len(asked(folder, "scenario")["scenarios"]) == 2
    change = asked(folder, "compare", "nord", "nord-bis")
    assert len(change["opened"]) == 1
    people = change["apres"]["personnes"] - change["avant"]["personnes"]
    assert change["people"] == pytest.approx(people)
    page = (folder / change["fichier"]).read_text(encoding="utf-8")
    assert typeset(change["sentence"].split(" : ")[0])[:30] in page
    assert "gagne beaucoup" in page
    assert 'src="http' not in page
    same = asked(folder, "compare", "nord", "nord")
    assert "mêmes permanences" in same["sentence"].lower()
    capsys.readouterr()
    for words, message in (
        (["scenario", str(folder), "nord"], "existe déjà"),
        (["scenario", str(folder), "a b"], "sans espace"),
        (["scenario", str(folder), "propose"], "désigne déjà un choix"),
        (["compare", str(folder), "nord", "sud"], "« sud » n'existe pas. Connus : nord, nord-bis"),
    ):
        assert run(words) == 2
        assert message in capsys.readouterr().err


def test_extension_retains_the_group_with_most_people(town: Path, tmp_path: Path, capsys) -> None:
    folder = fresh(town, tmp_path)
    every = asked(folder, "extension", "--choose", "9")
    one = asked(folder, "extension", "--choose", "1")
    assert one["groups"][0]["gain"] == pytest.approx(max(g["gain"] for g in every["groups"]))
    assert every["need"] == pytest.approx(every["total"])
    code = min(c for codes in every["candidats"].values() for c in codes)
    asked(folder, "decide", "--require", code, "--by", "Préfecture", "--why", "contrat de ville")
    forced = asked(folder, "extension", "--choose", "1")
    assert f"({code})" in forced["groups"][0]["name"]
    assert "- Préfecture, le 31 octobre 2026 : retenir" in "\n".join(forced["note"])
    assert "Préfecture" in (folder / "outputs" / "extension.txt").read_text(encoding="utf-8")
    groups = tmp_path / "groupes.csv"
    groups.write_text(f"groupe;quartier\nA;{code}\nB;Atlantide\n", encoding="utf-8")
    capsys.readouterr()
    assert run(["extension", str(folder), "--groups", str(groups)]) == 2
    assert "ligne 3 : « Atlantide » n'est pas un quartier" in capsys.readouterr().err


def test_the_price_is_that_of_solving_again(town: Path, tmp_path: Path) -> None:
    folder, (one, two, _) = fresh(town, tmp_path), names(town)
    asked(folder, "decide", "--require", one, "--by", "Ville", "--why", "a")
    asked(folder, "decide", "--require", two, "--by", "Pays", "--why", "b")
    told = asked(folder, "sites", "--add", "2")["demandes"]
    built = build(open_territory(folder).with_options(seed=None, sites={"add": 2}))
    table = site_table(built)
    kept = asked_scene(table.scene, table.kept[1:])
    again = chosen(built.territory, kept)
    worth = attendance(again.problem, again.chosen).total
    assert told["lignes"][0]["prix"] == pytest.approx(worth - told["avec_toutes"], abs=1e-6)

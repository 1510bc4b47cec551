"""Permanences: proposed ones with their half-day, what-ifs beside them, decisions asked."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from starlette.datastructures import FormData

from territory.commands.answer import Answer
from territory.commands.suppose import KEPT, suppose_sites
from territory.io.atomic import write_text
from territory.model.jsonable import to_json
from territory.model.results import Ending, Share, Site, SitePlan
from territory.web.shelf import Shelf
from territory.web.views.sites import (
    Supposition,
    curve_points,
    place_choices,
    plan_of,
    plan_sentence,
    side_rows,
    site_rows,
    supposition_of,
    today_rows,
)
from tests.web.stand_in import noted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

    Clients = Callable[..., TestClient]

SITE = Site(
    1, "P1", "Maison", "centre_social", "1", 50.0, 500.0, 550.0, 1000.0, "Parce que.",
    "mardi apres-midi", 1, "apres-midi", 840, 1020, hours=4.0, people_week=6.2, people_low=1.8,
    people_high=12.0, communes=(Share("Bourg", 5.3),),
)  # fmt: skip
PLAN = SitePlan((SITE,), 15.0, Ending.OPTIMAL, 34.8, people_before=29.8, people_week=34.8)
SECTIONS = {"courbe": None, "equivalents": None, "robustesse": None, "equite": None,
            "demandes": {"lignes": []}}  # fmt: skip


def test_a_site_is_told_with_its_half_day_and_what_it_brings() -> None:
    """Place, day and hours, people with their interval, reach before and after."""
    row = site_rows(PLAN, {"1": "Bourg"})[0]
    figures = dict(row["figures"])
    assert row["when"] == "mardi après-midi, de 14\u202fh à 17\u202fh"
    assert figures["Personnes reçues par semaine"] == "6,2 (entre 1,8 et 12,0)"
    assert figures["Public à portée de marche"] == "50,0\u202f% avant, 55,0\u202f% après"
    assert "Accueil" not in figures
    assert row["communes"] == [("Bourg", "5,3")]


def test_the_sentence_says_what_is_proved() -> None:
    """Before, after, and how much better another choice could be."""
    assert plan_sentence(PLAN).endswith("Aucun autre choix ne reçoit plus de monde.")
    loose = replace(PLAN, ending=Ending.TIME_UP, bound=36.8)
    assert "au plus 2,0 personnes de plus" in plan_sentence(loose)


def test_a_supposition_lies_beside_the_proposal() -> None:
    """Unknown figures are said; a plan comes back from the JSON of the command."""
    empty = replace(PLAN, sites=(), people_week=None)
    rows = {row["title"]: row for row in side_rows(PLAN, empty)}
    assert rows["Où et quand"]["today"] == "Maison, mardi après-midi"
    assert rows["Où et quand"]["supposed"] == "rien"
    assert rows["Personnes reçues par semaine"]["supposed"] == "inconnu"
    assert plan_of({**to_json(PLAN), **SECTIONS}) == PLAN


def test_the_form_becomes_the_arguments_of_the_command() -> None:
    """Places by setting, with their half-day; what cannot be read is left out."""
    asked = supposition_of({
        "nombre": "2", "garantie": "12,5", "lieu1": "P1", "demande1": "imposer",
        "creneau1": "lundi matin", "lieu2": "P2", "demande2": "fermer", "creneau2": "",
        "lieu3": "P3", "demande3": "brûler", "equite": "oui", "curseur": "30",
    })  # fmt: skip
    arguments = asked.arguments()
    assert list(arguments) == ["number", "places", "guarantee", "wanted", "everything", "seed"]
    assert arguments["places"]["required"] == ["P1:lundi matin"]
    assert arguments["places"]["closable"] == ["P2"]
    assert arguments["places"]["forbidden"] == []
    assert (arguments["number"], arguments["guarantee"]) == (2, 12.5)
    assert arguments["wanted"] == [0, False, 0, True, 0.3]


@pytest.mark.parametrize("number", ["-1", "x", "nan", "9999", ""])
def test_a_number_that_means_nothing_changes_nothing(number: str) -> None:
    """The settings stay as they are, and no supposition is made."""
    assert supposition_of({"nombre": number}) == Supposition()
    assert not Supposition(curve=True).changes


def test_sensitive_places_are_neither_named_nor_offered() -> None:
    """In the week of today, and in the lists of the form."""
    places = pd.DataFrame(
        {
            "name": ["Refuge", "Mairie"],
            "kind": "mairie",
            "sensitive": pd.array([True, False], "boolean"),
        },
        index=pd.Index(["P1", "P2"], name="place_id"),
    )
    held = pd.DataFrame(
        [("P1", 1, 540, 720, "toutes"), ("P2", 0, 540, 720, "toutes")],
        columns=["place_id", "weekday", "start_min", "end_min", "weeks"],
    )
    assert [row["name"] for row in today_rows(held, places)] == ["Mairie", "lieu sensible"]
    assert [row["day"] for row in today_rows(held, places)] == ["lundi", "mardi"]
    options = pd.DataFrame(
        [("P1", "Refuge", "1"), ("P2", "Mairie", "1")],
        columns=["place_id", "name", "commune_code"],
    )
    assert place_choices(options, places, {"1": "Bourg"}) == [("P2", "Mairie (Bourg)")]


def test_the_curve_rises_on_the_drawing() -> None:
    """More people, higher on the page; nothing to draw is no fault."""
    points = [{"ajoutees": 0, "personnes": 10.0}, {"ajoutees": 1, "personnes": 20.0}]
    low, high = curve_points(points)["dots"]
    assert high["y"] < low["y"]
    assert high["x"] > low["x"]
    assert curve_points([])["dots"] == []


def test_the_page_shows_each_proposed_permanence(demo_folder: Path, client: Clients) -> None:
    """By name with its half-day, those held now, and the forms of the what-ifs."""
    plan = Shelf(demo_folder).now().sites
    text = client(demo_folder).get("/permanences").text
    assert plan is not None
    for site in plan.sites:
        assert site.name in text
        assert f'data-montre="proposition-{site.rank}"' in text
    assert 'action="/permanences/essai"' in text


def test_a_supposition_is_a_job_and_its_answer_is_shown(demo_folder: Path, client: Clients) -> None:
    """With nothing asked, only the sections of today's choice are computed."""
    pages = client(demo_folder)
    jobs = noted(pages)
    pages.post("/permanences/essai", data={"courbe": "oui"})
    pages.post("/permanences/essai", data={"nombre": "2"})
    assert [job.order for job in jobs.held] == ["suppose_sites", "sites"]
    assert pages.get(jobs.held[0].back).url.path == "/permanences"
    assert pages.get("/permanences/ailleurs").status_code == 404
    value = {**to_json(replace(PLAN, sites=(replace(SITE, name="La Trouvaille"),))), **SECTIONS,
             "fichier": "outputs/essais/permanences.pdf"}  # fmt: skip
    jobs.answer("suppose_sites", jobs.held[0].arguments, value)
    text = pages.get("/permanences").text
    assert "La Trouvaille" in text
    assert "/fichiers/essais/permanences.pdf" in text


def test_each_sees_their_own_trial_first_and_those_of_others_by_name(
    demo_folder: Path, client: Clients
) -> None:
    """The last of who asks, else the last of anybody; an address shows any of them."""
    pages = client(demo_folder)
    jobs = noted(pages)
    place = str(Shelf(demo_folder).now().sites.sites[0].place_id)  # type: ignore[union-attr]
    for name, by, asked in (
        ("Ailleurs", "C1", {"nombre": "1", "garantie": "15"}),
        ("La Mienne", "", {"lieu1": place, "demande1": "interdire", "creneau1": "lundi matin"}),
        ("La Leur", "C1", {"nombre": "3"}),
    ):
        arguments = supposition_of(asked).arguments()
        plan = replace(PLAN, sites=(replace(SITE, name=name),))
        value = {**to_json(plan), **SECTIONS, "fichier": "outputs/essais/permanences_0.pdf"}
        jobs.answer("suppose_sites", arguments, value)
        jobs.held[0] = replace(jobs.held[0], by=by)
    own = pages.get("/permanences").text
    assert "La Mienne" in own
    assert "La Leur" not in own
    assert "n’y rien ouvrir" in own
    assert "1 demi-journée à ajouter ; une permanence à 15 minutes de chaque QPV" in own
    theirs = re.findall(r'href="(/permanences\?essai=[^"#]+)#essai"', own)
    for address, name in zip(theirs, ("La Leur", "Ailleurs"), strict=True):
        assert name in pages.get(address).text
    assert "La Mienne" in pages.get("/permanences?essai=inconnu").text
    del jobs.held[1]
    assert "La Leur" in pages.get("/permanences").text  # nothing of one's own


def test_a_trial_older_than_the_build_says_so(demo_folder: Path, client: Clients) -> None:
    """It is no longer offered, its address still shows it."""
    pages = client(demo_folder)
    jobs = noted(pages)
    value = {**to_json(PLAN), **SECTIONS, "fichier": "outputs/essais/permanences_0.pdf"}
    jobs.answer("suppose_sites", supposition_of({"nombre": "2"}).arguments(), value)
    jobs.held[0] = replace(jobs.held[0], ended=datetime(2020, 1, 1, tzinfo=UTC))
    assert "Essai montré" not in pages.get("/permanences").text
    shown = pages.get(f"/permanences?essai={jobs.held[0].key}").text
    assert "Cet essai repose sur des données d’avant le dernier calcul." in shown


def test_a_decision_is_asked_of_the_log(demo_folder: Path, client: Clients) -> None:
    """A kind that does not exist asks nothing; undoing names the line."""
    pages = client(demo_folder)
    jobs = noted(pages)
    form = {"demande": "require", "lieu": "P1", "creneau": "lundi matin", "organisme": "Ville",
            "motif": "bail"}  # fmt: skip
    pages.post("/permanences/decisions", data=form)
    assert jobs.held[0].arguments["asked"] == {"require": "P1:lundi matin"}
    pages.post("/permanences/decisions", data={**form, "annule": "3"})
    assert (jobs.held[0].arguments["asked"], jobs.held[0].arguments["undo"]) == ({}, 3)
    pages.post("/permanences/decisions", data={**form, "demande": "effacer"})
    assert jobs.held[0].arguments["asked"] == {}


def test_a_form_is_read_as_fields() -> None:
    """What Starlette gives and what the view takes agree."""
    form = FormData([("nombre", "3")])
    assert supposition_of({key: str(value) for key, value in form.items()}).number == 3


def test_the_note_of_a_supposition_comes_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command works in a copy: the folder gets the note of the trial, and only that."""
    write_text(tmp_path / "territory.toml", "")
    write_text(tmp_path / "outputs/permanences.pdf", "today")

    def in_copy(folder: Path, *_: object) -> Answer:

        assert folder != tmp_path
        write_text(folder / "outputs/permanences.pdf", "trial")
        return Answer({"fichier": "outputs/permanences.pdf"}, ["Note : outputs/permanences.pdf"])

    monkeypatch.setattr("territory.commands.suppose.sites", in_copy)
    answer = suppose_sites(tmp_path, 2, {}, None, (0, False, 0, False, None), False, None)
    kept = answer.value["fichier"]
    assert kept.startswith("outputs/essais/permanences_")
    assert answer.lines == [f"Note : {kept}"]
    assert (tmp_path / "outputs/permanences.pdf").read_text() == "today"
    assert (tmp_path / kept).read_text() == "trial"
    for n in range(KEPT + 3):
        write_text(tmp_path / f"outputs/essais/secteurs_{n:02d}.pdf", "old")
        os.utime(tmp_path / f"outputs/essais/secteurs_{n:02d}.pdf", (n, n))
    again = suppose_sites(tmp_path, 2, {}, None, (0, False, 0, False, None), False, None)
    left = sorted(path.name for path in (tmp_path / "outputs/essais").iterdir())
    assert again.value["fichier"] == kept  # the same answer, the same note
    assert (len(left), left[0]) == (KEPT, (tmp_path / kept).name)
    assert "secteurs_03.pdf" not in left  # the oldest go first

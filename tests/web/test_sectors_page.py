"""Sectors: balance in words and bars, hours for those who may see them, what changes hands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from territory.model.jsonable import to_json
from territory.model.results import Ending, Sector, SectorPlan
from territory.settings import read_settings
from territory.web.shelf import Shelf
from territory.web.views.sectors import (
    ORGANISATION_COLUMNS,
    balance_sentence,
    change_of,
    organisation_table,
    part_rows,
    plan_of,
    sector_rows,
    today_rows,
)
from tests.web.stand_in import noted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from httpx import Response
    from starlette.testclient import TestClient

    Clients = Callable[..., TestClient]

PLAN = SectorPlan(
    (
        Sector("S1", ("M1",), ("1",), 12.0, 0.2, 300.0, {"outings_h": 12.0, "contacts_h": None}),
        Sector("S2", ("M2", "M3"), ("2",), 8.0, -0.2, None, {}, pieces=2),
    ),
    0.2, Ending.OPTIMAL, "",
)  # fmt: skip
CHANGE = {
    "question": "Absence de M1", "depart": "aujourd’hui", "ecart_avant": None, "ecart_apres": 0.05,
    "part_du_public": 0.17,
    "reprises": [
        {"de": ["M1"], "a": ["M2"], "lieux": ["Bourg : Gare"], "public": 262.4,
         "partenaires": [f"P{n}" for n in range(8)], "lieux_sensibles": 2},
        {"de": [], "a": ["M3"], "lieux": ["Écluse"], "public": None, "partenaires": [],
         "lieux_sensibles": 0},
    ],
}  # fmt: skip


def test_the_balance_is_one_sentence() -> None:
    """How many, how even; a single sector has nothing to compare."""
    assert balance_sentence(PLAN).startswith("2 secteurs, des charges inégales")
    assert "20\u202f%" in balance_sentence(PLAN)
    alone = SectorPlan(PLAN.sectors[:1], 0.0, Ending.OPTIMAL, "")
    assert balance_sentence(alone) == "Un seul secteur : tout le territoire."


def test_hours_of_a_mediator_are_for_those_who_may_see_them() -> None:
    """Without the right, shares stay and hours go; bars end at the largest load."""
    shown, hidden = (sector_rows(PLAN, hours=hours) for hours in (True, False))
    assert [row["hours"] for row in shown] == ["12,0", "8,0"]
    assert [row["hours"] for row in hidden] == ["", ""]
    assert [(row["share"], row["most"]) for row in hidden] == [(1.2, 1.2), (0.8, 1.2)]
    assert (hidden[1]["people"], hidden[1]["who"]) == ("inconnu", "M2 + M3")


def test_parts_not_known_are_said() -> None:
    """A sector whose parts nobody knows is left out of their table."""
    rows = part_rows(PLAN)
    assert [row["sector"] for row in rows] == ["S1"]
    assert rows[0]["parts"][0] == "12,0"
    assert rows[0]["parts"][-1] == "inconnu"


def test_what_changes_hands_names_partners_but_no_sensitive_place() -> None:
    """Six names, then how many more; sensitive places are counted."""
    change = change_of(CHANGE)
    first, second = change["rows"]
    assert first["partners"] == (
        "P0, P1, P2, P3, P4, P5 et 2 autres ; 2 lieux sensibles, à transmettre de vive voix"
    )
    assert (second["old"], second["people"], second["partners"]) == (
        "personne", "inconnu", "aucun connu",
    )  # fmt: skip
    assert change["before"] == "inconnu"


def test_a_plan_comes_back_from_the_answer_of_the_command() -> None:
    """What the JSON holds beside the plan is left aside."""
    assert plan_of({**to_json(PLAN), "changement": CHANGE, "fichier": "x"}) == PLAN


def test_today_is_what_the_team_file_says() -> None:
    """Communes by name; none told is everywhere."""
    team = pd.DataFrame({"communes": ["1|2", pd.NA]}, index=["M2", "M1"])
    rows = today_rows(team, {"1": "Bourg", "2": "Écluse"})
    assert [(row["who"], row["where"]) for row in rows] == [
        ("M1", "tout le territoire"), ("M2", "Bourg, Écluse"),
    ]  # fmt: skip


def test_organisations_keep_their_intervals_and_say_the_unknown() -> None:
    """A share with its ends, a figure without any, and none at all."""
    row = {"organisation": "Ensemble", "posts": 4.0, "presence_h": 4.3, "without": 0.1,
           "without_low": 0.08, "without_high": 0.12, "travel_h": None}  # fmt: skip
    found = organisation_table([row])[0]
    told = dict(zip((key for key, _, _ in ORGANISATION_COLUMNS), found["figures"], strict=True))
    assert told["presence_h"] == "4,3"
    assert told["without"] == "10\u202f% (8 à 12)"
    assert told["travel_h"] == "inconnu"


def test_the_page_shows_who_covers_what(demo_folder: Path, client: Clients) -> None:
    """Each sector of the build with a bar, and no style written in the page."""
    plan = Shelf(demo_folder).now().sectors
    text = client(demo_folder).get("/secteurs").text
    assert plan is not None
    assert text.count("<meter") >= len(plan.sectors)
    assert " style=" not in text


def test_an_absence_is_a_job_and_its_answer_is_shown(demo_folder: Path, client: Clients) -> None:
    """Codes are joined as the command takes them; what changes hands is listed."""
    pages = client(demo_folder)
    jobs = noted(pages)
    pages.post("/secteurs/essai", data={"absent": ["M1", "M2"], "postes": "5"})
    assert dict(jobs.held[0].arguments) == {
        "absent": "M1,M2", "posts": 5, "compare": False, "seed": None,
    }  # fmt: skip
    value = {**to_json(PLAN), "changement": CHANGE, "fichier": "outputs/essais/secteurs.pdf"}
    jobs.answer("suppose_sectors", jobs.held[0].arguments, value)
    text = pages.get("/secteurs").text
    assert "Bourg : Gare" in text
    assert "/fichiers/essais/secteurs.pdf" in text
    assert "sans M1, M2 ; 5 postes en tout" in text
    pages.post("/secteurs/comparaison", data={"organisations": "oui"})
    assert (jobs.held[0].order, jobs.held[0].arguments["compare"]) == ("sectors", True)


def test_a_commune_is_kept_given_to_another_and_taken_back(own_demo: Path, client: Clients) -> None:
    """Written in the settings; the page offers to undo each change, then to compute again."""
    pages = client(own_demo)
    held = Shelf(own_demo).now()
    commune = str(held.built.table("communes").index[0])  # type: ignore[union-attr]

    def asked(who: str, **more: str) -> Response:
        text = pages.get("/secteurs").text
        state = re.search(r'name="etat" value="([^"]+)"', text)
        assert state
        fields = {"quoi": commune, "qui": who, "etat": state.group(1), **more}
        return pages.post("/secteurs/reserves", data=fields)

    first = asked("M1")
    assert read_settings(own_demo).sectors.locked == {commune: "M1"}
    assert "reste à M1." in first.text
    assert "Recalculer les secteurs" in first.text
    assert re.search(
        r'name="qui" value="">\s*<button[^>]*id="annuler"', first.text
    )  # undo frees it
    second = asked("M2")
    assert re.search(r'name="qui" value="M1">\s*<button[^>]*id="annuler"', second.text)
    assert str(second.url).endswith(f"/secteurs?quoi={commune}&avant=M1#annuler")
    freed = asked("")
    assert "n’est plus réservée à personne." in freed.text
    assert read_settings(own_demo).sectors.locked == {}
    jobs = noted(pages)
    pages.post("/secteurs/comparaison")
    assert jobs.held[0].order == "sectors"


def test_a_reserve_that_cannot_be_is_said_and_nothing_is_written(
    own_demo: Path, client: Clients
) -> None:
    """Somebody unknown, a commune of elsewhere, settings changed by another meanwhile."""
    pages = client(own_demo)
    text = pages.get("/secteurs").text
    state = re.search(r'name="etat" value="([^"]+)"', text)
    commune = re.search(r'name="quoi">\s*<optgroup[^>]*><option value="([^"]+)"', text)
    assert state
    assert commune
    before = (own_demo / "territory.toml").read_text(encoding="utf-8")
    good = {"quoi": commune.group(1), "qui": "M1", "etat": state.group(1)}
    for wrong, said in (
        ({"qui": "Z9"}, "Choisissez une commune"), ({"quoi": "75056"}, "Choisissez une commune"),
        ({"etat": "autre"}, "changé entre-temps"),
    ):  # fmt: skip
        answer = pages.post("/secteurs/reserves", data={**good, **wrong})
        assert (answer.status_code, said in answer.text) == (422, True)
    assert (own_demo / "territory.toml").read_text(encoding="utf-8") == before
    assert 'class="said good row"' not in pages.get("/secteurs?quoi=75056&avant=M1").text


def test_a_zone_is_kept_by_its_name_and_the_way_back_is_offered(
    own_demo: Path, client: Clients
) -> None:
    """In the list, in the settings, in what can be undone; freed by undoing."""
    pages, held = client(own_demo), Shelf(own_demo).now()
    zone = held.gaps[0]
    text = pages.get("/secteurs").text
    assert f'<option value="{zone.zone_id}">1. ' in text
    state = re.search(r'name="etat" value="([^"]+)"', text)
    assert state
    asked = {"quoi": zone.zone_id, "qui": "M2", "etat": state.group(1)}
    told = pages.post("/secteurs/reserves", data=asked).text
    assert read_settings(own_demo).sectors.locked == {zone.zone_id: "M2"}
    assert "reste à M2." in told
    assert re.search(r'name="qui" value="">\s*<button[^>]*id="annuler"', told)
    state = re.search(r'name="etat" value="([^"]+)"', told)
    assert state
    back = {"quoi": zone.zone_id, "qui": "", "etat": state.group(1)}
    assert "n’est plus réservée à personne." in pages.post("/secteurs/reserves", data=back).text
    assert read_settings(own_demo).sectors.locked == {}


def test_a_zone_of_a_commune_that_somebody_else_keeps_is_refused(
    own_demo: Path, client: Clients
) -> None:
    """Said at once, by both names; what is held stays as it was."""
    pages, held = client(own_demo), Shelf(own_demo).now()
    zone = next(gap for gap in held.gaps if gap.commune_code)

    def asked(what: str, who: str) -> Response:
        state = re.search(r'name="etat" value="([^"]+)"', pages.get("/secteurs").text)
        assert state
        fields = {"quoi": what, "qui": who, "etat": state.group(1)}
        return pages.post("/secteurs/reserves", data=fields)

    assert asked(str(zone.commune_code), "M1").status_code == 200
    refused = asked(zone.zone_id, "M2")
    assert refused.status_code == 422
    assert "l’un est dans l’autre" in refused.text
    assert read_settings(own_demo).sectors.locked == {str(zone.commune_code): "M1"}
    assert asked(zone.zone_id, "M1").status_code == 200

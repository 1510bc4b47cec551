"""The settings that coordinators change: shown with their meaning, written in place, judged."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest

from territory.errors import BadSettings
from territory.outputs.settings_form import changed_values, settings_form
from territory.settings import Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

    Opens = Callable[..., TestClient]


def _as_shown(settings: Settings) -> dict[str, list[str]]:
    """Return what a browser sends of the form left as it is."""
    typed: dict[str, list[str]] = {}
    for _, fields in settings_form(settings):
        for field in fields:
            chosen = [name for name, yes in field.choices if yes]
            values = chosen or ([field.text] if field.text else [])
            typed |= {field.name: values} if values else {}
    return typed


def test_a_form_left_as_it_is_changes_nothing() -> None:
    assert changed_values(Settings(), _as_shown(Settings())) == {}


def test_what_is_typed_as_people_do_is_understood() -> None:
    typed = _as_shown(Settings())
    typed |= {"semaine.debut": ["8h30"], "marche.vitesse_kmh": ["4,2"], "semaine.fin": [" 18 h "]}
    del typed["semaine.binomes"]  # a box left empty is not sent
    typed["permanences.publics"] = ["femmes", "jeunes", "inconnu"]
    assert changed_values(Settings(), typed) == {
        ("semaine", "debut"): "08:30",
        ("semaine", "fin"): "18:00",
        ("semaine", "binomes"): False,
        ("marche", "vitesse_kmh"): 4.2,
        ("permanences", "publics"): ["jeunes", "femmes"],
    }


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("semaine.debut", "tôt", "écrivez une heure"),
        ("semaine.debut", "25:00", "écrivez une heure"),
        ("semaine.debut", "18:00", "doit venir après son début"),
        ("semaine.repas_min", "un peu", "écrivez un nombre entier"),
        ("semaine.repas_min", "12,5", "écrivez un nombre entier"),
        ("semaine.repas_min", "inf", "écrivez un nombre entier"),
        ("marche.vitesse_kmh", "", "écrivez un nombre"),
    ],
)
def test_what_cannot_be_is_said_with_its_field(name: str, text: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        changed_values(Settings(), {**_as_shown(Settings()), name: [text]})


def _state(page: str) -> str:
    found = re.search(r'name="etat" value="(\w+)"', page)
    assert found
    return found.group(1)


def test_a_change_is_written_in_place_and_asks_for_the_computation(
    own_demo: Path, client: Opens
) -> None:
    pages = client(own_demo)
    state = _state(pages.get("/reglages").text)
    typed = {**_as_shown(read_settings(own_demo)), "semaine.debut": ["10:00"], "etat": [state]}
    page = pages.post("/reglages", data=typed)
    assert "Les réglages sont enregistrés." in page.text
    assert 'action="/calcul"' in page.text
    written = (own_demo / "territory.toml").read_text(encoding="utf-8")
    assert written.startswith("# La ville fictive de Valfictif")  # comments stay
    assert read_settings(own_demo).week.day_start == "10:00"
    again = pages.post("/reglages", data={**typed, "semaine.debut": ["11:00"]})
    assert again.status_code == 422
    assert "Les réglages ont changé entre-temps" in html.unescape(again.text)
    assert 'value="11:00"' in again.text  # what was typed is not lost


def test_an_impossible_value_is_said_and_nothing_written(own_demo: Path, client: Opens) -> None:
    pages = client(own_demo)
    state = _state(pages.get("/reglages").text)
    before = (own_demo / "territory.toml").read_bytes()
    typed = {**_as_shown(read_settings(own_demo)), "marche.vitesse_kmh": ["70"], "etat": [state]}
    page = pages.post("/reglages", data=typed)
    assert page.status_code == 422
    assert "doit valoir au plus 7" in page.text
    assert (own_demo / "territory.toml").read_bytes() == before

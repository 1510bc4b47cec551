"""Accueil: the thing to do first, then what is known, on the built town."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from territory.io.week_edits import append_edit
from territory.io.week_store import sign_plan
from territory.model.week_edits import EditKind, WeekEdit
from territory.pipeline.week_held import delivered_plan

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

    Opens = Callable[..., TestClient]


def test_the_built_town_shows_its_week_its_zones_and_its_files(
    demo_folder: Path, client: Opens
) -> None:
    page = client(demo_folder).get("/").text
    first = page.index("À faire maintenant")
    week, zones, data = (page.index(w) for w in ("La semaine</h2>", "Où aller", "Les données"))
    assert first < week < zones < data
    assert "La semaine prochaine (du 02/11 au 08/11/2026) est prête. Il reste" in page
    assert page.count('<li class="card">') == 3
    assert "lundi 2 novembre" in page
    assert re.search(r"Fichier.*suivi_aller_vers\.xlsx.*977", page, re.DOTALL)
    assert "vendredi 1er janvier 2027" in page  # the next purge


def test_a_changed_setting_asks_for_the_computation_first(own_demo: Path, client: Opens) -> None:
    path = own_demo / "territory.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[zones]\nnombre = 5\n", encoding="utf-8")
    page = client(own_demo).get("/").text
    assert "réglages ont changé depuis le dernier calcul" in page
    assert 'action="/calcul"' in page


def test_a_week_not_planned_is_offered(own_demo: Path, client: Opens) -> None:
    shutil.rmtree(own_demo / "data" / "processed" / "90_week_2026-W45")
    page = client(own_demo).get("/").text
    assert "n’est pas encore préparée" in page
    assert 'action="/semaine-prochaine"' in page


def test_the_next_week_is_prepared_again_once_changed_and_told_once_signed(
    own_demo: Path, client: Opens
) -> None:
    pages = client(own_demo)
    plan = delivered_plan(own_demo, "2026-W45")
    assert plan is not None
    sign_plan(own_demo, plan)
    assert "est prête et signée." in pages.get("/").text
    append_edit(
        own_demo, "2026-W45", WeekEdit(EditKind.ABSENCE, agent="M1", on=plan.sessions[0].on)
    )
    page = pages.get("/").text
    assert "est d’avant les derniers changements" in page
    assert 'action="/semaine-prochaine"' in page


def test_before_any_build_the_files_are_listed_unread(fresh_town: Path, tmp_path: Path,
                                                      client: Opens) -> None:  # fmt: skip
    folder = shutil.copytree(fresh_town, tmp_path / "ville")
    page = client(folder).get("/").text
    assert "Il manque" in page  # lying in data/raw is not received: nobody listed them
    assert "Aucun fichier n’est encore reçu." in page

"""Semaine: the grid, an outing, the forms and what they note, two people at once, signing."""

from __future__ import annotations

import re
import shutil
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from territory.io.week_edits import edits_in_force, read_edits
from territory.model.week_edits import EditKind
from territory.outputs.french import weekday
from territory.pipeline.week_held import delivered_plan
from territory.web.jobs import Jobs
from territory.web.rights import Right
from territory.web.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient

    from territory.model.week_edits import WeekEdit
    from territory.model.week_results import Session, WeekPlan

    Opens = Callable[..., TestClient]
    Started = list[tuple[str, dict[str, Any]]]

WEEK = "2026-W45"
HERE = f"/semaine/{WEEK}"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Started:
    """The jobs asked for, none of which runs."""
    asked: Started = []

    def start(_: Jobs, order: str, arguments: dict[str, Any], **_told: object) -> None:
        asked.append((order, dict(arguments)))

    monkeypatch.setattr(Jobs, "start", start)
    return asked


def plan_of(folder: Path) -> WeekPlan:
    plan = delivered_plan(folder, WEEK)
    assert plan is not None
    return plan


def outings(folder: Path) -> list[Session]:
    return [s for s in plan_of(folder).sessions if s.stops]


def noted(folder: Path) -> list[WeekEdit]:
    return list(edits_in_force(read_edits(folder, WEEK)[0]).values())


def text_of(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def post(pages: TestClient, revision: int = 0, /, **fields: str) -> Any:  # noqa: ANN401
    data = {"revision": str(revision), **fields}
    return pages.post(f"{HERE}/changements", data=data, follow_redirects=False)


def test_the_week_says_who_goes_where_and_what_it_brings(demo_folder: Path, client: Opens) -> None:
    pages = client(demo_folder)
    page, plan = pages.get(HERE), plan_of(demo_folder)
    assert page.status_code == 200
    words = text_of(page.text)
    assert "personnes attendues aux sorties de la semaine" in words
    table = page.text[page.text.index("<table") : page.text.index("</table>")]
    assert table.count("Rendez-vous") == sum(len(s.agents) for s in plan.sessions if s.fixed)
    assert table.count(">Sortie") == sum(len(s.agents) for s in outings(demo_folder))
    for outing in outings(demo_folder):
        assert f"fiche {outing.code}" in words
        assert f'href="{HERE}/sorties/{outing.session_id}"' in table
    for path in re.findall(r'href="(/fichiers/[^"]+)"', page.text):
        assert pages.get(path).status_code == 200
    assert {"semaine.pdf", "semaine.ics", "semaine.xlsx", "semaine.csv", "semaine.json"} <= {
        path.rsplit("/", 1)[1] for path in re.findall(r'href="(/fichiers/[^"]+)"', page.text)
    }


def test_what_was_left_out_can_be_admitted_when_the_log_can(
    own_demo: Path, client: Opens, started: Started
) -> None:
    pages = client(own_demo)
    page = pages.get(HERE).text
    able = [o for o in plan_of(own_demo).left_out if o.by_placing]
    assert able
    assert page.count("L’admettre cette semaine :") == len(able)
    target = able[0].place_id or able[0].zone_id or ""
    assert post(pages, action="placer", cible=target).status_code == 303
    assert [(e.kind, e.target) for e in noted(own_demo)] == [(EditKind.PLACE, target)]
    assert started == [("week", {"which": WEEK, "seed": None})]


def test_an_outing_shows_its_stops_in_order_and_what_each_is_worth(
    demo_folder: Path, client: Opens
) -> None:
    outing = outings(demo_folder)[0]
    page = client(demo_folder).get(f"{HERE}/sorties/{outing.session_id}").text
    words = text_of(page)
    places = [words.index(" ".join(stop.name.replace("'", "’").split())) for stop in outing.stops]
    assert places == sorted(places)
    assert "Sans cet arrêt" in words
    assert f'src="/cartes/{WEEK}/carte.html#carte"' in page
    assert ".pdf" in page
    assert ".gpx" in page
    assert f'data-seule="seance-{outing.session_id}"' in page  # this outing, not the whole week
    for stop in outing.stops:
        assert f'data-montre="arret-{outing.session_id}-{stop.order}"' in page
    assert re.findall(r'<li value="(\d+)">', page) == [str(s.order) for s in outing.stops]


@pytest.mark.parametrize("path", ["/semaine/2026-W60", "/semaine/demain", f"{HERE}/sorties/rien"])
def test_what_is_no_week_and_no_outing_is_not_found(
    path: str, demo_folder: Path, client: Opens
) -> None:
    assert client(demo_folder).get(path).status_code == 404


def test_the_menu_leads_to_the_week_to_come(demo_folder: Path, client: Opens) -> None:
    answer = client(demo_folder).get("/semaine", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, HERE)


def test_before_a_build_and_before_a_plan_the_page_says_what_to_do(
    fresh_town: Path, demo_folder: Path, tmp_path: Path, client: Opens, started: Started
) -> None:
    folder = Path(shutil.copytree(fresh_town, tmp_path / "ville"))  # pages write in what they open
    assert "Rien n’est encore calculé" in client(folder).get(HERE).text
    pages = client(demo_folder)
    page = text_of(pages.get("/semaine/2026-W52").text)
    assert "Cette semaine n’est pas encore préparée." in page
    assert "Préparer la semaine du lundi 21 décembre 2026" in page
    answer = pages.post("/semaine/2026-W52/preparer", follow_redirects=False)
    assert answer.headers["location"].startswith("/semaine/2026-W52")
    assert started == [("week", {"which": "2026-W52", "seed": None})]


def test_an_absence_is_noted_shown_and_taken_back(
    own_demo: Path, client: Opens, started: Started
) -> None:
    pages = client(own_demo)
    token = {"csrf": pages.headers.pop("x-csrf-token")}  # as a browser sends it, in the form
    ill = {"action": "absent", "qui": "M2", "moment": "mardi", "debut": "08:15", "fin": ""}
    assert post(pages, **ill, **token).status_code == 303
    (edit,) = noted(own_demo)
    assert (edit.agent, edit.start_min, edit.end_min) == ("M2", 8 * 60 + 15, None)
    words = text_of(pages.get(HERE).text)
    assert "Absence de M2, mardi 3 novembre 2026 à partir de 8 h 15." in words
    assert "Des changements notés ne sont pas encore dans ce plan." in words
    assert "Signer la semaine" not in words
    assert post(pages, 1, action="annuler", numero="1", **token).status_code == 303
    assert noted(own_demo) == []
    assert "Des changements notés" not in text_of(pages.get(HERE).text)
    assert len(started) == 2


def test_what_was_just_noted_is_taken_back_and_restored_at_one_click(
    own_demo: Path, client: Opens, started: Started
) -> None:
    """A move is three lines and one « Annuler »; taking it back can be taken back too."""
    pages = client(own_demo)
    outing = next(s for s in outings(own_demo) if any(not t.place_id for t in s.stops))
    moment = "vendredi apres-midi" if outing.on.weekday() != 4 else "lundi matin"
    answer = post(pages, action="deplacer", sortie=outing.session_id, moment=moment, qui="")
    assert answer.headers["location"] == f"{HERE}?fait=1,2#annuler"

    def banner(address: str) -> tuple[str, str]:
        page = pages.get(address).text
        found = re.search(r'name="numero" value="([^"]+)">\s*<button[^>]*id="annuler"', page)
        assert found
        around = page[: found.start()]
        return found.group(1), text_of(around[around.rindex('class="said good row"') :])

    lines, said = banner(answer.headers["location"])
    assert lines == "1 2"
    assert "Déplacé de " in said
    back = post(pages, 2, action="annuler", numero=lines)
    assert noted(own_demo) == []
    lines, said = banner(back.headers["location"])
    assert (lines, said.count("Annulé : Déplacé de ")) == ("3 4", 1)
    assert ">Rétablir<" in pages.get(back.headers["location"]).text
    again = post(pages, 4, action="annuler", numero=lines)
    assert len(noted(own_demo)) == 2
    assert "Rétabli : Déplacé de " in banner(again.headers["location"])[1]
    for nothing in ("", "99", "3,4", "abc"):
        assert 'id="annuler"' not in pages.get(f"{HERE}?fait={nothing}").text
    assert len(started) == 3


@pytest.mark.usefixtures("started")
def test_each_outing_of_the_grid_is_locked_and_its_zone_excluded_at_one_click(
    own_demo: Path, client: Opens
) -> None:
    pages = client(own_demo)
    page = pages.get(HERE).text
    grid = page[page.index("<table") : page.index("</table>")]
    shown = sum(len(s.agents) for s in outings(own_demo))
    assert grid.count(">Verrouiller</button>") == shown
    assert grid.count('#deplacer"') == shown
    zones = sum(len(s.agents) for s in outings(own_demo) if s.zone_id)
    assert grid.count(">Exclure la zone</button>") == zones > 0
    outing = outings(own_demo)[0]
    post(pages, action="verrou", sortie=outing.session_id)
    assert pages.get(HERE).text.count(">Déverrouiller</button>") == 1 + len(outing.agents)


def test_who_read_the_week_before_another_changed_it_is_told(
    own_demo: Path, client: Opens, started: Started
) -> None:
    pages = client(own_demo)
    first, second = outings(own_demo)[:2]
    assert post(pages, action="verrou", sortie=first.session_id).status_code == 303
    late = post(pages, action="verrou", sortie=second.session_id)
    assert late.status_code == 409
    assert "Quelqu’un a changé cette semaine entre-temps" in text_of(late.text)
    assert 'name="revision" value="1"' in late.text  # the page as it is now
    assert [e.target for e in noted(own_demo)] == [first.session_id]
    assert len(started) == 1


def test_an_outing_moved_leaves_its_half_day_and_its_lock(
    own_demo: Path, client: Opens, started: Started
) -> None:
    pages = client(own_demo)
    outing = next(s for s in outings(own_demo) if any(not t.place_id for t in s.stops))
    post(pages, action="verrou", sortie=outing.session_id)
    moment = "vendredi apres-midi" if outing.on.weekday() != 4 else "lundi matin"
    answer = post(pages, 1, action="deplacer", sortie=outing.session_id, moment=moment, qui="M2")
    assert answer.status_code == 303
    shut, wanted = noted(own_demo)
    assert (shut.kind, shut.on, shut.half_day) == (EditKind.EXCLUDE, outing.on, outing.half_day)
    assert (wanted.kind, wanted.agent, wanted.target) == (EditKind.PLACE, "M2", shut.target)
    assert wanted.target in {stop.zone_id for stop in outing.stops}
    back = f"{weekday(outing.on.weekday())} {outing.half_day}"
    stays = post(pages, 4, action="deplacer", sortie=outing.session_id, moment=back, qui="")
    assert stays.status_code == 422
    assert "déjà là" in stays.text
    assert len(started) == 2
    assert 'name="numero" value="3 4"' in stays.text  # one thing asked, one thing to take back
    assert post(pages, 4, action="annuler", numero="3 4").status_code == 303
    assert noted(own_demo) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"action": "exclure", "cible": "Nulle part"}, "ni lieu ni zone de ce nom"),
        ({"action": "absent", "qui": "Z9", "moment": "mardi"}, "n’est pas un code de l’équipe"),
        ({"action": "rendez_vous", "qui": "M1", "jour": "jeudi"}, "Donnez l’heure de début"),
        ({"action": "annuler", "numero": "99"}, "il annule une ligne qui n’existe pas"),
        ({"action": "rien"}, "n’est pas connu"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_noted(
    fields: dict[str, str], said: str, demo_folder: Path, client: Opens, started: Started
) -> None:
    answer = post(client(demo_folder), **fields)
    assert answer.status_code == 422
    assert said in text_of(answer.text)
    assert fields.get("cible", "") in answer.text  # the form stays as it was filled
    assert (noted(demo_folder), started) == ([], [])


def test_a_plan_that_holds_all_that_is_known_can_be_signed(
    own_demo: Path, client: Opens, started: Started
) -> None:
    pages = client(own_demo)
    assert "Signer la semaine" in pages.get(HERE).text
    sign = f"{HERE}/signer"
    assert pages.post(sign, data={"revision": "0"}, follow_redirects=False).status_code == 303
    assert started == [("sign", {"week": WEEK, "seed": None, "revision": 0})]
    post(pages, action="verrou", sortie=outings(own_demo)[0].session_id)
    late = pages.post(sign, data={"revision": "1"}, follow_redirects=False)
    assert late.status_code == 409
    assert "préparez d’abord la semaine" in late.text
    assert [order for order, _ in started] == ["sign", "week"]


def test_who_only_reads_has_no_form_and_no_hours(
    demo_folder: Path, client: Opens, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = client(demo_folder)
    assert "Charge de chacun" in pages.get(HERE).text
    monkeypatch.setattr(Visitor, "may", lambda _, right: right is Right.READ)
    page = pages.get(HERE).text
    assert re.findall(r'method="post" action="([^"]+)"', page) == ["/langue"]
    assert "Charge de chacun" not in page
    assert "semaine.pdf" not in page  # it tells the hours of each
    assert "semaine.csv" in page
    assert pages.get(f"/fichiers/{WEEK}/semaine.pdf").status_code == 403
    assert pages.get(f"/fichiers/{WEEK}/semaine.csv").status_code == 200
    assert post(pages, action="absent", qui="M2", moment="mardi").status_code == 403
    assert started == []

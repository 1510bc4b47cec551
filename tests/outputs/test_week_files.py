"""The week as a page, a CSV, JSON and lines of a terminal; never a sensitive place."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pypdf
import pytest

from territory.model.jsonable import from_json, to_json
from territory.model.results import Ending
from territory.model.week_results import Carried, LeftOut, Shelter, WeekPlan
from territory.outputs.week_account import week_account
from territory.outputs.week_csv import HEADERS, write_week_csv
from territory.outputs.week_grid import week_grid, worth
from territory.outputs.week_page import write_week_page
from territory.outputs.week_shown import shown_plan
from territory.planning.codes import coded
from territory.settings import Settings
from tests.outputs.map_town import outing, plan

if TYPE_CHECKING:
    from pathlib import Path

LEFT = (
    LeftOut("Zone 3", "Trop loin."),
    LeftOut("Zone 4", "Personne le jeudi.", "heures", "Deux heures de plus le jeudi."),
)


def whole() -> WeekPlan:
    carried = (Carried("M1", 6.3, 9000, 1, 0, 7.5),)
    planned = coded(plan())
    met = tuple(
        replace(s, stops=tuple(replace(t, value=20.0) for t in s.stops)) for s in planned.sessions
    )
    return replace(
        planned, sessions=met, value=60.0, bound=61.8, ending=Ending.WITHIN_GAP, left_out=LEFT,
        carried=carried, changes=("3 arrêts changés sur 41.",),
    )  # fmt: skip


def crowd(agents: int, letters: int = 60) -> WeekPlan:
    """A team with a session each half-day, long titles."""
    sessions = tuple(
        outing(date(2026, 11, day), session_id=f"S{n}-{day}-{half}", agents=(f"M{n}",),
               half_day=half, title=("Quartier " * 20)[:letters],
               start_min=540 if half == "matin" else 840, end_min=700 if half == "matin" else 1000)
        for n in range(agents) for day in range(23, 28) for half in ("matin", "apres-midi")
    )  # fmt: skip
    left = tuple(LeftOut(f"Zone {n}", "Une raison. " * 20, "", "Un remède. ") for n in range(30))
    return coded(replace(plan(), sessions=sessions, left_out=left))


def read(path: Path) -> str:
    pages = pypdf.PdfReader(path).pages
    return " ".join(" ".join(p.extract_text() for p in pages).split()).replace("\u202f", " ")


def test_the_page_says_who_where_what_it_brings_and_what_would_admit_the_rest(
    tmp_path: Path,
) -> None:
    path = write_week_page(tmp_path / "semaine.pdf", whole(), Settings(), digest="abc123" * 10)
    (page,) = pypdf.PdfReader(path).pages
    assert float(page.mediabox.width) == pytest.approx(841.89, abs=0.1)
    assert float(page.mediabox.height) == pytest.approx(595.28, abs=0.1)
    text = read(path)
    people = 20 * sum(len(s.stops) for s in whole().sessions)
    for words in (
        "Semaine 48", "mardi 24", "M1", "M2", "avec M2", "Maraude Secteur 1",
        whole().sessions[0].code, f"Environ {people} personnes attendues",
        "Un autre plan vaudrait au plus 1,8 personne de plus, présence",
        "Empreinte : abc123abc123.",
        "Pour l’admettre : Deux heures de plus le jeudi.", "3 arrêts changés sur 41.",
        "6,3 h de sortie", "part due 7,5 h",
    ):  # fmt: skip
        assert words in text, words
    assert text.index("Zone 4") < text.index("Zone 3")
    assert b"pdfuaid" in path.read_bytes()


@pytest.mark.parametrize(("agents", "letters", "most"), [(6, 60, 1), (9, 90, 2)])
def test_a_full_week_is_cut_rather_than_made_too_small_to_read(
    tmp_path: Path, agents: int, letters: int, most: int
) -> None:
    path = write_week_page(tmp_path / "semaine.pdf", crowd(agents, letters), Settings())
    assert len(pypdf.PdfReader(path).pages) == most
    assert "autres (voir le classeur)" in read(path)


def test_same_plan_same_page(tmp_path: Path) -> None:
    first = write_week_page(tmp_path / "a.pdf", whole(), Settings()).read_bytes()
    assert write_week_page(tmp_path / "b.pdf", whole(), Settings()).read_bytes() == first


def test_the_grid_shows_pairs_in_both_rows_and_saturday_only_when_worked() -> None:
    grid = week_grid(plan())
    assert grid.agents == ("M1", "M2")
    assert [d.day for d in grid.days] == [23, 24, 25, 26, 27]
    assert [cells[2][0].mates for cells in grid.cells] == [("M2",), ("M1",)]
    saturday = replace(plan(), sessions=(outing(date(2026, 11, 28)),))
    assert [d.day for d in week_grid(saturday).days] == [23, 24, 25, 26, 27, 28]


@pytest.mark.parametrize(
    ("ending", "value", "bound", "said"),
    [
        (Ending.OPTIMAL, 60.0, 60.0, "Aucun autre plan ne vaut plus, présence"),
        (Ending.WITHIN_GAP, 60.0, 72.0, "au plus 12,0 personnes de plus, présence"),
        (Ending.TIME_UP, -6.0, 12.0, "au plus 18,0 personnes de plus"),
        (Ending.TIME_UP, 60.0, None, "n'a pas été cherché."),
        (Ending.OPTIMAL, 0.0, None, "n'a pas été estimé."),
    ],
)
def test_nothing_is_called_best_that_is_not_proved(
    ending: Ending, value: float, bound: float | None, said: str
) -> None:
    found = worth(replace(plan(), ending=ending, value=value, bound=bound))
    assert said in found.replace("\u202f", " ")


def test_the_csv_comes_back_equal_to_the_plan(tmp_path: Path) -> None:
    fixed = outing(session_id="S3", fixed=True, stops=(), path=(), place_id="p1", title="=Réunion")
    planned = coded(replace(plan(), sessions=(*plan().sessions, fixed)))
    content = write_week_csv(tmp_path / "semaine.csv", planned).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8-sig").split("\r\n")
    rows = list(csv.DictReader(lines[:-1], delimiter=";"))
    assert tuple(rows[0]) == HEADERS
    back = [
        (r["fiche"], r["titre"].removeprefix("'"), r["agents"].split("|"),
         _minute(r["heure_debut"]), _minute(r["heure_fin"]), r["arret"],
         r["lieu"], _minute(r["arrivee"]), r["marche_m"])
        for r in rows
    ]  # fmt: skip
    expected = [
        (s.code, s.title, list(s.agents), s.start_min, s.end_min, t.code, t.name, t.arrive_min,
         str(t.walk_m))
        for s in planned.sessions for t in s.stops
    ]  # fmt: skip
    last = planned.sessions[-1]
    alone = (
        last.code,
        last.title,
        list(last.agents),
        last.start_min,
        last.end_min,
        "",
        "",
        None,
        "",
    )
    assert back == [*expected, alone]
    assert rows[-1]["titre"] == "'=Réunion"
    assert rows[-1]["id_lieu"] == "p1"
    assert rows[-1]["pourquoi"] == last.reason


def _minute(text: str) -> int | None:
    return int(text[:2]) * 60 + int(text[3:]) if text else None


def test_json_comes_back_equal_to_the_plan() -> None:
    text = json.dumps(to_json(whole()))
    assert from_json(WeekPlan, json.loads(text)) == whole()


def test_the_account_says_why_the_remedy_first_and_the_load() -> None:
    told = "\n".join(week_account(whole())).replace("\u202f", " ").replace("\xa0", " ")
    assert "Semaine 2026-W48 : 2 maraudes proposées, 0 rendez-vous conservés." in told
    assert "     La zone la moins couverte." in told
    assert told.index("Zone 4") < told.index("Pour l'admettre : Deux heures") < told.index("Zone 3")
    assert "Charge : M1 6,3 h de sortie, 9,0 km à pied, soirées : 1, part due 7,5 h" in told
    assert "Changement : 3 arrêts changés sur 41." in told
    assert "Attention : Attention à la pluie." in told


def test_a_sensitive_place_is_neither_named_nor_drawn_nor_walked_to() -> None:
    secret = outing(title="Maraude : Foyer protégé", announce="Au Foyer protégé, jeudi.",
                    shelters=(Shelter("p4", "Foyer protégé", 540, 600, 3, ""),))  # fmt: skip
    stops = (replace(secret.stops[0], place_id="p4", name="Foyer protégé"), secret.stops[1])
    left = (LeftOut("Foyer protégé", "Foyer protégé fermé.", place_id="p4"),)
    planned = replace(plan(), sessions=(replace(secret, stops=stops),), left_out=left)
    shown = shown_plan(coded(planned), frozenset({"p4"}))
    assert "Foyer" not in json.dumps(to_json(shown), ensure_ascii=False)
    (session,) = shown.sessions
    assert (session.path, session.streets, [s.name for s in session.stops]) == (
        (),
        (),
        ["rue Droite"],
    )
    assert session.code
    assert shown.left_out[0].name == "Lieu protégé"
    assert shown_plan(planned, frozenset()) == planned

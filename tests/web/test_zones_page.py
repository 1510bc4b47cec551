"""The zones: the first as cards, filters kept in the address, sorted by links, small counts."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from territory.model.jsonable import to_json
from territory.model.results import Gap, Reason, Variant, Verdict
from territory.web.shelf import Shelf
from territory.web.views.zones import (
    NEVER,
    Choice,
    export_rows,
    of_commune,
    sorted_lines,
    stability_rows,
    stable_sentence,
    waiting_rows,
    zone_lines,
)
from tests.web.stand_in import noted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.testclient import TestClient

    Clients = Callable[..., TestClient]

TOWNS = {"1": "Écluse", "2": "Bourg"}


def _gap(rank: int, **changes: object) -> Gap:
    reasons = tuple(Reason(kind, f"{kind}.", 1.0) for kind in ("besoin", "acces", "effort"))
    gap = Gap(
        rank=rank, zone_id=f"Z{rank}", name=f"Zone {rank}", commune_code=str(1 + rank % 2),
        cells=("c",), residents=1000.0 * rank, target=100.0, minutes=12.0, contacts=20.0,
        expected=40.0, months_since=2.0, p_below_half=0.9, score=3.0, verdict=Verdict.PROBABLE,
        reasons=reasons,
    )  # fmt: skip
    return replace(gap, **changes)


def test_small_counts_and_the_unknown_are_told_and_never_sorted_apart() -> None:
    """1 to 4 people are « < 5 », all alike for the order; no outing, no walk are words."""
    gaps = [_gap(1, contacts=4.0, minutes=None), _gap(2, contacts=1.0, months_since=None)]
    lines = zone_lines(gaps, TOWNS)
    assert [line.texts["contacts"] for line in lines] == ["<\u00a05", "<\u00a05"]
    assert lines[0].keys["contacts"] == lines[1].keys["contacts"]
    assert (lines[0].texts["marche"], lines[1].texts["passage"]) == ("hors d’atteinte", NEVER)
    assert zone_lines([_gap(1, expected=0.0)], TOWNS)[0].texts["contacts"] == "non compté"


def test_lines_are_sorted_by_what_the_address_says() -> None:
    """Figures both ways, names without accents, the unknown last, an unknown key as the rank."""
    lines = zone_lines([_gap(3), _gap(1), _gap(2, minutes=None)], TOWNS)
    order = lambda **asked: [  # noqa: E731 - short
        line.zone_id for line in sorted_lines(lines, Choice(**asked))
    ]
    assert order() == ["Z1", "Z2", "Z3"]
    assert order(sort="habitants", down=True) == ["Z3", "Z2", "Z1"]
    assert order(sort="marche")[-1] == "Z2"
    assert order(sort="commune") == ["Z1", "Z3", "Z2"]
    assert order(sort="<script>") == order()
    assert order(sort="stabilite", down=True) == order()


def test_an_address_keeps_the_choices_and_leaves_out_what_is_usual() -> None:
    """Shareable: filters stay when a column sorts; a second click turns the order."""
    choice = Choice("1", "jeunes", "lundi matin")
    assert Choice().address() == "/zones"
    assert choice.address() == "/zones?commune=1&public=jeunes&creneau=lundi+matin"
    assert "tri=habitants&sens=baisse" in choice.sorted_by("habitants")
    assert "sens" not in replace(choice, sort="habitants", down=True).sorted_by("habitants")


def test_what_stays_whatever_the_settings_is_said() -> None:
    """A zone kept by every variant is named; the others say which put them out."""
    gaps = [_gap(1), _gap(2)]
    variants = [Variant("grille", ("Z1", "Z2")), Variant("par IRIS", ("Z1",))]
    assert stable_sentence(gaps, variants).endswith("parmi les premières : « Zone 1 ».")
    assert stability_rows(gaps, variants)[1]["lost"] == ["par IRIS"]
    assert stable_sentence(gaps, []) == ""
    assert "Aucune zone" in stable_sentence([_gap(2)], variants)


def test_areas_waiting_are_those_where_nobody_came() -> None:
    """An area seen lately is not waiting; never is said in words."""
    areas = [
        {"type": "qpv", "nom": "A", "etat": "jamais", "semaines": None, "habitants": 1200},
        {"type": "qpv", "nom": "B", "etat": "récemment", "semaines": 1, "habitants": 10},
        {"type": "commune", "nom": "C", "etat": "depuis longtemps", "semaines": 9, "habitants": 5},
    ]
    found = waiting_rows(areas)
    assert [(row["name"], row["since"]) for row in found if row["name"] != "B"] == [
        ("A", NEVER), ("C", "9 semaines"),
    ]  # fmt: skip


def test_the_table_to_keep_has_headers_with_units() -> None:
    """One row a zone after the headers, those of one commune when it is chosen."""
    gaps = of_commune([_gap(1), _gap(2), _gap(3)], "2")
    rows = export_rows(zone_lines(gaps, TOWNS))
    assert [row[1] for row in rows] == ["Zone", "Zone 1", "Zone 3"]
    assert "Habitants (personnes)" in rows[0]


def test_the_page_shows_the_zones_of_the_build(demo_folder: Path, client: Clients) -> None:
    """Each zone by name with its three reasons and a button for the map; files to keep."""
    pages = client(demo_folder)
    text = pages.get("/zones").text
    gaps = Shelf(demo_folder).now().gaps
    for gap in gaps:
        assert f'data-montre="{gap.zone_id}"' in text
    assert text.count('<ul class="reasons">') == min(len(gaps), 10)
    assert "zones.pdf" in text
    assert "territoire.gpkg" in text
    one = pages.get(f"/zones/{gaps[0].zone_id}").text
    assert "Ce qui changerait le verdict" in one
    assert pages.get("/zones/Z-nulle-part").status_code == 404


def test_a_commune_is_filtered_at_once(demo_folder: Path, client: Clients) -> None:
    """Only its zones are in the table and in the file; a name that spreadsheets run is quoted."""
    gaps = Shelf(demo_folder).now().gaps
    code = gaps[0].commune_code
    rows = client(demo_folder).get(f"/zones/zones.csv?commune={code}").text.splitlines()
    assert len(rows) == 1 + sum(gap.commune_code == code for gap in gaps)


def test_choices_are_kept_by_every_link_form_and_file(demo_folder: Path, client: Clients) -> None:
    """To a zone and back, by column, to another length of time; files follow them or say not."""
    pages = client(demo_folder)
    gaps = Shelf(demo_folder).now().gaps
    code = str(gaps[0].commune_code)
    chosen = f"commune={code}&semaines=9&tri=score&sens=baisse"
    text = unescape(pages.get(f"/zones?{chosen}").text)
    links = re.findall(r'href="(/zones/[^"]+)"', text)
    assert {f"/zones/zones.csv?{chosen}", f"/zones/zones.geojson?{chosen}"} <= set(links)
    assert all(link.endswith(f"?{chosen}") for link in links)
    sorted_by = re.findall(r'href="/zones\?([^"#]+)#tableau"', text)
    assert sorted_by
    assert all(f"commune={code}&semaines=9" in told for told in sorted_by)
    assert "PDF, classeur et couches ont toutes les zones" in text
    assert "ont toutes les zones" not in pages.get("/zones").text
    back = unescape(pages.get(f"/zones/{gaps[0].zone_id}?{chosen}").text)
    assert f'href="/zones?{chosen}"' in back
    forms = [part for part in text.split("<form") if 'action="/zones/recherche"' in part]
    for form in forms:
        assert all(
            f'name="{name}"' in form for name in ("commune", "public", "creneau", "semaines")
        )
    areas = pages.get(f"/zones/zones.geojson?commune={code}").json()["features"]
    assert [area["id"] for area in areas] == [g.zone_id for g in gaps if g.commune_code == code]
    assert areas[0]["properties"]["Zone"] == gaps[0].name


def test_a_public_is_searched_by_a_job_then_shown(demo_folder: Path, client: Clients) -> None:
    """Nothing is computed by a page that is read; the address shows what the job found."""
    pages = client(demo_folder)
    jobs = noted(pages)
    address = "/zones?public=jeunes&creneau=lundi+matin"
    assert "Chercher ces zones" in pages.get(address).text
    assert not jobs.held
    pages.post("/zones/recherche", data={"public": "jeunes", "creneau": "lundi matin"})
    asked = jobs.held[0]
    assert (asked.order, asked.back) == ("zones", address)
    assert asked.arguments["cohort"] == "jeunes"
    jobs.answer("zones", asked.arguments, {"zones": to_json((_gap(1, name="Trouvée"),))})
    assert "Trouvée" in pages.get(address).text


def test_weeks_that_mean_nothing_are_left_out(demo_folder: Path, client: Clients) -> None:
    """The usual list is shown, no job is started."""
    pages = client(demo_folder)
    jobs = noted(pages)
    for weeks in ("0", "x", "99999", "-3"):
        assert pages.get(f"/zones?semaines={weeks}").status_code == 200
        pages.post("/zones/recherche", data={"semaines": weeks})
    assert not jobs.held


def test_weeks_are_searched_by_a_job(demo_folder: Path, client: Clients) -> None:
    """Another number of weeks than the usual one is asked of the command."""
    pages = client(demo_folder)
    jobs = noted(pages)
    pages.post("/zones/recherche", data={"semaines": "4"}, headers={"hx-request": "true"})
    assert jobs.held[0].arguments["unvisited"] == 4
    area = {"type": "qpv", "nom": "Les Attentes", "etat": "jamais", "semaines": None,
            "habitants": 900}  # fmt: skip
    value = {"zones": [], "sans_passage": {"semaines": 4, "lieux": [area]}}
    jobs.answer("zones", jobs.held[0].arguments, value)
    assert "Les Attentes" in pages.get("/zones?semaines=4").text


def test_what_is_typed_in_an_address_is_escaped(demo_folder: Path, client: Clients) -> None:
    """A public that does not exist is words, never markup."""
    text = client(demo_folder).get("/zones?public=<script>alert(1)</script>").text
    assert "<script>alert" not in text

"""The offline map as a file: what is in it, what must never be, and the same bytes twice."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiPolygon, box

from territory.model.facts import FACT_TABLE
from territory.model.results import Ending, SitePlan, Variant, Verdict
from territory.model.tables import conform
from territory.model.week_results import WeekPlan
from territory.outputs.map_assets import asset_manifest
from territory.outputs.map_cells import cell_figures, cell_themes, priority_theme, small_count
from territory.outputs.map_content import arrows, degrees, place_marks, with_freshness
from territory.outputs.map_page import script_json
from territory.outputs.map_tables import week_name
from territory.outputs.maps import write_map
from territory.outputs.packed_layer import pack
from territory.planning.calendar import week_days
from territory.settings import Settings
from tests.outputs.map_town import X0, Y0, analyses, cells, outing, plan, site_plan, stop, town
from tests.outputs.test_zone_cards import zone

if TYPE_CHECKING:
    from pathlib import Path

LEAFLET = {
    "leaflet.js": "db49d009c841f5ca34a888c96511ae936fd9f5533e90d8b2c4d57596f4e5641a",
    "leaflet.css": "a7837102824184820dfa198d1ebcd109ff6d0ff9a2672a074b9a1b4d147d04c6",
    "images/layers.png": "1dbbe9d028e292f36fcba8f8b3a28d5e8932754fc2215b9ac69e4cdecf5107c6",
    "images/layers-2x.png": "066daca850d8ffbef007af00b06eac0015728dee279c51f3cb6c716df7c42edf",
}


def written(folder: Path, **changes: object) -> str:
    return write_map(folder / "carte.html", **town(**changes)).read_text(encoding="utf-8")


def test_third_party_files_are_the_known_ones() -> None:
    manifest = asset_manifest()
    assert {a.name: a.sha256 for a in manifest} == LEAFLET
    assert {(a.version, a.licence) for a in manifest} == {("1.9.4", "BSD-2-Clause")}


def test_same_content_same_bytes_whatever_the_order_of_rows(tmp_path: Path) -> None:
    arguments = town()
    shuffled = {
        k: v.sample(frac=1, random_state=3) if isinstance(v, pd.DataFrame) else v
        for k, v in arguments.items()
    }
    first = write_map(tmp_path / "a.html", **arguments).read_bytes()
    assert write_map(tmp_path / "b.html", **shuffled).read_bytes() == first


def test_page_is_french_and_closed_to_the_network(tmp_path: Path) -> None:
    page = written(tmp_path)
    assert page.startswith('<!DOCTYPE html>\n<html lang="fr">')
    assert "default-src 'none'; script-src 'sha256-" in page
    assert "unsafe-eval" not in page
    assert '<meta name="referrer" content="no-referrer">' in page
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page
    assert "user-scalable" not in page
    assert "<title>Villefictive – semaine 48</title>" in page
    assert not re.search(r"<(?:script|img|link|iframe)[^>]+(?:src|href)=", page)
    assert not re.search(r"url\((?!data:|#)", page)


def test_french_marks_hold_to_their_word(tmp_path: Path) -> None:
    read = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", written(tmp_path), flags=re.DOTALL)
    assert re.findall(r"\w [:;?!»].{20}|« .{20}|[^\W\d_](?:'|&#39;)[^\W\d_].{20}", read) == []


def test_names_from_files_stay_text(tmp_path: Path) -> None:
    page = written(tmp_path)
    assert page.count("<script>") == page.count("</script>") == 1
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert(1)" not in page
    assert "{{ 7 * 7 }}" in page  # shown as written, not computed
    assert "Secteur 1 <b>" not in page


@given(st.text())
def test_json_for_scripts_reads_back_and_opens_nothing(text: str) -> None:
    written_text = script_json([text, {"a": text}])
    assert not re.search(r"[<>&\u2028\u2029]|\{[{%#]", written_text)
    assert pd.io.json.ujson_loads(written_text) == [text, {"a": text}]


def test_sensitive_places_are_nowhere_in_the_file(tmp_path: Path) -> None:
    secret = outing(
        session_id="S9",
        title="Permanence discrète",
        stops=(stop(1, "Foyer protégé", 900, 700, "p4"),),
    )
    base = plan()
    page = written(tmp_path, plan=replace(base, sessions=(*base.sessions, secret)))
    assert "Foyer protégé" not in page
    assert "rue Cachée" not in page
    assert "Permanence discrète" not in page
    assert "permanence-p4" not in page
    assert "lieu-p4" not in page


@pytest.mark.parametrize(
    ("verified", "said"),
    [
        (None, "Fiche sans date de vérification"),
        ("2026-11-02", "Fiche vérifiée ce mois-ci"),
        ("2026-01-05", "Fiche vérifiée il y a 10 mois"),
        ("2025-01-05", "Fiche vérifiée il y a 22 mois : à confirmer"),
    ],
)
def test_the_card_of_a_place_says_how_fresh_it_is(
    tmp_path: Path, verified: str | None, said: str
) -> None:
    places, week = town()["places"], town()["plan"].week
    assert week == "2026-W48"
    places.loc["p1", "updated_on"] = pd.Timestamp(verified) if verified else pd.NaT
    places.loc["p1", ["crowd", "crowd_source"]] = [1200, "équipe, mars 2026"]
    (mark,) = place_marks(with_freshness(places.loc[["p1"]].to_crs(4326), week_days(week)[0]))
    assert mark.note.lines[-1] == said
    assert mark.note.lines[-2] == "Affluence estimée : 1\u202f200 (équipe, mars 2026)"
    assert said in written(tmp_path, places=places)  # the tables below the map say it too


def test_the_card_of_a_place_says_which_facts_are_old(tmp_path: Path) -> None:
    rows = [("p1", "horaires", "2024-03-05"), ("p1", "position", "2020-07-01"),
            ("p1", "statut", "2026-11-02"), ("p2", "horaires", None),
            ("p4", "horaires", "2019-05-01")]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["place_id", "fact", "verified_on"]).assign(basis="fiche")
    facts = conform(frame.set_axis(frame["place_id"] + ":" + frame["fact"]), FACT_TABLE)
    page = written(tmp_path, facts=facts)
    assert "Horaires à vérifier (relevés en mars 2024)" in page
    assert "Adresse à vérifier (relevée en juillet 2020)" in page
    assert "Horaires sans date de vérification" in page
    assert "Statut à vérifier" not in page
    assert "mai 2019" not in page  # a sensitive place
    assert written(tmp_path, facts=facts.iloc[::-1]) == page


@pytest.mark.parametrize("kind", ["lieu_culte", "bidonville"])
def test_some_kinds_are_hidden_whatever_the_file_says(tmp_path: Path, kind: str) -> None:
    places = town()["places"]
    places.loc["p1", ["name", "kind"]] = ["À ne pas dire", kind]
    assert "À ne pas dire" not in written(tmp_path, places=places)


def test_every_zone_session_and_place_is_in_a_table(tmp_path: Path) -> None:
    page = written(tmp_path)
    body = page[page.index('<div class="panneau"') : page.index("<script>")]
    for text in ("Secteur 1 &lt;b&gt;", "Raison effort n° 2.", "Maraude Secteur 2", "Les Tilleuls",
                 "aucun binôme libre le matin", "Attention à la pluie.", "142 personnes de plus",
                 "Parce que rue Droite.", "M1 + M2", "du lundi 23 novembre 2026"):  # fmt: skip
        assert text in body
    assert re.search(r"Centre social Les Lilas</td><td>jeudi, 14.h à 17.h \(M1 \+ M2\)", body)


def test_the_card_of_a_zone_is_on_the_page_with_its_variants(tmp_path: Path) -> None:
    ids = list(town()["cells"].index)
    page = written(
        tmp_path,
        gaps=(replace(zone(), cells=(ids[12], ids[13])),),
        variants=(Variant("par IRIS <b>", ("Z1",)), Variant("zones plus petites", ())),
    )
    for text in ("il en manque 30", "que la distance explique d’ordinaire", "18 sur 21",
                 "Les 2 autres façons de compter", "par IRIS &lt;b&gt;\u202f: reste",
                 "zones plus petites\u202f: <strong>sort</strong>",
                 f"{ids[12]}, {ids[13]}"):  # fmt: skip
        assert text in page


def test_priority_is_one_more_colouring(tmp_path: Path) -> None:
    squares = cells()
    priority = pd.Series(np.linspace(1, 100, len(squares)), index=squares.index)
    theme = priority_theme(squares, priority.drop(squares.index[5]))
    assert [theme.legend[theme.classes[k]].label[:8] for k in (0, 1, 5, 19)] == [
        "effectif", "en derni", "donnée a", "d’abord ",
    ]  # fmt: skip
    assert "Priorité\u00a0: besoin fort" in written(tmp_path, priority=priority)
    assert "Priorité\u00a0: besoin fort" not in written(tmp_path)


def test_doubtful_zones_are_hatched(tmp_path: Path) -> None:
    sure, unsure = town()["gaps"]
    page = written(tmp_path, gaps=(sure, replace(unsure, verdict=Verdict.TO_CHECK)))
    said = re.findall(r'territoire\.zone\(.*"(zone-\d)", (true|false)\)', page)
    assert said == [("zone-1", "false"), ("zone-2", "true")]


def test_communes_are_a_choice_when_there_are_several(tmp_path: Path) -> None:
    sure, unsure = town()["gaps"]
    assert '<select id="commune">' not in written(tmp_path)
    page = written(tmp_path, gaps=(sure, replace(unsure, commune_code="99002")))
    assert '<option value="99001">Ville</option>' in page
    assert '<option value="99002">99002</option>' in page


def test_banners_say_what_is_invented(tmp_path: Path) -> None:
    invented = written(tmp_path)
    assert "Ville fictive" in invented
    assert "Activités simulées" in invented
    assert "OpenStreetMap" not in invented
    real = written(tmp_path, fictional=False)
    assert "Ville fictive" not in real
    assert "© les contributeurs d’OpenStreetMap, Insee, ANCT" in real


def test_small_numbers_of_people_are_never_written() -> None:
    assert [small_count(v) for v in (0, 0.4, 1, 4.4, 4.6, 12, np.nan)] == [
        "0", "< 5", "< 5", "< 5", "5", "12", None,
    ]  # fmt: skip


def test_small_squares_have_no_figure_and_no_place_on_the_scale() -> None:
    table = cells()
    parts = analyses(table.index)
    figures = cell_figures(table, **parts, gaps=town()["gaps"])
    assert figures[0][:2] == ["effectif trop faible"] * 2
    assert figures[0][6] == "effectif trop faible"
    assert figures[1][:2] == ["100", "7"]
    assert [row[8] for row in figures[:3]] == [0, 1, 0]  # imputed
    assert figures[12][9] == 1  # first zone
    assert figures[-1][3] == "hors d’atteinte"
    assert figures[-1][7] == "aucun dans la période"
    need, access, effort = cell_themes(table, **parts, settings=Settings())
    assert need.legend[need.classes[0]].label.startswith("effectif trop faible")
    assert access.legend[access.classes[-1]].label.endswith("hors d’atteinte")
    assert effort.legend[effort.classes[-1]].label == "aucun passage en 12 mois"
    assert sum(c.residents for c in need.legend) == 1900  # the small square is not given back


def test_unknown_is_not_zero() -> None:
    table = cells()
    parts = analyses(table.index)
    parts["need"].loc[table.index[5], ["target", "residents"]] = np.nan
    parts["access"].loc[table.index[5], "minutes_permanence"] = np.nan
    parts["effort"] = parts["effort"].drop(table.index[5])
    row = cell_figures(table, **parts, gaps=())[5]
    assert [row[0], row[1], row[3], row[5], row[7]] == [None] * 5
    for theme in cell_themes(table, **parts, settings=Settings()):
        assert theme.legend[theme.classes[5]].label == "donnée absente"


def test_classes_take_their_upper_bound() -> None:
    table = cells()
    parts = analyses(table.index)
    parts["access"]["minutes_permanence"] = [5, 5.1, 10, 15, 25, 25.1, *[np.inf] * 14]
    _, access, _ = cell_themes(table, **parts, settings=Settings())
    assert access.classes[:7].tolist() == [0, 1, 1, 2, 3, 4, 4]


def test_a_territory_with_nothing_yet_still_has_a_map(tmp_path: Path) -> None:
    base = town()
    empty = {k: base[k].iloc[:0] for k in ("zones", "cells", "need", "access", "effort", "places",
                                           "permanences", "segments")}  # fmt: skip
    page = written(
        tmp_path,
        **empty,
        gaps=(),
        plan=WeekPlan("2026-W48", (), (), (), Ending.OPTIMAL, 0),
        sites=SitePlan((), 15.0, Ending.OPTIMAL, 0.0),
    )
    assert "Aucune zone peu couverte n’a été trouvée." in page
    assert "Aucune séance n’est prévue cette semaine." in page


def unpacked(packed: dict) -> list[np.ndarray]:
    """Read back what map_packed.js reads: degrees, one array per part."""
    steps = np.frombuffer(base64.b64decode(packed["xy"]), "<i4" if packed["wide"] else "<i2")
    counts = np.frombuffer(base64.b64decode(packed["n"]), "<u2")
    points = (np.cumsum(steps.reshape(-1, 2).astype(int), axis=0) + packed["origin"]) / 1e5
    return np.split(points, np.cumsum(counts)[:-1])


coordinate = st.tuples(st.floats(-170, 170), st.floats(-80, 80))


@given(st.lists(st.lists(coordinate, min_size=2, max_size=5), min_size=1, max_size=5))
def test_packed_lines_are_read_back_to_the_metre(lines: list[list[tuple[float, float]]]) -> None:
    parts = unpacked(pack(np.array([LineString(line) for line in lines])))
    assert len(parts) == len(lines)
    for line, part in zip(lines, parts, strict=True):
        assert np.allclose(part[0], line[0], atol=1e-5)
        assert np.allclose(part[-1], line[-1], atol=2e-5)


def test_packed_polygons_remember_whose_rings_they_are() -> None:
    holed = box(0, 0, 1, 1).difference(box(0.4, 0.4, 0.6, 0.6))
    packed = pack(np.array([holed, MultiPolygon([box(2, 2, 3, 3), box(4, 4, 5, 5)])]))
    assert np.frombuffer(base64.b64decode(packed["owner"]), "<u4").tolist() == [0, 0, 1, 1]
    rings = unpacked(packed)
    assert shapely.equals(shapely.polygons(rings[2]), box(2, 2, 3, 3))


def test_arrows_follow_the_walk() -> None:
    assert arrows([(0, 0), (400, 0), (400, 400)], 400) == [(200, 0, 90), (400, 200, 0)]
    assert arrows([(0, 0)], 100) == []
    assert arrows([(0, 0), (0, 0), (0, -50)], 100) == [(0, -25, 180)]


def test_degrees_are_latitude_first() -> None:
    ((lat, lng),) = degrees([(X0, Y0)], 2154)
    assert 48.85 < lat < 48.95
    assert 2.4 < lng < 2.5


def test_weeks_are_said_in_full() -> None:
    text = week_name("2026-W48")
    assert text == "Semaine 48, du lundi 23 novembre 2026 au dimanche 29 novembre 2026"


def test_suggested_site_out_of_the_drawn_places_is_not_drawn(tmp_path: Path) -> None:
    site = replace(site_plan().sites[0], place_id="p4", name="Foyer protégé")
    assert "Foyer protégé" not in written(tmp_path, sites=replace(site_plan(), sites=(site,)))


def test_a_suggested_permanence_shows_its_half_day(tmp_path: Path) -> None:
    site = replace(site_plan().sites[0], slot="mercredi apres-midi", start_min=840, end_min=1020)
    page = written(tmp_path, sites=replace(site_plan(), sites=(site,)))
    assert "Permanence proposée : mercredi après-midi, 14\u202fh à 17\u202fh" in page
    assert "Médiathèque, mercredi après-midi, 14\u202fh à 17\u202fh" in page

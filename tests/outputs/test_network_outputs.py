"""The control of the network as people hold it: French faults, a report, layers, a map."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import LineString, Point

from territory.network.audit import audit_network
from territory.outputs.network_faults import KINDS, network_faults, people
from territory.outputs.network_layers import write_network_layers
from territory.outputs.network_map import write_network_map
from territory.outputs.network_report import first_faults, network_report, network_summary
from territory.settings import Settings
from tests.network.audit_towns import barrier, doors, squares, town
from tests.outputs.map_town import X0, Y0

if TYPE_CHECKING:
    from pathlib import Path

    from territory.network.audit import NetworkAudit

ENGLISH = re.compile(
    r"\b(?:street|crossing|side|piece|gap|tied|untied|near|rail|water|motorway|None|nan|NA)\b"
)
SETTINGS = Settings.model_validate({"territoire": {"nom": "Villefictive"}})


def at(*spots: tuple[float, float]) -> list[tuple[float, float]]:
    return [(X0 + x, Y0 + y) for x, y in spots]


STREETS = [
    ("rue du Nord", at((0, 30), (400, 30), (600, 30), (1000, 30), (2000, 30))),
    ("rue du Sud", at((0, 0), (400, 0))),
    ("pont", at((0, 0), (0, 30))),
    ("impasse du Rail", at((400, 30), (400, 75))),
    (None, at((0, 30), (0, 200), (400, 200), (400, 120))),
    ("rue Longue", at((1000, 30), (1000, 330))),
    (None, at((1000, 330), (1008, 330), (1008, 40))),
    ("allée B", at((600, 38), (600, 150))),
]
BARRIERS = barrier(
    ("rail", "ligne 4", at((-50, 15), (450, 15))), ("water", None, at((300, 90), (500, 90)))
)


def everything(cells: gpd.GeoDataFrame | None = None) -> NetworkAudit:
    """A town with a fault of every kind."""
    if cells is None:
        here = {(X0 + 300, Y0 - 50): 120, (X0 + 560, Y0 + 60): 40, (X0 + 1900, Y0 + 200): 90}
        cells = squares(here | {(X0 + 1400, Y0 + 500): 12, (X0 + 700, Y0 - 170): 33})
    places = gpd.GeoDataFrame({"name": ["Mairie"]}, geometry=[Point(X0, Y0 + 20)], index=["p:1"])
    places = places.set_crs(2154)
    walk = town(STREETS, doors(cells) | {"p:1": (X0, Y0 + 20)})
    return audit_network(walk, cells=cells, places=places, barriers=BARRIERS, far_min=20)


def segments() -> gpd.GeoDataFrame:
    table = pd.DataFrame({"name": [n for n, _ in STREETS], "highway": "residential"})
    lines = [LineString(c) for _, c in STREETS]
    return gpd.GeoDataFrame(
        table.assign(length_m=[g.length for g in lines]), geometry=lines, crs=2154
    )


@pytest.fixture(scope="module")
def found() -> NetworkAudit:
    return everything()


def test_every_kind_of_fault_is_told_in_french_with_what_to_do(found: NetworkAudit) -> None:
    faults = network_faults(found)
    assert {f.kind for f in faults} == set(KINDS)
    for fault in faults:
        text = f"{fault.title}. {fault.fact} {fault.todo}"
        assert not ENGLISH.search(text), text
        assert fault.todo.endswith(".")
        assert re.search(r"OpenStreetMap|acceptez|corriger|place", fault.todo)
    assert len({f.key for f in faults}) == len(faults)


def test_faults_come_by_people_concerned(found: NetworkAudit) -> None:
    concerned = [f.residents for f in network_faults(found)]
    assert concerned == sorted(concerned, reverse=True)


def test_sentences_say_names_metres_minutes_and_people(found: NetworkAudit) -> None:
    told = {f.key: f"{f.title}. {f.fact} {f.todo}" for f in network_faults(found)}
    crossing = next(t for t in told.values() if "rue du Sud" in t)
    assert "Traversée manquante : rue du Nord et rue du Sud" in crossing
    assert "de part et d’autre de la voie ferrée « ligne 4 »" in crossing
    assert re.search(r"au pire 32.m à vol d’oiseau, 840.m à pied \(11.min de plus\)", crossing)
    assert re.search(r"120.habitants à moins de 100.m", crossing)
    dead = next(t for t in told.values() if t.startswith("Impasse coupée : impasse du Rail"))
    assert re.search("à 15.m de l’eau ; une voie sans nom est en face", dead)
    gap = next(t for t in told.values() if t.startswith("Trou"))
    assert re.search(r"8.m \(vers .*\). Le joindre apporterait 110.m de rues et 40.habitants", gap)
    assert gap.endswith("Corrigez dans OpenStreetMap, ou mettez joindre_trous_m = 10.")
    untied = next(t for t in told.values() if "sans rue" in t)
    assert re.search("Moins de 30.habitants, à 490.m de la rue la plus proche", untied)


def test_few_people_are_never_counted_exactly() -> None:
    assert people(12.0) == "moins de 30\u00a0habitants"
    assert people(0.0) == "aucun habitant recensé"
    assert people(1234.4) == "1\u202f234\u00a0habitants"
    assert people(float("nan")) == ""


def test_the_summary_is_short_and_adds_up(found: NetworkAudit) -> None:
    summary = network_summary(found)
    assert len(summary) <= 8
    text = "\n".join(summary)
    left = found.unreached["residents"].sum()
    assert re.search(f"Mal ou pas atteints à pied : {left:.0f}.habitants sur 295", text)
    assert "trous de 20 m ou moins entre morceaux : 1" in text
    assert not ENGLISH.search(text)


def test_the_report_lists_each_kind_and_says_once_what_all_have_to_do(found: NetworkAudit) -> None:
    report = network_report(found, "Villefictive")
    for _, many in KINDS.values():
        assert f"\n{many} : " in report
    for fault in network_faults(found):
        assert f"- [{fault.key}] {fault.title}" in report
    assert report.startswith("Villefictive\n\n")


def test_without_population_nor_barriers_it_is_said() -> None:
    audit = audit_network(town(STREETS))
    text = "\n".join([*network_summary(audit), *first_faults(audit)])
    assert "Population inconnue" in text
    assert "Voies ferrées, eau et autoroutes : l’extrait n’en donne pas" in text
    assert "habitants à moins" not in text
    assert "Traversée manquante" in text


def test_a_sound_network_has_nothing_to_mend(tmp_path: Path) -> None:
    streets = [("rue A", at((0, 0), (100, 0)))]
    audit = audit_network(town(streets), barriers=BARRIERS[:0])
    assert first_faults(audit) == ["Rien à corriger n’a été trouvé."]
    path = write_network_map(
        tmp_path / "r.html", found=audit, segments=segments(), barriers=None, settings=SETTINGS
    )
    assert "Rien à corriger n’a été trouvé." in path.read_text(encoding="utf-8")


def test_layers_hold_every_fault_with_its_figures(found: NetworkAudit, tmp_path: Path) -> None:
    given = {"found": found, "segments": segments(), "barriers": BARRIERS}
    path = write_network_layers(tmp_path / "a.gpkg", **given)
    names = set(pyogrio.list_layers(path)[:, 0])
    assert names == {
        "carreaux_hors_atteinte", "morceaux_separes", "traversees_manquantes", "cotes_isoles",
        "impasses_coupees", "points_loin", "trous", "rues", "barrieres",
    }  # fmt: skip
    dead = gpd.read_file(path, layer="impasses_coupees")
    assert dead.crs.to_epsg() == 2154
    dead = dead.set_index("titre")
    assert dead.loc["Impasse coupée : impasse du Rail", "metres_vol_oiseau"] == pytest.approx(45)
    assert dead["habitants"].notna().all()
    again = write_network_layers(tmp_path / "b.gpkg", **given)
    assert again.read_bytes() == path.read_bytes()


def test_the_map_says_in_tables_what_it_draws(found: NetworkAudit, tmp_path: Path) -> None:
    given = {"found": found, "segments": segments(), "barriers": BARRIERS, "settings": SETTINGS}
    path = write_network_map(tmp_path / "a.html", **given)
    page = path.read_text(encoding="utf-8")
    assert "Villefictive – contrôle du réseau piéton" in page
    for fault in network_faults(found):
        assert f'data-repere="{fault.key}"' in page
        assert fault.title.replace("'", "&#39;") in page
    assert "__POLITIQUE__" not in page
    again = write_network_map(tmp_path / "b.html", **given)
    assert again.read_bytes() == path.read_bytes()


def test_names_cannot_break_out_of_the_page(tmp_path: Path) -> None:
    wicked = "</script><script>alert(1)</script>{{ 7*7 }}"
    streets = [("rue A", at((0, 0), (100, 0), (200, 0))), (wicked, at((0, 300), (50, 300)))]
    audit = audit_network(town(streets))
    path = write_network_map(
        tmp_path / "r.html", found=audit, segments=segments(), barriers=None, settings=SETTINGS
    )
    page = path.read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "49" not in page.split('id="panneau"')[1].split("</table>")[0]

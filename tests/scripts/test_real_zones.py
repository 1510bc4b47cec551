"""The pages on real towns: what is planted, what is assumed, what is said of a zone."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely import Point, box

from scripts import est_ensemble
from scripts.bondy import write_simulated_logs
from scripts.est_ensemble_page import OPINIONS
from scripts.real_zones_pictures import classed, ranges
from scripts.real_zones_tables import HEADS, covered, opinion_of, share_in, zone_cells
from territory.model.results import Doubt, Gap, Reason, Verdict
from tests.real_data import FOLDER, real_file

WEIGHT = pd.Series({"a": 30.0, "b": 10.0, "c": 60.0})


def zone(*cells: str, contacts: float = 3.0) -> Gap:
    doubt = Doubt(0.04, 0.3, 0.1, 0.8, 18.0, 5.0, change="Avec 4 contacts de plus.")
    reason = Reason("besoin", "", 1.0)
    return Gap(
        1, "Z-a", "Ici", "93010", cells, 40.0, 20.0, None, contacts, 20.0, None, 0.9, 3.4,
        Verdict.ESTABLISHED, (reason, reason, reason), doubt,
    )  # fmt: skip


def test_shares_are_of_the_public_not_of_the_units() -> None:
    assert share_in(["a", "b"], WEIGHT, frozenset({"a"})) == pytest.approx(0.75)
    assert share_in([], WEIGHT, frozenset({"a"})) == 0
    assert covered([zone("b"), zone("c")], WEIGHT, ["a", "b"]) == pytest.approx(0.25)


def test_a_small_count_is_never_shown_and_a_zone_out_of_reach_says_so() -> None:
    said = dict(zip(HEADS, zone_cells(zone("a", "b"), 0.5), strict=True))
    assert said["rencontrées"] == "<\u00a05"
    assert said["marche"] == "hors d'atteinte"
    assert said["distance"] == "12\u202f%"  # (20 - 18) of the 17 that are missing
    assert (said["unités"], said["retrouvée"]) == ("2", "–")


def test_a_zone_nobody_judged_says_so() -> None:
    assert opinion_of("Z-930630106", OPINIONS).startswith("**")
    assert opinion_of("Z-x", OPINIONS) == "Aucun avis n’a encore été écrit sur cette zone."


def test_five_classes_hold_what_is_unknown_and_what_is_out_of_reach() -> None:
    values = np.array([np.nan, 0.0, 5.0, 24.9, np.inf])
    assert classed(values, (5, 8, 15, 25)).tolist() == [0, 0, 1, 3, 4]
    assert ranges((5, 8, 15, 25)) == ["< 5", "5 à 8", "8 à 15", "15 à 25", "≥ 25"]


def test_a_town_without_france_services_takes_its_library() -> None:
    shapes = [box(0, 0, 10, 10), box(10, 0, 20, 10)]
    index = pd.Index(["93001", "93002"], name="commune_code")
    towns = gpd.GeoDataFrame({"name": ["A", "B"]}, geometry=shapes, index=index, crs=2154)
    points = [Point(1, 1), Point(2, 2), Point(12, 2), Point(13, 3), Point(14, 4), Point(15, 5)]
    kinds = ["france_services", "mediatheque", "mediatheque", "mediatheque", "pmi_sante"]
    places = gpd.GeoDataFrame(
        {"name": list("abcdef"), "kind": [*kinds, "france_services"]},
        geometry=points,
        index=pd.Index(list("abcdef"), name="place_id"),
        crs=2154,
    ).assign(fixed_point=[True] * 5 + [False])
    held = est_ensemble.permanences(places.iloc[::-1], towns)
    assert held.index.tolist() == ["a", "c"]  # a bus (f) is nowhere, the second library is not kept
    assert held["commune_code"].tolist() == ["93001", "93002"]


def test_walks_are_straight_lines_with_a_detour() -> None:
    here, there = (gpd.GeoSeries([p], crs=2154) for p in (Point(0, 0), Point(300, 400)))
    assert est_ensemble.walks(here, there)[0, 0] == pytest.approx(500 * 1.3 / 75)


def test_the_planted_units_are_three_neighbours_of_one_town_that_may_be_found(towns) -> None:
    drawn = est_ensemble.world(towns, 7)
    rows = drawn.table.loc[list(drawn.planted)]
    assert len(rows) == 3
    assert len(set(rows["commune_code"])) == 1
    assert (rows["minutes_permanence"] >= est_ensemble.SETTINGS.access_min).all()
    assert rows["contacts"].sum() < rows["expected"].sum()
    assert drawn.table["contacts"].sum() == est_ensemble.CONTACTS
    assert drawn.table["expected"].sum() == pytest.approx(est_ensemble.CONTACTS)


def test_need_keeps_the_unemployed_of_the_census(towns) -> None:
    need = est_ensemble.need_of(towns.iris)
    assert need["target"].sum() == pytest.approx(towns.iris["unemployed"].sum(), rel=0.01)
    assert (need["target_low"] <= need["target"]).all()
    assert (need["target"] <= need["target_high"]).all()


def test_every_zone_of_the_page_was_judged_by_hand(towns) -> None:
    found = est_ensemble.search(towns)
    assert {gap.zone_id for gap in found.gaps} == set(OPINIONS)
    first = covered(found.gaps[:3], found.drawn.table["target"], found.drawn.planted)
    assert first > 0.5


def test_publics_of_the_simulated_log_never_exceed_the_people_informed(tmp_path) -> None:
    real_file("grid/filosofi2019_carreaux_200m_bondy.gpkg")
    _, _, path = write_simulated_logs(FOLDER, tmp_path)
    rows = pd.read_csv(path, sep=";").dropna(subset=["nb_informes"])
    assert (rows["nb_femmes"] <= rows["nb_informes"]).all()
    assert (rows["nb_moins_26"] + rows["nb_60_plus"] <= rows["nb_informes"]).all()
    assert rows["nb_femmes"].sum() > rows["nb_60_plus"].sum() > 0

"""Organisations compared: figures by hand, order, doubt, and what theory says must hold."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from territory.analysis.sectors.organisation_figures import Assumptions, Scene, compared, scene
from territory.analysis.sectors.organisations import (
    Organisation,
    by_communes,
    by_quarters,
    by_sectors,
    handover,
    matched,
)
from territory.errors import WrongUsage
from territory.model.sector_tables import FIGURES, ORGANISATIONS
from territory.model.tables import check_table

PLACE_MIN = np.array([0.0, 10.0, 60.0, 70.0])  # two villages an hour apart
MINUTES = np.abs(PLACE_MIN[:, None] - PLACE_MIN[None, :])
PEOPLE = [100.0, 100.0, 100.0, 100.0]
ASSUMED = Assumptions(
    field_h=10.0, outing_h=2.0, contacts_week=20.0, contacts_counted=900.0, draws=200
)
SPLIT = by_sectors("deux secteurs", [0, 0, 1, 1], 2)
SHARED = Organisation("ensemble", np.ones((2, 4), bool))


def ground(*, doubt: float = 0.0, held: tuple[float, ...] = (0, 0, 0, 0)) -> Scene:
    return scene(PEOPLE, [doubt] * 4, [5.0, 5.0, 10.0, 10.0], held, MINUTES)


def test_presence_and_ways_by_hand() -> None:
    row = compared([SPLIT], ground(), ASSUMED).loc["deux secteurs"]
    # each leaves from one unit; half of the outings are 10 minutes away: 1/6 h of way each
    outings = 10 / (2 + 1 / 6)
    assert row["travel_h"] == pytest.approx(2 * outings / 6)
    assert row["presence_h"] == pytest.approx(outings * 2)  # both units are within the walk
    assert (row["without"], row["covered"], row["posts"]) == (0.0, 1.0, 2)
    assert row["absent_worst"] == row["absent_mean"] == pytest.approx(0.5)
    assert row["load_deviation"] == pytest.approx(1 / 3)
    assert row["compact_min"] == pytest.approx(5.0)


def test_sharing_everything_walks_more_and_leaves_nobody_alone() -> None:
    table = compared([SHARED, SPLIT], ground(), ASSUMED)
    assert table.loc["ensemble", "travel_h"] > 2 * table.loc["deux secteurs", "travel_h"]
    assert table.loc["ensemble", "absent_worst"] == 0.0
    assert table.loc["ensemble", "load_deviation"] == pytest.approx(0.0)
    assert table.loc["deux secteurs", "contacts_ratio"] > 1.0  # fewer hours lost
    check_table(table, ORGANISATIONS)


def test_the_first_organisation_meets_what_the_log_says() -> None:
    row = compared([SHARED], ground(), ASSUMED).loc["ensemble"]
    assert row["contacts_year"] == pytest.approx(20 * 46, rel=0.02)
    assert row["contacts_year_low"] < 20 * 46 < row["contacts_year_high"]
    assert row["contacts_ratio_low"] == row["contacts_ratio_high"] == 1.0


def test_fewer_contacts_counted_widen_the_interval() -> None:
    few = replace(ASSUMED, contacts_counted=9.0)
    sure, unsure = (compared([SHARED], ground(), a).loc["ensemble"] for a in (ASSUMED, few))
    width = [r["contacts_year_high"] - r["contacts_year_low"] for r in (sure, unsure)]
    assert width[1] > 2 * width[0]


def test_contacts_nobody_counted_are_na_but_still_compared() -> None:
    row = compared([SHARED, SPLIT], ground(), replace(ASSUMED, contacts_week=np.nan)).iloc[1]
    assert pd.isna(row["contacts_year"])
    assert row["contacts_ratio"] > 1.0


def test_dedicated_posts_are_more_present_for_fewer_and_meet_less_by_the_model() -> None:
    quarter = by_quarters("quartiers", ["Q1", None, None, "Q2"], PEOPLE, MINUTES, 2)
    assert quarter.covers.tolist() == [[True, False, False, False], [False, False, False, True]]
    table = compared([SPLIT, quarter], ground(), replace(ASSUMED, near_min=5.0))
    assert table.loc["quartiers", "covered"] == 0.5
    assert table.loc["quartiers", "without"] == 0.5
    assert table.loc["quartiers", "travel_h"] == 0.0
    assert table.loc["quartiers", "contacts_ratio_high"] < 1.2


def test_quarters_near_each_other_make_one_group() -> None:
    found = by_quarters("q", ["Q1", "Q2", None, "Q3"], PEOPLE, MINUTES, 2)
    assert found.covers.tolist() == [[True, True, False, False], [False, False, False, True]]


def test_more_posts_than_groups_take_quarters_alone_then_share_the_largest() -> None:
    people = [100.0, 300.0, 100.0, 100.0]
    three = by_quarters("q", ["Q1", "Q2", None, "Q3"], people, MINUTES, 3)
    assert three.covers.sum(axis=1).tolist() == [1, 1, 1]
    five = by_quarters("q", ["Q1", "Q2", None, "Q3"], people, MINUTES, 5)
    assert five.covers.sum(axis=0).tolist() == [1, 3, 0, 1]


def test_permanences_are_hours_at_their_place_and_leave_fewer_for_outings() -> None:
    plain = compared([SPLIT], ground(), ASSUMED).iloc[0]
    held = compared([SPLIT], ground(held=(10.0, 0, 0, 0)), ASSUMED).iloc[0]
    assert held["travel_h"] == pytest.approx(plain["travel_h"] / 2)  # the first post stays there
    beyond = compared([SPLIT], ground(held=(50.0, 0, 0, 0)), ASSUMED).iloc[0]
    assert beyond["presence_h"] == pytest.approx(
        held["presence_h"]
    )  # no more hours than a post has


def test_doubt_on_the_public_widens_every_interval() -> None:
    sure, unsure = (compared([SPLIT], ground(doubt=d), ASSUMED).iloc[0] for d in (0.0, 0.5))
    assert sure["load_deviation_low"] == pytest.approx(sure["load_deviation_high"])
    assert unsure["load_deviation_high"] > unsure["load_deviation_low"] + 0.1
    for name in FIGURES:
        assert unsure[f"{name}_low"] <= unsure[f"{name}_high"]


def test_more_posts_bring_more_presence_and_contacts_each_adding_less() -> None:
    lots = [Organisation(f"{n} postes", np.ones((n, 4), bool)) for n in range(1, 6)]
    contacts = compared(lots, ground(), ASSUMED)["contacts_ratio"].to_numpy()
    assert (np.diff(contacts) > 0).all()
    assert (np.diff(contacts, 2) < 0).all()


def test_one_post_absent_leaves_everybody_alone_when_it_is_the_only_one() -> None:
    alone = Organisation("seul", np.ones((1, 4), bool))
    assert compared([alone], ground(), ASSUMED).iloc[0]["absent_worst"] == 1.0


def test_same_seed_same_table_and_order_of_units_changes_nothing() -> None:
    order = [2, 0, 3, 1]
    turned = scene(
        np.array(PEOPLE)[order], [0.0] * 4, np.array([5.0, 5.0, 10.0, 10.0])[order], [0.0] * 4,
        MINUTES[np.ix_(order, order)],
    )  # fmt: skip
    here = compared([SPLIT], ground(), ASSUMED, seed=4)
    there = compared([Organisation(SPLIT.name, SPLIT.covers[:, order])], turned, ASSUMED, seed=4)
    np.testing.assert_allclose(here.to_numpy(float), there.to_numpy(float), rtol=1e-9)


def test_communes_of_a_team_and_those_who_go_everywhere() -> None:
    org = by_communes("présent", ["x", "x", "y", "z"], {"B": ["y"], "A": None})
    assert org.covers.tolist() == [[True] * 4, [False, False, True, False]]


def test_handover_counts_what_changes_hands_under_the_best_names() -> None:
    swapped = by_sectors("autres noms", [1, 1, 0, 0], 2)
    assert matched(SPLIT, swapped, PEOPLE).tolist() == [1, 0]
    assert not handover(SPLIT, swapped, PEOPLE).any()
    moved = by_sectors("un de plus", [0, 1, 1, 1], 2)
    assert handover(SPLIT, moved, PEOPLE).tolist() == [False, True, False, False]
    third = by_sectors("trois", [0, 0, 1, 2], 3)
    assert matched(SPLIT, third, PEOPLE).tolist().count(-1) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"people": [1.0, 2.0]}, "même taille"),
        ({"people": [-1.0, 1, 1, 1]}, "négatif"),
        ({"people": [0.0] * 4}, "au moins une unité"),
        ({"minutes": np.full((4, 4), np.nan)}, "durée de marche manque"),
    ],
)
def test_nonsense_is_refused(change: dict[str, object], message: str) -> None:
    given = {"people": PEOPLE, "doubt": [0.0] * 4, "load_h": [1.0] * 4, "held_h": [0.0] * 4,
             "minutes": MINUTES}  # fmt: skip
    with pytest.raises(WrongUsage, match=message):
        scene(**(given | change))


def test_organisations_without_posts_or_hours_are_refused() -> None:
    with pytest.raises(WrongUsage, match="au moins une organisation"):
        compared([], ground(), ASSUMED)
    with pytest.raises(WrongUsage, match="même nom"):
        compared([SPLIT, SPLIT], ground(), ASSUMED)
    with pytest.raises(WrongUsage, match="heures de terrain"):
        compared([SPLIT], ground(), replace(ASSUMED, field_h=0.0))
    with pytest.raises(WrongUsage, match="quartier prioritaire"):
        by_quarters("q", [None] * 4, PEOPLE, MINUTES, 2)

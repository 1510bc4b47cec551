"""Drawn territories: the same from the same number, and what was planted is there."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest

from territory.errors import WrongUsage
from territory.simulate import GEOGRAPHIES, SCENARIOS, PlantedTruth, Scenario, plant


@pytest.fixture(scope="module")
def town() -> PlantedTruth:
    return plant(3, side_cells=24)


def arrays(truth: PlantedTruth) -> dict[str, np.ndarray]:
    found = {f.name: getattr(truth, f.name) for f in fields(truth)}
    return {name: value for name, value in found.items() if isinstance(value, np.ndarray)}


def test_one_number_one_territory(town: PlantedTruth) -> None:
    again, other = arrays(plant(3, side_cells=24)), arrays(plant(4, side_cells=24))
    for name, value in arrays(town).items():
        np.testing.assert_array_equal(value, again[name], err_msg=name)
    assert not np.array_equal(town.contacts, other["contacts"])


def test_arrays_cannot_be_written(town: PlantedTruth) -> None:
    with pytest.raises(ValueError, match="read-only"):
        town.contacts[0] = 9


def test_scenarios_of_one_seed_share_what_they_do_not_change(town: PlantedTruth) -> None:
    many = plant(3, side_cells=24, contacts=4000.0)
    for name in ("minutes", "need", "permanences", "zone", "low_need"):
        np.testing.assert_array_equal(getattr(town, name), getattr(many, name))
    np.testing.assert_allclose(many.rates, town.rates * 4000 / 1500)


def test_minutes_are_walks(town: PlantedTruth) -> None:
    straight = np.linalg.norm(town.xy[:, None] - town.xy[None], axis=2) / 75
    assert (np.diag(town.minutes) == 0).all()
    np.testing.assert_allclose(town.minutes, town.minutes.T, atol=1e-3)
    assert (town.minutes >= straight - 1e-3).all()
    nearest = town.minutes[:, town.permanences].min(axis=1)
    np.testing.assert_allclose(town.minutes_permanence, nearest)


def test_permanences_are_apart(town: PlantedTruth) -> None:
    xy = town.xy[town.permanences]
    gaps = np.linalg.norm(xy[:, None] - xy[None], axis=2)
    assert gaps[np.triu_indices(len(xy), 1)].min() > 700


def test_zones_pass_their_gate_and_never_touch(town: PlantedTruth) -> None:
    kinds = np.where(town.zone > 0, town.zone, 0) + 90 * town.far_served + 91 * town.low_need
    assert set(np.unique(kinds)) <= {0, *range(1, 5), 90, 91}  # no cell is two things
    mean = town.need.sum() / town.residents.sum()
    for k in np.unique(town.zone[town.planted]):
        own = town.zone == k
        assert own.sum() >= 6
        assert town.minutes_permanence[own].min() >= 8
        assert town.need[own].sum() / town.residents[own].sum() >= 1.15 * mean
        assert 0.01 <= town.need[own].sum() / town.need.sum() <= 0.09
        beside = np.linalg.norm(town.xy[own][:, None] - town.xy[None], axis=2).min(axis=0) < 150
        assert not (beside & town.planted & ~own).any()


def test_contacts_follow_their_rates() -> None:
    towns = [plant(s, side_cells=16, frailty_variance=0.0, field_sd=0.0) for s in range(8)]
    met = sum(t.contacts.sum() + t.contacts_met.sum() for t in towns)
    located = sum(t.contacts.sum() for t in towns)
    assert met == pytest.approx(8 * 1500, rel=4 / np.sqrt(8 * 1500))
    assert located / met == pytest.approx(0.85, abs=0.02)
    for town in towns:
        expected = 0.85 * town.rates
        some = expected > 1
        spread = ((town.contacts - expected)[some] ** 2 / expected[some]).mean()
        assert spread == pytest.approx(1.0, abs=6 * np.sqrt(2 / some.sum()))  # Poisson


def test_planted_people_are_missed(town: PlantedTruth) -> None:
    met = town.rates / np.maximum(town.target, 1)
    assert town.planted.any()
    assert met[town.planted].mean() < 0.5 * met[~town.planted].mean()
    assert set(np.unique(town.multiplier[town.planted])) == {0.25}
    assert (town.multiplier[town.far_served] >= 1.2).all()


def test_people_met_together_are_clumped_about_the_same_mean() -> None:
    alone, together = [], []
    for seed in range(12):
        same = {"side_cells": 12, "zones": 0, "frailty_variance": 0.0, "field_sd": 0.0}
        for group, found in ((1.0, alone), (5.0, together)):
            town = plant(seed, group=group, located=1.0, **same)  # type: ignore[arg-type]
            corner = (town.xy < town.xy.max(axis=0) / 3).all(axis=1)
            mean = town.rates[corner].sum()
            found.append((town.contacts[corner].sum() - mean) / np.sqrt(mean))
    assert abs(np.mean(together)) < 4 * np.std(together) / np.sqrt(12)
    assert np.std(together) > 1.3 * np.std(alone)


def test_people_of_unknown_home_are_counted_where_they_are_met(town: PlantedTruth) -> None:
    assert set(np.flatnonzero(town.contacts_met)) <= set(town.permanences)
    known = np.bincount(town.contact_cell, minlength=town.n)
    np.testing.assert_array_equal(known, town.contacts)
    assert ((town.contact_age_months >= 0) & (town.contact_age_months <= 18)).all()


@pytest.mark.parametrize("name", sorted(SCENARIOS))
def test_every_scenario_can_be_drawn(name: str) -> None:
    town = plant(5, scenario=name, side_cells=16)
    assert town.scenario is not None
    if name.startswith("null"):
        assert not (town.planted | town.far_served | town.low_need).any()


@pytest.mark.parametrize("name", GEOGRAPHIES)
def test_every_geography_can_be_drawn(name: str) -> None:
    town = plant(5, geography=name, side_cells=16)
    assert np.isfinite(town.minutes).all()
    assert town.residents.sum() > 1000
    assert len(town.permanences) >= 1


def test_zones_near_a_permanence_and_of_ordinary_need() -> None:
    near = plant(2, scenario="near", side_cells=24)
    assert near.planted.any()
    assert near.minutes_permanence[near.planted].max() < 8
    ordinary = plant(2, scenario="median", side_cells=24)
    mean = ordinary.need.sum() / ordinary.residents.sum()
    inside = ordinary.need[ordinary.planted].sum() / ordinary.residents[ordinary.planted].sum()
    assert 0.7 <= inside / mean <= 1.05


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"seed": -1}, "graine"),
        ({"seed": 1, "geography": "lune"}, "géographie"),
        ({"seed": 1, "scenario": "rêve"}, "scénario"),
        ({"seed": 1, "side_cells": 3}, "huit|8"),
        ({"seed": 1, "colour": 2}, "colour"),
        ({"seed": 1, "contacts": -1.0}, "contacts"),
        ({"seed": 1, "gates": ("nowhere",)}, "zones se plantent"),
        ({"seed": 1, "located": 1.5}, "located"),
        ({"seed": 1, "group": 0.5}, "group"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(WrongUsage, match=said):
        plant(**arguments)


def test_a_scenario_of_ones_own() -> None:
    town = plant(1, scenario=Scenario(zones=1, contacts=300.0), side_cells=24)
    assert town.zone.max() <= 1


def test_zones_of_a_larger_territory_keep_their_size() -> None:
    town = plant(1, side_cells=40, permanences=25)
    assert town.zone.max() == 4
    cells = np.bincount(town.zone)[1:]
    assert (cells >= 6).all()
    assert cells.max() <= 40


def test_the_default_is_like_the_published_territory() -> None:
    """Means over 20 draws of the first program: 1275 located, 6.8 % of need, rates .020, .079."""
    towns = [plant(s) for s in range(4)]
    located = [t.contacts.sum() for t in towns]
    share = [t.need[t.planted].sum() / t.need.sum() for t in towns]
    inside = [t.contacts[t.planted].sum() / t.need[t.planted].sum() for t in towns]
    outside = [t.contacts[~t.planted].sum() / t.need[~t.planted].sum() for t in towns]
    walk = [np.average(t.minutes_permanence, weights=t.need) for t in towns]
    assert all(t.zone.max() == 4 for t in towns)
    assert np.mean(located) == pytest.approx(1275, abs=3 * 40 / 2)
    assert np.mean(share) == pytest.approx(0.068, abs=3 * 0.012 / 2)
    assert np.mean(inside) == pytest.approx(0.020, abs=3 * 0.006 / 2)
    assert np.mean(outside) == pytest.approx(0.079, abs=3 * 0.007 / 2)
    assert np.mean(walk) == pytest.approx(14.6, abs=3 * 1.2 / 2)


@pytest.mark.parametrize("group", [1.0, 3.0])
def test_nobody_met_is_a_territory_too(group: float) -> None:
    town = plant(1, side_cells=10, contacts=0.0, group=group)
    assert town.contacts.sum() == town.contacts_met.sum() == len(town.contact_cell) == 0


def test_no_home_known_leaves_meeting_places_only() -> None:
    town = plant(1, side_cells=10, located=0.0, contacts=200.0)
    assert town.contacts.sum() == 0
    assert town.contacts_met.sum() > 100

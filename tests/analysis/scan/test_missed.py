from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import gamma

from territory.analysis.scan.chance import highest_by_chance
from territory.analysis.scan.missed import MissedScan, missed_scan
from territory.analysis.scan.posterior import zone_ratio
from territory.analysis.scan.spread import Spread, usual_spread
from territory.analysis.scan.windows import nearest_windows
from territory.errors import WrongUsage
from tests.analysis.scan.towns import Town, counts, town


def _scan(place: Town, observed: np.ndarray, **changes: object) -> MissedScan:
    given = {"eligible": place.walk >= 8, "simulations": 99, **changes}
    return missed_scan(observed, place.need, place.minutes, place.walk, **given)


def test_a_quarter_nobody_visits_is_the_first_zone_and_is_established() -> None:
    place = town()
    missed = place.around(120, 6)
    rates = np.ones(196)
    rates[missed] = 0.1
    scan = _scan(place, counts(place, rates, total=3000, of_cell=0.1, seed=4))
    best = scan.zones[0]
    assert len(set(best.members) & set(missed)) >= 0.6 * len(missed)
    assert best.p_value <= 0.05
    assert best.ratio.p_below_half > 0.8
    assert best.score == pytest.approx((best.expected - best.observed) / best.deviation)


def test_chance_alone_seldom_establishes_a_zone() -> None:
    alarms = {0.0: 0, 0.4: 0}
    for of_cell in alarms:
        for seed in range(25):
            place = town(12, seed)
            far = np.exp(-0.0005 * place.walk**2)
            observed = counts(place, far, total=900, of_cell=of_cell, seed=seed)
            scan = _scan(place, observed, simulations=59, seed=seed)
            alarms[of_cell] += bool(scan.zones) and scan.zones[0].p_value <= 0.05
    assert alarms[0.0] <= 4  # 1 or 2 expected
    assert alarms[0.4] <= 5


def test_what_is_usual_is_recovered() -> None:
    found = []
    for seed in range(12):
        place = town(20, seed)
        rates = np.exp(-0.001 * place.walk**2)
        observed = counts(place, rates, total=8000, of_cell=0.3, seed=seed).astype(float)
        norm = place.need * observed.sum() / place.need.sum()
        windows = nearest_windows(
            place.minutes, norm, eligible=place.walk >= 8, limit=12, max_share=0.05
        )
        lived = np.ones(400, bool)
        found.append(usual_spread(observed, norm, place.minutes, place.walk, windows, lived))
    assert np.mean([s.of_cell for s in found]) == pytest.approx(0.3, abs=0.06)
    assert np.mean([s.decay for s in found]) == pytest.approx(0.001, abs=0.0002)
    assert np.mean([s.of_zone for s in found]) < 0.05


def test_draws_of_chance_are_those_of_the_model() -> None:
    place = town(8)
    windows = nearest_windows(place.minutes, place.need, limit=0, max_share=1.0)
    plain = Spread(0.0, 0.0, 0.0)
    norm = place.need * 600 / place.need.sum()
    got = highest_by_chance(
        windows, norm, place.minutes, place.walk, plain, total=600, simulations=400, seed=1
    )
    random = np.random.default_rng(99)
    draws = random.multinomial(600, norm / norm.sum(), size=400)
    judge = np.maximum(norm - draws, 0) / np.sqrt(norm)
    assert got.mean() == pytest.approx(judge.max(axis=1).mean(), abs=0.08)
    more = Spread(0.4, 0.2, 0.0)
    wide = highest_by_chance(
        windows, norm, place.minutes, place.walk, more, total=600, simulations=50, seed=1
    )
    assert np.isfinite(wide).all()


def test_without_variance_the_posterior_is_the_gamma_one() -> None:
    for observed, expected in ((0, 3.0), (4, 12.0), (40, 38.5)):
        got = zone_ratio(observed, expected, 0.0)
        law = gamma(4 + observed, scale=1 / (4 + expected))
        assert got.p_below_half == pytest.approx(law.cdf(0.5), abs=2e-3)
        assert (got.low, got.median, got.high) == pytest.approx(
            law.ppf([0.025, 0.5, 0.975]), abs=0.01
        )


def test_doubt_grows_with_variance_and_shrinks_with_counts() -> None:
    assert zone_ratio(2, 20, 0.0).p_below_half > zone_ratio(2, 20, 0.5).p_below_half
    assert zone_ratio(1, 10, 0.1).p_below_half < zone_ratio(5, 50, 0.1).p_below_half
    wide, narrow = zone_ratio(0, 0, 0.1), zone_ratio(50, 50, 0.0)
    assert wide.high - wide.low > narrow.high - narrow.low


def test_zones_are_disjoint_eligible_and_independent_of_the_order_of_cells() -> None:
    place = town()
    observed = counts(place, np.ones(196), total=1500, of_cell=0.4, seed=8)
    scan = _scan(place, observed)
    members = [m for zone in scan.zones for m in zone.members]
    assert len(members) == len(set(members))
    assert (place.walk[members] >= 8).all()
    assert (scan.cover[place.walk < 8] == 0).all()
    order = np.random.default_rng(2).permutation(196)
    mixed = Town(place.minutes[np.ix_(order, order)], place.walk[order], place.need[order])
    other = _scan(mixed, observed[order])
    assert tuple(sorted(order[list(other.zones[0].members)])) == scan.zones[0].members


def test_odd_inputs_get_an_answer_or_a_sentence() -> None:
    place = town(6)
    nothing = _scan(place, np.zeros(36))
    assert all(zone.observed == 0 and zone.p_value == 1 for zone in nothing.zones)
    empty = missed_scan([], [], np.zeros((0, 0)), [], eligible=[])
    assert empty.zones == ()
    assert _scan(place, np.ones(36), eligible=np.zeros(36, bool)).zones == ()
    unknown = np.where(np.arange(36) == 20, np.nan, 3.0)
    assert np.isfinite(_scan(place, unknown).cover).all()
    lost = missed_scan(
        np.arange(36), place.need, np.full((36, 36), np.inf), np.full(36, np.inf),
        eligible=np.ones(36, bool), simulations=9,
    )  # fmt: skip
    assert np.isfinite(lost.cover).all()
    with pytest.raises(WrongUsage, match="même longueur"):
        missed_scan([1, 2], [1], np.zeros((2, 2)), [1, 2], eligible=[True, True])
    with pytest.raises(WrongUsage, match="négatif"):
        missed_scan([-1], [1], [[0]], [9], eligible=[True])

"""Sampled loads: unbiased, as wrong as they say, and as precise as wanted."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from territory.errors import WrongUsage
from territory.network.flow import walk_flows
from territory.network.flow_sample import SampledFlows, sampled_flows
from territory.network.graph import WalkGraph

LIMIT_S = 500.0
Case = tuple[WalkGraph, np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@cache
def town() -> Case:
    """400 crossings, unequal places, all walks of 500 s at most; each street one number."""
    draw, side = np.random.default_rng(0), 20
    cell = np.arange(side * side).reshape(side, side)
    x = 30 * (cell % side).ravel() + draw.uniform(-9, 9, cell.size)
    y = 30 * (cell // side).ravel() + draw.uniform(-9, 9, cell.size)
    tail = np.concatenate([cell[:, :-1].ravel(), cell[:-1].ravel()])
    head = np.concatenate([cell[:, 1:].ravel(), cell[1:].ravel()])
    kept = draw.random(len(tail)) > 0.25
    tail, head = tail[kept], head[kept]
    graph = WalkGraph.from_edges(tail, head, np.hypot(x[tail] - x[head], y[tail] - y[head]), x, y)
    table = graph.matrix.tocoo()
    low, high = np.minimum(table.row, table.col), np.maximum(table.row, table.col)
    streets = np.unique(low * graph.n + high, return_inverse=True)[1]
    places = draw.choice(graph.n, 150, replace=False)
    trips = np.outer(draw.lognormal(0, 1, graph.n), draw.lognormal(0, 1.2, len(places)))
    return graph, np.arange(graph.n), places, trips, streets


def sampled(**options: object) -> SampledFlows:
    graph, origins, places, trips, streets = town()
    return sampled_flows(graph, origins, places, trips, limit_s=LIMIT_S, streets=streets, **options)


@cache
def exact() -> np.ndarray:
    graph, origins, places, trips, streets = town()
    return np.bincount(streets, walk_flows(graph, origins, places, trips, limit_s=LIMIT_S).arcs)


@cache
def drawn_60_times(draws: int) -> list[SampledFlows]:
    return [sampled(draws=draws, seed=seed) for seed in range(60)]


def busiest(load: np.ndarray, share: float = 0.1) -> np.ndarray:
    return np.argsort(-load)[: round(share * (load > 0).sum())]


def test_unbiased() -> None:
    found = drawn_60_times(40)
    mean = np.mean([s.load for s in found], axis=0)
    wrong = np.std([s.load for s in found], axis=0, ddof=1) / np.sqrt(len(found))
    busy = busiest(exact(), 0.5)
    assert np.abs((mean - exact())[busy] / wrong[busy]).max() < 5
    assert mean.sum() == pytest.approx(exact().sum(), rel=0.01)


@pytest.mark.parametrize("draws", [40, 80])
def test_95_in_100_intervals_hold_the_truth(draws: int) -> None:
    busy = busiest(exact())
    held = [np.abs(s.load - exact())[busy] <= s.within()[busy] for s in drawn_60_times(draws)]
    assert 0.91 < np.mean(held) < 0.99


def test_the_stated_error_is_the_error_made() -> None:
    found, busy = drawn_60_times(80), busiest(exact())
    made = np.sqrt(np.mean([(s.load - exact())[busy] ** 2 for s in found], axis=0))
    said = np.sqrt(np.mean([s.error[busy] ** 2 for s in found], axis=0))
    assert np.median(made / said) == pytest.approx(1.0, abs=0.15)


def test_the_bound_holds_for_every_street() -> None:
    for s in drawn_60_times(40):
        assert np.abs(s.load - exact()).max() <= s.bound()


@pytest.mark.parametrize("wanted", [0.1, 0.2])
def test_as_precise_as_wanted(wanted: float) -> None:
    found = [sampled(wanted_error=wanted, seed=seed) for seed in range(12)]
    busy = busiest(exact())
    made = [np.sqrt(np.mean((s.load[busy] / exact()[busy] - 1) ** 2)) for s in found]
    assert sum(s.draws > 0 for s in found) > 2  # the others would have taken most of the roots
    assert np.mean(made) < 1.15 * wanted


def test_all_roots_are_searched_when_a_sample_would_not_be_cheaper() -> None:
    for whole in (sampled(wanted_error=1e-4), sampled(draws=150)):
        np.testing.assert_allclose(whole.load, exact(), rtol=1e-12)
        assert (whole.draws, whole.bound(), whole.error.max(), whole.within().max()) == (0, 0, 0, 0)


def test_same_seed_same_bytes() -> None:
    one, again, other = (sampled(draws=20, seed=s) for s in (3, 3, 4))
    assert one.load.tobytes() == again.load.tobytes() != other.load.tobytes()


def test_nothing_to_sample() -> None:
    graph = town()[0]
    assert sampled_flows(graph, [], [], np.empty((0, 0))).load.sum() == 0
    assert np.isnan(sampled_flows(graph, [0], [0], [[1.0]]).relative_error())


@pytest.mark.parametrize("options", [{"draws": 3}, {"draws": 0}, {"wanted_error": 0.0}])
def test_refused_in_french(options: dict[str, float]) -> None:
    with pytest.raises(WrongUsage, match="erreur voulue doit être positive"):
        sampled(**options)

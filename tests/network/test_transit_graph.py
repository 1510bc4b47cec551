"""Walking and transport in one graph: by hand, by networkx, by who takes the real timetable."""

from __future__ import annotations

from datetime import date
from pathlib import Path  # noqa: TC003 - a fixture type
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from territory.errors import NoAnswer, WrongUsage
from territory.model.tables import conform
from territory.model.timetable import TRANSFERS, Leg
from territory.network.graph import WalkGraph
from territory.network.times import walk_times
from territory.network.transit_graph import (
    WAIT_MAX_S,
    WAIT_MIN_S,
    door_to_door_s,
    expected_wait_s,
    transit_graph,
)
from territory.network.transit_path import transit_path
from territory.network.transit_services import usual_services
from tests.io.feeds import LETTERS, every, read_feed, run
from tests.network.timetable_judge import day_of, mean_seconds
from tests.network.transit_town import WALK_S, services_of, stops, street, town
from tests.real_data import real_file

if TYPE_CHECKING:
    from territory.network.transit_graph import TransitGraph

A, B, C, D, E, F, G, H = range(8)


def minutes(graph: TransitGraph, origin: int, destination: int) -> float:
    return float(door_to_door_s(graph, [origin], [destination])[0, 0]) / 60


def test_a_wait_then_a_ride_then_a_walk(tmp_path: Path) -> None:
    graph = town(tmp_path, every(10, "1", "ABCD", hop=3), street())
    assert minutes(graph, A, D) == pytest.approx(5 + 9)
    assert minutes(graph, A, E) == pytest.approx(5 + 9 + WALK_S / 60)
    assert minutes(graph, A, B) == pytest.approx(5 + 3)
    assert minutes(graph, D, A) == pytest.approx(3 * WALK_S / 60)  # no line goes back
    trip = transit_path(graph, A, E)
    assert trip.legs == (
        Leg("tram", 540, "Arrêt A", "Arrêt D", ("1",), ("Arrêt D",), 300, 3),
        Leg("marche", WALK_S),
    )
    assert trip.on_foot_s == 4 * WALK_S
    assert str(trip) == (
        "27\u00a0min : tram 1, direction Arrêt D, de « Arrêt A » à « Arrêt D », attente habituelle "
        "5\u00a0min, 3 arrêts, 9\u00a0min ; marche 13\u00a0min."
    )


def test_two_lines_and_a_change_on_foot(tmp_path: Path) -> None:
    runs = [*every(12, "1", "AB", hop=4), *every(20, "2", "CE", hop=6)]
    graph = town(tmp_path, runs, street())
    assert minutes(graph, A, E) == pytest.approx(6 + 4 + WALK_S / 60 + 10 + 6)
    assert [leg.kind for leg in transit_path(graph, A, E).legs] == ["tram", "marche", "tram"]


def test_a_change_at_the_same_stop_waits_again(tmp_path: Path) -> None:
    runs = [*every(12, "1", "ABD", hop=4), *every(20, "2", "DF", hop=6)]
    graph = town(tmp_path, runs, street("AB"))
    trip = transit_path(graph, A, F)
    assert trip.seconds / 60 == pytest.approx(6 + 8 + 10 + 6)
    assert [(leg.lines, leg.stops) for leg in trip.legs] == [(("1",), 2), (("2",), 1)]
    assert trip.on_foot_s == np.inf


def test_lines_that_go_together_share_the_wait(tmp_path: Path) -> None:
    runs = [*every(20, "1", "ABCD", hop=4), *every(20, "2", "ABCE", hop=4, first=10)]
    graph = town(tmp_path, runs, street("AB"))
    assert minutes(graph, A, C) == pytest.approx(5 + 8)  # either one
    assert minutes(graph, A, D) == pytest.approx(10 + 12)  # only line 1
    leg = transit_path(graph, A, C).legs[0]
    assert (leg.lines, leg.directions) == (("1", "2"), ("Arrêt D", "Arrêt E"))
    assert str(leg).startswith("tram 1 ou 2, direction Arrêt D ou Arrêt E, de")


def test_a_loop_is_ridden_round(tmp_path: Path) -> None:
    graph = town(tmp_path, every(15, "1", "ACEA", hop=5), street("AB"))
    assert minutes(graph, C, A) == pytest.approx(7.5 + 10)
    assert minutes(graph, A, E) == pytest.approx(7.5 + 10)


def test_waits_have_bounds_and_rare_lines_do_not_count(tmp_path: Path) -> None:
    found = expected_wait_s(np.array([0.5, 10, 90, 120, 121, np.nan]))
    assert found.tolist() == [WAIT_MIN_S, 300, WAIT_MAX_S, WAIT_MAX_S, np.inf, np.inf]
    graph = town(tmp_path, [run("t", "1", "A9:00:00", "H9:05:00")], street())
    assert minutes(graph, A, H) == pytest.approx(7 * WALK_S / 60)


def test_a_stop_far_from_any_street_is_ridden_through(tmp_path: Path) -> None:
    graph = town(tmp_path, every(10, "1", "ABC"), street("AC"), untied="B")
    assert minutes(graph, A, C) == pytest.approx(5 + 10)
    assert minutes(graph, A, B) == np.inf
    with pytest.raises(NoAnswer, match="à pied ou en transports"):
        transit_path(graph, A, B)


def test_changes_of_a_station_are_arcs(tmp_path: Path) -> None:
    services, _ = services_of(tmp_path, every(10, "1", "CD"))
    change = pd.DataFrame({"from_stop": ["A"], "to_stop": ["C"], "walk_s": [60.0]}, index=["0"])
    graph = transit_graph(
        street("DE"), services, stops(), "matin", transfers=conform(change, TRANSFERS)
    )
    assert minutes(graph, A, D) == pytest.approx(1 + 5 + 5)


def test_a_period_or_a_day_that_does_not_exist(tmp_path: Path) -> None:
    services, _ = services_of(tmp_path, every(10, "1", "CD"))
    with pytest.raises(WrongUsage, match=r"Période « nuit » inconnue.*apres_midi"):
        transit_graph(street(), services, stops(), "nuit")
    with pytest.raises(WrongUsage, match=r"Jour « lundi » inconnu.*dimanche et fêtes"):
        transit_graph(street(), services, stops(), "matin", day_type="lundi")
    other = transit_graph(street(), services, stops(), "soir")
    assert minutes(other, C, D) == pytest.approx(WALK_S / 60)


def random_town(folder: Path, seed: int, lines: int) -> TransitGraph:
    """`lines` even lines, every 6 to 60 minutes, on random streets: the same for one seed."""
    draw = np.random.default_rng(seed)
    ends, apart = draw.integers(0, 8, (2, 9)), draw.uniform(200, 2000, 9)
    walk = WalkGraph.from_edges(*ends, apart, *draw.uniform(0, 5000, (2, 8)))
    runs = [
        part
        for n in range(lines)
        for part in every(
            int(draw.integers(6, 60)),
            f"L{n}",
            "".join(draw.permutation(list(LETTERS))[: draw.integers(2, 7)]),
            hop=3,
            first=int(draw.integers(0, 30)),
        )
    ]
    return town(folder, runs, walk)


@pytest.mark.parametrize("seed", range(4))
def test_times_of_networkx_never_slower_than_walking_nor_with_one_line_more(
    tmp_path: Path, seed: int
) -> None:
    graph, every_node = random_town(tmp_path, seed, 4), list(range(8))
    judge = nx.from_scipy_sparse_array(graph.graph.matrix, create_using=nx.DiGraph)
    found = door_to_door_s(graph, every_node, every_node)
    for origin in every_node:
        known = nx.single_source_dijkstra_path_length(judge, origin)
        wanted = [known.get(d, np.inf) for d in every_node]
        np.testing.assert_allclose(found[origin], wanted, atol=0.1)
        for to in np.flatnonzero(np.isfinite(found[origin])):
            trip = transit_path(graph, origin, int(to))
            told = sum(leg.seconds + leg.wait_s for leg in trip.legs)
            assert told == pytest.approx(found[origin, to], abs=0.1)
    assert (found <= walk_times(graph.walk, every_node, every_node) + 0.01).all()
    richer = door_to_door_s(random_town(tmp_path, seed, 6), every_node, every_node)
    assert (richer <= found + 0.01).all()
    assert (richer < found - 1).any()


def test_one_run_more_is_never_slower(tmp_path: Path) -> None:
    runs = [*every(30, "1", "ABCDE", hop=4), *every(25, "2", "BCDF", hop=4)]
    nodes = list(range(8))
    before = door_to_door_s(town(tmp_path, runs, street()), nodes, nodes)
    for stop_list, start in (("ABCDE", 9 * 60 + 7), ("BCD", 10 * 60), ("CDEH", 8 * 60 + 1)):
        one = every(24 * 60, "3", stop_list, hop=4, first=start - 6 * 60)
        after = door_to_door_s(town(tmp_path, [*runs, *one], street()), nodes, nodes)
        assert (after <= before + 0.01).all()


def test_twice_as_often_is_never_slower(tmp_path: Path) -> None:
    nodes = list(range(8))
    often = [
        door_to_door_s(town(tmp_path, every(m, "1", "ABCDEFGH", hop=4), street()), nodes, nodes)
        for m in (60, 30, 15)
    ]
    assert (often[1] <= often[0]).all()
    assert (often[2] <= often[1]).all()
    assert (often[2] < often[0]).any()


@pytest.mark.parametrize(
    ("origin", "destination", "near_s"), [(A, D, 20), (A, F, 90), (B, F, 90), (A, G, 90)]
)
def test_the_mean_of_real_departures(
    tmp_path: Path, origin: int, destination: int, near_s: float
) -> None:
    """Lines 1 and 2 go together as far as C; 3 leaves from D at moments that drift past theirs."""
    runs = [
        *every(20, "1", "ABCD", hop=4), *every(20, "2", "ABCE", hop=4, first=10),
        *every(13, "3", "DFG", hop=5),
    ]  # fmt: skip
    services, timetable = services_of(tmp_path, runs)
    walk = street("AB")
    expected = float(
        door_to_door_s(transit_graph(walk, services, stops(), "matin"), [origin], [destination])[
            0, 0
        ]
    )
    afoot = walk_times(walk, range(8), range(8)).astype(float)
    day = day_of(timetable, date(2026, 6, 10), afoot)
    moments = np.arange(8 * 3600, 12 * 3600, 30) + 15.0
    simulated = mean_seconds(
        day, moments, afoot[origin], afoot[:, destination], afoot[origin, destination]
    )
    assert expected == pytest.approx(simulated, abs=near_s)


def test_a_real_feed_is_close_to_its_timetable() -> None:
    timetable, _, found = read_feed(real_file("gtfs/heidelberg_vrn_gtfs_cut.zip"), epsg=25832)
    services = usual_services(timetable, lambda _: False)
    assert set(services["day_type"]) == {"ouvre", "samedi", "dimanche"}
    xy = np.column_stack([found.geometry.x, found.geometry.y])
    afoot = 1.3 * np.hypot(*(xy[:, None] - xy[None]).T) / 1.25  # no street: straight lines
    tail, head = np.nonzero(afoot < 600)
    walk = WalkGraph.from_edges(tail, head, afoot[tail, head], *xy.T)
    at = pd.DataFrame({"name": found["name"], "node": np.arange(len(found))}, index=found.index)
    graph = transit_graph(walk, services, at, "matin", transfers=timetable.transfers)
    draw = np.random.default_rng(0)
    origins, ends = draw.choice(len(found), (2, 18))
    expected = door_to_door_s(graph, origins, ends).diagonal()
    order = found.index.get_indexer(list(timetable.stop_ids))
    shut = walk_times(walk, order, order).astype(float)
    day = day_of(timetable, date(2022, 7, 6), shut)
    moments = draw.uniform(8 * 3600, 12 * 3600, 8)
    to_stop = walk_times(walk, origins, order).astype(float)
    from_stop = walk_times(walk, order, ends).astype(float)
    afoot_s = walk_times(walk, origins, ends).astype(float).diagonal()
    simulated = np.array(
        [mean_seconds(day, moments, to_stop[k], from_stop[:, k], afoot_s[k]) for k in range(18)]
    )
    known = np.isfinite(expected) & np.isfinite(simulated)
    assert known.sum() >= 8
    ratio = expected[known] / simulated[known]
    assert 0.9 < np.median(ratio) < 1.2

"""People far from all, near a permanence, structures near a quarter: by hand and by networkx."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
import shapely

from territory.analysis.quarters import in_force
from territory.analysis.report.partner_lines import partner_lines
from territory.analysis.report.walk_figures import (
    far_from_all,
    near_permanence,
    never_contacted_near,
    weekly_hosts,
)
from territory.analysis.walked_near import metres_to_surface, minutes_to_surface
from territory.model.report import Span
from territory.model.tables import AVAILABILITY, PLACES, conform, empty_table
from territory.network.walk import network_from_tables
from territory.pipeline.report import report_step
from territory.pipeline.steps import build
from territory.pipeline.workspace import Built, open_territory
from tests.analysis.test_residence import crossing

if TYPE_CHECKING:
    from pathlib import Path

    from territory.network.walk import WalkNetwork

YEAR = Span(date(2026, 1, 1), date(2026, 12, 31), "année 2026")
CELLS = pd.DataFrame(
    {"residents": [100.0, 50.0, 30.0, 7.0], "commune_code": ["A", "A", "B", "B"]},
    index=["c1", "c2", "c3", "c4"],
)
MINUTES = pd.Series([10.0, 10.01, np.inf, np.nan], index=CELLS.index)
TOWNS = {"A": "Aville", "B": "Béville"}


def test_people_beyond_ten_minutes_are_far_and_those_on_no_street_left_aside() -> None:
    whole, *parts = far_from_all(CELLS, MINUTES, ("a1", "p1"), 0, TOWNS)
    assert (whole.value, whole.over) == (80, 180)  # ten minutes is near; no way at all is far
    assert whole.mention == "7 habitants loin de toute rue n’y sont pas"
    assert not whole.people
    assert [(p.label, p.value, p.over) for p in parts] == [("Aville", 50, 150), ("Béville", 30, 30)]


def test_nothing_on_the_map_is_unknown_never_everybody() -> None:
    (none,) = far_from_all(CELLS, MINUTES, (), 0, TOWNS)
    (lost,) = far_from_all(CELLS, MINUTES, ("a1",), 1, TOWNS)
    assert np.isnan(none.value)
    assert np.isnan(lost.value)
    assert "au plus : 1" in far_from_all(CELLS, MINUTES, ("a1", "a2"), 1, TOWNS)[0].mention


def test_near_a_permanence_holds_ten_then_fifteen_minutes() -> None:
    walks = pd.Series([10.0, 15.0, 15.5, np.nan], index=CELLS.index)
    parts = near_permanence(CELLS, walks, ("p1",), 0, 0)
    assert [(p.part, p.value, p.over) for p in parts] == [
        ("", 150, 180), ("10", 100, 180), ("15", 150, 180)
    ]  # fmt: skip
    (nothing,) = near_permanence(CELLS, walks, (), 0, 0)
    assert np.isnan(nothing.value)


SLOT = {"agent_code": "M1", "weekday": 0, "start_min": 540, "end_min": 720, "kind": "permanence"}


def slots(**places: dict[str, object]) -> pd.DataFrame:
    rows = [{**SLOT, "place_id": key.split("_")[0], **more} for key, more in places.items()]
    return conform(pd.DataFrame(rows, index=[f"s{n}" for n in range(len(rows))]), AVAILABILITY)


def held(*places: str) -> pd.DataFrame:
    return pd.DataFrame({"state": "realise", "kind": "permanence", "place_id": list(places)})


def test_a_permanence_every_other_week_is_not_weekly_unless_the_others_are_there_too() -> None:
    table = slots(
        each={}, odd={"weeks": "impaire"}, both={"weeks": "impaire"},
        both_2={"weeks": "paire", "weekday": 3}, ended={"to_on": "2026-06-30"},
        later={"from_on": "2027-01-02"}, month={"recurrence": "1er lundi du mois"},
        school={"recurrence": "lundi sauf vacances scolaires"},
    )  # fmt: skip
    hosts, aside = weekly_hosts(table, held(), YEAR, YEAR.last)
    assert hosts == ("both", "each", "school")
    assert aside == 0


def test_of_a_span_that_is_over_a_permanence_without_a_beginning_must_have_been_held() -> None:
    table = slots(dated={"from_on": "2025-09-01"}, held={}, unheld={})
    assert weekly_hosts(table, held("held"), YEAR, date(2027, 2, 1)) == (("dated", "held"), 1)


def test_structures_near_a_quarter_never_contacted() -> None:
    rows = pd.DataFrame(
        {"status": ["recensee", "recensee", "recensee", "recensee", "rencontree"],
         "commune_code": ["A", "A", "B", "B", "A"],
         "sensitive": [False, False, True, False, False], "geometry": None, "kind": "ccas"},
        index=["near", "far", "secret", "lost", "met"],
    )  # fmt: skip
    partners = partner_lines(conform(rows, PLACES), YEAR.last)
    walks = pd.Series({"near": 10.0, "far": 10.1, "secret": 2.0, "lost": np.nan, "met": 1.0})
    whole, *parts = never_contacted_near(partners, walks, 4, TOWNS, "")
    assert whole.lines == ("near", "secret")
    assert (whole.value, whole.over) == (2, 3)
    assert "1 jamais contactée n’est sur aucune carte" in whole.mention
    assert "4 lieux connus aussi près n’ont pas de statut" in whole.mention
    assert [(p.label, p.lines) for p in parts] == [
        ("Aville", ("near",)), ("commune non dite", ("secret",))
    ]  # fmt: skip
    none = partner_lines(empty_table(PLACES), YEAR.last)
    assert np.isnan(never_contacted_near(none, walks, 4, TOWNS, "")[0].value)


def test_minutes_to_a_quarter_are_its_metres_at_the_pace_of_the_network() -> None:
    quarter, spots = shapely.box(200, 0, 300, 100), ["in", "west", "east", "side", "off"]
    metres = metres_to_surface(crossing(), spots, quarter)
    minutes = minutes_to_surface(crossing(), spots, quarter)
    assert minutes[:4] == pytest.approx(metres[:4] / 75, abs=0.001)  # 4.5 km/h
    assert np.isnan(minutes[4])
    assert np.isinf(minutes_to_surface(crossing(), ["in"], shapely.box(9000, 0, 9100, 100))).all()


def graph_of(network: WalkNetwork) -> nx.DiGraph:
    """The streets as networkx walks them, the quickest of parallel ones."""
    graph = nx.DiGraph()
    columns = ["tail", "head", "seconds", "seconds_back"]
    for tail, head, forth, back in network.edges[columns].itertuples(index=False):
        for a, b, seconds in ((tail, head, forth), (head, tail, back)):
            known = graph.get_edge_data(a, b, {"s": np.inf})["s"]
            graph.add_edge(int(a), int(b), s=min(float(seconds), known))
    return graph


def judged(network: WalkNetwork, cells: pd.DataFrame, ends: list[str], limit_min: float) -> float:
    """Inhabitants within so many minutes of one of `ends`, by networkx, the other way round."""
    nodes = network.points["node"]
    reached = nx.multi_source_dijkstra_path_length(
        graph_of(network).reverse(), {int(nodes[e]) for e in ends}, weight="s"
    )
    near = [reached.get(int(nodes[f"c:{key}"]), np.inf) <= 60 * limit_min for key in cells.index]
    return float(cells["residents"].astype(float)[near].sum())


@pytest.fixture(scope="module")
def town(demo_town: Path) -> tuple[Built, Any, WalkNetwork]:
    built = build(open_territory(demo_town))
    walk = built.products["40_walk"]
    return built, report_step(built, "2026").figures, network_from_tables(dict(walk.tables))


def test_the_fictional_town_is_as_networkx_walks_it(town: tuple[Built, Any, WalkNetwork]) -> None:
    built, figures, network = town
    cells, table = built.table("cells"), figures.table
    doors = [f"p:{key}" for key in figures.lines["S8"]]
    assert len(doors) == 6
    for part, limit in (("S8/10", 10), ("S8/15", 15), ("S8", 15)):
        assert table.loc[part, "value"] == pytest.approx(
            judged(network, cells, doors, limit), abs=1
        )
    ends = [f"{'p' if f'p:{key}' in doors else 'a'}:{key}" for key in figures.lines["S7"]]
    far = float(cells["residents"].sum()) - judged(network, cells, ends, 10)
    assert table.loc["S7", "value"] == pytest.approx(far, abs=2)


def test_its_structures_near_a_quarter_are_those_networkx_finds(
    town: tuple[Built, Any, WalkNetwork],
) -> None:
    built, figures, network = town
    zones = in_force(built.table("zones"))
    quarters = zones[zones["kind"] == "qpv"].geometry.union_all()
    graph = graph_of(network)
    edges = network.edges[shapely.intersects(network.edges.geometry.to_numpy(), quarters)]
    for edge in edges.itertuples():
        inside = [
            edge.geometry.project(shapely.Point(xy))
            for xy in shapely.get_coordinates(edge.geometry.intersection(quarters))
        ] or [0.0]  # a street of no length
        share = max(edge.geometry.length, 1e-9)
        for node, gap, whole in (
            (edge.tail, min(inside), edge.seconds),
            (edge.head, edge.geometry.length - max(inside), edge.seconds_back),
        ):
            known = graph.get_edge_data(int(node), -1, {"s": np.inf})["s"]
            graph.add_edge(int(node), -1, s=min(known, float(whole) * gap / share))
    reached = nx.single_source_dijkstra_path_length(graph.reverse(), -1, weight="s")
    places = partner_lines(built.table("places"), built.territory.today)
    never = places[places["step"] == "recensee"].index
    nodes = network.points["node"].reindex([f"p:{key}" for key in never]).fillna(-1).astype(int)
    near = sorted(
        key for key, node in zip(never, nodes, strict=True) if reached.get(node, np.inf) <= 600
    )
    assert near
    assert list(figures.lines["S11"]) == near


def test_a_network_of_other_files_is_not_walked(demo_town: Path) -> None:
    built = build(open_territory(demo_town))
    faster = built.territory.settings.walk.model_copy(update={"speed_kmh": 5.5})
    settings = built.territory.settings.model_copy(update={"walk": faster})
    other = type(built.territory)(demo_town, settings, built.territory.raw)
    table = report_step(Built(other, built.products), "2026").figures.table
    for code in ("S7", "S8", "S11"):
        assert pd.isna(table.loc[code, "value"])
        assert "territory build" in table.loc[code, "mention"]

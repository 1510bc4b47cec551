"""Product 55: what people can walk to, when, and how many share it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from territory.analysis.access import cell_access, current, slot_access, weekly_permanences
from territory.analysis.access_capacity import place_hours, staffed_hours
from territory.analysis.access_edge import at_edge, near_edge, outside_demand
from territory.analysis.access_slots import slot_reach, slot_sentences
from territory.analysis.access_supply import MAIN, agreement, cell_supply
from territory.io.around import AROUND_KINDS, Around, read_around
from territory.io.products import Computed, Product, step
from territory.model.jsonable import to_json
from territory.network.more_points import with_points
from territory.network.near import near_walks
from territory.outputs.french import number
from territory.pipeline.walking import FAR_MIN, network_of, usual_pace

if TYPE_CHECKING:
    from territory.model.walks import Walks
    from territory.network.walk import WalkNetwork
    from territory.pipeline.workspace import Territory
    from territory.settings import Access


def access_step(
    territory: Territory,
    ground: Product,
    places: Product,
    activity: Product,
    walk: Product,
    need: Product,
) -> Product:
    """
    55: what is in reach of each cell, by half-day, and how many hours of permanence a head.

    Tables access, slots, permanences, supply (`cell_supply`), staffing (`staffed_hours`),
    slot_reach and agreement; facts: what was known around the territory, sentences on half-days, on
    hours that serve nobody and on the edge. Neighbours weigh on the figures and have no row. Raises
    WrongUsage when product 40 does not hold together, and what the readers raise.
    """
    limits = territory.settings.access

    def compute() -> Computed:
        epsg, ground_tables = territory.settings.ground.epsg, ground.tables
        around = read_around(
            territory.raw, ground_tables["communes"], epsg=epsg, margin_m=limits.margin_m
        )
        network = _with_around(territory, network_of(walk), around)
        availability = current(activity.tables["availability"], territory.today)
        tables = _in_reach(network, ground, places, around, availability, limits)
        staffing = staffed_hours(availability)
        hours = place_hours(staffing)
        supply, asking = _supplied(network, ground, need, around, hours, limits)
        edge = at_edge(
            ground_tables["cells"], ground_tables["communes"], around.cells, within_m=limits.edge_m
        )
        tables["access"] = tables["access"].assign(staff_h_1000=supply[MAIN], edge=edge)
        needs, far = need.tables["need"], limits.far_min
        reach = slot_reach(tables["slots"], needs, tables["permanences"], staffing, limit_min=far)
        tables |= {"supply": supply, "staffing": staffing, "slot_reach": reach}
        tables["agreement"] = agreement(supply, needs["target"])
        facts = {
            "around": _told(around, asking),
            "sentences": slot_sentences(reach, limit_min=far),
            "unplaced": _unplaced(network, hours),
            "edge": near_edge(edge, needs["target"], within_m=limits.edge_m, whole="du public"),
        }
        return tables, facts

    settings = {"access": to_json(limits), "today": territory.today.isoformat()}
    settings |= {"merges": dict(territory.raw.merges)}
    inputs = (ground, places, activity, walk, need)
    hashes = {p.name: p.digest for p in inputs} | territory.raw.hashes(AROUND_KINDS)
    return step(territory.processed, "55_access", compute, settings=settings, inputs=hashes)


def _ids(prefix: str, table: pd.DataFrame) -> list[str]:
    """Return the names under which rows of a table are tied to the network."""
    return [f"{prefix}:{i}" for i in table.index]


def _named(walks: Walks) -> Walks:
    """Return the walks without the prefixes that tell cells and places apart."""
    return replace(walks, origins=_bare(walks.origins), destinations=_bare(walks.destinations))


def _bare(names: pd.Index) -> pd.Index:
    return pd.Index([name[2:] for name in names], dtype=object)


def _with_around(territory: Territory, network: WalkNetwork, around: Around) -> WalkNetwork:
    """Tie the neighbours to the streets: cells as "v:" + id, places as "w:" + id."""
    layers = {"v": around.cells.geometry.representative_point(), "w": around.places.geometry}
    parts = [g.set_axis([f"{k}:{i}" for i in g.index]) for k, g in layers.items() if len(g)]
    if not parts:
        return network
    points = gpd.GeoDataFrame(geometry=pd.concat(parts).rename_axis("point_id"))
    walk = territory.settings.walk
    return with_points(network, points, pace=usual_pace(walk), snap_max_m=walk.snap_max_m)


def _in_reach(
    network: WalkNetwork,
    ground: Product,
    places: Product,
    around: Around,
    availability: pd.DataFrame,
    limits: Access,
) -> dict[str, pd.DataFrame]:
    own, permanences = places.tables["places"], weekly_permanences(availability)
    beyond = around.places.drop(index=own.index, errors="ignore")
    cells = _ids("c", ground.tables["cells"])
    doors = [*_ids("p", own), *_ids("w", beyond)]
    minutes = _named(near_walks(network, cells, doors, limit_min=_far(limits)))
    access = cell_access(
        minutes,
        permanences,
        pd.concat([own, beyond]) if len(beyond) else own,
        near_min=limits.near_min,
        far_min=limits.far_min,
        half_min=limits.half_min,
        cut_min=limits.cut_min,
    )
    return {"access": access, "slots": slot_access(minutes, permanences),
            "permanences": permanences}  # fmt: skip


def _supplied(
    network: WalkNetwork,
    ground: Product,
    need: Product,
    around: Around,
    hours: pd.Series,
    limits: Access,
) -> tuple[pd.DataFrame, pd.Series]:
    """Return the supply of the cells of the territory, and the people who ask from around it."""
    cells, table = ground.tables["cells"], need.tables["need"]
    asking = outside_demand(around.cells, cells, table)
    people = pd.concat([
        table["target"].astype("Float64").set_axis(_ids("c", table)),
        asking.astype("Float64").set_axis(_ids("v", asking)),
    ])  # fmt: skip
    here = set(network.points.index)
    hosts = [n for h in hours.index if (n := f"p:{h}") in here or (n := f"w:{h}") in here]
    walks = near_walks(network, list(people.index), hosts, limit_min=_far(limits))
    walks = replace(walks, destinations=_bare(walks.destinations))
    supply = cell_supply(
        people,
        walks,
        hours,
        limit_min=limits.far_min,
        half_min=limits.half_min,
        cut_min=limits.cut_min,
        short_min=limits.short_min,
        long_min=limits.long_min,
    )
    own = supply.loc[sorted(_ids("c", cells))]
    return own.set_axis(pd.Index([i[2:] for i in own.index], name="cell_id")), asking


def _unplaced(network: WalkNetwork, hours: pd.Series) -> str | None:
    """Say which hours serve nobody because their place is not on the map, None without any."""
    tied = network.points.index[network.points["node"] >= 0]
    known = [i[2:] for i in tied if i.startswith(("p:", "w:"))]
    lost = hours[~hours.index.isin(known)]
    if lost.empty:
        return None
    return (
        f"{number(lost.sum(), 1)} h de permanence par semaine ne sont comptées nulle part : le "
        f"lieu n'est pas sur la carte, ou trop loin d'une rue ({', '.join(lost.index)})."
    )


def _far(limits: Access) -> float:
    return max(FAR_MIN, limits.cut_min)


def _told(around: Around, asking: pd.Series) -> dict[str, float]:
    return {
        "cells": len(around.cells),
        "residents": float(around.cells["residents"].sum()),
        "target": float(asking.sum()),
        "places": len(around.places),
    }

"""A dataset drawn at random, written as a batch does, and its tables together for a slow judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import box

from territory.batch.catalogue import DONE, FAILED, Entry, Result, publish, write_entry
from territory.batch.dataset import write_parts
from territory.batch.kinds import KINDS, Rows, kept
from territory.batch.listing import Listed

if TYPE_CHECKING:
    from territory.batch.store import Store

AT = "2026-11-01T00:00:00+00:00"
SEX = {"E5": ("femme", "homme", "autre_ou_inconnu")}


def rows_drawn(listed: Listed, seed: int, cells: int = 12, *, shared: bool = True) -> Rows:
    """Draw the rows of one territory; `shared` lets it hold squares and activities of others."""
    rng = np.random.default_rng(seed)
    where = {"territoire": listed.name, "departement": listed.department,
             "reseau": listed.network or None, "digest": f"d{seed}"}  # fmt: skip
    mark = "" if shared else listed.name
    found = {
        "territoires": _summary(rng, listed),
        "cells": _cells(rng, cells, mark),
        "quarters": _quarters(rng, mark),
        "zones": _zones(rng, mark),
        **_activity(rng, mark),
    }
    return {
        kind: kept(kind, _framed(table.reindex(columns=_own(kind)), kind), where)
        for kind, table in found.items()
    }


def written(store: Store, tables: dict[Listed, Rows]) -> None:
    """Write the dataset, and beside it a territory that failed and an orphan file."""
    for listed, rows in tables.items():
        result = Result("r", "d", "1", AT, write_parts(store, rows, listed), {})
        entry = Entry(listed.name, listed.department, listed.network, DONE, "optimal", AT)
        write_entry(store, Entry(*_plain(entry), result=result))
    lost = Listed("zz-perdu", "x", "99", "")
    write_parts(store, rows_drawn(lost, 1), lost)  # nobody names it
    write_entry(store, Entry(lost.name, "99", "", FAILED, "failed", AT, "Rien à lire."))
    publish(store, list(tables), AT)


def together(tables: dict[Listed, Rows], kind: str) -> pd.DataFrame:
    """Return the rows of a kind of all territories."""
    return pd.concat([pd.DataFrame(rows[kind]) for rows in tables.values()], ignore_index=True)


def _plain(entry: Entry) -> tuple[str, ...]:
    return (entry.name, entry.department, entry.network, entry.state, entry.ending, entry.at)


def _own(kind: str) -> list[str]:
    given = {"territoire", "departement", "reseau", "digest"}
    return [name for name in KINDS[kind].names() if name not in given]


def _framed(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    if not KINDS[kind].geometry:
        return table
    return gpd.GeoDataFrame(table, geometry="geometry", crs=2154)


def _squares(rng: np.random.Generator, count: int) -> list[object]:
    east, north = rng.integers(600_000, 700_000, count), rng.integers(6_800_000, 6_900_000, count)
    return [box(x, y, x + 200, y + 200) for x, y in zip(east, north, strict=True)]


def _people(rng: np.random.Generator, count: int, most: float = 500.0) -> dict[str, object]:
    target = np.where(rng.random(count) < 0.1, 0.0, rng.random(count) * most)
    return {"target": target, "target_low": target * 0.7, "target_high": target * 1.4 + 1}


def _minutes(rng: np.random.Generator, count: int) -> object:
    return np.where(rng.random(count) < 0.2, np.nan, rng.random(count) * 30)


def _summary(rng: np.random.Generator, listed: Listed) -> pd.DataFrame:
    return pd.DataFrame({
        "name": [listed.name], "communes": ["93001"],
        "reference_on": [pd.Timestamp("2026-10-31")], "contacts": [float(rng.integers(0, 900))],
        "walk_limit_min": [15.0],
    })  # fmt: skip


def _cells(rng: np.random.Generator, count: int, mark: str) -> pd.DataFrame:
    keys = rng.choice(max(2 * count, 40), count, replace=False)
    return pd.DataFrame({
        "cell_id": [f"{mark}c{key}" for key in keys],
        "commune_code": rng.choice(["93001", "93002"], count),
        **_people(rng, count), "minutes_permanence": _minutes(rng, count),
        "e2sfca_h_1000": np.where(rng.random(count) < 0.1, np.nan, rng.random(count) * 5),
        "geometry": _squares(rng, count),
    })  # fmt: skip


def _quarters(rng: np.random.Generator, mark: str, count: int = 5) -> pd.DataFrame:
    keys = rng.choice(12, count, replace=False)
    people = _people(rng, count)
    return pd.DataFrame({
        "zone_code": [f"{mark}QP{key}" for key in keys], "name": "Quartier",
        "kind": rng.choice(["qpv", "qpv", "qva"], count), "residents": rng.random(count) * 2000,
        **people, "minutes_permanence": _minutes(rng, count),
        "unserved": people["target"] * rng.choice([0.0, 0.5, 1.0], count),  # type: ignore[operator]
        "contacts": np.where(rng.random(count) < 0.2, 0.0, rng.random(count) * 100),
        "geometry": _squares(rng, count),
    })  # fmt: skip


def _zones(rng: np.random.Generator, mark: str, count: int = 3) -> pd.DataFrame:
    people = _people(rng, count)
    return pd.DataFrame({
        "zone_id": [f"{mark}Z{key}" for key in rng.choice(9, count, replace=False)],
        "rank": range(1, count + 1), "name": "Zone", "residents": rng.random(count) * 2000,
        **people, "unserved": people["target"], "minutes": _minutes(rng, count),
        "contacts": rng.random(count) * 50, "verdict": "établi", "geometry": _squares(rng, count),
    })  # fmt: skip


def _activity(rng: np.random.Generator, mark: str, count: int = 8) -> Rows:
    """Draw lines of activities, and the figures of the year that they add up to."""
    keys = sorted(rng.choice(14, count, replace=False))
    lines = [
        {"activity_key": f"{mark}a{key}", "on": pd.Timestamp(2026, 1 + key % 12, 3),
         "kind": "maraude", "definition": code, "part": part, "value": value}
        for key in keys
        for code, part, value in _told(np.random.default_rng(key))
    ]  # fmt: skip
    counts = pd.DataFrame(lines)
    sums = counts.groupby(["definition", "part"], as_index=False)["value"].sum(min_count=1)
    year = sums.assign(
        grain="annee", period="2026", first_on=pd.Timestamp("2026-01-01"), uncounted=0, used=count,
        last_on=pd.Timestamp("2026-10-31"), label=sums["definition"], unit="personnes",
        people=sums["definition"] != "E2",
    )  # fmt: skip
    return {"indicators": year, "counts": counts}


def _told(rng: np.random.Generator) -> list[tuple[str, str, float]]:
    people = [float(n) for n in rng.integers(0, 12, 3)]
    informed = float("nan") if rng.random() < 0.2 else float(rng.integers(0, 40))
    sexes = [("E5", part, n) for part, n in zip(SEX["E5"], people, strict=True)]
    return [("E1", "", informed), ("E2", "", 1.0), ("E5", "", sum(people)), *sexes]

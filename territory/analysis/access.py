"""What people can walk to, and when: permanences, structures, and supply per head."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.errors import WrongUsage

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Array = NDArray[np.float64]

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
HALF_DAYS = ("matin", "apres-midi")
AFTERNOON_MIN = 12 * 60 + 30
KEYS = ["place_id", "weekday", "half_day", "start_min", "end_min"]


def weekly_permanences(availability: pd.DataFrame) -> pd.DataFrame:
    """
    Return the permanences of a week, one row for a place, day and time (`tables.AVAILABILITY` in).

    Columns on permanence_id: place_id, weekday (0 Monday), half_day (matin, apres-midi), start_min,
    end_min (minutes after midnight), weeks (toutes, paire, impaire), agents (codes joined by |).
    Dated or unplaced rows are left out.
    """
    rows = availability[availability["kind"] == "permanence"]
    rows = rows.dropna(subset=["place_id", "weekday", "start_min", "end_min"])
    half = np.where(rows["start_min"].astype(int) < AFTERNOON_MIN, *HALF_DAYS)
    rows = rows.assign(half_day=pd.Series(half, index=rows.index, dtype="string"))
    rows = rows.assign(weeks=rows["weeks"].fillna("toutes"))
    groups = rows.groupby(KEYS, sort=True)
    table = groups.agg(weeks=("weeks", _weeks), agents=("agent_code", _agents)).reset_index()
    table["place_id"] = table["place_id"].astype("string")
    table[["weeks", "agents"]] = table[["weeks", "agents"]].astype("string")
    table[["weekday", "start_min", "end_min"]] = table[["weekday", "start_min", "end_min"]].astype(
        "int64"
    )
    names = [
        f"{p}-{d}-{s:04d}-{e:04d}"
        for p, d, s, e in table[["place_id", "weekday", "start_min", "end_min"]].itertuples(
            index=False
        )
    ]
    return table.set_axis(pd.Index(names, name="permanence_id", dtype="object")).sort_index()


def _weeks(values: pd.Series) -> str:
    found = set(values)
    return str(found.pop()) if len(found) == 1 else "toutes"


def _agents(values: pd.Series) -> str:
    return "|".join(sorted(set(values.dropna())))


def cell_access(
    minutes: pd.DataFrame,
    permanences: pd.DataFrame,
    places: pd.DataFrame,
    *,
    near_min: float = 10,
    far_min: float = 15,
) -> pd.DataFrame:
    """
    Say what each cell has in reach on foot; `minutes` [cell_id x place_id], inf = out of reach.

    `permanences` are those of `weekly_permanences`, `places` keeps tables.PLACES, `near_min` and
    `far_min` are minutes on foot. Columns on cell_id: minutes_permanence (inf = none in reach),
    permanence_place_id (NA then), structures_near and structures_far (how many fixed places, not
    inactive, within `near_min`, `far_min`), slots_near (weekly half-days with a permanence within
    `far_min`).
    """
    ordered = minutes.sort_index().rename_axis("cell_id")
    hosts = sorted(set(permanences["place_id"]) & set(ordered.columns))
    walk = ordered[hosts]
    least = walk.min(axis="columns").fillna(np.inf).astype(float)
    fixed = places["fixed_point"].fillna(value=True) & places["status"].ne("inactive").fillna(
        value=True
    )
    doors = ordered[[p for p in ordered.columns if p in set(places.index[fixed.astype(bool)])]]
    slots = slot_access(ordered, permanences)
    table = {
        "minutes_permanence": least,
        "permanence_place_id": _nearest(walk, least),
        "structures_near": (doors <= near_min).sum(axis="columns").astype("int64"),
        "structures_far": (doors <= far_min).sum(axis="columns").astype("int64"),
        "slots_near": (slots <= far_min).sum(axis="columns").astype("int64"),
    }
    return pd.DataFrame(table, index=ordered.index)


def _nearest(walk: pd.DataFrame, least: pd.Series) -> pd.Series:
    names = pd.Series(pd.NA, index=walk.index, dtype="string")
    reached = np.isfinite(least.to_numpy())
    if reached.any():
        names[reached] = walk[reached].idxmin(axis="columns").astype("string")
    return names


def slot_access(minutes: pd.DataFrame, permanences: pd.DataFrame) -> pd.DataFrame:
    """
    Return minutes [cell_id x half-day] to the nearest permanence open then, inf = none in reach.

    `minutes` [cell_id x place_id] are minutes on foot, `permanences` those of `weekly_permanences`.
    Columns: « lundi matin », « lundi apres-midi »... « samedi apres-midi », every week counted
    alike.
    """
    ordered = minutes.sort_index().rename_axis("cell_id")
    slots: dict[str, pd.Series] = {}
    for number, day in enumerate(DAYS):
        for half in HALF_DAYS:
            open_then = (permanences["weekday"] == number) & (permanences["half_day"] == half)
            hosts = sorted(set(permanences.loc[open_then, "place_id"]) & set(ordered.columns))
            slots[f"{day} {half}"] = ordered[hosts].min(axis="columns").fillna(np.inf).astype(float)
    return pd.DataFrame(slots, index=ordered.index)


def catchment_access(
    demand: Array,
    supply: Array,
    minutes: Array,
    *,
    weight: Callable[[Array], Array],
    method: str = "e2sfca",
) -> Array:
    """
    Return supply per head [demand], or supply captured for "availability"; unreachable = 0.

    `demand` [demand] are people, `supply` [supply] what is offered in any unit, `minutes` [demand,
    supply] walks with inf = out of reach; `weight` turns minutes into [0, 1]. Methods: 2sfca (Luo
    and Wang 2003), e2sfca (Luo and Qi 2009), 3sfca (Wan et al. 2012), bfca (Paez et al. 2019),
    availability (Soukhov et al. 2023). Raises WrongUsage for another method.
    """
    walk = np.asarray(minutes, float)
    pull = np.where(np.isfinite(walk), np.nan_to_num(weight(walk), nan=0.0), 0.0)
    people, offer = np.asarray(demand, float), np.asarray(supply, float)
    if method in {"2sfca", "e2sfca"}:
        return _floating(people, offer, pull, pull)
    if method == "3sfca":
        choice = pull * _rows(pull)
        return _floating(people, offer, choice, choice)
    if method == "bfca":
        return _floating(people, offer, _rows(pull), _rows(pull.T).T)
    if method == "availability":
        return people * _floating(people, offer, pull, pull)
    raise WrongUsage(f"La méthode d'accès « {method} » n'existe pas.")


def _rows(pull: Array) -> Array:
    return _divide(pull, pull.sum(axis=1, keepdims=True))


def _floating(people: Array, offer: Array, asked: Array, given: Array) -> Array:
    access: Array = given @ _divide(offer, people @ asked)
    return access


def _divide(top: Array, bottom: Array) -> Array:
    """Divide, nothing over nothing being nothing."""
    wide = np.broadcast_to(bottom, top.shape)
    return np.divide(top, wide, out=np.zeros(top.shape), where=wide > 0)

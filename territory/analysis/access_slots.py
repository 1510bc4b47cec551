"""When the service is there: half-day by half-day, who has a permanence within a walk."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.access import DAYS, open_slots, slot_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

SLOT_TITLES = {
    "permanences": "Permanences",
    "open_hours": "Heures d'ouverture par semaine",
    "staff_hours": "Heures de médiateur par semaine",
    "every_week": "Toutes les semaines",
    "target_near": "Personnes du public à portée",
    "share_near": "Part du public à portée",
    "residents_near": "Habitants à portée",
    "median_min": "Minutes à pied, médiane du public à portée",
}
WORKED = DAYS[:5]  # days of which an empty half-day is worth telling


def slot_reach(
    slots: pd.DataFrame,
    need: pd.DataFrame,
    permanences: pd.DataFrame,
    staffing: pd.DataFrame,
    *,
    limit_min: float = 15.0,
) -> pd.DataFrame:
    """
    Return, by half-day of the week, what is open and how many people have it in reach.

    `slots` [cell_id x half-day] are minutes of `slot_access`, `need` has residents and target
    (people, NA counts as nobody), `permanences` and `staffing` come from `weekly_permanences` and
    `staffed_hours`. Columns on slot: permanences (how many places), open_hours and staff_hours
    (a week), every_week (False: even or odd weeks only; NA when empty), target_near, residents_near
    (people within `limit_min` minutes), share_near (of all the target, 0-1, NA without any),
    median_min (of the target within the reach of the computed walks, NA without any).
    """
    known = need.reindex(slots.index)
    target, residents = (_people(known[c]) for c in ("target", "residents"))
    rows = {}
    for name in slots.columns:
        walk = slots[name].to_numpy(float)
        near, total = walk <= limit_min, target.sum()
        rows[name] = {
            "target_near": target[near].sum(),
            "share_near": target[near].sum() / total if total > 0 else np.nan,
            "residents_near": residents[near].sum(),
            "median_min": _median(walk, target),
        }
    table = pd.DataFrame.from_dict(rows, orient="index", dtype=float)
    opened = _opened(permanences, staffing).reindex(table.index)
    counts = opened[["permanences", "open_hours", "staff_hours"]].fillna(0.0)
    table = pd.concat([counts, opened[["every_week"]], table], axis="columns")
    return table.astype({"permanences": "int64", "every_week": "boolean"}).rename_axis("slot")


def empty_slots(reach: pd.DataFrame) -> list[str]:
    """Return the half-days from Monday to Friday without any permanence, by `slot_reach`."""
    return [s for s in reach.index if s.split()[0] in WORKED and reach.loc[s, "permanences"] == 0]


def slot_sentences(reach: pd.DataFrame, *, limit_min: float = 15.0) -> list[str]:
    """
    Say in French when the service is there, and when it is not, from the table of `slot_reach`.

    Half-days from the one that reaches most people to the one that reaches fewest, then the empty
    ones.
    """
    held = reach[reach["permanences"] > 0].sort_values(
        ["target_near", "open_hours"], ascending=False, kind="stable"
    )
    said = [_sentence(str(name), row, limit_min) for name, row in held.iterrows()]
    empty = empty_slots(reach)
    if not len(held):
        return ["Aucune permanence dans la semaine."]
    if empty:
        said.append(f"Sans permanence, du lundi au vendredi : {', '.join(map(_spoken, empty))}.")
    return said


def _sentence(name: str, row: pd.Series, limit_min: float) -> str:
    share = (
        "" if pd.isna(row["share_near"]) else f", {100 * row['share_near']:.0f}\u202f% du public"
    )
    weeks = "" if row["every_week"] else " (une semaine sur deux)"
    few = f"{row['target_near']:,.0f}".replace(",", "\u202f")
    return (
        f"{_spoken(name).capitalize()}{weeks} : {few} personnes du public à {limit_min:g}\u202fmin "
        f"à pied ou moins d'une permanence{share}."
    )


def _spoken(name: str) -> str:
    return name.replace("apres-midi", "après-midi")


def _people(values: pd.Series) -> NDArray[np.float64]:
    people: NDArray[np.float64] = values.astype("Float64").to_numpy(float, na_value=0.0)
    return people


def _median(walk: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """Return the weighted median of the finite walks, NaN without any."""
    counted = np.isfinite(walk) & (weight > 0)
    if not counted.any():
        return float("nan")
    order = np.argsort(walk[counted], kind="stable")
    summed = np.cumsum(weight[counted][order])
    return float(walk[counted][order][np.searchsorted(summed, summed[-1] / 2)])


def _opened(permanences: pd.DataFrame, staffing: pd.DataFrame) -> pd.DataFrame:
    """Return what is open by half-day; the places are those that `slot_access` counts."""
    hosts: dict[str, set[str]] = {name: set() for name in slot_names()}
    for row in permanences.itertuples():
        for name in open_slots(row.weekday, row.start_min, row.end_min):
            hosts[name].add(row.place_id)
    names = staffing["weekday"].map(dict(enumerate(DAYS))) + " " + staffing["half_day"]
    groups = staffing.groupby(names.astype("object"))
    table = groups[["open_hours", "staff_hours"]].sum().reindex(slot_names())
    table["permanences"] = [len(hosts[name]) for name in table.index]
    table["every_week"] = groups["every_week"].any().astype("boolean").reindex(table.index)
    return table

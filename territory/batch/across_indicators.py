"""The activity of départements and networks of teams: counted once, small counts hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.disclosure import K_PUBLIC, TOTAL
from territory.analysis.proportions import wilson
from territory.analysis.publication import crossed, publish, told
from territory.model.published import Published

if TYPE_CHECKING:
    from collections.abc import Sequence

DEPARTMENT, NETWORK, ALL, TERRITORY = "departement", "reseau", "ensemble", "territoire"
LEVELS = (DEPARTMENT, NETWORK, ALL)
NO_NETWORK = "sans réseau"
WHOLES = ("E1", "E2", "E3", "E3o", "A2", "E4", "S12")
SPLIT = {"E5": ("autre_ou_inconnu", "?"), "E6": ("inconnu", "?")}  # and parts left out of shares
_WHOLE = "ensemble"


def counted_once(figures: pd.DataFrame, extra: pd.DataFrame) -> pd.DataFrame:
    """
    Return `figures` of the definitions told here less `extra`, what another territory tells too.

    Both have territoire, definition and part; `figures` value (NA unknown), `extra` how much to
    take off. Never below 0.
    """
    wanted = figures["definition"].isin([*SPLIT]) | (
        figures["definition"].isin(WHOLES) & (figures["part"] == "")
    )
    both = figures[wanted].merge(extra, on=["territoire", "definition", "part"], how="left")
    less = both["value"] - both["extra"].astype("float64").fillna(0.0)
    return both.assign(value=less.clip(lower=0.0), reseau=both["reseau"].fillna(NO_NETWORK)).drop(
        columns="extra"
    )


def summed(once: pd.DataFrame, level: str, *, k: int = K_PUBLIC) -> pd.DataFrame:
    """
    Return each figure of `once` by `level` and for all: value, share with Wilson's limits, hidden.

    Columns zone, definition, part, label, unit, people, value, known and asked (territories that
    counted it, and all), share, share_low, share_high, hidden. What people a small count is of is
    NA, with what would give it back by adding and subtracting, territory by territory too; networks
    are hidden knowing what départements tell. Raises WrongUsage when `k` is below 5.
    """
    zones = sorted(once[level].unique()) if level != ALL else []
    tables = [_sums(once[once[level] == zone], zone, once) for zone in zones]
    found = pd.concat([*tables, _sums(once, TOTAL, once)], ignore_index=True)
    mask = _hidden(once, DEPARTMENT if level == ALL else level, k)
    keys = zip(found["zone"], found["definition"], found["part"], strict=True)
    hid = pd.Series([mask.get(key, False) for key in keys], found.index, dtype=bool)
    return _with_shares(found.assign(value=found["value"].mask(hid), hidden=hid))


def hidden_territories(once: pd.DataFrame, definition: str, *, k: int = K_PUBLIC) -> frozenset[str]:
    """Return the territories whose whole `definition` may not be told beside all the sums of it."""
    shown = _published(once, definition, (DEPARTMENT, NETWORK, TERRITORY), k)
    if shown is None:
        return frozenset()
    _, mask = told(shown)
    return frozenset(str(name) for name in mask.index[mask[TOTAL]] if name != TOTAL)


def _sums(rows: pd.DataFrame, zone: str, everything: pd.DataFrame) -> pd.DataFrame:
    groups = rows.groupby(["definition", "part"], sort=True)
    found = groups.agg(
        label=("label", "first"),
        unit=("unit", "first"),
        people=("people", "max"),
        value=("value", lambda values: values.sum(min_count=1)),
        known=("value", "count"),
    ).reset_index()
    whole = everything if zone == TOTAL else rows
    return found.assign(zone=zone, asked=whole["territoire"].nunique())


def _hidden(once: pd.DataFrame, level: str, k: int) -> dict[tuple[str, str, str], bool]:
    """Return whether each figure of people, by zone, definition and part, must be hidden."""
    levels = (DEPARTMENT,) if level == DEPARTMENT else (DEPARTMENT, NETWORK)
    found: dict[tuple[str, str, str], bool] = {}
    people = once[once["people"].fillna(value=False).astype(bool)]
    for definition in sorted(people["definition"].unique()):
        shown = _published(people, definition, levels, k)
        if shown is None:
            continue
        _, mask = told(shown)
        split = definition in SPLIT
        for zone in mask.index:
            for part in mask.columns:
                name = "" if part == TOTAL else str(part)
                if split or part == TOTAL:
                    found[str(zone), definition, name] = bool(mask.loc[zone, part])
    return found


def _published(
    once: pd.DataFrame, definition: str, levels: Sequence[str], k: int
) -> Published | None:
    """Return the table of one definition at the last of `levels`, told beside those before it."""
    rows = once[(once["definition"] == definition) & (once["value"] >= 1)]
    rows = rows[(rows["part"] != "") == (definition in SPLIT)]
    if not len(rows):
        return None
    groups = rows.assign(
        people=rows["value"].round().astype("int64"), part=rows["part"].replace("", _WHOLE)
    )
    earlier = [_untold_territories(groups)]
    for level in levels:
        _, shown = publish(f"{definition}_{level}", groups, level, "part", earlier, k=k)
        earlier.append(shown)
    return earlier[-1]


def _untold_territories(groups: pd.DataFrame) -> Published:
    """
    Return the table of territories before anything of it is shown.

    Which territories counted somebody is known, so a sum of few of them says more of each than a
    sum of people does: départements and networks are told knowing it.
    """
    table = crossed(groups, TERRITORY, "part")
    rows, columns = tuple(map(str, table.index)), tuple(map(str, table.columns))
    nothing = np.ones((len(rows) + 1, len(columns) + 1), dtype=bool)
    return Published("territoires", TERRITORY, "part", rows, columns, table.to_numpy(), nothing)


def _with_shares(found: pd.DataFrame) -> pd.DataFrame:
    """Add the share of each part among those who answered, where no part of it is hidden."""
    rows = found[["zone", "definition", "part", "value", "hidden"]]
    limits = pd.DataFrame(np.nan, index=found.index, columns=["share", "share_low", "share_high"])
    for (_, definition), group in rows.groupby(["zone", "definition"], sort=True):
        if definition not in SPLIT or group["hidden"].any():
            continue
        answered = group[~group["part"].isin(["", *SPLIT[str(definition)]])]
        base = answered["value"].sum()
        for at, value in answered["value"].items():
            if base > 0 and not np.isnan(value):
                limits.loc[at] = [value / base, *wilson(value, base)]
    return found.join(limits)

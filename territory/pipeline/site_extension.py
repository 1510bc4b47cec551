"""Extension quarters, from a built territory: which groups of priority quarters to serve next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.quarters import in_force
from territory.analysis.siting.extension import extension
from territory.errors import WrongUsage
from territory.model.requests import Request
from territory.network.walk import minutes_between
from territory.pipeline.quarter_figures import quarter_parts
from territory.pipeline.site_asks import decided
from territory.pipeline.walking import network_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from territory.model.dialogue_results import Extension
    from territory.model.requests import Decision
    from territory.pipeline.workspace import Built

Groups = dict[str, tuple[str, ...]]


def quarter_names(built: Built) -> dict[str, str]:
    """Return the priority quarters in force, code to name."""
    quarters = _quarters(built)["name"]
    return {str(c): str(c) if pd.isna(n) else str(n) for c, n in quarters.items()}


def derived_groups(built: Built, walk_min: float) -> Groups:
    """
    Return one group for each quarter: itself and those at most `walk_min` minutes away on foot.

    A walk is that between the cells of both quarters where most of its people live; the same group
    is kept once.
    """
    names, middle = quarter_names(built), _middles(built)
    codes = [c for c in names if c in middle.index]
    points = [f"c:{middle[c]}" for c in codes]
    walks = minutes_between(
        network_of(built.products["40_walk"]), points, points, limit_min=max(walk_min, 1.0)
    ).to_numpy(float)
    found: dict[frozenset[str], str] = {}
    for code in names:
        near = _near(codes, walks, code, walk_min)
        mark = f"{names[code]} et voisins" if len(near) > 1 else names[code]
        found.setdefault(near, f"{mark} ({code})")
    return {name: tuple(sorted(near)) for near, name in found.items()}


def extension_of(built: Built, groups: Mapping[str, Sequence[str]], count: int) -> Extension:
    """
    Return the `count` groups at most that hold most of the public not served yet.

    Served: people at most `sites.limit_min` minutes from a permanence on foot. Decisions that name
    a quarter are requests on all groups that hold it. Raises WrongUsage without any quarter.
    """
    names = quarter_names(built)
    if not names:
        raise WrongUsage("Aucun quartier prioritaire n'est connu ici.")
    people, served = _people(built)
    codes, titles = list(names), list(groups)
    members = np.array([[code in groups[t] for t in titles] for code in codes], bool)
    decisions, _ = decided(built.territory)
    return extension(
        people.reindex(codes).fillna(0.0).to_numpy(float),
        members,
        count,
        names=titles,
        quarters=[names[c] for c in codes],
        served=served.reindex(codes).fillna(0.0).to_numpy(float),
        requests=_requests(decisions.values(), titles, groups),
    )


def _requests(
    decisions: Iterable[Decision], titles: Sequence[str], groups: Mapping[str, Sequence[str]]
) -> list[Request]:
    found = []
    for one in decisions:
        at = tuple(n for n, title in enumerate(titles) if one.place_id in groups[title])
        if one.kind is not None and at:
            found.append(Request(one.who, one.kind, at, one.why, one.on))
    return found


def _quarters(built: Built) -> gpd.GeoDataFrame:
    return in_force(built.table("zones")).query("kind == 'qpv'").sort_index()


def _people(built: Built) -> tuple[pd.Series, pd.Series]:
    """Return people of the public of each quarter, and the share of them served, 0-1."""
    parts, limit = quarter_parts(built, _quarters(built)), built.territory.settings.sites.limit_min
    near = parts["target"].where(parts["minutes"] <= limit, 0.0)
    whole = parts.groupby("zone_code")["target"].sum()
    served = near.groupby(parts["zone_code"]).sum() / whole.where(whole > 0)
    return whole, served.fillna(0.0).clip(0.0, 1.0)


def _middles(built: Built) -> pd.Series:
    """Return the cell of each quarter where most of its people live; none where nobody is known."""
    parts = quarter_parts(built, _quarters(built))
    lived = parts[parts["target"] > 0].sort_values(["target", "cell_id"], ascending=[False, True])
    return lived.drop_duplicates("zone_code").set_index("zone_code")["cell_id"]


def _near(
    codes: Sequence[str], walks: NDArray[np.float64], code: str, walk_min: float
) -> frozenset[str]:
    if code not in codes or walk_min <= 0:
        return frozenset({code})
    row = walks[codes.index(code)]
    return frozenset({code, *(c for c, m in zip(codes, row, strict=True) if m <= walk_min)})

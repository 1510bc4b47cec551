"""No quarter without anybody for too long: those whose turn it is this week, as zones to visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.model.results import Gap, Reason, Verdict
from territory.planning.rule_effects import last_rounds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    import geopandas as gpd
    import pandas as pd

    from territory.planning.rule_effects import Scene


def quarters_due(scene: Scene, weeks: int) -> dict[str, date | None]:
    """
    Return the priority quarters (QPV) that must be visited this week, with their last outing.

    Those that would otherwise end the week with `weeks` weeks or more since the last maraude or
    round, done or planned before it; None when none is known.
    """
    last, sunday = last_rounds(scene), scene.days[-1]
    qpv = scene.zones.index[scene.zones["kind"] == "qpv"]
    seen = {str(code): last.get(str(code)) for code in sorted(map(str, qpv))}
    return {code: on for code, on in seen.items() if on is None or (sunday - on).days >= 7 * weeks}


def required_zones(
    due: Mapping[str, date | None],
    scene: Scene,
    gaps: Sequence[Gap],
    cells: gpd.GeoDataFrame,
    need: pd.DataFrame,
) -> tuple[tuple[Gap, ...], tuple[str, ...]]:
    """
    Return the zones of the week and the zone_ids among them that must be visited.

    A quarter `due` is visited through a zone of `gaps` that lies in it, the first in rank; a
    quarter without one becomes a zone of its own, after the others, with the `cells` (CELLS, metric
    CRS) whose middle lies in it; `need` (index cell_id) gives residents and target, people. A
    quarter without any inhabited cell is not asked for.
    """
    zones, asked = list(gaps), []
    for code, on in sorted(due.items()):
        inside = [g for g in gaps if code in scene.quarters.get(g.zone_id, frozenset())]
        zone = min(inside, key=lambda g: g.rank, default=None)
        if zone is None:
            zone = _quarter_zone(code, on, scene, cells, need, rank=len(zones) + 1)
            zones += [zone] if zone is not None else []
        if zone is not None:
            asked.append(zone.zone_id)
    return tuple(zones), tuple(sorted(set(asked)))


def _quarter_zone(
    code: str,
    on: date | None,
    scene: Scene,
    cells: gpd.GeoDataFrame,
    need: pd.DataFrame,
    *,
    rank: int,
) -> Gap | None:
    shape = scene.zones.geometry[code]
    inside = sorted(map(str, cells.index[cells.geometry.centroid.within(shape)]))
    people = need[["residents", "target"]].reindex(inside).astype(float).sum()
    if not inside or people["target"] <= 0:
        return None
    name = scene.zones["name"][code]
    since = "aucune sortie connue" if on is None else f"dernière sortie le {on:%d/%m/%Y}"
    sentence = f"Garantie de passage : {since} dans ce quartier."
    silent = Reason("acces", sentence, 0.0)
    return Gap(
        rank, f"garantie-{code}", str(name), None, tuple(inside), people["residents"],
        people["target"], None, 0.0, 0.0, None, 0.0, 0.0, Verdict.TO_CHECK,
        (silent, silent, Reason("effort", sentence, 1.0)),
    )  # fmt: skip

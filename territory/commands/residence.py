"""In which class of quarter the team met people: QPV, QVA, grande proximité, autre, unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.residence import (
    CLASSES,
    UNKNOWN,
    ResidenceRules,
    are_overseas,
    count_interval,
    near_surfaces,
    residence_classes,
    rounded_shares,
)
from territory.analysis.walked_near import metres_to_surface
from territory.commands.answer import Answer
from territory.endings import DONE
from territory.model.words import HOME_ZONES, label
from territory.pipeline.sources import read_sources
from territory.pipeline.walking import network_of, walk_step
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd
    from numpy.typing import NDArray

    from territory.pipeline.workspace import Built


def residence(folder: Path) -> Answer:
    """Count the realised activities by class of their meeting place, never of anybody's home."""
    territory = open_territory(folder)
    built, near = read_sources(territory), territory.settings.near
    overseas = are_overseas(map(str, built.table("communes").index))
    rules = ResidenceRules(near.near_m, near.sigma_m, near.no_qva, overseas)
    activities = built.table("activities")
    done = activities[activities["state"] == "realise"]
    zones = built.table("zones")
    walked = _walked_m(built, done, zones, rules) if near.walked else None
    found = residence_classes(done, zones, rules, walked_m=walked)
    counts = found["residence"].value_counts().reindex(CLASSES, fill_value=0)
    shares = rounded_shares(counts)
    ends = [count_interval(found[f"p_{name}"]) for name in CLASSES]
    how = "à pied par les rues" if near.walked else "à vol d’oiseau"
    lines = [
        "Zone du lieu de contact (ce n’est pas le lieu de résidence des personnes), grande "
        f"proximité = {near.near_m:.0f} m {how} :"
    ]
    for name, share, (low, high) in zip(CLASSES, shares, ends, strict=True):
        doubt = f", entre {low} et {high}" if near.sigma_m else ""
        lines.append(f"  {label(HOME_ZONES, name)} : {counts[name]} activités ({share} %{doubt})")
    lines.append(f"  Ensemble : {len(done)} activités réalisées")
    if counts[UNKNOWN]:
        lines.append(
            "  « Inconnue » : lieu ou date inconnus, QPV en vigueur à cette date non fournis (2024 "
            "pour un fait récent), ou QVA non fournis. Ce n’est pas « hors QPV »."
        )
    value = {
        name: {"activites": int(counts[name]), "part": int(share), "entre": [low, high]}
        for name, share, (low, high) in zip(CLASSES, shares, ends, strict=True)
    }
    told = {"distance_m": near.near_m, "a_pied": near.walked, "classes": value}
    return Answer(told, lines, DONE, built.reports)


def _walked_m(
    built: Built, facts: gpd.GeoDataFrame, zones: gpd.GeoDataFrame, rules: ResidenceRules
) -> NDArray[np.float64]:
    """Return metres on foot from each fact to the quarters of its time, NaN when not known."""
    products = (built.products[name] for name in ("10_zones", "20_places", "30_activity"))
    network = network_of(walk_step(built.territory, *products))
    metres = np.full(len(facts), np.nan)
    for rows, surface in near_surfaces(facts, zones, rules):
        points = [f"a:{key}" for key in facts.index[rows]]
        metres[rows] = metres_to_surface(network, points, surface)
    return metres

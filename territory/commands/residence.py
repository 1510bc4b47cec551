"""In which class of quarter the team met people: QPV, QVA, grande proximité, autre, unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.residence import (
    CLASSES,
    UNKNOWN,
    ResidenceRules,
    are_overseas,
    count_interval,
    residence_classes,
    rounded_shares,
)
from territory.commands.answer import Answer
from territory.endings import DONE
from territory.model.words import HOME_ZONES, label
from territory.pipeline.steps import read_sources
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from pathlib import Path


def residence(folder: Path) -> Answer:
    """Count the realised activities by class of their meeting place, never of anybody's home."""
    territory = open_territory(folder)
    built, near = read_sources(territory), territory.settings.near
    overseas = are_overseas(map(str, built.table("communes").index))
    rules = ResidenceRules(near.near_m, near.sigma_m, near.no_qva, overseas)
    activities = built.table("activities")
    done = activities[activities["state"] == "realise"]
    found = residence_classes(done, built.table("zones"), rules)
    counts = found["residence"].value_counts().reindex(CLASSES, fill_value=0)
    shares = rounded_shares(counts)
    ends = [count_interval(found[f"p_{name}"]) for name in CLASSES]
    lines = [
        "Zone du lieu de contact (ce n’est pas le lieu de résidence des personnes), grande "
        f"proximité = {near.near_m:.0f} m à vol d’oiseau :"
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
    return Answer({"distance_m": near.near_m, "classes": value}, lines, DONE, built.reports)

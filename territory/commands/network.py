"""The walking network controlled: what it misses, whom that concerns, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.commands.answer import Answer
from territory.endings import DONE
from territory.outputs.network_faults import KINDS, network_faults
from territory.outputs.network_report import first_faults, network_summary
from territory.pipeline.network_check import deliver_network, network_audit, walked
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from pathlib import Path

    from territory.outputs.network_faults import Fault


def network(folder: Path) -> Answer:
    """
    Audit the walking network, write its map, layers and report, and print what to mend first.

    Raises BadSettings or UnreadableFile as `open_territory`, and as `walked` and `deliver_network`.
    """
    built = walked(open_territory(folder))
    found = network_audit(built)
    paths = [str(p.relative_to(folder)) for p in deliver_network(built, found)]
    summary = network_summary(found)
    lines = [
        *summary,
        "",
        *first_faults(found),
        "",
        "Fichiers écrits :",
        *(f"  {p}" for p in paths),
    ]
    faults = [_value(fault) for fault in network_faults(found)]
    value = {"resume": summary, "defauts": faults, "fichiers": paths}
    return Answer(value, lines, DONE, built.reports)


def _value(fault: Fault) -> dict[str, object]:
    middle = fault.geometry.representative_point()
    return {
        "repere": fault.key,
        "sorte": KINDS[fault.kind][0],
        "titre": fault.title,
        "constat": fault.fact,
        "que_faire": fault.todo,
        "habitants": None if pd.isna(fault.residents) else round(fault.residents),
        "chiffres": {k: None if pd.isna(v) else v for k, v in fault.figures.items()},
        "x": round(middle.x, 1),
        "y": round(middle.y, 1),
    }

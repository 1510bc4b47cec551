"""The decision log replayed: what is asked of the permanences on the day of reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.analysis.siting.requests import requests_of
from territory.io.decision_log import in_force, read_decisions

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from territory.model.issues import Issue
    from territory.model.requests import Decision, Request
    from territory.pipeline.workspace import Territory


@dataclass(frozen=True, slots=True, eq=False)
class Asks:
    """
    Requests in force: `requests` on options, `lines` the number of each in the log.

    `lost` are decisions (by line) about a place where no permanence can be held any more.
    """

    lines: tuple[int, ...]
    requests: tuple[Request, ...]
    lost: Mapping[int, Decision]


def decided(territory: Territory) -> tuple[dict[int, Decision], tuple[Issue, ...]]:
    """Return the decisions that hold on the day of reference, by line, and the lines left out."""
    decisions, issues = read_decisions(territory.folder)
    return in_force(decisions, territory.today), issues


def asks_of(decisions: Mapping[int, Decision], options: pd.DataFrame) -> Asks:
    """Return the requests that `decisions` (by line) make of `options` (`slot_options`)."""
    lines: list[int] = []
    requests: list[Request] = []
    lost: dict[int, Decision] = {}
    for line, decision in decisions.items():
        found, _ = requests_of([decision], list(options["place_id"]), list(options["slot"]))
        lines += [line] * len(found)
        requests += found
        lost |= {} if found else {line: decision}
    return Asks(tuple(lines), tuple(requests), lost)

"""What a report says of the ground and of partners: read from the products, walked if built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.perimeters import instead_of_current
from territory.analysis.quarters import in_force
from territory.analysis.report.ground_figures import ground_figures
from territory.analysis.report.partner_figures import dormant
from territory.analysis.report.realised import realised
from territory.analysis.report.walk_figures import (
    NEAR_MIN,
    NO_QUARTER,
    far_from_all,
    near_permanence,
    never_contacted_near,
    not_walked,
    unknown_structures,
    weekly_hosts,
)
from territory.analysis.residence import QPV, ResidenceRules, are_overseas
from territory.pipeline.reach_read import minutes_to_nearest, reach_as_built

if TYPE_CHECKING:
    from territory.analysis.report.lines import Lines
    from territory.io.products import Product
    from territory.model.report import Part, Span
    from territory.pipeline.workspace import Built


def ground_parts(
    built: Built, span: Span, lines: Lines, zones: pd.DataFrame
) -> dict[str, tuple[Part, ...]]:
    """
    Return S4 to S8, S10 and S11 of `span`; nothing is built: what is walked may be unknown.

    `zones` is the quarter of each activity of the log (report.ground), on activity_id.
    """
    history = history_of(built.table("activities"), zones, span)
    names = built.table("communes")["name"].to_dict()
    found = ground_figures(lines, history, span)
    found["S10"] = dormant(lines.partners, history, span.last, names)
    return found | _walked(built, span, lines)


def history_of(activities: pd.DataFrame, zones: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Return the realised activities up to the last day: on, kind, quarter, sensitive."""
    done = realised(activities)
    done = done[done["on"] <= pd.Timestamp(span.last)]
    told = done[["on", "kind", "sensitive", "place_id"]]
    return pd.DataFrame(told).assign(quarter=zones["quarter"].reindex(done.index))


def _walked(built: Built, span: Span, lines: Lines) -> dict[str, tuple[Part, ...]]:
    """Return S7, S8 and S11, unknown unless the network was built from the same files."""
    reach = reach_as_built(built)
    if reach is None:
        return not_walked()
    names = built.table("communes")["name"].to_dict()
    return {
        **_inhabitants(built, span, lines, reach, names),
        "S11": _near_quarters(built, span, lines, reach, names),
    }


def _inhabitants(
    built: Built, span: Span, lines: Lines, reach: Product, names: dict[str, str]
) -> dict[str, tuple[Part, ...]]:
    cells, today = built.table("cells"), built.territory.today
    hosts, aside = weekly_hosts(built.table("availability"), lines.activities, span, today)
    done = tuple(map(str, realised(lines.activities).index))
    doors = [f"p:{key}" for key in hosts]
    to_hosts, lost_hosts = minutes_to_nearest(reach, list(cells.index), doors)
    to_all, lost = minutes_to_nearest(
        reach, list(cells.index), [*(f"a:{key}" for key in done), *doors]
    )
    return {
        "S7": far_from_all(cells, to_all, (*done, *hosts), lost, names),
        "S8": near_permanence(cells, to_hosts, hosts, lost_hosts, aside),
    }


def _near_quarters(
    built: Built, span: Span, lines: Lines, reach: Product, names: dict[str, str]
) -> tuple[Part, ...]:
    places, zones = built.table("places"), built.table("zones")
    quarters = in_force(zones)
    quarters = quarters[quarters["kind"] == QPV]
    if not len(quarters):
        return unknown_structures(NO_QUARTER)
    minutes = reach.tables["to_quarters"]["minutes"].reindex(places.index).astype(float)
    near = minutes.index[(minutes <= NEAR_MIN).to_numpy()]
    others = int(np.sum(places.loc[near, "status"].isna()))
    rules = ResidenceRules(overseas=are_overseas(names))
    instead = instead_of_current(zones, span.last, rules)
    return never_contacted_near(lines.partners, minutes, others, names, instead)

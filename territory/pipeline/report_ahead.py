"""Figures of a report that need the whole log: forecast of the aim, before and after openings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.report.forecast import AHEAD, LABELS, forecast_parts
from territory.analysis.report.lines import Lines, within
from territory.analysis.report.months import active_days, stage_lines
from territory.analysis.report.openings import STAGES, WHOLES, Site, opening_parts
from territory.analysis.report.spans import whole_log
from territory.model.report import NOT_ASKED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.model.report import Part, Span
    from territory.pipeline.workspace import Built


def aim_and_openings(
    built: Built, span: Span, log: Lines, *, ahead: bool
) -> Mapping[str, Sequence[Part] | None]:
    """
    Return the figures of the aim and of the openings that the settings tell, as at the last day.

    `log` are the lines up to that day or later (report.lines). NOT_ASKED for those that no setting
    asks for. Without `ahead`, what was foreseen is left out, as for the year before: it would be
    read as what happened.
    """
    said = built.territory.settings.report
    openings = [o for o in said.openings if ahead and o.since <= span.last]
    found: dict[str, Sequence[Part] | None] = dict.fromkeys((*LABELS, *WHOLES), NOT_ASKED)
    if said.aim is None and not openings:
        return found
    log = within(log, whole_log(span.last), log.partners)
    active = active_days(log)
    if said.aim is not None:
        aim = said.aim if ahead else said.aim.model_copy(update={"until": None})
        found |= forecast_parts(aim, span.last, stage_lines(log, aim.stage), active)
        found |= {} if ahead else dict.fromkeys(AHEAD, NOT_ASKED)
    if openings:
        sites = [_site(built, log, opening.place) for opening in openings]
        people = next((told for stage in STAGES if (told := stage_lines(log, stage))["people"]
                       .notna().any()), stage_lines(log, STAGES[-1]))  # fmt: skip
        found |= opening_parts(openings, sites, people, active, span.last)
    return found


def _site(built: Built, log: Lines, name: str) -> Site | None:
    """Return the place of that name, of the list of places, else as the log writes it."""
    places, communes = built.table("places"), built.table("communes")["name"]
    listed = places[(places["name"] == name).fillna(value=False)]
    written = log.activities[(log.activities["place_name"] == name).fillna(value=False)]
    found = pd.concat([frame[["commune_code", "sensitive"]] for frame in (listed, written)])
    known = found["commune_code"].dropna()
    if known.empty:
        return None
    code = str(known.mode().iloc[0])
    hidden = bool(found["sensitive"].fillna(value=True).astype(bool).any())
    return Site(code, str(communes.get(code, code)), hidden)

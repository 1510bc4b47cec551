"""What a log notes at all by the last day of a span: where it never noted, nothing is zero."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.report.realised import PUBLICS
from territory.io.contact_links import COLUMN_OF_STAGE
from territory.model.words import STAGES, label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.model.report import Span

ACTIVITIES = "activites"
TRAITS = {"sexe": "gender", "age": "age_band"}
NO_LINE = "aucune ligne du suivi"
NOT_BEGUN = "le suivi n’avait pas commencé"
_NEVER = "jamais noté par le suivi : "


def noted_by(activities: pd.DataFrame, contacts: pd.DataFrame, span: Span) -> frozenset[str]:
    """
    Return what the log notes by the last day of `span`: stages, « sexe », « age », « activites ».

    A stage is noted once a count, even 0, or a line of contacts tells it, in this span or before;
    lines that come later say nothing of days when nobody may have noted it yet, so that a report
    stays what it was. `activities` and `contacts` are the whole log; undated lines are left out.
    """
    last = pd.Timestamp(span.last)
    days = contacts["activity_id"].astype("object").map(activities["on"])
    until = activities[activities["on"] <= last]
    lines = contacts[pd.to_datetime(days).fillna(contacts["on"]) <= last]
    columns = {**{stage: (column,) for stage, column in COLUMN_OF_STAGE.items()}, **PUBLICS}
    counted = {name for name, own in columns.items() if until[list(own)].notna().any(axis=None)}
    told = {name for name, trait in TRAITS.items() if lines[trait].notna().any()}
    begun = {ACTIVITIES} if len(until) else set()
    return frozenset(begun | counted | told | set(lines["stage"].dropna().astype(str)))


def why_unknown(asked: Sequence[str], noted: frozenset[str] | None, used: int) -> str:
    """
    Return why what counts `used` lines of the `asked` stages has no value, "" when it has one.

    No line is zero when one of the stages was noted at least once, else nobody knows. `noted` None:
    the log was not looked at.
    """
    if noted is None or used or not noted.isdisjoint(asked):
        return ""
    return NOT_BEGUN if set(asked) == {ACTIVITIES} else NO_LINE


def never_noted(asked: Sequence[str], noted: frozenset[str] | None) -> str:
    """Return the mention about those of several stages that the log never notes, "" without."""
    missing = [] if noted is None else [stage for stage in asked if stage not in noted]
    if not missing or len(missing) == len(asked):
        return ""
    return _NEVER + ", ".join(label(STAGES, stage) for stage in missing)

"""The report that a page asks for, counted once and kept with what the folder holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.pipeline.report import report_step
from territory.web.office import built_of
from territory.web.rights import Right
from territory.web.views.report import Report, report_of

if TYPE_CHECKING:
    from territory.analysis.report.findings import Findings
    from territory.web.report_choice import Choice
    from territory.web.shelf import Holdings
    from territory.web.visitor import Visitor


def findings_of(held: Holdings, choice: Choice) -> Findings:
    """Return the figures of a span by a profile; raises HTTPException 404 before a build."""
    built = built_of(held)
    key = ("chiffres", choice.span, choice.profile, choice.stamp)
    return held.once(key, lambda: report_step(built, choice.span, choice.profile))


def report_for(held: Holdings, choice: Choice, visitor: Visitor) -> Report:
    """Return the report as `visitor` may see it; raises as `findings_of`."""
    hours = visitor.may(Right.HOURS) and not choice.outside
    return held.once(
        ("bilan", choice, hours),
        lambda: report_of(findings_of(held, choice), outside=choice.outside, hours=hours),
    )

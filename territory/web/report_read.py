"""The report that a page asks for, counted once and kept with what the folder holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.io.publications import read_published_reports
from territory.pipeline.report import report_step
from territory.pipeline.report_outside import for_outside
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
    """
    Return the report as `visitor` may see it, for outside as its documents would be given.

    Raises as `findings_of`, and as `read_published_reports`.
    """
    hours = visitor.may(Right.HOURS) and not choice.outside
    given = read_published_reports(held.territory.folder) if choice.outside else ()

    def made() -> Report:
        found = findings_of(held, choice)
        if not choice.outside:
            return report_of(found, hours=hours)
        beside = for_outside(built_of(held), found, choice.profile)
        return report_of(found, hours=hours, hidden=beside.hidden)

    return held.once(("bilan", choice, hours, given), made)

"""What a report must not print without a word: each guard looks at one thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from territory.analysis.report.guards_figures import (
    hidden_or_wide,
    missing_counts,
    refused_ratios,
    rest_unsaid,
    rounded_apart,
)
from territory.analysis.report.guards_ground import perimeters_not_given
from territory.analysis.report.guards_lines import (
    doubtful_days,
    more_than_met,
    same_twice,
    two_places_at_once,
)
from territory.analysis.report.guards_said import (
    announced_otherwise,
    bands_mixed,
    printed_otherwise,
)
from territory.analysis.report.guards_twice import (
    added_otherwise,
    alone_and_wide,
    cohorts_overlap,
    other_weekdays,
    told_otherwise,
)
from territory.analysis.report.realised import realised
from territory.analysis.report.rounding import rounded_together
from territory.settings.report import Report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.analysis.report.lines import Lines
    from territory.model.report import Figures, Guard
    from territory.settings.report import Cohort, Listed, Profile


@dataclass(frozen=True, slots=True)
class Said:
    """
    What the team wrote itself: figures already printed by code, lists it announces, cohorts.

    `period` is the span as it was asked (« 2026 »), `weekdays` how many lines were refused for
    their weekday, `gaps` the activities whose lines and counts differ.
    """

    printed: Mapping[str, float] = field(default_factory=dict)
    listed: tuple[Listed, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    holidays: frozenset[str] = frozenset()
    report: Report = field(default_factory=Report)
    period: str = ""
    weekdays: int = 0
    gaps: tuple[str, ...] = ()


def guards(profile: Profile, figures: Figures, lines: Lines, said: Said) -> tuple[Guard, ...]:
    """
    Return what is wrong, doubtful or refused in a report, sorted by code.

    `said` is what the team announces. A guard never changes a figure: it says
    what to write beside it.
    """
    done = realised(lines.activities)
    found = [
        *same_twice(done),
        *two_places_at_once(done),
        *more_than_met(done),
        *doubtful_days(done, said.holidays),
        *perimeters_not_given(done),
        *missing_counts(profile, figures),
        *refused_ratios(profile, figures),
        *rounded_apart(profile, figures, rounded_together(profile, figures, said.report)),
        *rest_unsaid(profile, figures, lines),
        *hidden_or_wide(profile, figures),
        *printed_otherwise(figures, said.printed),
        *announced_otherwise(said.listed),
        *bands_mixed(profile, lines.people, said.cohorts),
        *added_otherwise(figures, said.report.cumulated, said.period),
        *cohorts_overlap(profile, lines.people, said.cohorts),
        *alone_and_wide(profile, lines.people),
        *told_otherwise(lines.activities, said.gaps),
        *other_weekdays(said.weekdays),
    ]
    return tuple(sorted(found))

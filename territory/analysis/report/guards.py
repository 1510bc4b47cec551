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

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.analysis.report.lines import Lines
    from territory.model.report import Figures, Guard
    from territory.settings.report import Cohort, Listed, Profile


@dataclass(frozen=True, slots=True)
class Said:
    """What the team wrote itself: figures already printed by code, lists it announces, cohorts."""

    printed: Mapping[str, float] = field(default_factory=dict)
    listed: tuple[Listed, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    holidays: frozenset[str] = frozenset()


def guards(profile: Profile, figures: Figures, lines: Lines, said: Said) -> tuple[Guard, ...]:
    """
    Return what is wrong, doubtful or refused in a report, sorted by code.

    `said` is what the team announces. A guard never changes a figure: it says
    what to write beside it.
    """
    found = [
        *same_twice(lines.activities),
        *two_places_at_once(lines.activities),
        *more_than_met(lines.activities),
        *doubtful_days(lines.activities, said.holidays),
        *perimeters_not_given(lines.activities),
        *missing_counts(profile, figures),
        *refused_ratios(profile, figures),
        *rounded_apart(profile, figures),
        *rest_unsaid(profile, figures, lines),
        *hidden_or_wide(profile, figures),
        *printed_otherwise(figures, said.printed),
        *announced_otherwise(said.listed),
        *bands_mixed(profile, lines.people, said.cohorts),
    ]
    return tuple(sorted(found))

"""Figures of a report that other analyses find: what they need, read from the products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.report.public_figures import public_figures
from territory.pipeline.report_ahead import aim_and_openings
from territory.pipeline.report_ground import ground_parts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from territory.analysis.report.lines import Lines
    from territory.model.report import Part, Span
    from territory.pipeline.workspace import Built


def computed(
    built: Built, span: Span, lines: Lines, log: Lines, zones: pd.DataFrame, *, ahead: bool = True
) -> Mapping[str, Sequence[Part] | None]:
    """
    Return the computed figures of `span` by code of figure; those not found are left out.

    `log` are the lines up to the last day of `span` or later, `zones` what the point of each
    activity of the log tells (report.lines). NOT_ASKED for those that no setting asks for. Without
    `ahead`, nothing is foreseen.
    """
    return {
        **ground_parts(built, span, lines, zones),
        **public_figures(built.table("iris"), lines.ground),
        **aim_and_openings(built, span, log, ahead=ahead),
    }

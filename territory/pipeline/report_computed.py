"""Figures of a report that other analyses find: what they need, read from the products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.pipeline.report_ahead import aim_and_openings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.analysis.report.lines import Lines
    from territory.model.report import Part, Span
    from territory.pipeline.workspace import Built


def computed(
    built: Built, span: Span, lines: Lines, *, ahead: bool = True
) -> Mapping[str, Sequence[Part] | None]:
    """
    Return the computed figures of `span` by code of figure; those not found are left out.

    NOT_ASKED for those that no setting asks for. Without `ahead`, nothing is foreseen.
    """
    del lines
    return {**aim_and_openings(built, span, ahead=ahead)}

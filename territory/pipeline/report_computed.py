"""Figures of a report that other analyses find: what they need, read from the products."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.report.public_figures import public_figures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.analysis.report.lines import Lines
    from territory.model.report import Part, Span
    from territory.pipeline.workspace import Built


def computed(built: Built, span: Span, lines: Lines) -> Mapping[str, Sequence[Part]]:
    """Return the computed figures of `span` by code of figure; those not found are left out."""
    del span
    return {**public_figures(built.table("iris"), lines.ground)}

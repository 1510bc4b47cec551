"""One report before it is written: its figures, those of a year before, guards, sources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from territory.io.hashing import value_sha256

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.analysis.report.lines import Lines
    from territory.model.report import Figures, Guard, Source, Span
    from territory.settings.report import Profile


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """
    One report before it is written: what was found in `span`, and one year `before` it.

    `lines` are what figures count, for whoever wants to see them; `digest` is the hash of the table
    of numbers, the same in every file made from it; `ramp_up` a sentence, "" without;
    `rounded` the shares rounded together (report.rounding) by figure, none unless asked.
    """

    profile: Profile
    span: Span
    figures: Figures
    earlier: Span
    before: Figures
    guards: tuple[Guard, ...]
    lines: Lines
    sources: tuple[Source, ...]
    ramp_up: str
    rounded: Mapping[str, float] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 of the table of numbers and of the days it is about."""
        table = self.figures.table.astype("object").where(self.figures.table.notna(), None)
        rows = [
            [name, *row] for name, row in zip(table.index, table.to_numpy().tolist(), strict=True)
        ]
        return value_sha256({"du": str(self.span.first), "au": str(self.span.last), "lignes": rows})

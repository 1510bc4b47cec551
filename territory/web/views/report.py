"""The report as the page shows it: the content of the documents, made from the same numbers."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from territory.analysis.report.hiding import tellable
from territory.analysis.report.outside import figures_of, outside_profile
from territory.model.marked import marked
from territory.outputs.report_annex import definitions, method
from territory.outputs.report_content import chapters, numbers
from territory.outputs.report_shown import Shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.analysis.report.findings import Findings
    from territory.model.report import Guard, Source
    from territory.outputs.report_annex import Row
    from territory.outputs.report_content import Block, Chapter
    from territory.settings.report import Profile
    from territory.web.translations import Tongue

Hidden = tuple[frozenset[str], frozenset[str]]
HASH_SHOWN = 12
MOST = 15  # parts of a figure on the page
RAIL = 100  # width of a bar, in its own units
UNITS = {
    "personnes": marked("personnes"), "activités": marked("activités"), "heures": marked("heures"),
    "lieux": marked("lieux"), "quartiers": marked("quartiers"), "structures": marked("structures"),
    "euros": marked("euros"), "jours": marked("jours"), "habitants": marked("habitants"),
    "personne": marked("personne"), "activité": marked("activité"), "heure": marked("heure"),
    "lieu": marked("lieu"), "quartier": marked("quartier"), "structure": marked("structure"),
    "euro": marked("euro"), "jour": marked("jour"), "habitant": marked("habitant"),
    "permanences": marked("permanences"), "permanence": marked("permanence"),
}  # fmt: skip
_MONTH = re.compile(r"(\d{4})-(\d\d)")


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """One report as a page shows it: its figures as texts (French), and what goes with them."""

    found: Findings
    keys: tuple[Block, ...]
    chapters: tuple[Chapter, ...]
    guards: tuple[Guard, ...]
    sources: tuple[Source, ...]
    method: Sequence[str]
    definitions: Sequence[Row]
    numbers: list[tuple[object, ...]]

    @property
    def linked(self) -> frozenset[str]:
        """The figures that rest on lines."""
        return frozenset(name for name, lines in self.found.figures.lines.items() if len(lines))

    @property
    def drawn(self) -> frozenset[str]:
        """The figures whose parts have bars: never those of members of the team, side by side."""
        countings = self.found.profile.countings
        return frozenset(c.code for c in countings if c.drawn != "aucun" and c.by != "agent")

    @property
    def empty(self) -> bool:
        """Whether no activity took place in the span."""
        return not (self.found.lines.activities["state"] == "realise").fillna(value=False).any()


def report_of(found: Findings, *, hours: bool, hidden: Hidden | None = None) -> Report:
    """
    Return a report as the documents have it; for outside, without the team's own figures.

    `hidden` are then the names hidden, of the span and of a year before (pipeline.report_outside).
    Without `hours`, figures by member of the team are left out.
    """
    profile = found.profile if hidden is None else outside_profile(found.profile)
    seen = replace(found, profile=profile if hours else without_agents(profile))
    now, before = (
        Shown(figures_of(seen.profile, figures), names)
        for figures, names in zip(
            (found.figures, found.before), hidden or (frozenset(), frozenset()), strict=True
        )
    )
    left = found.figures.table.index.difference(now.figures.table.index)
    told = chapters(seen.profile, now, before)
    labels = {counting.code: counting.label for counting in seen.profile.countings}
    return Report(
        seen,
        tuple(block for chapter in told for block in chapter.blocks if block.key),
        told,
        tellable(found.guards, now.hidden | {*map(str, left)}),
        tuple(source for source in found.sources if source.read or source.refused),
        method(seen, now, outside=hidden is not None),
        definitions(seen, now),
        numbers(now, labels),
    )


def without_agents(profile: Profile) -> Profile:
    """Return a profile without the figures by member of the team, nor what is made from them."""
    marked_so = (c.model_copy(update={"team": c.by == "agent"}) for c in profile.countings)
    return outside_profile(profile.model_copy(update={"countings": tuple(marked_so)}))


def bar_width(size: float) -> float | None:
    """Return the width of the bar of a part, None for one that is hidden or not known."""
    return None if math.isnan(size) else round(RAIL * size, 1)


def unit_name(unit: str) -> str:
    """Return the French unit of a figure, "" for a share: it is in its sign."""
    return "" if unit == "part" else UNITS.get(unit, unit)


def part_name(label: str, tongue: Tongue) -> str:
    """Return what a part is called: a month (« 2026-03 ») by its name."""
    month = _MONTH.fullmatch(label)
    return f"{tongue.figures.month(int(month[2]))} {month[1]}" if month else label

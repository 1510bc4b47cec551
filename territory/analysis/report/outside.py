"""What a report keeps when it leaves the team: no figure about who did what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from territory.model.report import Figures
    from territory.settings.report import Profile


def outside_profile(profile: Profile) -> Profile:
    """Return a profile without the team's own figures, those made from them, and their tables."""
    kept = []
    left: set[str] = set()
    for counting in profile.countings:
        made_from = {counting.part_of, *counting.ratio, *counting.rests_on}
        if counting.team or made_from & left:
            left.add(counting.code)
        else:
            kept.append(counting)
    tables = tuple(table for table in profile.tables if not left & set(table.columns))
    return profile.model_copy(update={"countings": tuple(kept), "tables": tables})


def figures_of(profile: Profile, figures: Figures) -> Figures:
    """Return the figures that a profile names, and no other."""
    codes = {counting.code for counting in profile.countings}
    table = figures.table[figures.table["definition"].isin(codes)]
    return replace(
        figures,
        table=table,
        lines={name: figures.lines[name] for name in table.index},
        sums=tuple(one for one in figures.sums if one[0] in table.index),
        bases={code: parts for code, parts in figures.bases.items() if code in codes},
    )

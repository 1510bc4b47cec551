"""Which figures of a profile are asked for: those that wait for a setting are left out without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.model.report import NOT_ASKED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.model.report import Part
    from territory.settings.report import Profile


def asked_for(profile: Profile, computed: Mapping[str, Sequence[Part] | None]) -> Profile:
    """
    Return `profile` without the computed countings that are NOT_ASKED, nor tables that name them.

    What is divided by one of them, or rests on it, goes too.
    """
    gone = {
        counting.code
        for counting in profile.countings
        if counting.counted == "calcule" and computed.get(counting.code, ()) is NOT_ASKED
    }
    kept = []
    for counting in profile.countings:
        needed = {counting.code, counting.part_of, *counting.ratio, *counting.rests_on}
        if needed & gone:
            gone.add(counting.code)
        else:
            kept.append(counting)
    tables = tuple(table for table in profile.tables if not gone & set(table.columns))
    return profile.model_copy(update={"countings": tuple(kept), "tables": tables})

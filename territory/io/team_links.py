"""The tables of a team tied to the others: places merged, communes of sectors, days in the team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.io.merges import followed
from territory.io.team import with_periods

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


def following(
    tables: Mapping[str, pd.DataFrame], merges: Mapping[str, str]
) -> dict[str, pd.DataFrame]:
    """Return the tables with places as they were merged, and the communes of the team's sectors."""
    team, slots = tables["team"], tables["availability"]
    starts = followed(team["start_place_id"], merges)
    spots = followed(slots["place_id"], merges)
    return {
        **tables,
        "team": team.assign(start_place_id=starts, communes=_covered(team, tables["sectors"])),
        "availability": with_periods(slots.assign(place_id=spots), team),
    }


def _covered(team: pd.DataFrame, sectors: pd.DataFrame) -> pd.Series:
    """Return the communes of each worker: those of the team, of the sectors, else of its unit."""

    def joined(column: str, keys: pd.Series) -> pd.Series:
        groups = sectors[sectors[column].notna()].groupby(column)["commune_code"]
        found = groups.agg(lambda codes: "|".join(sorted(set(codes))))
        return found.reindex(keys).astype("string").set_axis(team.index)

    own = joined("agent_code", team.index.to_series())
    return team["communes"].fillna(own).fillna(joined("unit", team["unit"]))

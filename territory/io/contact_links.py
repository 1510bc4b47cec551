"""Counts of contacts tied to their activities: the lines of « contacts » win, and it is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd

from territory.model.issues import Issue
from territory.model.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    import geopandas as gpd

_GAP = re.compile(r"activité (.+) : la feuille « contacts » donne \d+,")  # as `_gap` writes it
COLUMN_OF_STAGE = {
    "informe": "n_informed",
    "accroche": "n_engaged",
    "diagnostic": "n_assessed",
    "oriente": "n_referred",
}


def tied(contacts: pd.DataFrame, activities: pd.DataFrame) -> pd.DataFrame:
    """
    Return CONTACTS with the activity of lines that give its day and its place in place of its key.

    Only when a single activity of ACTIVITIES has that day and that place; the other lines stand
    alone, as those of old logs (LOG_FORMAT section 3.3).
    """
    if contacts["activity_id"].notna().all():
        return contacts
    wanted = _day_and_place(contacts)
    known = _day_and_place(activities).dropna()
    single = known[~known.duplicated(keep=False)]
    key_of = pd.Series(single.index, index=single.to_numpy(), dtype="object")
    found = wanted.map(key_of).astype("string")
    return contacts.assign(activity_id=contacts["activity_id"].fillna(found))


def _day_and_place(table: pd.DataFrame) -> pd.Series:
    """Return « day|place » of each row, NA when one of them is unknown."""
    places = table["place_name"].map(plain, na_action="ignore").astype("string")
    return table["on"].dt.strftime("%Y-%m-%d").astype("string") + "|" + places


def reconcile(
    activities: gpd.GeoDataFrame, contacts: pd.DataFrame
) -> tuple[gpd.GeoDataFrame, list[Issue]]:
    """
    Return ACTIVITIES whose counts are those of CONTACTS where both tell one, and the differences.

    For an activity and a stage written both ways the lines win (W-ECART when they differ); a count
    told by the lines alone is taken. Lines of an unknown activity stand alone (W-REF). LOG_FORMAT
    section 3.3. The metric CRS is kept; neither table is changed.
    """
    named = contacts[contacts["activity_id"].notna()]
    known = _known(named["activity_id"], activities)
    issues = [_unknown(str(key)) for key in sorted(set(named.loc[~known, "activity_id"]))]
    told = named[known].groupby(["activity_id", "stage"], sort=True)["count"].sum()
    counts = told.reset_index().pivot_table("count", "activity_id", "stage", aggfunc="sum")
    counts = counts.reindex(activities.index).astype("Int64")
    gaps, columns = {}, {}
    for stage, column in COLUMN_OF_STAGE.items():
        if stage not in counts:
            continue
        ours, before = counts[stage], activities[column]
        apart = (ours != before).fillna(value=False)
        for key, lines, wide in zip(ours.index[apart], ours[apart], before[apart], strict=True):
            gaps[key, stage] = _gap(str(key), int(lines), int(wide))
        columns[column] = ours.fillna(before)
    return activities.assign(**columns), [*issues, *(gaps[at] for at in sorted(gaps))]


def gap_keys(issues: Iterable[Issue]) -> tuple[str, ...]:
    """Return the activities of which `reconcile` said that lines and counts differ, each once."""
    found = [_GAP.match(issue.problem) for issue in issues if issue.code == "W-ECART"]
    return tuple(dict.fromkeys(one[1] for one in found if one))


def standing_alone(contacts: pd.DataFrame, activities: pd.DataFrame) -> pd.DataFrame:
    """Return CONTACTS whose lines of an activity that ACTIVITIES does not hold have none."""
    key = contacts["activity_id"]
    return contacts.assign(activity_id=key.where(_known(key, activities)))


def _known(keys: pd.Series, activities: pd.DataFrame) -> pd.Series:
    """Return whether each key is one of ACTIVITIES: as objects, arrow texts are slow to look up."""
    return keys.astype("object").isin(activities.index.astype("object"))


def _gap(key: str, lines: int, wide: int) -> Issue:
    problem = (
        f"activité {key} : la feuille « contacts » donne {lines}, la feuille « activites » donne "
        f"{wide} : {lines} est retenu."
    )
    return Issue("W-ECART", "activités", problem)


def _unknown(key: str) -> Issue:
    problem = f"l'activité « {key} » n'existe pas dans la feuille « activites »."
    remedy = "Les comptages sont gardés seuls ; corrigez l'identifiant."
    return Issue("W-REF", "contacts", problem, remedy)

"""Lines of contacts and counts of activities: the lines win, every difference is said."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from territory.io.contact_links import COLUMN_OF_STAGE, reconcile, standing_alone, tied
from territory.model.tables import ACTIVITIES, CONTACTS, conform


def activities(**informed: int | None) -> gpd.GeoDataFrame:
    points = gpd.GeoSeries([None] * len(informed), index=list(informed), crs=2154)
    counts = pd.Series(list(informed.values()), index=list(informed), dtype="Int64")
    rows = gpd.GeoDataFrame({"n_informed": counts}, geometry=points)
    return conform(rows.reindex(columns=ACTIVITIES.names()), ACTIVITIES, epsg=2154)


def contacts(*lines: tuple[str | None, str, int]) -> pd.DataFrame:
    rows = pd.DataFrame(lines, columns=["activity_id", "stage", "count"])
    rows.index = [f"c{n}" for n in range(len(rows))]
    return conform(rows.reindex(columns=CONTACTS.names()), CONTACTS)


def test_lines_win_and_the_gap_is_said() -> None:
    before = activities(A1=23, A2=None, A3=4)
    lines = contacts(("A1", "informe", 12), ("A1", "informe", 8), ("A2", "informe", 5),
                     ("A3", "informe", 4), (None, "informe", 9), ("A9", "informe", 1))  # fmt: skip
    after, issues = reconcile(before, lines)
    assert after["n_informed"].tolist() == [20, 5, 4]
    assert before["n_informed"].tolist() == [23, pd.NA, 4]
    said = [str(i) for i in issues]
    assert [i.code for i in issues] == ["W-REF", "W-ECART"]
    assert "« A9 » n'existe pas" in said[0]
    assert "« contacts » donne 20, la feuille « activites » donne 23 : 20 est retenu." in said[1]


def test_lines_of_an_unknown_activity_stand_alone() -> None:
    lines = contacts(("A1", "informe", 3), ("A9", "informe", 1), (None, "informe", 9))
    found = standing_alone(lines, activities(A1=None))
    assert found["activity_id"].fillna("").tolist() == ["A1", "", ""]
    assert lines["activity_id"].isna().sum() == 1


def test_lines_find_their_activity_by_day_and_place() -> None:
    outings = activities(A1=23, A2=5, A3=7, A4=None)
    day = pd.Timestamp("2024-03-05")
    outings["on"] = [day, day, day, pd.NaT]
    outings["place_name"] = pd.array(["Place A", "Gare", "gare ", "Place B"], dtype="string")
    lines = contacts((None, "informe", 3), (None, "informe", 4), (None, "informe", 5),
                     ("A2", "informe", 6), (None, "informe", 7), (None, "informe", 8))  # fmt: skip
    lines["on"] = [day, day, day + pd.Timedelta(days=1), day, day, pd.NaT]
    names = ["PLACE  A", "Gare", "Place A", "Place A", None, "Place B"]
    lines["place_name"] = pd.array(names, dtype="string")
    found = tied(lines, outings)
    # « Gare » is the place of two outings; one line is of another day; one names its activity
    assert found["activity_id"].fillna("").tolist() == ["A1", "", "", "A2", "", ""]
    assert lines["activity_id"].isna().sum() == 5
    after, issues = reconcile(outings, found)
    assert after["n_informed"].tolist()[:3] == [3, 6, 7]
    assert [i.code for i in issues] == ["W-ECART"] * 2


@given(st.lists(st.tuples(st.sampled_from(["A1", "A2", None]),
                          st.sampled_from([*COLUMN_OF_STAGE, "entree"]),
                          st.integers(1, 50)), max_size=12))  # fmt: skip
def test_no_count_is_lost_nor_made_up(lines) -> None:
    after, _ = reconcile(activities(A1=3, A2=None), contacts(*lines))
    for key in ("A1", "A2"):
        for stage, column in COLUMN_OF_STAGE.items():
            told = [n for who, what, n in lines if (who, what) == (key, stage)]
            start = 3 if (key, column) == ("A1", "n_informed") else None
            value = after.loc[key, column]
            assert (None if pd.isna(value) else int(value)) == (sum(told) if told else start)

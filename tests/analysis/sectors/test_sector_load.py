"""The hours a unit asks for: by hand, their sums, and what is unknown stays unknown."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from territory.analysis.sectors.sector_load import (
    TeamWork,
    by_unit,
    known_load,
    team_work,
    unit_load,
)
from territory.errors import WrongUsage
from territory.model.sector_tables import HOUR_PARTS, SECTOR_LOAD
from territory.model.tables import ACTIVITIES, check_table, conform

UNITS = ["a", "b", "c"]
WORK = TeamWork(outings_week=4, outing_h=2.0, contacts_week=10, contact_h=0.5, staff=2)


def table(work: TeamWork = WORK, **changed: object) -> pd.DataFrame:
    given = {"people": [100.0, 300.0, 0.0], "to": [15.0, 30.0, 5.0], "inside": [30.0, 60.0, 10.0]}
    people, to, inside = (pd.Series(v, UNITS) for v in (given | changed).values())
    return unit_load(people, to, inside, pd.Series({"b": 6.0}), work)


def test_hours_by_hand() -> None:
    found = table()
    check_table(found, SECTOR_LOAD)
    a, b, c = found.loc["a"], found.loc["b"], found.loc["c"]
    # a quarter of 4 outings by two: 2 outings of worker; each 1.5 h with people, 0.5 h of walk
    assert a[["outings_h", "walk_inside_h", "walk_to_h"]].tolist() == [3.0, 1.0, 1.0]
    assert (a["permanences_h"], a["contacts_h"], a["load_h"]) == (0.0, 1.25, 6.25)
    assert (b["permanences_h"], b["contacts_h"]) == (6.0, 3.75)
    assert c["load_h"] == 0.0  # nobody lives there, and that is known


def test_parts_add_up_to_what_the_team_does() -> None:
    found = table()
    assert found["load_h"].sum() == pytest.approx(found[list(HOUR_PARTS)].sum().sum())
    outside = found["outings_h"].sum() + found["walk_inside_h"].sum()
    assert outside == pytest.approx(WORK.outings_week * WORK.outing_h * WORK.staff)
    assert found["contacts_h"].sum() == pytest.approx(WORK.contacts_week * WORK.contact_h)
    assert found["permanences_h"].sum() == 6.0


def test_a_slower_team_walks_more_and_meets_less() -> None:
    slow = TeamWork(4, 2.0, 10, 0.5, staff=2, pace=1.5)
    fast, late = table(), table(slow)
    assert late["walk_to_h"].to_numpy() == pytest.approx(1.5 * fast["walk_to_h"].to_numpy())
    assert late["outings_h"].sum() < fast["outings_h"].sum()
    both = ["outings_h", "walk_inside_h"]
    assert late[both].sum().sum() == pytest.approx(fast[both].sum().sum())


def test_a_walk_longer_than_the_outing_takes_the_whole_outing() -> None:
    assert table(inside=[300.0, 60.0, 10.0]).loc["a", "outings_h"] == 0.0


def test_unknown_is_na_and_counts_as_its_commune() -> None:
    found = table(people=[100.0, np.nan, 60.0], to=[15.0, 5.0, np.inf])
    assert found["load_h"].isna().tolist() == [False, True, True]
    load, assumed = known_load(found, pd.Series(["x", "x", "y"], UNITS))
    assert assumed == 2
    assert load.tolist() == [found.loc["a", "load_h"]] * 3  # commune x, then the whole
    check_table(found, SECTOR_LOAD)


def test_contacts_nobody_counted_are_left_out_not_zero() -> None:
    found = table(TeamWork(4, 2.0, np.nan, 0.5))
    assert found["contacts_h"].isna().all()
    assert found["load_h"].notna().all()


def test_nothing_known_shares_units_equally() -> None:
    found = table(people=[np.nan] * 3)
    assert known_load(found, pd.Series("x", UNITS))[0].tolist() == [1.0, 1.0, 1.0]


def test_order_of_rows_changes_nothing() -> None:
    backwards = [pd.Series(v, UNITS)[::-1] for v in ([100.0, 300.0, 0.0], [15.0, 30.0, 5.0])]
    other = unit_load(*backwards, pd.Series([30.0, 60.0, 10.0], UNITS), pd.Series({"b": 6.0}), WORK)
    pd.testing.assert_frame_equal(other, table())


@pytest.mark.parametrize("changed", [{"people": [-1.0, 2.0, 3.0]}, {"to": [-1.0, 2.0, 3.0]}])
def test_negative_numbers_are_refused(changed: dict[str, list[float]]) -> None:
    with pytest.raises(WrongUsage, match="négative"):
        table(**changed)


def test_hours_of_places_by_unit_and_those_lying_in_none() -> None:
    hours = pd.Series({"p1": 3.0, "p2": 2.0, "p3": 4.0})
    found, lost = by_unit(hours, pd.Series({"p1": "a", "p2": "a"}))
    assert (found.to_dict(), lost) == ({"a": 5.0}, 4.0)


def logs(rows: list[tuple[str, str, float, str, int | None]]) -> pd.DataFrame:
    names = ["on", "kind", "hours", "agents", "n_engaged"]
    data = pd.DataFrame(rows, columns=names).assign(state="realise", geometry=None)
    return conform(data.set_axis([f"x{i}" for i in range(len(rows))]), ACTIVITIES)


def test_a_usual_week_is_counted_from_the_first_activity() -> None:
    done = logs([
        ("2026-10-04", "maraude", 2.0, "M1|M2", 4), ("2026-10-20", "tour_de_rue", 3.0, "M1", 2),
        ("2026-10-21", "permanence", 3.0, "M1", 8),
    ])  # fmt: skip
    work = team_work(done, date(2026, 10, 31), months=12, planned_week=9, planned_h=9, contact_h=1)
    assert (work.outings_week, work.outing_h, work.staff) == (0.5, 2.5, 1.5)  # four weeks
    assert work.contacts_week == 14 / 4


def test_without_a_log_the_plan_is_taken_and_contacts_are_unknown() -> None:
    work = team_work(
        logs([]), date(2026, 10, 31), months=12, planned_week=9, planned_h=2, contact_h=1
    )
    assert (work.outings_week, work.outing_h) == (9, 2)
    assert np.isnan(work.contacts_week)

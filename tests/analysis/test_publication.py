"""Several publications together reveal no small group: other zoning, other period, later data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from territory.analysis.publication import crossed, leaks, publish, told
from territory.errors import WrongUsage
from territory.model.published import Published

if TYPE_CHECKING:
    from collections.abc import Sequence

K = 11


def groups_of(*lines: tuple[str, str, str, int]) -> pd.DataFrame:
    """Lines of (commune, qpv, month, people); the year is the one of the month."""
    table = pd.DataFrame(lines, columns=["commune", "qpv", "mois", "people"])
    return table.assign(annee=table["mois"].str[:4])


def random_groups(rng: np.random.Generator, months: Sequence[str]) -> pd.DataFrame:
    quarters = [("A", "a1"), ("A", "a2"), ("A", "hors"), ("B", "b1"), ("B", "hors")]
    lines = [(c, q, m, int(rng.negative_binomial(1, 0.05))) for c, q in quarters for m in months]
    return groups_of(*(line for line in lines if line[3] > 0))


def ranges(tables: Sequence[Published], groups: pd.DataFrame, aim: np.ndarray) -> tuple[int, int]:
    """
    Attack by whole numbers over the lines of the log themselves: least and most people of `aim`.

    Written another way than the guard: one unknown per line, one equation per printed cell.
    """
    rows, low, high = [], [], []
    for table in tables:
        whole, hidden = told(table)
        for zone in whole.index:
            for period in whole.columns:
                of_zone = groups[table.zoning].isin(table.rows if zone == "Total" else [zone])
                of_period = groups[table.period].isin(
                    table.columns if period == "Total" else [period]
                )
                rows.append((of_zone & of_period).to_numpy(float))
                secret = bool(hidden.loc[zone, period])
                low.append(1 if secret else int(whole.loc[zone, period]))
                high.append(np.inf if secret else int(whole.loc[zone, period]))
    ends = []
    for sign in (1, -1):
        answer = milp(
            sign * aim,
            integrality=np.ones(len(groups)),
            bounds=Bounds(0, 10_000),
            constraints=LinearConstraint(np.array(rows), low, high),
        )
        assert answer.success
        ends.append(round(sign * answer.fun))
    return ends[0], ends[1]


def small_sums(tables: Sequence[Published], groups: pd.DataFrame) -> list[np.ndarray]:
    """Every small cell, and every small difference of two cells of which one holds the other."""
    cells = []
    for table in tables:
        for zone in (*table.rows, None):
            for period in (*table.columns, None):
                of_zone = groups[table.zoning].isin(table.rows if zone is None else [zone])
                of_period = groups[table.period].isin(table.columns if period is None else [period])
                cells.append((of_zone & of_period).to_numpy())
    people = groups["people"].to_numpy()
    found = {}
    for outer in cells:
        for inner in (np.zeros(len(groups), bool), *cells):
            rest = outer & ~inner
            if (inner <= outer).all() and 0 < people[rest].sum() < K:
                found[rest.tobytes()] = rest.astype(float)
    return list(found.values())


def test_the_rest_of_a_commune_is_not_found_from_its_quarters() -> None:
    groups = groups_of(("A", "a1", "2026-01", 40), ("A", "hors", "2026-01", 3),
                       ("B", "b1", "2026-01", 30), ("B", "hors", "2026-01", 25))  # fmt: skip
    _, communes = publish("un", groups, "commune", "annee")
    assert not communes.hidden.any()
    alone, beside = publish("deux", groups, "qpv", "annee", [communes])
    assert alone.hidden[:, 0].tolist() == [False, False, False, False]  # 28 people outside
    assert beside.hidden[0, 0]  # 43 in A less 40 in a1 would tell the 3 others
    assert ranges([communes, beside], groups, np.array([0, 1, 0, 0.0]))[1] >= K


def test_one_month_more_is_a_difference_too() -> None:
    groups = groups_of(("A", "a1", "2026-01", 40), ("A", "a1", "2026-02", 4),
                       ("B", "b1", "2026-01", 50), ("B", "b1", "2026-02", 60))  # fmt: skip
    january = groups[groups["mois"] == "2026-01"]
    _, first = publish("janvier", january, "commune", "annee")
    alone, beside = publish("février", groups, "commune", "annee", [first])
    assert not alone.hidden.any()
    assert beside.hidden[0, 0]  # 44 less 40: four people met in February
    assert leaks([first, alone], groups) > 0
    assert leaks([first, beside], groups) == 0


def test_a_line_entered_late_is_not_told_by_two_versions() -> None:
    before = groups_of(("A", "a1", "2026-01", 40), ("B", "b1", "2026-01", 50))
    after = groups_of(("A", "a1", "2026-01", 42), ("B", "b1", "2026-01", 50))
    _, first = publish("avant", before, "commune", "mois")
    alone, beside = publish("après", after, "commune", "mois", [first])
    assert not alone.hidden.any()
    assert beside.hidden[0].all()
    assert leaks([first, alone], after) > 0
    assert leaks([first, beside], after) == 0


def test_the_same_table_may_be_published_again_as_it_was() -> None:
    groups = random_groups(np.random.default_rng(1), ["2026-01", "2026-02", "2026-03"])
    _, first = publish("un", groups, "commune", "mois")
    alone, beside = publish("deux", groups, "commune", "mois", [first])
    assert (alone.hidden == beside.hidden).all()
    assert (first.hidden == beside.hidden).all()


def test_what_is_already_out_hides_nothing_more() -> None:
    groups = groups_of(("A", "a1", "2026-01", 3), ("B", "b1", "2026-01", 30))
    bare = Published("nu", "commune", "mois", ("A", "B"), ("2026-01",),
                     np.array([[3], [30]]), np.zeros((3, 2), bool))  # fmt: skip
    alone, beside = publish("deux", groups, "commune", "mois", [bare])
    assert (alone.hidden == beside.hidden).all()


def test_a_zone_that_exists_no_more_is_survived() -> None:
    groups = groups_of(("A", "a1", "2026-01", 30), ("B", "b1", "2026-01", 30))
    old = Published("vieux", "qpv", "mois", ("parti",), ("2020-01",),
                    np.array([[25]]), np.zeros((2, 2), bool))  # fmt: skip
    _, beside = publish("deux", groups, "commune", "mois", [old])
    assert not beside.hidden.any()


def test_a_threshold_below_five_is_refused() -> None:
    with pytest.raises(WrongUsage, match="plus petit que 5"):
        publish("un", groups_of(("A", "a1", "2026-01", 30)), "commune", "mois", k=4)


def test_totals_are_those_of_the_log() -> None:
    groups = random_groups(np.random.default_rng(4), ["2025-12", "2026-01"])
    whole, _ = told(publish("un", groups, "qpv", "annee")[1])
    assert whole.loc["Total", "Total"] == groups["people"].sum()
    assert crossed(groups, "qpv", "annee").to_numpy().sum() == groups["people"].sum()


@pytest.mark.parametrize("seed", range(12))
def test_an_attacker_with_every_publication_of_a_year_learns_no_small_sum(seed: int) -> None:
    """Months, one month more, a late line, then quarters: each published beside the former."""
    rng = np.random.default_rng(seed)
    months = ["2026-01", "2026-02", "2026-03"]
    whole = random_groups(rng, months)
    first = whole[whole["mois"] != months[-1]]
    out: list[Published] = []
    for name, groups, zoning, period in (
        ("deux mois", first, "commune", "mois"),
        ("trois mois", whole, "commune", "mois"),
        ("quartiers", whole, "qpv", "annee"),
    ):
        _, beside = publish(name, groups, zoning, period, out, k=K)
        out.append(beside)
    assert leaks(out, whole, k=K) == 0
    for aim in small_sums(out[1:], whole):
        low, high = ranges(out[1:], whole, aim)
        assert high - low >= K - 1, (low, high)

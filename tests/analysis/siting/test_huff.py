from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from territory.analysis.siting.huff import (
    ASSUMED,
    fit_decay,
    homes_by_place,
    logged_sessions,
    willingness,
)
from territory.analysis.siting.slot_problem import SlotProblem, attendance
from territory.analysis.siting.transfers import (
    before_after,
    by_place,
    closing_sentence,
    flows,
    moves,
    own_share,
)
from territory.errors import WrongUsage
from territory.model.tables import ACTIVITIES, CONTACTS, conform
from territory.model.walks import walks_of
from tests.analysis.siting import option_town as town


def log(*rows: tuple[str, str, int, object]) -> pd.DataFrame:
    """Return held permanences of (day, place, start, people informed)."""
    table = pd.DataFrame(rows, columns=["on", "place_id", "start_min", "n_informed"])
    table = table.assign(kind="permanence", state="realise", geometry=None)
    return conform(table.set_axis([f"a{i:02d}" for i in range(len(rows))]), ACTIVITIES)


def sessions(activities: pd.DataFrame) -> pd.DataFrame:
    found = town.options(town.held_at_a())
    return logged_sessions(activities, found, today=town.TODAY, months=12)


def test_sessions_count_at_their_place_and_half_day_within_the_period() -> None:
    told = sessions(
        log(
            ("2026-10-27", "a", 540, 4),
            ("2026-10-20", "a", 600, 0),
            ("2026-10-13", "a", 540, pd.NA),  # nobody counted
            ("2026-10-06", "a", 840, 9),  # an afternoon
            ("2026-10-07", "a", 540, 9),  # a Wednesday
            ("2025-10-28", "a", 540, 9),  # too old
            ("2026-11-03", "a", 540, 9),  # to come
        )
    )
    assert told.index.tolist() == ["a@mardi matin"]
    assert told.iloc[0].tolist() == [2, 4]


def test_diagnostics_count_when_nobody_counted_the_informed() -> None:
    activities = log(("2026-10-27", "a", 540, pd.NA)).assign(n_assessed=3)
    assert sessions(activities).iloc[0].tolist() == [1, 3]


def held(n: int, sessions: int, people: list[float]) -> pd.DataFrame:
    return pd.DataFrame({"sessions": [sessions] * n, "people": people})


def test_willingness_is_people_over_what_everybody_coming_once_would_make() -> None:
    found = willingness(held(3, 40, [80, 80, 80]), [100, 100, 100], assumed=0.5)
    assert found.measured
    assert found.visits == pytest.approx(0.02)
    assert found.low < 0.02 < found.high
    assert "120 permanences" in found.words


def test_willingness_is_found_again_with_its_interval() -> None:
    draw = np.random.default_rng(3)
    inside = 0
    for _ in range(60):
        expected = draw.uniform(50, 300, 8)
        truth = 0.03 * draw.gamma(4, 1 / 4, 8)
        people = draw.poisson(40 * expected * truth).astype(float)
        found = willingness(held(8, 40, list(people)), expected, assumed=1)
        inside += found.low <= 0.03 <= found.high
    assert inside >= 50  # 95 % of 60, chance left aside


def test_one_more_place_is_less_sure_than_the_mean() -> None:
    found = willingness(held(4, 40, [40, 80, 120, 200]), [100] * 4, assumed=1)
    assert found.visits * found.one_low < found.low < found.high < found.visits * found.one_high


@pytest.mark.parametrize(("n", "times", "people"), [(0, 0, []), (1, 11, [500]), (1, 50, [19])])
def test_a_short_log_measures_nothing(n: int, times: int, people: list[float]) -> None:
    found = willingness(held(n, times, people), [100] * n, assumed=0.005)
    assert not found.measured
    assert found.visits == 0.005
    assert np.isnan(found.low)
    assert found.words == ASSUMED


def test_one_permanence_measures_with_doubt_on_the_others() -> None:
    found = willingness(held(1, 50, [100]), [100], assumed=1)
    assert found.measured
    assert found.high / found.visits > 2  # places are assumed to differ by a half


def planted(law: str, value: float, seed: int = 5) -> tuple[np.ndarray, ...]:
    """Draw counts by commune and place from a Huff law: 60 cells in 6 communes, 5 places."""
    draw = np.random.default_rng(seed)
    cells, doors = draw.uniform(0, 3000, (60, 2)), draw.uniform(0, 3000, (5, 2))
    minutes = np.abs(cells[:, None] - doors[None]).sum(axis=2) / 75
    home = np.repeat(np.arange(6), 10)
    people = draw.uniform(50, 500, 60)
    weigh = {
        "puissance": lambda t: np.maximum(t, 1) ** -value,
        "gaussienne": lambda t: np.where(t <= 25, 0.5 ** ((t / value) ** 2), 0),
    }
    pull = weigh[law](minutes)
    share = people[:, None] * pull / (1 + pull.sum(1, keepdims=True))
    mean = np.zeros((6, 5))
    np.add.at(mean, home, share)
    counts = draw.poisson(mean * 4000 / mean.sum())
    return counts, people, home, minutes


@pytest.mark.parametrize(("law", "value"), [("puissance", 2.0), ("puissance", 1.2),
                                            ("gaussienne", 10.0), ("gaussienne", 7.0)])  # fmt: skip
def test_a_planted_walk_is_found_within_a_tenth(law: str, value: float) -> None:
    found = fit_decay(*planted(law, value), assumed=99, law=law)
    assert found.measured
    assert found.value == pytest.approx(value, rel=0.1)
    assert found.low < found.value < found.high


@pytest.mark.parametrize(("law", "ends"), [("puissance", (0.05, 8)), ("gaussienne", (1, 90))])
def test_no_other_walk_is_as_likely(law: str, ends: tuple[float, float]) -> None:
    counts, people, home, minutes = planted(law, 5.0 if law == "gaussienne" else 1.5, seed=9)
    minutes[minutes > 25] = np.inf
    found = fit_decay(counts, people, home, minutes, assumed=99, law=law)
    table = pd.DataFrame(minutes)
    assert fit_decay(counts, people, home, walks_of(table), assumed=99, law=law) == found

    def likely(value: float) -> float:  # cell by cell
        near = np.isfinite(minutes)
        pull = np.where(near, np.maximum(np.where(near, minutes, 1), 1) ** -value, 0)
        if law == "gaussienne":
            pull = np.where(near, 0.5 ** ((np.where(near, minutes, 0) / value) ** 2), 0)
        drawn = np.zeros(counts.shape)
        for cell, lived in enumerate(people):
            drawn[home[cell]] += lived * pull[cell] / (1 + pull[cell].sum())
        share = drawn / drawn.sum(axis=1, keepdims=True)
        return float((counts * np.log(np.maximum(share, 1e-12))).sum())

    best = likely(found.value)
    assert all(likely(value) <= best + 1e-6 for value in np.geomspace(*ends, 150))
    for end in (found.low, found.high):
        assert likely(end) == pytest.approx(best - 1.92, abs=0.01)


def test_too_few_homes_measure_no_walk() -> None:
    counts, people, home, minutes = planted("gaussienne", 10)
    for few in (counts * 0, counts * 0 + 1, np.where(np.arange(5) == 0, counts, 0)):
        found = fit_decay(few, people, home, minutes, assumed=10)
        assert (found.value, found.measured, found.words) == (10, False, ASSUMED)
    empty = fit_decay(np.zeros((0, 0)), [], [], np.zeros((0, 0)), assumed=10)
    assert not empty.measured


def test_shapes_and_laws_are_checked() -> None:
    counts, people, home, minutes = planted("gaussienne", 10)
    with pytest.raises(WrongUsage, match="n'existe pas"):
        fit_decay(counts, people, home, minutes, assumed=1, law="magie")
    with pytest.raises(WrongUsage, match="la même forme"):
        fit_decay(counts, people[1:], home, minutes, assumed=1)


def test_homes_are_counted_once_whatever_the_stages() -> None:
    activities = log(("2026-10-27", "a", 540, 9), ("2026-10-20", "b", 540, 9))
    rows = pd.DataFrame(
        {
            "activity_id": ["a00", "a00", "a00", "a01", "a01", "zz"],
            "count": [6, 2, 3, 5, 4, 9],
            "stage": ["informe", "diagnostic", "informe", "informe", "informe", "informe"],
            "home_city_code": ["93045", "93045", "93055", "93055", pd.NA, "93045"],
        },
        index=[f"k{i}" for i in range(6)],
    )
    table = homes_by_place(activities, conform(rows, CONTACTS))
    assert table.loc["93045"].to_dict() == {"a": 6, "b": 0}
    assert table.loc["93055"].to_dict() == {"a": 3, "b": 5}


def lilas_and_pantin() -> tuple[SlotProblem, pd.Series]:
    """Two communes of 100 visits; a permanence in each, half as strong for the neighbours."""
    pull = np.array([[1.0, 0.5], [0.5, 1.0]])
    yes, no = np.ones(2, bool), np.zeros(2, bool)
    problem = SlotProblem(
        weights=np.array([100.0, 100.0]), pull=sp.csc_matrix(pull), outside=np.ones(2),
        place=np.array([0, 1]), slot=np.array([2, 4]), hours=np.full(2, 4.0),
        capacity=np.full(2, np.inf), least=np.zeros(2), present=yes, fixed=no, forbidden=no,
    )  # fmt: skip
    return problem, pd.Series(["93045", "93055"])


def test_who_comes_from_where_adds_up_to_the_attendance() -> None:
    problem, homes = lilas_and_pantin()
    table = flows(problem, [0, 1], homes)
    assert table.loc["93045"].tolist() == pytest.approx([40, 20])
    assert table.sum().tolist() == pytest.approx(list(attendance(problem, [0, 1]).coming))


def test_closing_les_lilas_sends_its_people_to_pantin() -> None:
    problem, homes = lilas_and_pantin()
    places = ["lilas", "pantin"]
    before = by_place(flows(problem, [0, 1], homes), places)
    after = by_place(flows(problem, [1], homes), places)
    lilas = ("93045", "pantin")
    table = before_after(before, after).set_index(["commune_code", "place_id"])
    assert table.loc[lilas].tolist() == pytest.approx([20, 100 / 3])  # 0.5 of (1 + 0.5)
    assert own_share(before, {"lilas": "93045", "pantin": "93055"}).tolist() == pytest.approx(
        [2 / 3, 2 / 3]
    )
    gains = moves(before.sum(), after.sum())
    assert list(gains) == ["lilas", "pantin"]
    assert gains["lilas"] == pytest.approx(-60)
    assert gains["pantin"] == pytest.approx(100 / 3 + 50 - 60)
    said = closing_sentence("Les Lilas", 60, {"pantin": gains["pantin"]}, {"pantin": "Pantin"})
    assert said == (
        "Sans la permanence de Les Lilas, 60,0 personnes par semaine iraient : 23,3 à Pantin ; "
        "36,7 ne viendraient plus."
    )


def test_unknown_homes_and_communes_are_nobody_s_own() -> None:
    problem, _ = lilas_and_pantin()
    table = flows(problem, [0, 1], pd.Series(["93045", pd.NA]))
    assert table.index.tolist() == ["93045"]
    assert own_share(by_place(table, ["l", "p"]), {"l": None}).isna().all()

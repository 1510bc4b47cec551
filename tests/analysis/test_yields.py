"""Yields: conjugate where one effect is alone, drawn to the kind without data, honest beyond."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest
from scipy.stats import gamma, nbinom

from territory.analysis.yields import made_visits, seasons, slots
from territory.analysis.yields_explore import explored_in, values_for_week, week_number
from territory.analysis.yields_fit import fit_yields
from territory.analysis.yields_table import expected_yields
from territory.errors import WrongUsage
from territory.model.tables import ACTIVITIES, PLACES, conform
from territory.planning.yield_words import explored_words, people, yield_words

INF = float("inf")
SLOT = "matin semaine"


def visits(rows: list[tuple[str, str, float, float]], **columns: object) -> pd.DataFrame:
    """Return visits of (place, kind, hours, informed)."""
    table = pd.DataFrame(rows, columns=["place_id", "kind", "hours", "informed"])
    return table.assign(slot=SLOT, season="hiver", mode="seul").assign(**columns)


def asked(place: object, kind: str = "marche", hours: float = 1.0, **more: object) -> pd.DataFrame:
    return visits([(place, kind, hours, np.nan)], **more).drop(columns="informed")  # type: ignore[list-item]


def drawn(seed: int, n: int, places: int = 25) -> tuple[pd.DataFrame, pd.Series]:
    """Return visits of a town that keeps the model, and the true mean of each."""
    rng = np.random.default_rng(seed)
    kind = np.array(["marche", "gare", "parc", "commerce"])[np.arange(places) % 4]
    by_kind = dict(zip(sorted(set(kind)), rng.gamma(8, 1 / 8, 4), strict=True))
    own, slot = rng.gamma(4, 0.25, places), np.array(["matin semaine", "apres-midi semaine"])
    by_slot, chosen = rng.gamma(8, 1 / 8, 2), rng.integers(0, 2, n)
    place, hours = rng.integers(0, places, n), rng.choice([0.5, 1.0, 2.0], n)
    mean = 2.5 * hours * own[place] * by_slot[chosen]
    mean *= np.array([by_kind[k] for k in kind[place]])
    told = {"place_id": [f"P{p}" for p in place], "kind": kind[place], "slot": slot[chosen]}
    informed = rng.poisson(mean * rng.gamma(4, 0.25, n)).astype(float)
    table = pd.DataFrame({**told, "season": "ete", "hours": hours, "informed": informed})
    return table, pd.Series(mean, index=table.index)


def test_one_effect_is_the_conjugate_law() -> None:
    seen = visits([("P1", "marche", 2.0, 5), ("P1", "marche", 1.0, 4), ("P2", "marche", 0.5, 0)])
    law = fit_yields(seen, factors=[("place_id",)], shapes=[3.0], noise=INF)
    table = expected_yields(
        law, pd.concat([asked("P1", hours=1.5), asked("P2"), asked("P9")], ignore_index=True)
    )
    shape, rate = np.array([3 + 9, 3 + 0, 3.0]), np.array([3 + 3, 3 + 0.5, 3.0])
    hours = np.array([1.5, 1, 1])
    assert table["mean"].to_numpy() == pytest.approx(hours * shape / rate, rel=1e-6)
    assert table["low"].to_numpy() == pytest.approx(
        gamma.ppf(0.025, shape, scale=hours / rate), rel=1e-4
    )
    assert table["high"].to_numpy() == pytest.approx(
        gamma.ppf(0.975, shape, scale=hours / rate), rel=1e-4
    )
    chance = rate / (rate + hours)
    assert table["visit_low"].tolist() == nbinom.ppf(0.025, shape, chance).tolist()
    assert table["visit_high"].tolist() == nbinom.ppf(0.975, shape, chance).tolist()


def test_old_visits_weigh_less() -> None:
    seen = visits([("P1", "marche", 1.0, 8)], weight=0.25)
    law = fit_yields(seen, factors=[("place_id",)], shapes=[2.0], noise=INF)
    assert expected_yields(law, asked("P1"))["mean"].item() == pytest.approx(4 / 2.25, rel=1e-6)


def test_without_visits_the_first_guess_is_very_unsure() -> None:
    table = expected_yields(fit_yields(visits([])), asked("P1", hours=2.0)).iloc[0]
    assert table["mean"] == pytest.approx(2.0)
    assert table["high"] > 4 * table["mean"]
    assert table["thin"]
    assert table["n_visits"] == 0


def test_a_new_place_is_like_its_kind_and_a_known_one_like_itself() -> None:
    rng = np.random.default_rng(3)
    rows = [
        (f"M{p}", "marche", 1.0, float(rng.poisson(6 * m)))
        for p, m in enumerate([0.6, 1, 1.4] * 3)
        for _ in range(8)
    ]
    rows += [(f"C{p}", "commerce", 1.0, float(rng.poisson(1))) for p in range(9) for _ in range(8)]
    rows += [("BIG", "commerce", 1.0, float(rng.poisson(12))) for _ in range(300)]
    law = fit_yields(visits(rows))
    new, shop, big = (
        expected_yields(law, asked(p, k)).iloc[0]
        for p, k in ((None, "marche"), (None, "commerce"), ("BIG", "commerce"))
    )
    assert 3.5 < new["mean"] < 8
    assert shop["mean"] < 3
    assert big["mean"] == pytest.approx(12, rel=0.06)  # its own mean, whatever its kind
    assert big["high"] / big["low"] < 1.25
    assert new["high"] / new["low"] > 2


def test_few_visits_are_drawn_to_the_kind_and_more_the_fewer() -> None:
    rows = [(f"P{p}", "marche", 1.0, 3.0) for p in range(10) for _ in range(5)]
    once, often = (
        expected_yields(fit_yields(visits(rows + [("X", "marche", 1.0, 9.0)] * n)), asked("X"))
        for n in (1, 20)
    )
    assert 3 < once["mean"].item() < 6 < often["mean"].item() < 9


def test_unknown_is_never_zero() -> None:
    rows = [("P1", "marche", 1.0, 6.0)] * 4
    unknown = [("P1", "marche", 1.0, np.nan), ("P1", "marche", np.nan, 5.0)] * 5
    with_them, without = (
        expected_yields(fit_yields(visits(r)), asked("P1")) for r in (rows + unknown, rows)
    )
    pd.testing.assert_frame_equal(with_them, without)
    assert expected_yields(fit_yields(visits(rows)), asked("P1", hours=np.nan))["mean"].isna().all()


@pytest.mark.parametrize(("n", "thin"), [(0, True), (2, True), (3, False)])
def test_under_three_visits_counted_is_little_data(n: int, thin: bool) -> None:
    rows = [("P1", "marche", 1.0, 2.0)] * n + [("P1", "marche", 1.0, np.nan)] * 4
    rows += [("P2", "gare", 1.0, 2.0)] * 5
    table = expected_yields(
        fit_yields(visits(rows)), pd.concat([asked("P1"), asked(None)], ignore_index=True)
    )
    assert table["thin"].tolist() == [thin, thin]  # the place, and its kind
    assert table["n_visits"].tolist() == [n, n]
    assert yield_words(table.iloc[0].to_dict(), 45).startswith("Peu de données") == thin


def test_the_order_of_rows_changes_nothing() -> None:
    seen, _ = drawn(1, 120)
    law, again = fit_yields(seen), fit_yields(seen.sample(frac=1, random_state=2))
    assert law.shapes == again.shapes
    assert law.effects.tobytes() == again.effects.tobytes()
    assert law.root.tobytes() == again.root.tobytes()


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(WrongUsage, match="informées est négatif"):
        fit_yields(visits([("P1", "marche", 1.0, -1.0)]))


def test_intervals_hold_true_means_and_new_visits() -> None:
    held, caught, bias = [], [], []
    for seed in range(8):
        seen, true = drawn(seed, 150, places=18)
        table = expected_yields(fit_yields(seen), seen)
        held += list((table["low"] <= true) & (true <= table["high"]))
        fresh = np.random.default_rng(seed + 99).poisson(
            true * np.random.default_rng(seed + 50).gamma(4, 0.25, len(true))
        )
        caught += list((table["visit_low"] <= fresh) & (fresh <= table["visit_high"]))
        bias.append(table["mean"].sum() / true.sum())
    assert 0.91 <= np.mean(held) <= 0.985  # 288 places and slots: 95 % within 3 sd
    assert 0.95 <= np.mean(caught) <= 0.99  # whole numbers: a little more than 95 %
    assert np.mean(bias) == pytest.approx(1.0, abs=0.07)  # 3 sd: 8 towns of about 400 people


def options(n: int = 30) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    mean = rng.gamma(4, 0.5, n)
    place = [f"P{k % 12:02d}" for k in range(n)]
    return pd.DataFrame({"mean": mean, "shape": rng.uniform(1, 40, n), "place_id": place})


def test_exploring_keeps_its_share_over_the_weeks() -> None:
    assert sum(explored_in(w, 0.15 * 14) for w in range(2000, 2052)) == pytest.approx(
        0.15 * 14 * 52, abs=1
    )
    assert explored_in(3, 0.0) == 0
    assert week_number(date(2027, 1, 4)) == week_number(date(2026, 12, 28)) + 1


def test_what_is_explored_is_raised_and_the_rest_worth_its_mean() -> None:
    table = options()
    told = values_for_week(table, share=0.3, visits=10, week=7)
    chosen = table.loc[told["explored"], "place_id"]
    assert chosen.nunique() == 3
    assert told["value"][~told["explored"]].equals(table["mean"][~told["explored"]])
    best = told["value"][told["explored"]].groupby(chosen).max()
    assert best.to_numpy() == pytest.approx(table["mean"].max())


def test_a_week_and_a_seed_choose_the_same_whatever_the_order() -> None:
    table = options()
    told = values_for_week(table, share=0.2, visits=10, week=7, seed=1)
    again = values_for_week(
        table.sample(frac=1, random_state=1), share=0.2, visits=10, week=7, seed=1
    )
    pd.testing.assert_frame_equal(told, again.sort_index())
    others = [values_for_week(table, share=0.2, visits=10, week=w)["explored"] for w in range(12)]
    assert len({tuple(o) for o in others}) > 6


def test_without_share_only_means_count() -> None:
    told = values_for_week(options(), share=0.0, visits=10, week=1)
    assert not told["explored"].any()
    assert told["value"].equals(options()["mean"].rename("value"))


def activities() -> pd.DataFrame:
    """Return a pair, a stand, then what is no outing, has no place, is off, half told, to come."""
    rows = [
        ("A1", "2026-01-07", "maraude", "M", 570, 660, None, "M1|M2", 4),
        ("A2", "2026-07-06", "evenement", "M", 840, None, 2.0, "M1", None),
        ("A3", "2026-07-07", "reunion", "M", 840, None, 2.0, "M1", 9),
        ("A4", "2026-07-07", "maraude", None, 840, None, 2.0, "M1", 9),
        ("A5", "2026-07-08", "maraude", "M", 840, None, 2.0, "M1", 9),
        ("A6", "2026-08-08", "maraude", "M", None, None, None, None, 2),
        ("A7", "2027-08-08", "maraude", "M", None, None, None, None, 2),
    ]
    names = ["on", "kind", "place_id", "start_min", "end_min", "hours", "agents", "n_informed"]
    table = pd.DataFrame(rows, columns=["id", *names]).set_index("id")
    state = pd.Series("realise", index=table.index).mask(table.index == "A5", "annule")
    return conform(table.assign(state=state, geometry=None), ACTIVITIES)


def test_visits_are_read_from_debriefs() -> None:
    places = conform(pd.DataFrame({"kind": ["marche"], "geometry": [None]}, index=["M"]), PLACES)
    market = pd.Series({"A1": True})
    made = made_visits(activities(), places, reference=date(2026, 12, 31), market=market)
    assert made.index.tolist() == ["A1", "A2", "A6"]
    assert made["slot"].tolist()[:2] == ["matin mercredi", "apres-midi semaine"]
    assert made["mode"].tolist()[:2] == ["binome", "stand"]
    assert made["season"].tolist() == ["hiver", "ete", "ete"]
    assert made["hours"].tolist()[:2] == [1.5, 2.0]
    assert made.loc["A1", ["market", "kind"]].tolist() == ["marche", "marche"]
    assert made["informed"].isna().tolist() == [False, True, False]
    assert made.loc["A6", ["slot", "mode", "hours", "market"]].isna().all()
    assert 0.7 < made["weight"]["A1"] < 0.72  # a year old, half-life of two
    assert fit_yields(made).n_visits == 1


def test_half_days_and_seasons_are_named() -> None:
    on = pd.Series(pd.to_datetime(["2026-12-05", "2026-03-01", "2026-09-02"]))
    assert slots(on, pd.Series([600, 780, pd.NA], dtype="Int64")).tolist()[:2] == [
        "matin samedi",
        "apres-midi dimanche",
    ]
    assert seasons(on).tolist() == ["hiver", "printemps", "automne"]


def test_sentences_say_number_doubt_and_ground() -> None:
    row = {"mean": 3.21, "low": 2.14, "high": 4.8, "visit_low": 0.0, "visit_high": 9.0,
           "n_visits": 12, "n_slot": 4}  # fmt: skip
    assert yield_words(row, 45) == (
        "Personnes informées attendues en 45 min : environ 3,2 (de 2,1 à 4,8, à 95\u202f%), "
        "d’après 12 visites comptées ici, dont 4 à ce moment. Une visite en compte de 0 à 9."
    )
    assert "aucune visite comptée dans ce type de lieu" in yield_words(
        {**row, "n_visits": 0}, 45, named=False
    )
    assert "non estimé" in yield_words({**row, "mean": np.nan}, 45)
    assert people(12.4) == "12"
    assert explored_words(0.1) == "Visite choisie pour apprendre : 10\u202f% des visites le sont."

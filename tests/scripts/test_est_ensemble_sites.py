"""The nine towns: what is counted, what is chosen, who moves, who covers what; and the page."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from scripts import est_ensemble_sectors as sectors
from scripts import est_ensemble_sites as sites
from scripts.est_ensemble_sectors_page import TOWNS
from scripts.est_ensemble_sites_figures import counts, drawn_case, measured, moves, own
from scripts.est_ensemble_sites_page import MEASURED, PAGE, page
from territory.analysis.siting.prices import price_of_requests
from territory.analysis.siting.slot_problem import attendance
from territory.model.requests import Ask, Request
from territory.model.results import Ending


@pytest.fixture(scope="module")
def ground(towns) -> sites.Ground:
    return sites.ground_of(towns)


@pytest.fixture(scope="module")
def asked(ground) -> sites.Case:
    return sites.case(ground)


@pytest.fixture(scope="module")
def written() -> dict:
    return json.loads(MEASURED.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def chosen(asked) -> list[int]:
    found = asked.best(sites.ADD)
    assert found.ending is Ending.OPTIMAL
    return list(found.chosen)


@pytest.fixture(scope="module")
def units(ground) -> tuple[sectors.Units, sectors.Units]:
    iris = sectors.iris_units(ground)
    return iris, sectors.town_units(ground, iris)


def test_the_page_is_what_its_figures_say(written) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(written)


def test_places_are_counted_as_they_are(ground, written) -> None:
    found = counts(ground)
    assert found == written["sites"]["counts"]
    assert found["listed"] - found["unable"] - found["mobile"] == found["hosts"] == 53
    assert sum(t["hosts"] for t in found["towns"].values()) == 53
    assert sum(t["public"] for t in found["towns"].values()) == pytest.approx(found["public"])


def test_les_lilas_has_nothing_now_and_the_centres_are_in_their_towns(ground) -> None:
    for held in sites.situations(ground).values():
        assert sites.LILAS not in set(ground.hosts.loc[list(held), "commune_code"])
    towns = ground.hosts.loc[list(sites.CENTRES), "commune_code"].map(ground.names)
    assert list(towns) == ["Pantin", "Noisy-le-Sec", "Bagnolet"]


def test_permanences_of_now_receive_what_the_report_counted(asked) -> None:
    coming = attendance(asked.problem, asked.held).coming
    assert coming.mean() == pytest.approx(sites.RECEIVED / sites.SESSIONS)
    assert (coming > 0).all()


def test_the_answer_puts_something_in_les_lilas(asked, chosen, written) -> None:
    assert set(asked.inside(sites.LILAS)) & set(chosen)
    told = {row["place"] for row in written["sites"]["choice"]}
    assert set(asked.new(chosen)) == told
    first = next(p for p in written["sites"]["curve"]["points"] if "Les Lilas" in p["towns"])
    assert first["added"] == sites.first_time(asked, sites.LILAS, sites.ADD)


def test_les_lilas_come_first_once_montreuil_and_bobigny_are_served(ground, written) -> None:
    held = sites.situations(ground)["centres"]
    assert sites.first_time(sites.case(ground, held), sites.LILAS, 1) == 1
    base = [r for r in written["sites"]["when"] if (r["half"], r["outside"]) == (15.0, 1.0)]
    assert {r["situation"]: r["first"] for r in base}["centres"] == 1
    assert all(r["first"] is not None for r in base)


def test_no_pair_of_places_receives_more(asked) -> None:
    free = np.flatnonzero(~asked.problem.present).tolist()
    worth = [
        attendance(asked.problem, [*asked.held, *pair]).total for pair in combinations(free, 2)
    ]
    assert asked.best(2).objective == pytest.approx(max(worth), rel=1e-6)


def test_the_order_of_rows_changes_nothing(towns, asked, chosen) -> None:
    turned = replace(towns, places=towns.places.iloc[::-1], iris=towns.iris.iloc[::-1])
    found = sites.case(sites.ground_of(turned))
    again = found.best(sites.ADD)
    assert found.new(again.chosen) == asked.new(chosen)
    assert again.objective == pytest.approx(attendance(asked.problem, chosen).total)


def test_a_place_in_les_lilas_keeps_lilasiens_and_draws_from_pantin(asked, chosen, written) -> None:
    found = moves(asked, chosen)
    assert found["lilas_pantin"]["before"] > found["lilas_pantin"]["lilas"] > 0
    assert found["pantin_lilas"]["before"] == 0 < found["pantin_lilas"]["lilas"]
    before, after = (found["lilas_all"][k] for k in ("before", "lilas"))
    assert before["Bagnolet"] > after["Bagnolet"]
    assert "Les Lilas" not in before
    for town in found["towns"].values():  # one place more never sends anybody home
        assert town["before"][0] <= town["lilas"][0] + 1e-9 <= town["after"][0] + 2e-9
    assert found["towns"]["Les Lilas"]["lilas"][1] == pytest.approx(
        written["sites"]["moves"]["towns"]["Les Lilas"]["lilas"][1]
    )


def test_own_share_is_unknown_when_nobody_goes_out(asked) -> None:
    table = sites.between_towns(asked, asked.held) * 0.0
    assert own(table, "Pantin") is None


def test_a_refusal_of_les_lilas_has_a_price_and_moves_the_place_near_by(asked, written) -> None:
    refusal = Request("Ville", Ask.FORBID, asked.inside(sites.LILAS), "essai", sites.TODAY)
    prices = price_of_requests(asked.adding(sites.ADD), [refusal], sites.exactly)
    told = written["sites"]["requests"][f"forbid_{sites.ADD}"]
    assert 0 < prices.each[0].price == pytest.approx(told["price"], abs=1e-4)
    towns = asked.towns_of(asked.new(prices.chosen))
    assert towns == told["towns"]
    assert "Les Lilas" not in towns


def test_half_days_are_those_the_files_give(ground) -> None:
    slots, known = sites.half_days_of(ground, "bib-930486201")  # closed on Mondays and mornings
    assert known
    assert "mercredi apres-midi" in slots
    assert not any(s.startswith("lundi") or s == "mardi matin" for s in slots)
    assert not sites.half_days_of(ground, "bib-930456201")[1]  # Les Lilas: nobody tells


def test_a_drawn_scenario_is_the_same_twice_and_not_the_base(ground, asked) -> None:
    once, again = (drawn_case(ground, 3).problem for _ in range(2))
    assert (once.weights == again.weights).all()
    assert (once.pull != again.pull).nnz == 0
    assert not np.allclose(once.weights, asked.problem.weights)


def test_each_criterion_of_the_page_wins_on_its_own_measure(asked, written) -> None:
    rows = {a["criterion"]: a for a in written["sites"]["answers"]}
    chosen = {n: r for n, r in rows.items() if n != "today"}
    assert rows["huff"]["week"] == max(r["week"] for r in chosen.values())
    assert rows["cover"]["cover"] == max(r["cover"] for r in chosen.values())
    assert rows["median"]["mean"] == min(r["mean"] for r in chosen.values())
    assert rows["center"]["worst"] == min(r["worst"] for r in chosen.values())
    hosts = list(asked.ground.hosts.index)
    again = measured(asked, [hosts.index(h) for h in [*sites.REPORTED, *rows["cover"]["new"]]])
    assert again["cover"] == pytest.approx(rows["cover"]["cover"])


def test_the_posts_of_the_report_hold_each_town_once_in_one_piece(units, written) -> None:
    iris, towns = units
    held = [code for codes in sectors.POSTS.values() for code in codes]
    assert [len(c) for c in sectors.POSTS.values()] == [2, 4, 3]
    assert sorted(held) == sorted(TOWNS) == list(towns.commune)
    for unit in units:
        found = sectors.described("x", unit, unit.sector, "")
        assert found["pieces"] == found["splits"] == 0
    told = written["sectors"]["cuts"][0]
    now = sectors.described("report", towns, towns.sector, "")
    assert now["loads"] == pytest.approx(told["loads"])
    assert now["people_deviation"] == pytest.approx(told["people_deviation"])
    assert towns.load_h.sum() == pytest.approx(iris.load_h.sum())


def test_whole_towns_share_hours_better_than_the_report_and_none_better(units, written) -> None:
    _, towns = units
    found = sectors.cut(towns, 3)
    best = sectors.described("x", towns, found.sector, "")["deviation"]
    assert found.ending is Ending.OPTIMAL
    assert best < sectors.described("x", towns, towns.sector, "")["deviation"]
    assert best == pytest.approx(written["sectors"]["cuts"][1]["deviation"])


def test_an_absence_hands_over_what_the_absent_had_and_no_more(units, written) -> None:
    _, towns = units
    found = sectors.change(towns, ("A", "C"))
    assert {m[0] for m in found["moves"]} == {"B"}
    assert {m[2] for m in found["moves"]} == set(sectors.POSTS["B"])
    assert found["people"] == pytest.approx(found["least"])
    told = written["sectors"]["changes"]["towns_absent"]["moves"]
    assert [m[:3] for m in found["moves"]] == [m[:3] for m in told]
    assert [m[3] for m in found["moves"]] == pytest.approx([m[3] for m in told])

"""From options to a plan: what is kept, what is asked, what cannot be, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from territory.analysis.siting.guarantee import quarter_walks, smallest_guarantee
from territory.analysis.siting.huff import ASSUMED, Decay, Willingness
from territory.analysis.siting.pulls import attractors, option_values, slot_pull, slot_rows
from territory.analysis.siting.settled_slots import settled_slots
from territory.analysis.siting.slot_build import part, slot_problem
from territory.analysis.siting.slot_choice import Choice, choose_slots
from territory.analysis.siting.slot_plan import SlotScene, attendance_table, slot_plan
from territory.analysis.siting.slot_problem import SlotProblem, attendance, broken, rules_of
from territory.analysis.siting.slot_twins import repeats, twins, with_pulls
from territory.analysis.siting.slots import best_slots
from territory.errors import WrongUsage
from territory.model.results import Ending, SitePlan
from territory.model.walks import walks_of
from tests.analysis.siting import option_town as town

if TYPE_CHECKING:
    from territory.settings import Sites

NAN = float("nan")
HOMES = pd.Series(["93045"] * 2 + ["93055"] * 4, index=town.CELLS)


def scene(
    *, people: list[float] | None = None, rows: pd.DataFrame | None = None, **changes: object
) -> SlotScene:
    """Return the street, one visit in a hundred a week, with settings `changes`."""
    settings: Sites = town.sites(**changes)
    found = town.options(town.held_at_a() if rows is None else rows, **changes)
    target = pd.Series([100.0] * 6 if people is None else people, index=town.CELLS)
    lived = slot_rows(target.rename("tous").to_frame().rename_axis("cell_id"))
    near = attractors(found, town.places(), town.between(), near_min=5, today=town.TODAY)
    values = option_values(found, ["tous"], near, settings)
    pull = slot_pull(lived, found, town.minutes(), values, half_min=10, cut_min=25)
    names = town.places()["name"]
    problem = slot_problem(found, lived, pull, visits=0.01, settings=settings, names=names)
    visits = Willingness(0.01, NAN, NAN, False, 0, 0, 0.0, ASSUMED)
    decay = Decay(10.0, NAN, NAN, False, 0.0, ASSUMED)
    communes = {"93045": "Les Lilas", "93055": "Pantin"}
    return SlotScene(
        found, lived, problem, walks_of(town.minutes()), target, HOMES, communes, near,
        twins(problem), visits, decay, settings,
    )  # fmt: skip


def chosen(one: SlotScene, walks: pd.DataFrame | None = None) -> Choice:
    settings = one.settings
    return choose_slots(
        one.problem, one.options, one.groups, walks=walks, guarantee_min=settings.guarantee_min,
        repeat=settings.repeat,
    )  # fmt: skip


def told(one: SlotScene, walks: pd.DataFrame | None = None) -> SitePlan:
    choice = chosen(one, walks)
    judged = replace(one, problem=choice.problem)
    return slot_plan(
        judged, choice.chosen, bound=choice.bound, ending=choice.ending, notes=choice.notes
    )


def names(one: SlotScene, positions: tuple[int, ...]) -> list[str]:
    return [str(one.options.index[k]) for k in positions]


def test_the_market_half_day_is_chosen_when_people_live_around_it() -> None:
    plan = told(scene(people=[10, 10, 500, 10, 10, 10]))
    assert [(s.place_id, s.slot) for s in plan.sites] == [("b", "mercredi matin")]
    site = plan.sites[0]
    assert site.near == "Marché"
    assert "Marché est alors ouvert à côté" in site.reason
    assert site.equal_slots == ()
    assert any("attrait_marche" in note and "hypothèse" in note for note in plan.notes)


def test_without_a_market_half_days_are_worth_the_same_and_the_team_decides() -> None:
    one = scene(people=[0, 0, 0, 0, 0, 300])
    site = told(one).sites[0]
    assert site.place_id == "c"
    assert site.slot == "lundi apres-midi"  # nobody holds anything then, two are free
    assert len(site.equal_slots) == 8
    assert "mardi matin" in site.equal_slots
    assert site.host == "à demander"
    assert site.opening == "horaires à vérifier"
    assert "hypothèse, non mesurée" in site.reason


def test_the_permanences_of_now_stay() -> None:
    one = scene()
    assert "a@mardi matin" in names(one, chosen(one).chosen)
    assert told(one).closed == ()


def test_what_may_move_moves_when_it_brings_more_for_the_same_hours() -> None:
    people = [0, 0, 0, 0, 0, 300.0]
    one = scene(people=people, nombre=1, deplacables=["a"], meme_lieu=1)
    plan = told(one)
    assert plan.closed == ("Maison A, mardi matin",)
    assert [s.place_id for s in plan.sites] == ["c", "c"]  # one added, one moved
    assert any(note.startswith("Sans la permanence de Maison A") for note in plan.notes)


def test_what_may_close_does_not_buy_another_opening() -> None:
    one = scene(people=[0, 0, 0, 0, 0, 300.0], fermables=["a"], meme_lieu=1)
    assert len(told(one).sites) == 1


def test_requests_of_the_team_are_kept() -> None:
    one = scene(imposer=["Maison C:jeudi matin"], interdire=["b"])
    plan = told(one)
    assert [(s.place_id, s.slot) for s in plan.sites] == [("c", "jeudi matin")]
    anywhen = told(scene(people=[0, 0, 900, 0, 0, 1], imposer=["c"]))
    assert [s.place_id for s in anywhen.sites] == ["c"]
    closed = told(scene(interdire=["a"]))
    assert closed.closed == ("Maison A, mardi matin",)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"imposer": ["nulle part"]}, "lieu inconnu"),
        ({"imposer": ["b:lundi matin"]}, "aucune permanence n'y est possible le lundi matin"),
        ({"garder": ["c"]}, "aucune permanence n'y est tenue"),
        ({"garder": ["a"], "interdire": ["a"]}, "à la fois à garder et interdite"),
        ({"imposer": ["b:mercredi matin"], "interdire": ["b"]}, "à la fois imposée et interdite"),
    ],
)
def test_requests_that_mean_nothing_are_refused(changes: dict, message: str) -> None:
    with pytest.raises(WrongUsage, match=message):
        scene(**changes)


def test_two_places_of_one_name_are_told_apart_by_their_id() -> None:
    one = scene()
    twice = pd.Series(["Maison", "Maison"], index=["b", "c"])
    rows = slot_rows(one.target.rename("tous").to_frame().rename_axis("cell_id"))
    with pytest.raises(WrongUsage, match="plusieurs lieux portent ce nom"):
        slot_problem(
            one.options, rows, one.problem.pull, visits=1, settings=town.sites(imposer=["maison"]),
            names=twice,
        )  # fmt: skip


def test_no_half_day_asks_for_more_workers_than_there_are() -> None:
    one = scene(nombre=2)
    limit = one.problem.limits.at_once
    slots = pd.Series(limit, index=[f"{d}" for d in range(14)])
    assert slots["2"] == 2  # Tuesday morning: the permanence of M1, and M2
    assert slots["0"] == 0  # Monday morning: the meeting
    assert not broken(rules_of(one.problem), chosen(one).chosen)[0]


def twins_by_hand(problem: SlotProblem, repeat: float) -> float:
    """Return the best of all choices of half-days, judged one by one."""
    rules, best = rules_of(problem), -np.inf
    free = np.flatnonzero(~problem.fixed & ~problem.forbidden)
    must = np.flatnonzero(problem.fixed)
    for size in range(int(problem.limits.opened) + 1):
        for more in combinations(free, size):
            picked = [*must, *more]
            if not any(broken(rules, picked)):
                judged = with_pulls(problem, picked, repeats(problem, picked, repeat))
                best = max(best, attendance(judged, picked).total)
    return best


@pytest.mark.parametrize("repeat", [0.5, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_searching_one_of_each_twin_loses_nothing(seed: int, repeat: float) -> None:
    people = list(np.random.default_rng(seed).uniform(0, 400, 6))
    one = scene(people=people, nombre=2, meme_lieu=repeat)
    choice = chosen(one)
    brought = attendance(choice.problem, choice.chosen).total
    assert brought == pytest.approx(twins_by_hand(one.problem, repeat))
    assert choice.bound == pytest.approx(brought)
    assert choice.ending is Ending.OPTIMAL


def test_a_second_half_day_of_a_place_draws_less() -> None:
    one = scene(people=[0, 0, 0, 0, 0, 300.0], nombre=2)
    choice = chosen(one)
    new = [k for k in choice.chosen if not one.problem.present[k]]
    assert {one.options["place_id"].iloc[k] for k in new} == {"c"}
    drawn = sorted(float(choice.problem.pull[:, [k]].max()) for k in new)
    assert drawn == pytest.approx([0.5, 1.0])
    assert len({one.options["slot"].iloc[k] for k in new}) == 2


def test_few_half_days_are_all_tried_and_agree_with_the_search() -> None:
    one = scene(nombre=2)
    evens = np.arange(0, one.problem.options, 2)
    few = part(one.problem, np.union1d(one.held(), evens))
    tried = settled_slots(few, time_limit_s=60.0)
    searched = best_slots(few, gap=0.0, time_limit_s=300.0)
    assert tried.ending is Ending.OPTIMAL
    assert tried.objective == pytest.approx(searched.objective, rel=1e-6)


def quarters(*spans: tuple[float, float]) -> gpd.GeoDataFrame:
    shapes = [box(x0, 0, x1, 200) for x0, x1 in spans]
    codes = pd.Index([f"Q{i}" for i in range(len(spans))], name="zone_code")
    return gpd.GeoDataFrame({"kind": "qpv"}, geometry=shapes, index=codes, crs=2154)


def squares() -> gpd.GeoDataFrame:
    shapes = [box(375 * i, 0, 375 * i + 200, 200) for i in range(6)]
    index = pd.Index(town.CELLS, name="cell_id")
    return gpd.GeoDataFrame({"residents": 100.0}, geometry=shapes, index=index, crs=2154)


def test_a_quarter_is_as_far_as_half_of_its_people() -> None:
    walks = quarter_walks(squares(), quarters((0, 1000), (1500, 1600)), town.minutes())
    assert walks.loc["Q0", "a"] == 5  # cells at 0, 5 and 10 minutes
    assert walks.loc["Q1", "a"] == 20
    far = town.minutes().assign(a=[0, np.inf, np.inf, 0, 0, 0])
    assert quarter_walks(squares(), quarters((0, 1000)), far).loc["Q0", "a"] == np.inf
    assert quarter_walks(squares(), quarters((5000, 6000)), town.minutes()).empty


def half_way(walks: list[float], people: list[float]) -> float:
    """Return the walk below which half of the people live, one person after the other."""
    met = 0.0
    for walk, lived in sorted(zip(walks, people, strict=True)):
        met += lived
        if met >= sum(people) / 2:
            return walk
    return np.inf


@pytest.mark.parametrize("seed", range(8))
def test_quarters_are_as_far_as_a_slow_judge_says(seed: int) -> None:
    draw = np.random.default_rng(seed)
    cells = squares().assign(residents=draw.integers(0, 4, 6) * 50.0)
    starts = draw.integers(0, 8, 4) * 250.0
    zones = quarters(*((x, x + 250.0 * draw.integers(1, 5)) for x in starts))
    minutes = pd.DataFrame(draw.integers(0, 9, (6, 4)) * 2.0, town.CELLS, list("abcm"))
    minutes = minutes.where(draw.random(minutes.shape) < 0.7, np.inf)
    found = quarter_walks(cells, zones, minutes)
    assert found.equals(quarter_walks(cells, zones, walks_of(minutes)))
    inside = {
        code: {c: cells.residents[c] * zone.intersection(cells.geometry[c]).area / 40_000
               for c in cells.index}
        for code, zone in zones.geometry.items()
    }  # fmt: skip
    assert list(found.index) == sorted(
        code for code, lived in inside.items() if any(lived.values())
    )
    for code, place in ((code, place) for code in found.index for place in "abcm"):
        here = [c for c in cells.index if inside[code][c] > 0]
        slow = half_way([minutes.loc[c, place] for c in here], [inside[code][c] for c in here])
        assert found.loc[code, place] == slow


def test_a_guarantee_is_kept_at_its_price() -> None:
    people = [0, 0, 900.0, 0, 0, 1]
    walks = quarter_walks(squares(), quarters((1870, 2100)), town.minutes())
    assert [s.place_id for s in told(scene(people=people)).sites] == ["b"]
    promised = scene(people=people, garantie_min=10)
    assert [s.place_id for s in told(promised, walks).sites] == ["c"]


def test_a_guarantee_that_cannot_be_is_answered_by_the_smallest_that_can() -> None:
    walks = quarter_walks(squares(), quarters((1870, 2100), (1100, 1300)), town.minutes())
    one = scene(garantie_min=1)
    assert smallest_guarantee(one.problem, walks, one.options) == 10  # c serves both
    plan = told(one, walks)
    assert plan.ending is Ending.IMPOSSIBLE
    assert [s.place_id for s in plan.sites] == ["c"]
    assert "Le plus petit nombre de minutes possible est 10." in plan.notes[0]
    never = walks.assign(a=np.inf, b=np.inf, c=np.inf)
    assert "Hors d'atteinte de tout lieu possible" in told(one, never).notes[0]


def test_what_a_plan_says_adds_up() -> None:
    one = scene(nombre=2)
    choice = chosen(one)
    plan = told(one)
    gained = sum(s.gained_week or 0 for s in plan.sites)
    assert plan.people_week == pytest.approx((plan.people_before or 0) + gained)
    assert plan.bound >= (plan.people_week or 0) - 1e-9
    for site in plan.sites:
        people = (site.people_week or 0) + site.turned_away
        assert sum(s.people for s in site.publics) == pytest.approx(people)
        assert sum(s.people for s in site.communes) == pytest.approx(people, abs=0.2)
        assert (site.people_low, site.people_high) == (None, None)
    table = attendance_table(replace(one, problem=choice.problem), choice.chosen)
    assert table["after"].sum() >= plan.people_week - 1e-9
    assert set(table["commune_code"]) == {"93045", "93055"}


def test_cover_counts_people_within_the_limit() -> None:
    site = told(scene(people=[10, 10, 10, 10, 10, 500], minutes=6)).sites[0]
    assert (site.covered_before, site.covered_after, site.gained_target) == (20, 530, 510)
    assert site.target_total == 550


def test_measured_attendance_is_told_with_its_interval() -> None:
    one = scene()
    sure = Willingness(0.01, 0.008, 0.012, True, 3, 120, 300.0, "mesuré sur x", 0.5, 2.0)
    site = told(replace(one, visits=sure)).sites[0]
    assert site.people_low == pytest.approx((site.people_week or 0) / 2)
    assert "(entre " in site.reason


def test_a_sensitive_host_is_counted_without_its_name() -> None:
    hosts = town.places()
    hosts.loc["a", "sensitive"] = True
    one = scene(deplacables=["a"])
    hidden = replace(one, options=town.options(town.held_at_a(), hosts=hosts))
    keep = hidden.options.index[hidden.options["present"]]
    assert keep.tolist() == ["a@mardi matin"]
    plan = slot_plan(
        replace(one, options=one.options.assign(named=~one.options["present"])), [],
        bound=9.0, ending=Ending.OPTIMAL,
    )  # fmt: skip
    assert plan.closed == ("un lieu non nommé, mardi matin",)
    assert "Maison A" not in " ".join(plan.notes)


def test_nobody_to_host_is_said() -> None:
    hosts = town.places(kind="gare")
    rows = town.held_at_a()
    found = town.options(rows, hosts=hosts)
    one = scene()
    at = one.options.index.get_indexer(found.index)
    cut = part(one.problem, at)
    choice = choose_slots(cut, found, twins(cut))
    assert choice.ending is Ending.IMPOSSIBLE
    assert "Aucun lieu connu ne peut accueillir" in choice.notes[0]


def test_the_order_of_options_changes_nothing() -> None:
    plan = told(scene(nombre=2))
    again = told(scene(nombre=2, rows=town.held_at_a().iloc[::-1]))
    assert again == plan

"""The figures of docs/permanences_reelles.md on the nine towns: what is asked, what comes out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from scripts.est_ensemble import HOSTS, SAMPLED
from scripts.est_ensemble_sites import (
    ADD,
    LILAS,
    PANTIN,
    REPORTED,
    SETTINGS,
    Habits,
    between_towns,
    by_town,
    case,
    exactly,
    first_time,
    half_days_of,
    situations,
)
from territory.analysis.proportions import wilson
from territory.analysis.shrinkage import gamma_shapes
from territory.analysis.siting.center import p_center
from territory.analysis.siting.cover import max_cover
from territory.analysis.siting.curve import slot_curve
from territory.analysis.siting.difference import difference
from territory.analysis.siting.equity import equity_frontier
from territory.analysis.siting.guarantee import quarter_walks, smallest_guarantee, within_reach
from territory.analysis.siting.median import p_median
from territory.analysis.siting.near_optimal import near_optimal
from territory.analysis.siting.prices import price_of_requests
from territory.analysis.siting.robustness import robustness
from territory.analysis.siting.slot_build import with_reach
from territory.analysis.siting.slot_problem import attendance
from territory.analysis.siting.suggestions import suggestions
from territory.model.requests import Ask, Request
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scripts.est_ensemble_sites import Case, Ground
    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.model.site_results import EquityPoint, SlotOutcome

MOST, REDRAWS, SEED = 6, 100, 93
HALVES = (7.0, 10.0, 15.0, 20.0, 30.0)
OUTSIDES = (0.5, 1.0, 2.0, 4.0)
SPREADS = {"half": 0.25, "outside": 0.4, "place": 0.3}  # standard deviations of logarithms
GUARANTEES = (15.0, 20.0, 25.0)
quickly = partial(exactly, gap=0.001, time_limit_s=10.0)


def site_figures(ground: Ground) -> dict[str, Any]:
    """Return all figures of the chapter on permanences, ready for JSON."""
    asked = case(ground)
    chosen = asked.best(ADD).chosen
    return {
        "counts": counts(ground),
        "visits": float(asked.problem.weights.sum() / ground.need["target"].sum()),
        "choice": choice(asked, chosen),
        "curve": curve(asked),
        "when": when(ground),
        "near": near(asked, chosen),
        "redrawn": redrawn(ground, asked, chosen),
        "moves": moves(asked, chosen),
        "requests": requests(asked),
        "answers": answers(asked, chosen),
        "equity": equity(asked),
        "guarantee": guarantee(asked),
    }


def counts(ground: Ground) -> dict[str, Any]:
    """Count what the lists hold, what can host, and whose hours are known."""
    places, names = ground.towns.places, ground.names
    known = ground.half_days.groupby("place_id")["opening"].first().eq("horaires connus")
    hosts = ground.hosts["commune_code"].map(names)
    table = pd.DataFrame({
        "public": by_town(ground.need["target"], names, ground.town),
        "hosts": hosts.value_counts(),
        "known": hosts[known.reindex(hosts.index, fill_value=False)].value_counts(),
    }).fillna(0.0)  # fmt: skip
    able = places[places["kind"].isin(HOSTS)]
    return {
        "listed": len(places),
        "unable": int((~places["kind"].isin(HOSTS)).sum()),
        "mobile": int((~able["fixed_point"].fillna(value=True).astype(bool)).sum()),
        "hosts": len(ground.hosts),
        "units": len(ground.town),
        "public": float(ground.need["target"].sum()),
        "closed": len(ground.hosts) - len(known),
        "towns": {str(t): {k: float(v) for k, v in r.items()} for t, r in table.iterrows()},
    }


def choice(asked: Case, chosen: Sequence[int]) -> list[dict[str, Any]]:
    """Tell each new half-day of a choice: what it brings, to whom, when its place is open."""
    names = asked.ground.names
    home = [names[c] for c in asked.ground.town.sort_index()]
    found = suggestions(asked.problem, chosen, home)
    return [
        {
            **told(asked, s.option),
            "gain": s.gain,
            "received": s.received,
            "transferred": s.transferred,
            "to": [[t, v] for t, v in s.to],
            "homes": homes(asked, chosen, s.option),
        }
        for s in found.ranked
    ]


def told(asked: Case, option: int) -> dict[str, Any]:
    """Return place, name, town and half-days of an option."""
    place = str(asked.options["place_id"].iloc[option])
    open_on, known = half_days_of(asked.ground, place)
    name = str(asked.ground.hosts.loc[place, "name"])
    return {"place": place, "name": name, "town": asked.towns_of([place])[0],
            "open": open_on, "known": known}  # fmt: skip


def homes(asked: Case, chosen: Sequence[int], option: int) -> list[list[Any]]:
    """Return where the people of an option live: towns and people a week, largest first."""
    alone = [k for k in chosen if k != option]
    before, after = (between_towns(asked, picked) for picked in (alone, [*alone, option]))
    town = told(asked, option)["town"]
    coming = (after[town] - before[town]).sort_values(ascending=False, kind="stable")
    return [[str(t), float(v)] for t, v in coming.items() if v > 0]


def curve(asked: Case) -> dict[str, Any]:
    """Return what 0, 1 ... MOST new half-days bring."""
    found = slot_curve(asked.problem, MOST, exactly)
    points = [
        {
            "added": p.added, "value": p.value, "gain": p.gain, "bound": p.bound,
            "hours": p.hours_per_person, "towns": asked.towns_of(asked.new(p.chosen)),
            "places": asked.new(p.chosen), "ending": str(p.ending),
        }
        for p in found.points
    ]  # fmt: skip
    return {"points": points, "elbow": found.elbow, "concave": found.concave}


def when(ground: Ground) -> list[dict[str, Any]]:
    """Say with how many half-days Les Lilas has one, by what exists and by habits."""
    rows = []
    habits = [Habits(h) for h in HALVES] + [Habits(outside=o) for o in OUTSIDES if o != 1.0]
    for name, held in situations(ground).items():
        for habit in habits:
            asked = case(ground, held, habit)
            best = quickly(asked.adding(ADD), start=asked.held)
            rows.append({
                "situation": name, "held": len(held), "half": habit.half_min,
                "outside": habit.outside, "first": first_time(asked, LILAS, MOST, quickly),
                "towns": asked.towns_of(asked.new(best.chosen)), "ending": str(best.ending),
            })  # fmt: skip
    return rows


def near(asked: Case, chosen: Sequence[int]) -> dict[str, Any]:
    """Return the choices worth at most 2 % less than the best."""
    found = near_optimal(asked.adding(ADD), start=chosen)
    lilas = set(asked.inside(LILAS))
    rows = [told(asked, k) for k, _ in found.sometimes]
    first = [(s.value, asked.new(s.chosen)) for s in found.sets[:8]]
    return {
        "sets": len(found.sets), "complete": found.complete, "best": found.best,
        "first": [{"value": v, "places": n, "towns": asked.towns_of(n)} for v, n in first],
        "lilas": sum(bool(lilas & set(s.chosen)) for s in found.sets),
        "always": [told(asked, k)["name"] for k in found.indispensable],
        "sometimes": [
            [r["name"], r["town"], v] for r, (_, v) in zip(rows, found.sometimes, strict=True)
        ],
    }  # fmt: skip


def redrawn(ground: Ground, asked: Case, chosen: Sequence[int]) -> dict[str, Any]:
    """Draw public, walk, staying away and places again, and count which towns are chosen."""
    picked: list[tuple[int, ...]] = []

    def solve(problem: SlotProblem, *, start: Sequence[int] = ()) -> SlotOutcome:
        found = quickly(problem, start=start)
        picked.append(found.chosen)
        return found

    drawn = (drawn_case(ground, i).adding(ADD) for i in range(REDRAWS))
    found = robustness(asked.adding(ADD), chosen, drawn, solve)
    towns = pd.Series([t for c in picked for t in set(asked.towns_of(asked.new(c)))])
    times = towns.value_counts()
    place_of = asked.options["place_id"].groupby(asked.problem.place).first()
    hosts = asked.ground.hosts["name"]
    fresh = [f for f in found.places if place_of[f.position] not in REPORTED]
    return {
        "scenarios": found.scenarios, "regret": found.mean_regret, "worst": found.worst_regret,
        "towns": {str(t): [int(n), *wilson(int(n), REDRAWS)] for t, n in times.items()},
        "places": [[str(hosts[place_of[f.position]]), f.times] for f in fresh[:8]],
    }  # fmt: skip


def drawn_case(ground: Ground, number: int) -> Case:
    """Return the question with the public, the habits and the pull of each place drawn again."""
    draw = np.random.default_rng([SEED, number])
    iris = ground.towns.iris.sort_index()
    shape = gamma_shapes(iris["unemployed"].astype(float), iris["residents_15_64"].astype(float),
                         sampled=SAMPLED)  # fmt: skip
    luck = draw.gamma(shape) / shape
    need = ground.need.assign(target=ground.need["target"] * luck)
    base = Habits()
    habits = Habits(
        base.half_min * np.exp(SPREADS["half"] * draw.standard_normal()),
        base.outside * np.exp(SPREADS["outside"] * draw.standard_normal()),
    )
    pull = np.exp(SPREADS["place"] * draw.standard_normal(len(ground.hosts)))
    attractions = dict(zip(map(str, ground.hosts.index), map(float, pull), strict=True))
    return case(replace(ground, need=need), REPORTED, habits, attractions=attractions)


def moves(asked: Case, chosen: Sequence[int]) -> dict[str, Any]:
    """Return who goes where, before, with one more in Les Lilas, and with the whole choice."""
    mine = [k for k in chosen if k in asked.inside(LILAS)]
    one = [*asked.held, *mine]
    tables = {
        name: between_towns(asked, picked)
        for name, picked in {"before": asked.held, "lilas": one, "after": list(chosen)}.items()
    }
    names = asked.ground.names
    lilas, pantin = names[LILAS], names[PANTIN]
    public = by_town(asked.ground.need["target"], names, asked.ground.town)
    return {
        "lilas_pantin": {k: float(t.loc[lilas, pantin]) for k, t in tables.items()},
        "pantin_lilas": {k: float(t.loc[pantin, lilas]) for k, t in tables.items()},
        "lilas_all": {k: {str(c): float(v) for c, v in t.loc[lilas].items() if v > 0.005}
                      for k, t in tables.items()},
        "towns": {
            str(t): {
                k: [float(table.loc[t].sum()), own(table, str(t)), float(table[t].sum())]
                for k, table in tables.items()
            } | {"public": float(public[t])}
            for t in public.index
        },
    }  # fmt: skip


def own(table: pd.DataFrame, town: str) -> float | None:
    """Return the share of the visits of the people of a town made in it, None without any."""
    total = float(table.loc[town].sum())
    return float(table.loc[town, town]) / total if total > 0 else None


def requests(asked: Case) -> dict[str, Any]:
    """Price « none in Les Lilas » and « one in Les Lilas », and say what moves."""
    lilas, day = asked.inside(LILAS), date(2026, 10, 31)
    found: dict[str, Any] = {}
    for count in range(1, ADD + 1):
        problem, best = asked.adding(count), asked.best(count)
        for kind in (Ask.FORBID, Ask.REQUIRE):
            one = Request("Ville des Lilas", kind, lilas, "demande de la ville", day)
            prices = price_of_requests(problem, [one], exactly)
            labels = [
                f"{r['town']}, {r['name']}"
                for r in map(partial(told, asked), range(len(asked.options)))
            ]
            changed = difference(problem, best.chosen, prices.chosen, names=labels)
            home = by_home(asked, best.chosen, prices.chosen)
            found[f"{kind.value}_{count}"] = {
                "with": prices.with_all, "price": prices.each[0].price,
                "towns": asked.towns_of(asked.new(prices.chosen)), "sentence": changed.sentence,
                "lilas": home,
            }  # fmt: skip
    return found


def by_home(asked: Case, before: Sequence[int], after: Sequence[int]) -> list[float]:
    """Return the Lilasiens who come, a week, with either choice."""
    lilas = asked.ground.names[LILAS]
    return [float(between_towns(asked, c).loc[lilas].sum()) for c in (before, after)]


def answers(asked: Case, chosen: Sequence[int]) -> list[dict[str, Any]]:
    """Ask the same number of places of each criterion, those of the report kept."""
    ground = asked.ground
    hosts = [str(h) for h in ground.hosts.index]
    fixed = [hosts.index(h) for h in REPORTED]
    people, minutes = ground.need["target"].to_numpy(), ground.minutes.to_numpy()
    p = len(REPORTED) + ADD
    near_by = minutes <= SETTINGS.limit_min
    mine = sorted({hosts.index(h) for h in [*REPORTED, *asked.new(chosen)]})
    found: dict[str, tuple[Sequence[int], Ending]] = {"huff": (mine, Ending.OPTIMAL)}
    for name, outcome in {
        "cover": max_cover(people, near_by, p, fixed=fixed),
        "median": p_median(people, minutes, p, fixed=fixed),
        "center": p_center(minutes, p, fixed=fixed),
    }.items():
        found[name] = outcome.chosen, outcome.ending
    today = {"criterion": "today", "ending": "", **measured(asked, fixed)}
    return [today] + [
        {"criterion": name, "ending": str(ending), **measured(asked, list(sites))}
        for name, (sites, ending) in found.items()
    ]


def measured(asked: Case, sites: Sequence[int]) -> dict[str, Any]:
    """Return what a set of hosts (positions) gives, by every criterion."""
    ground = asked.ground
    hosts = [str(ground.hosts.index[j]) for j in sites]
    new = sorted(set(hosts) - set(REPORTED))
    people = ground.need["target"].to_numpy()
    walk = ground.minutes.to_numpy()[:, list(sites)].min(axis=1)
    order = np.argsort(walk, kind="stable")
    at = int(np.searchsorted(np.cumsum(people[order]), 0.9 * people.sum()))
    places = asked.options["place_id"]
    fresh = np.flatnonzero(places.isin(new).to_numpy() & ~asked.problem.present)
    lilas = ground.town.to_numpy() == LILAS
    return {
        "new": new, "towns": asked.towns_of(new),
        "names": [str(ground.hosts.loc[n, "name"]) for n in new],
        "week": attendance(asked.problem, [*asked.held, *fresh]).total,
        "cover": float(people[walk <= SETTINGS.limit_min].sum() / people.sum()),
        "mean": float(people @ walk / people.sum()), "worst": float(walk.max()),
        "q90": float(walk[order][at]),
        "lilas": float(people[lilas] @ walk[lilas] / people[lilas].sum()),
    }  # fmt: skip


def equity(asked: Case) -> dict[str, Any]:
    """Return the choices that nothing betters in both mean and worst walk, those held kept."""
    ground = asked.ground
    hosts = [str(h) for h in ground.hosts.index]
    fixed = [hosts.index(h) for h in REPORTED]
    found = equity_frontier(
        ground.need["target"].to_numpy(), ground.minutes.to_numpy(), len(REPORTED) + ADD,
        fixed=fixed, time_limit_s=120.0,
    )  # fmt: skip

    def point(p: EquityPoint) -> dict[str, Any]:
        new = sorted({hosts[j] for j in p.chosen} - set(REPORTED))
        return {"mean": p.mean_min, "worst": p.worst_min, "q90": p.q90_min, "gini": p.gini,
                "price": p.price_min, "towns": asked.towns_of(new), "new": new}  # fmt: skip

    return {"points": [point(p) for p in found.points], "ending": str(found.ending)}


def guarantee(asked: Case) -> dict[str, Any]:
    """Say how near every priority quarter can be of a permanence, and what it costs."""
    ground = asked.ground
    quarters = ground.towns.quarters
    mine = quarters[quarters["commune_codes"].notna()].rename_axis("zone_code")
    cells = ground.towns.iris.sort_index().rename_axis("cell_id")
    walks = quarter_walks(cells.assign(residents=cells["residents_15_64"]), mine, ground.minutes)
    nearest = walks[list(REPORTED)].min(axis="columns").sort_values(ascending=False)
    names = mine["name"]
    least = [smallest_guarantee(asked.adding(k), walks, asked.options) for k in range(MOST + 1)]
    wanted = sorted({*GUARANTEES, *(n for n in (least[ADD],) if n is not None)})
    free = asked.best(ADD).objective
    rows = []
    for limit in wanted:
        promised = with_reach(asked.adding(ADD), within_reach(walks, asked.options, limit))
        found = exactly(promised, start=asked.held)
        kept = found.ending is not Ending.IMPOSSIBLE
        rows.append({
            "limit": limit, "possible": kept, "price": free - found.objective if kept else None,
            "towns": asked.towns_of(asked.new(found.chosen)) if kept else [],
        })  # fmt: skip
    far = [[str(names[q]), float(v)] for q, v in nearest.items()][:5]
    return {"quarters": len(walks), "far": far, "least": least, "rows": rows}

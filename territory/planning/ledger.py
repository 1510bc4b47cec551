"""What each worker has carried in the weeks before, and what would be a fair share of the next."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.planning.calendar import EVENING_MIN, OUTINGS, week_days
from territory.planning.records import DAY_MIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from territory.analysis.routing.week_problem import Reals
    from territory.model.week_results import Session, WeekPlan

COUNTED = (*OUTINGS, "pied_immeuble", "visite_partenaire", "porte_a_porte")
USUAL_HOURS = 35.0  # of a worker whose contract nobody wrote
UNTIMED_H = 2.0  # an outing whose hours nobody wrote
CATCH_UP = 2 / 3  # of a debt, in one week: all at once would empty the week of who did too much
LEAST_PART = 0.4  # of a usual week, due even from who did too much: no outing falls for a debt


def ledger(  # noqa: PLR0913 - tables, and what is asked of them
    activities: pd.DataFrame,
    team: pd.DataFrame,
    places: pd.DataFrame,
    before: date,
    *,
    weeks: int,
    difficult_kinds: Sequence[str] = (),
    signed: Sequence[WeekPlan] = (),
) -> pd.DataFrame:
    """
    Return what each worker of `team` did in the `weeks` before the day `before`.

    Columns on agent_code, sorted: hours of outings (each of a pair carries all of them), evenings
    (days with an outing that ends after 17 h 30), difficult (days with one to a place of
    `difficult_kinds`), walk_m (metres planned in the `signed` weeks for outings that were done; NA
    when no week was signed), walk_weeks (how many were), share (0-1, of the hours of contract; 35
    when unknown). Activities cancelled, put off or only planned do not count. An outing without
    hours counts for two.
    """
    each = _by_agent(_outings(activities, before, weeks))
    kinds = places["kind"].reindex(each["place_id"]).isin(list(difficult_kinds)).to_numpy()
    late = each[(each["end_min"].astype("Float64") > EVENING_MIN).fillna(value=False).astype(bool)]
    hard = each[kinds]
    codes = sorted(str(code) for code in team.index[team["role"].ne("partenaire").fillna(True)])
    known = [p for p in signed if _within(week_days(p.week)[0], before, weeks)]
    table = pd.DataFrame(
        {
            "hours": lasting(each).groupby(each["agent"]).sum(),
            "evenings": late.groupby("agent")["on"].nunique(),
            "difficult": hard.groupby("agent")["on"].nunique(),
            "walk_m": walked_m(known, each),
        },
        index=codes,
        dtype=float,
    ).fillna(0.0)
    if not known:
        table["walk_m"] = float("nan")
    contract = team["weekly_hours"].reindex(codes).astype(float).fillna(USUAL_HOURS)
    table["walk_weeks"] = float(len(known))
    table["share"] = contract / contract.sum() if codes else contract
    return table.rename_axis("agent_code")


def walked_m(signed: Iterable[WeekPlan], done: pd.DataFrame) -> pd.Series:
    """
    Return the metres planned for each worker in outings of `signed` weeks that were done.

    `done`: outings, a row for each `agent`. A planned outing was done by those of its team who have
    one that day at the same time, or without hours.
    """
    walks: dict[str, float] = {}
    days = dict(list(done.groupby(["agent", "on"])))
    for session in (s for plan in signed for s in plan.sessions if not s.fixed):
        for agent in session.agents:
            rows = days.get((agent, pd.Timestamp(session.on)))
            if rows is not None and _meet(rows, session):
                walks[agent] = walks.get(agent, 0.0) + session.walk_m
    return pd.Series(walks, dtype=float)


def _meet(rows: pd.DataFrame, session: Session) -> bool:
    until = rows["end_min"].astype("Float64").fillna(DAY_MIN)
    since = rows["start_min"].astype("Float64").fillna(0)
    return bool(((since < session.end_min) & (until > session.start_min)).any())


def _within(on: date, before: date, weeks: int) -> bool:
    return before - timedelta(weeks=weeks) <= on < before


def _outings(activities: pd.DataFrame, before: date, weeks: int) -> pd.DataFrame:
    last = pd.Timestamp(before)
    done = activities["state"].eq("realise").fillna(value=False).astype(bool)
    recent = (activities["on"] < last) & (activities["on"] >= last - pd.Timedelta(weeks=weeks))
    return pd.DataFrame(activities[done & recent & activities["kind"].isin(COUNTED)])


def _by_agent(outings: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each worker of each outing, with their code in `agent`."""
    kept = outings[["on", "start_min", "end_min", "hours", "place_id", "agents"]]
    each = kept.assign(agent=kept["agents"].fillna("").str.split("|")).explode("agent")
    return each.assign(agent=each["agent"].str.strip()).reset_index(drop=True)


def lasting(outings: pd.DataFrame) -> pd.Series:
    """Return the hours of outings (ACTIVITIES): by the clock, else as written, else two."""
    timed = (outings["end_min"].astype("Float64") - outings["start_min"].astype("Float64")) / 60
    return timed.fillna(outings["hours"].astype("Float64")).fillna(UNTIMED_H).astype(float)


def dues(
    carried: pd.DataFrame, hours_week: float, most: Mapping[str, float] | None = None
) -> dict[str, float]:
    """
    Return the hours of outings each worker should have this week for all to come out even soon.

    `carried` is a `ledger`; `hours_week` hours of outings the whole team may have this week, `most`
    those of each one (None: as many). All are brought towards one level of hours for their share,
    those below it first, but nobody under 0.4 of a usual week; a third of a debt, and what this
    week cannot hold, stay for the next ones.
    """
    had, share = CATCH_UP * carried["hours"].to_numpy(float), carried["share"].to_numpy(float)
    held = np.array([(most or {}).get(str(c), hours_week) for c in carried.index], float)
    held = np.minimum(held, hours_week) * (share > 0)
    least = np.minimum(LEAST_PART * share * hours_week, held)

    def at(level: float) -> Reals:
        return np.asarray(np.clip(share * level - had, least, held))

    some = share > 0
    bends = np.concatenate([(had + least)[some], (had + held)[some]]) / np.tile(share[some], 2)
    levels = np.unique(bends)
    sums = [at(level).sum() for level in levels]
    level = float(np.interp(hours_week, sums, levels)) if len(levels) else 0.0
    return dict(zip(map(str, carried.index), at(level).tolist(), strict=True))


def gini(values: Mapping[str, float] | pd.Series) -> float:
    """Return the Gini index of non-negative values, 0 when all are equal or nothing is there."""
    ordered = pd.Series(values, dtype=float).sort_values().to_numpy()
    total, n = ordered.sum(), len(ordered)
    if n == 0 or total <= 0:
        return 0.0
    ranks = range(1, n + 1)
    return (
        float(2 * sum(k * v for k, v in zip(ranks, ordered, strict=True)) / (n * total))
        - (n + 1) / n
    )

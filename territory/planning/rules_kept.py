"""Rules that no search holds to: what the plan of a week makes of them, said in French."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.model.words import CONSTRAINT_KINDS, STRENGTHS, label
from territory.planning.rule_effects import place_of, zones_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from territory.model.results import Gap
    from territory.model.week_results import Session, WeekPlan
    from territory.planning.rule_effects import Scene

_ROUNDS = ("maraude", "tour_de_rue")


def outcome_of(
    row: pd.Series,
    plan: WeekPlan,
    scene: Scene,
    communes: Mapping[str, str],
    gaps: Mapping[str, Gap],
) -> str | None:
    """
    Return how `plan` stands with one rule of CONSTRAINTS: "" when it holds, None when not judged.

    `communes` gives names by code, `gaps` the zones by zone_id.
    """
    check = _CHECKS.get(str(row["kind"]))
    if check is None or not pd.isna(row["commune_code"]) or not pd.isna(row["weekday"]):
        return None
    return check(row, plan, scene, communes, gaps)


def not_held(row: pd.Series, facts: str) -> str:
    """Return the warning of a rule that a week does not keep."""
    name, strength = _named(row), label(STRENGTHS, str(row["strength"]))
    return f"Règle « {name} » ({strength}) non tenue cette semaine : {facts}"


def not_applied(row: pd.Series) -> str:
    """Return the warning of a rule that was read and that nothing here applies."""
    who = "" if pd.isna(row["agent_code"]) else f" pour {row['agent_code']}"
    return (
        f"Règle « {_named(row)} »{who} : lue, mais pas encore appliquée au plan ; "
        "vérifiez-la vous-même."
    )


def _named(row: pd.Series) -> str:
    return label(CONSTRAINT_KINDS, str(row["kind"]))


def _least(row: pd.Series, plan: WeekPlan, scene: Scene, *_: object) -> str | None:
    if not pd.isna(row["place_id"]):
        return None
    least = int(row["value"])
    agents = scene.agents if pd.isna(row["agent_code"]) else (str(row["agent_code"]),)
    done = {a: sum(a in s.agents for s in plan.sessions if s.kind in _ROUNDS) for a in agents}
    short = [f"{a} en a {n}" for a, n in sorted(done.items()) if n < least]
    return f"{', '.join(short)} au lieu de {least}." if short else ""


def _share_in_quarters(row: pd.Series, plan: WeekPlan, scene: Scene, *_: object) -> str | None:
    if not row[["agent_code", "place_id"]].isna().all():
        return None
    rounds = [s for s in plan.sessions if s.kind in _ROUNDS and s.zone_id is not None]
    whole = sum(map(_lasting, rounds))
    qpv = set(scene.zones.index[scene.zones["kind"] == "qpv"])
    inside = sum(_lasting(s) for s in rounds if scene.quarters.get(s.zone_id or "", set()) & qpv)
    if not whole or 100 * inside >= float(row["value"]) * whole:
        return ""
    return f"{round(100 * inside / whole)} % des heures de maraude au lieu de {row['value']} %."


def _every_commune(
    row: pd.Series,
    plan: WeekPlan,
    scene: Scene,
    communes: Mapping[str, str],
    gaps: Mapping[str, Gap],
) -> str | None:
    """Name the communes without any activity, done or planned, in the month of the week."""
    if not row[["agent_code", "place_id"]].isna().all():
        return None
    if row["value"] != "1":
        return ""
    month = scene.days[3]  # the Thursday tells the month of an ISO week
    done = scene.activities[~scene.activities["state"].isin(["annule", "reporte"])]
    here = set(done.loc[_same_month(done["on"], month), "commune_code"].dropna())
    here |= {_commune(s, scene, gaps) for s in plan.sessions if s.on.month == month.month}
    missing = sorted(name for code, name in communes.items() if code not in here)
    return f"aucune activité du mois à {', '.join(missing)}." if missing else ""


def _same_month(days: pd.Series, month: date) -> pd.Series:
    return (days.dt.year == month.year) & (days.dt.month == month.month)


def _commune(session: Session, scene: Scene, gaps: Mapping[str, Gap]) -> str | None:
    zone = gaps.get(session.zone_id or "")
    if zone is not None:
        return zone.commune_code
    if session.place_id not in scene.places.index:
        return None
    code = scene.places.loc[session.place_id, "commune_code"]
    return None if pd.isna(code) else str(code)


def _preferred(row: pd.Series, plan: WeekPlan, scene: Scene, *_: object) -> str | None:
    """Tell when nothing of the week goes to a place or quarter to be preferred."""
    place, zones = place_of(row, scene.places), zones_of(row, scene.quarters)
    if place is None and not zones:
        return None
    goes = any(
        s.zone_id in zones or place in {s.place_id, *(stop.place_id for stop in s.stops)}
        for s in plan.sessions
    )
    return "" if goes else "aucune sortie de la semaine n’y passe."


def _lasting(session: Session) -> int:
    return session.end_min - session.start_min


_CHECKS: dict[str, Callable[..., str | None]] = {
    "min_maraudes_semaine": _least,
    "part_qpv_min": _share_in_quarters,
    "equite_communes": _every_commune,
    "privilegier": _preferred,
}

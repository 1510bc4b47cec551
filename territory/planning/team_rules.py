"""The rules of a team, « contraintes »: what the week holds to, what is told of the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.planning.rule_effects import Effects, Scene, effect_of, together
from territory.planning.rules_kept import not_applied, not_held, outcome_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from territory.model.results import Gap
    from territory.model.week_results import WeekPlan
    from territory.settings import Settings

_SHORTEST_MIN = 30
_SCOPE = ["agent_code", "commune_code", "place_id", "weekday"]
_WINTER = (
    "Période de « saison_hiver » : aucune maraude n’est proposée ; placez des ateliers à la place."
)


def ruled(settings: Settings, constraints: pd.DataFrame, days: Sequence[date]) -> Settings:
    """
    Return the settings that hold in the week of `days`.

    `constraints` keeps tables.CONSTRAINTS. Pairs, most rounds a week, longest round and lunch, when
    they are said of the whole team all week; the strictest wins. A wish is held like an obligation.
    """
    held = _held(constraints, days)
    whole = held[held[_SCOPE].isna().all(axis=1)]
    update: dict[str, Any] = {}
    for kind, values in whole.groupby("kind", sort=True)["value"]:
        update |= _update(str(kind), list(values.dropna()), settings)
    week = settings.week.model_copy(update=update)
    return settings.model_copy(update={"week": week})


def effects_of(constraints: pd.DataFrame, scene: Scene) -> Effects:
    """Return what the rules that hold in the week of `scene` change beside its settings."""
    held = _held(constraints, scene.days)
    found = [effect_of(row, scene) for key, row in held.iterrows() if key not in _in_settings(held)]
    return together(one for one in found if one is not None)


def with_rules_told(
    plan: WeekPlan,
    constraints: pd.DataFrame,
    scene: Scene,
    *,
    communes: Mapping[str, str],
    gaps: Sequence[Gap],
) -> WeekPlan:
    """
    Return `plan` with a warning for each rule that it does not keep, or that nothing here applies.

    `communes` gives names by code. No rule is ever dropped in silence.
    """
    held = _held(constraints, scene.days)
    zones = {gap.zone_id: gap for gap in gaps}
    told: list[str] = []
    for key, row in held.iterrows():
        if key in _in_settings(held):
            continue
        if effect_of(row, scene) is not None:
            told += [_WINTER] if row["kind"] == "saison_hiver" else []
            continue
        facts = outcome_of(row, plan, scene, communes, zones)
        told += [not_applied(row)] if facts is None else [not_held(row, facts)] if facts else []
    return replace(plan, warnings=(*plan.warnings, *dict.fromkeys(told)))


def _in_settings(held: pd.DataFrame) -> pd.Index:
    """Return the rules that `ruled` applies."""
    whole = held[_SCOPE].isna().all(axis=1)
    return held.index[whole & held["kind"].isin(_APPLIED)]


_APPLIED = ("binome", "max_maraudes_semaine", "duree_max_maraude_h", "pause_midi")


def _held(constraints: pd.DataFrame, days: Sequence[date]) -> pd.DataFrame:
    """Return the rules whose period meets the week, in order of their identifier."""
    first, last = pd.Timestamp(days[0]), pd.Timestamp(days[-1])
    begun = constraints["from_on"].isna() | (constraints["from_on"] <= last)
    lasting = constraints["to_on"].isna() | (constraints["to_on"] >= first)
    return constraints[begun & lasting].sort_index()


def _update(kind: str, values: list[str], settings: Settings) -> dict[str, Any]:
    if not values:
        return {}
    if kind == "binome":
        return {"pairs": "1" in values}
    if kind == "max_maraudes_semaine":
        return {"maraudes_per_agent": min(int(v) for v in values)}
    if kind == "duree_max_maraude_h":
        most = max(_SHORTEST_MIN, round(60 * min(float(v) for v in values)))
        return {
            "maraude_max_min": most,
            "maraude_min_min": min(settings.week.maraude_min_min, most),
        }
    if kind == "pause_midi":
        ends = [[int(end) for end in v.split("-")] for v in values]
        start, end = min(e[0] for e in ends), max(e[1] for e in ends)
        return {"lunch_start": _clock(start), "lunch_end": _clock(end), "lunch_min": None}
    return {}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"

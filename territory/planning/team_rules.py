"""The rules a team wrote in « contraintes », put into the settings of one week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from territory.model.words import CONSTRAINT_KINDS, label

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from territory.settings import Settings

_SHORTEST_MIN = 30


def ruled(
    settings: Settings, constraints: pd.DataFrame, days: Sequence[date]
) -> tuple[Settings, tuple[str, ...]]:
    """
    Return the settings that hold in the week of `days`, and what to tell of the other rules.

    `constraints` keeps tables.CONSTRAINTS. Pairs, most rounds a week, longest round and lunch are
    applied when they are said of the whole team; the strictest wins. Every other rule is told in a
    French sentence, never dropped in silence.
    """
    held = constraints[_holds(constraints, days)].sort_index()
    alone = held[["agent_code", "commune_code", "place_id"]].isna().all(axis=1)
    whole = held[alone & held["weekday"].isna()]
    update: dict[str, Any] = {}
    for kind, values in whole.groupby("kind", sort=True)["value"]:
        update |= _update(str(kind), list(values.dropna()), settings)
    applied = whole.index[whole["kind"].isin(_APPLIED)]
    week = settings.week.model_copy(update=update)
    told = [_told(row) for _, row in held.drop(applied).iterrows()]
    return settings.model_copy(update={"week": week}), tuple(told)


_APPLIED = ("binome", "max_maraudes_semaine", "duree_max_maraude_h", "pause_midi")


def _holds(constraints: pd.DataFrame, days: Sequence[date]) -> pd.Series:
    first, last = pd.Timestamp(days[0]), pd.Timestamp(days[-1])
    begun = constraints["from_on"].isna() | (constraints["from_on"] <= last)
    return begun & (constraints["to_on"].isna() | (constraints["to_on"] >= first))


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
        return {"lunch_start": _clock(start), "lunch_end": _clock(end)}
    return {}


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _told(row: pd.Series) -> str:
    who = "" if pd.isna(row["agent_code"]) else f" pour {row['agent_code']}"
    return (
        f"Règle « {label(CONSTRAINT_KINDS, str(row['kind']))} »{who} : lue, mais pas encore "
        "appliquée au plan ; vérifiez-la vous-même."
    )

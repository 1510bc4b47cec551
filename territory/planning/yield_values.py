"""What a visit is expected to bring, learned from debriefs, by place, half-day and team."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.yields import ALONE, PAIR, WEEKDAYS, seasons
from territory.analysis.yields_explore import values_for_week, week_number
from territory.analysis.yields_table import expected_yields
from territory.planning.calendar import AFTERNOON, MORNING
from territory.planning.yield_words import explored_words, yield_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from territory.analysis.yields_fit import YieldLaw
    from territory.planning.visit_options import Option
    from territory.settings import Week

VISITS_AN_OUTING = 4  # about; how many visits of the week may be made to learn

Context = tuple[str, str, str]  # place_id, slot, mode


@dataclass(frozen=True, slots=True)
class Yields:
    """
    People that one visit brings by (place_id, slot, mode), and the sentence that says how sure.

    `people` are means, raised for the visits that are made to learn.
    """

    people: Mapping[Context, float]
    words: Mapping[Context, str]


def slot_of(on: date, half_day: str) -> str:
    """Return the slot that yields know: « matin semaine », « apres-midi mercredi »."""
    return f"{half_day} {WEEKDAYS[on.weekday()]}"


def mode_of(agents: Sequence[str]) -> str:
    """Return how a team goes: alone or in a pair."""
    return PAIR if len(agents) > 1 else ALONE


def week_yields(
    law: YieldLaw,
    options: Sequence[Option],
    days: Sequence[date],
    rules: Week,
    *,
    walkers: int,
    seed: int,
) -> Yields:
    """
    Return what each place would bring in each half-day of the week, alone or in a pair.

    A share of the visits that `walkers` people make in the week is explored (`values_for_week`).
    """
    wanted = _wanted(options, days)
    if wanted.empty:
        return Yields({}, {})
    table = expected_yields(law, wanted)
    visits = VISITS_AN_OUTING * rules.maraudes_per_agent * walkers
    told = values_for_week(
        table.join(wanted["place_id"]),
        share=rules.exploration,
        visits=visits,
        week=week_number(days[0]),
        seed=seed,
    )
    minutes = (wanted["hours"] * 60).round().astype(int)
    people, words = {}, {}
    for row in table.to_dict("index").items():
        key, figures = row
        people[key] = float(told.loc[[key], "value"].iloc[0])
        explored = bool(told.loc[[key], "explored"].iloc[0])
        said = yield_words(figures, int(minutes.loc[[key]].iloc[0]))
        words[key] = f"{said} {explored_words(rules.exploration)}" if explored else said
    return Yields(people, words)


def _wanted(options: Sequence[Option], days: Sequence[date]) -> pd.DataFrame:
    slots = sorted({slot_of(on, half) for on in days for half in (MORNING, AFTERNOON)})
    season = str(seasons(pd.Series([pd.Timestamp(days[0])])).iloc[0])
    rows = {
        (o.place.place_id, slot, mode): {
            "place_id": o.place.place_id,
            "kind": o.place.kind,
            "slot": slot,
            "season": season,
            "mode": mode,
            "hours": o.service_min / 60,
        }
        for o in options
        if o.place is not None
        for slot in slots
        for mode in (ALONE, PAIR)
    }
    frame = pd.DataFrame(list(rows.values()))
    frame.index = pd.Index(list(rows), tupleize_cols=False)
    return frame

"""Nobody is in two places at once: who is taken is replaced in the outing by somebody free."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd


Span = tuple[object, int, int]
ELSE = (("14h", "16h30"), ("9h30", "12h"), ("17h", "19h"))  # when nobody is free at the time drawn


def without_clashes(activities: pd.DataFrame, team: Sequence[str]) -> pd.DataFrame:
    """
    Return ACTIVITIES of the sheet with other agents where one is taken at that time.

    Permanences and what is promised keep theirs. Nothing is drawn and no line moves: days, places,
    counts and keys stay. When few are free, who remains goes alone; when nobody is, at another time.
    """
    taken: dict[str, list[Span]] = {agent: [] for agent in team}
    kind, state = activities["type_activite"], activities["statut_realisation"]
    fixed = (kind == "permanence") | (state == "prévu")
    after = activities.copy()
    for key in [*activities.index[fixed], *activities.index[~fixed]]:
        line = activities.loc[key]
        own = (str(line["heure_debut"]), str(line["heure_fin"]))
        who = str(line["agents"]).split("|")
        if not fixed[key]:
            own, who = _possible(line["date"], (own, *ELSE), who, taken)
            after.loc[key, ["heure_debut", "heure_fin", "agents"]] = *own, "|".join(sorted(who))
        for agent in who:
            taken[agent].append(_span(line["date"], own))
    return after


def _possible(
    day: object, times: Sequence[tuple[str, str]], who: list[str], taken: Mapping[str, list[Span]]
) -> tuple[tuple[str, str], list[str]]:
    """Return the first of `times` when somebody is free, and who goes then."""
    for time in times:
        free = [agent for agent in taken if not _met(_span(day, time), taken[agent])]
        kept = [agent for agent in who if agent in free]
        others = [agent for agent in free if agent not in who]
        if free:
            return time, [*kept, *others[: len(who) - len(kept)]]
    raise ValueError(f"nobody is free on {day}")


def _span(day: object, time: tuple[str, str]) -> Span:
    return day, _minutes(time[0]), _minutes(time[1])


def _met(span: Span, others: list[Span]) -> bool:
    day, start, end = span
    return any(day == on and start < until and since < end for on, since, until in others)


def _minutes(said: object) -> int:
    hours, _, minutes = str(said).partition("h")
    return int(hours) * 60 + int(minutes or 0)

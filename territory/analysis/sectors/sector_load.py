"""How many hours a week each unit asks of a team, part by part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.effort import outings_in
from territory.errors import WrongUsage
from territory.model.sector_tables import HOUR_PARTS, SECTOR_LOAD
from territory.model.tables import conform

if TYPE_CHECKING:
    from datetime import date

OUTINGS = ("maraude", "tour_de_rue", "pied_immeuble", "porte_a_porte")
_HOUR_MIN, _WEEK_DAYS = 60.0, 7.0


@dataclass(frozen=True, slots=True)
class TeamWork:
    """
    What a team does in a week, all workers together.

    `outings_week` outings of `outing_h` hours each, walks inside included, by `staff` workers at a
    time (a mean); `contacts_week` people met who ask for `contact_h` hours afterwards (NaN: not
    counted, so unknown); `pace` minutes of this team for a minute of the walking table.
    """

    outings_week: float
    outing_h: float
    contacts_week: float
    contact_h: float
    staff: float = 1.0
    pace: float = 1.0


def unit_load(
    people: pd.Series,
    to_min: pd.Series,
    inside_min: pd.Series,
    permanences_h: pd.Series | None,
    work: TeamWork,
) -> pd.DataFrame:
    """
    Return the hours a week each unit asks for, as tables.SECTOR_LOAD of model/sector_tables.

    All on unit_id. `people` are target residents, `to_min` minutes on foot from where the team
    leaves (inf: out of reach), `inside_min` minutes walked during one outing there,
    `permanences_h` hours of staff of the permanences held there (a unit it lacks holds none; None:
    unknown everywhere).

    Outings and contacts are shared by people: by need, not by what was met, which would keep light
    the areas nobody goes to. An outing lasts as long anywhere, so that walks inside are taken from
    the time with people: outings_h + walk_inside_h = outings x length. What is unknown is NA, and
    `load_h` with it; a part unknown everywhere is left out of the sum. `known_load` says what a
    unit whose load is NA counts for. Raises WrongUsage for a negative number.
    """
    units = people.index.sort_values()
    crowd, to, inside = (_real(s, units) for s in (people, to_min, inside_min))
    share = crowd / crowd.sum() if crowd.sum() > 0 else crowd * np.nan
    outings = share * work.outings_week * work.staff
    walked = (inside * work.pace / _HOUR_MIN).clip(upper=work.outing_h)
    held = np.nan if permanences_h is None else _held(permanences_h, units)
    parts = {
        "outings_h": outings * (work.outing_h - walked),
        "walk_inside_h": outings * walked,
        "walk_to_h": outings * 2 * to.where(np.isfinite(to)) * work.pace / _HOUR_MIN,
        "permanences_h": held,
        "contacts_h": share * work.contacts_week * work.contact_h,
    }
    table = pd.DataFrame({"people": crowd, **parts}, index=units)
    return conform(table.assign(load_h=_summed(table)), SECTOR_LOAD)


def known_load(table: pd.DataFrame, group: pd.Series) -> tuple[pd.Series, int]:
    """
    Return the load each unit counts for, and how many units it had to be assumed for.

    `table` keeps SECTOR_LOAD, `group` [unit_id] is the commune of each unit. A unit whose load is
    unknown counts as the mean of the known units of its commune, else of all; 1 hour each when
    nothing is known at all. Never 0: an unknown unit would be given away for nothing.
    """
    load = table["load_h"]
    town = group.reindex(table.index)
    usual = load.groupby(town).transform("mean").fillna(load.mean()).fillna(1.0)
    return load.fillna(usual).rename("load_h"), int(load.isna().sum())


def team_work(  # noqa: PLR0913 - what the log says, then what stands in for it
    activities: pd.DataFrame,
    reference: date,
    *,
    months: int,
    planned_week: float,
    planned_h: float,
    contact_h: float,
    pace: float = 1.0,
) -> TeamWork:
    """
    Return what the team did in a usual week of the `months` up to `reference`.

    `activities` keep tables.ACTIVITIES. A week is counted from the first activity on, so that a
    team that began in June is not halved. Without any outing in the log, `planned_week` outings of
    `planned_h` hours are taken; a log without engaged people leaves contacts unknown (NaN).
    """
    done = outings_in(activities, reference, months)
    out = done[done["kind"].isin(OUTINGS)]
    contacts = done["n_engaged"].dropna()
    if done.empty:
        return TeamWork(planned_week, planned_h, np.nan, contact_h, pace=pace)
    weeks = max(((pd.Timestamp(reference) - done["on"].min()).days + 1) / _WEEK_DAYS, 1.0)
    hours = out["hours"].dropna()
    return TeamWork(
        len(out) / weeks if len(out) else planned_week,
        float(hours.mean()) if len(hours) else planned_h,
        float(contacts.sum()) / weeks if len(contacts) else np.nan,
        contact_h,
        _staff(out["agents"]),
        pace,
    )


def by_unit(hours: pd.Series, unit: pd.Series) -> tuple[pd.Series, float]:
    """
    Return the hours of places added up by unit, and the hours of places that lie in none.

    `hours` [place_id] a week, `unit` [place_id] the unit that holds each place, NA = none.
    """
    holder = unit.reindex(hours.index)
    inside = hours.groupby(holder.astype("object")).sum()
    return inside.rename_axis("unit_id"), float(hours[holder.isna()].sum())


def _real(values: pd.Series, units: pd.Index) -> pd.Series:
    numbers = values.astype("Float64").astype(float).reindex(units)
    if (numbers < 0).any():
        raise WrongUsage("Une charge de secteur ne peut pas être négative.")
    return numbers


def _held(permanences_h: pd.Series, units: pd.Index) -> pd.Series:
    if (permanences_h < 0).any():
        raise WrongUsage("Une charge de secteur ne peut pas être négative.")
    return permanences_h.astype(float).reindex(units, fill_value=0.0)


def _summed(table: pd.DataFrame) -> pd.Series:
    """Add up the parts known somewhere; unknown where one of them or the people are."""
    known = [part for part in HOUR_PARTS if table[part].notna().any()]
    summed = table[known].sum(axis="columns", skipna=False)
    return summed.where(table["people"].notna())


def _staff(agents: pd.Series) -> float:
    """Return how many workers go out together, a mean; 1 when nobody is named."""
    together = agents.dropna().astype(str).str.split("|").map(len)
    return float(together.mean()) if len(together) else 1.0

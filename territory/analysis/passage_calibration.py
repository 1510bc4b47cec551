"""The passage multiplied by what counts of walkers say of each purpose, when there are enough."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.passage import day_type
from territory.analysis.passage_fit import counts_needed, counts_on_streets, fit_passage
from territory.errors import NoAnswer
from territory.model.results import Calibration

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from territory.model.french_calendar import FrenchCalendar

NEAR_M = 20.0  # a count farther from every street is of none


def calibrate(
    loads: pd.DataFrame,
    segments: gpd.GeoDataFrame,
    counts: gpd.GeoDataFrame,
    calendar: FrenchCalendar,
) -> Calibration:
    """
    Fit the purposes of `loads` (`purpose_loads`) on the counts made near their streets.

    `segments` (SEGMENTS) and `counts` (WALKER_COUNTS) are in one metric CRS; `calendar` tells the
    public holidays, which count as Sundays. One common coefficient is kept when it finds counts
    left out better than one a purpose. Raises WrongUsage for a period that is not of the week.
    """
    if not len(counts):
        return Calibration()
    tied = counts_on_streets(_in_week(counts, calendar), segments, max_m=NEAR_M)
    used = int(tied["segment_id"].isin(loads.dropna(how="all").index).sum())
    missing = max(counts_needed(loads) - used, 0)
    if missing:
        return Calibration(len(counts), used, missing)
    try:
        fit = fit_passage(loads, tied)
    except NoAnswer as error:
        return Calibration(len(counts), used, note=str(error))
    if fit.error_scale_only < fit.error:
        common = dict.fromkeys(fit.coefficients, fit.scale)
        return Calibration(len(counts), used, 0, common, fit.error_scale_only)
    return Calibration(len(counts), used, 0, fit.coefficients, fit.error)


def _in_week(counts: gpd.GeoDataFrame, calendar: FrenchCalendar) -> gpd.GeoDataFrame:
    """Return the counts with what `fit_passage` asks: slot of the week, walkers_per_hour."""
    days = [day_type(on, holiday=calendar.holiday(on) is not None) for on in counts["on"].dt.date]
    slots = [f"{day}_{period}" for day, period in zip(days, counts["period"], strict=True)]
    rate = counts["walkers"].astype("float64") / counts["hours"]
    return counts.assign(slot=slots, walkers_per_hour=rate)

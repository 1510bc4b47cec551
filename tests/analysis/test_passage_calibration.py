"""Counts of a team to coefficients: near streets, in the week of the calendar, enough or not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from shapely.geometry import LineString, Point

from territory.analysis.passage import day_type
from territory.analysis.passage_calibration import calibrate
from territory.model.french_calendar import FrenchCalendar
from territory.model.results import Calibration
from territory.model.tables import WALKER_COUNTS, conform, empty_table
from territory.model.walking import DAY_TYPES, PERIODS, PURPOSES, walks_in

if TYPE_CHECKING:
    from collections.abc import Mapping

TRUTH = {"courses": 2.0, "transports": 0.5, "voisinage": 1.2}
STREETS = 40
FIRST = date(2026, 5, 1)  # a Friday, and a public holiday


def segments() -> gpd.GeoDataFrame:
    """Parallel streets, 100 m apart."""
    lines = [LineString([(0, 100 * k), (50, 100 * k)]) for k in range(STREETS)]
    index = pd.Index(range(STREETS), name="segment_id")
    return gpd.GeoDataFrame(index=index, geometry=lines, crs=2154)


def loads() -> pd.DataFrame:
    values = np.random.default_rng(0).lognormal(6, 1, (STREETS, len(TRUTH)))
    return pd.DataFrame(values, segments().index, list(TRUTH))


def counts(n: int, *, truth: Mapping[str, float] = TRUTH, aside_m: float = 5.0) -> gpd.GeoDataFrame:
    """Counts of one hour, one a day from FIRST, holidays walked as Sundays."""
    draw, rows = np.random.default_rng(1), []
    days, named = {d.code: d for d in DAY_TYPES}, {p.code: p for p in PURPOSES}
    for k in range(n):
        on, street, period = FIRST + timedelta(days=k), k % STREETS, PERIODS[k % len(PERIODS)]
        off = FrenchCalendar().holiday(on) is not None
        day = days[day_type(on, holiday=off)]
        rate = sum(
            truth[c] * loads().loc[street, c] * walks_in(named[c], day, period) / period.hours
            for c in truth
        )
        spot = Point(25, 100 * street + aside_m)
        rows.append((pd.Timestamp(on), period.code, 1.0, int(draw.poisson(rate)), spot))
    columns = [c.name for c in WALKER_COUNTS.columns]
    frame = pd.DataFrame(rows, columns=[*columns, "geometry"])
    return conform(frame.set_axis([f"n{k:03d}" for k in range(n)]), WALKER_COUNTS)


def found(given: gpd.GeoDataFrame) -> Calibration:
    return calibrate(loads(), segments(), given, FrenchCalendar())


def test_the_truth_is_found_again() -> None:
    calibration = found(counts(120))
    assert (calibration.given, calibration.used, calibration.missing) == (120, 120, 0)
    assert calibration.coefficients == pytest.approx(TRUTH, abs=0.15)
    assert calibration.error is not None
    assert calibration.error < 0.2


def test_a_holiday_is_a_sunday() -> None:
    """26 December 2026 is a Saturday in all France, a holiday in Moselle."""
    holiday = counts(60).assign(on=pd.Timestamp(2026, 12, 26), period="14h00")
    moselle, france = (
        calibrate(loads(), segments(), holiday, FrenchCalendar(r)) for r in ("57", None)
    )
    assert moselle.coefficients != france.coefficients


@pytest.mark.parametrize(("n", "aside_m", "used"), [(9, 5.0, 9), (3, 19.0, 3), (30, 21.0, 0)])
def test_too_few_near_a_street_leave_it_relative(n: int, aside_m: float, used: int) -> None:
    calibration = found(counts(n, aside_m=aside_m))
    assert calibration == Calibration(given=n, used=used, missing=10 - used)


def test_no_count_at_all() -> None:
    assert found(empty_table(WALKER_COUNTS)) == Calibration()


def test_counts_where_nothing_is_known_are_not_used() -> None:
    unknown = loads().iloc[:20].reindex(loads().index)
    calibration = calibrate(unknown, segments(), counts(40), FrenchCalendar())
    assert calibration.used == 20


def test_counts_of_nobody_are_told() -> None:
    calibration = found(counts(12).assign(walkers=0))
    assert calibration.error is None
    assert "ne disent rien" in calibration.note


def test_one_coefficient_when_it_says_more() -> None:
    calibration = found(counts(11, truth=dict.fromkeys(TRUTH, 0.7)))
    assert len(set(calibration.coefficients.values())) == 1
    assert calibration.coefficients["courses"] == pytest.approx(0.7, rel=0.05)


def test_the_order_of_counts_changes_nothing() -> None:
    given = counts(40)
    assert found(given) == found(given.iloc[::-1])

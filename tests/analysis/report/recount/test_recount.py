"""Every figure of every profile is the one that SQL counts: golden, made, real, random logs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from territory.analysis.report.counting import counted
from territory.analysis.report.ground import ground_table
from territory.analysis.report.ground_figures import ground_figures
from territory.analysis.report.partner_figures import dormant
from territory.analysis.report.public_figures import public_figures
from territory.analysis.report.spans import span_before
from territory.io.report_profiles import profile_codes, read_profile
from territory.model.report import Span
from territory.pipeline import report as step
from territory.pipeline.report_ground import history_of
from territory.pipeline.sources import read_sources
from territory.pipeline.workspace import open_territory
from tests.analysis.report import golden
from tests.analysis.report.recount.counted_again import (
    ELSEWHERE,
    counted_again,
    gaps_again,
    queries,
)
from tests.analysis.report.recount.dirty_logs import YEAR, dirty_log
from tests.analysis.report.recount.tables import Log, connected
from tests.drawn_cases import seeds

if TYPE_CHECKING:
    from territory.settings.report import Counting

PROFILES = tuple(code for code in profile_codes() if code != "standard")
SPRING = Span(date(2026, 2, 10), date(2026, 6, 20), "du 10/02/2026 au 20/06/2026")
AFTER = date(2100, 1, 1)  # a span is cut out of a longer log
CLOSE = 1e-9  # sums of hours and of shares of cells, in another order
COLUMNS = ["value", "over", "used", "uncounted"]


@dataclass(frozen=True, eq=False)
class Tables:
    """Tables by name, as what was read from a territory."""

    tables: dict[str, pd.DataFrame]

    def table(self, name: str) -> pd.DataFrame:
        return self.tables[name]


@cache
def every_counting() -> tuple[Counting, ...]:
    """Return the countings of all profiles, each once."""
    found = (c for code in PROFILES for c in read_profile(code, Path()).countings)
    return tuple({counting.code: counting for counting in found}.values())


def figures_of(log: Log, span: Span) -> pd.DataFrame:
    """Return the figures of `log` as the report counts them, without those judged elsewhere."""
    built = Tables({"activities": log.activities, "contacts": log.contacts, "places": log.places})
    ground = ground_table(log.communes, log.zones, log.cells)
    whole = step._log(built, log.where, ground, AFTER)  # type: ignore[arg-type]
    lines = step._lines(built, whole, span)  # type: ignore[arg-type]
    history = history_of(log.activities, log.where, span)
    computed = {
        **ground_figures(lines, history, span),
        "S10": dormant(lines.partners, history, span.last, log.communes),
        **public_figures(log.iris, ground),
    }
    table = counted(every_counting(), lines, {}, log.entered, computed).table
    return table[~table["definition"].isin(ELSEWHERE)]


def log_of(folder: Path) -> Log:
    """Return what a report reads in a territory."""
    built = read_sources(open_territory(folder))
    names = ("activities", "contacts", "places", "communes", "zones", "cells", "iris")
    activities, contacts, places, communes, zones, cells, iris = map(built.table, names)
    return Log(
        activities, contacts, places, communes["name"].to_dict(), zones, cells, iris,
        step._zones(built), built.territory.settings.report.entered,
    )  # fmt: skip


def differences(log: Log, span: Span) -> pd.DataFrame:
    """Return the figures that the report and SQL do not count alike, side by side."""
    figures = figures_of(log, span)
    ratios = figures["definition"].isin({c.code for c in every_counting() if c.ratio})
    ours = figures[COLUMNS].astype("float64")
    ours.loc[ratios, "used"] = 0  # a ratio rests on the lines of its two figures
    base = connected(log, span)
    theirs = counted_again(base, profile_codes())
    assert gaps_told(figures) == gaps_again(base)
    names = ours.index.union(theirs.index)
    apart = pd.Series(~(names.isin(ours.index) & names.isin(theirs.index)), index=names)
    ours, theirs = ours.reindex(names), theirs[COLUMNS].reindex(names)
    for column in COLUMNS:
        apart |= ~_same(ours[column], theirs[column])
    return pd.concat({"bilan": ours[apart], "SQL": theirs[apart]}, axis=1)


def _same(a: pd.Series, b: pd.Series) -> pd.Series:
    return (a.isna() & b.isna()) | ((a - b).abs() <= CLOSE * b.abs().clip(lower=1.0))


def gaps_told(figures: pd.DataFrame) -> dict[str, float]:
    """Return the median days between two visits that the mentions of S6 tell, by part."""
    ours = figures[figures["definition"] == "S6"].set_index("part")["mention"]
    days = ours.str.extract(r"deux passages : ([\d,]+) jours")[0].dropna()
    return {str(part): float(told.replace(",", ".")) for part, told in days.items()}


def agree(log: Log, span: Span) -> None:
    found = differences(log, span)
    assert found.empty, f"\n{found.to_string()}"


@pytest.mark.parametrize("profile", profile_codes())
def test_every_code_of_a_profile_has_its_query(profile: str) -> None:
    packaged = {c.code for c in read_profile(profile, Path()).countings}
    written = set(queries(profile)) | set(queries("standard"))
    assert packaged <= written | set(ELSEWHERE)
    assert not written & set(ELSEWHERE)


@pytest.mark.parametrize("seed", seeds(5, range(30)))
def test_a_dirty_log_is_counted_alike(seed: int) -> None:
    agree(dirty_log(seed), YEAR)


@pytest.mark.parametrize("seed", seeds(2, range(30, 40)))
def test_days_that_cut_months_are_counted_alike(seed: int) -> None:
    agree(dirty_log(seed), SPRING)


@pytest.mark.parametrize("which", ["est_ensemble", "aveq", "la_rochelle"])
def test_a_golden_workbook_is_counted_alike(which: str, tmp_path: Path) -> None:
    toml = golden.COHORTS_TOML if which == "la_rochelle" else ""
    entered = "[bilan.saisis]\nR5 = 100000\nP2 = 152\nP2f = 85\nP3n = 60\nP3s = 49\n"
    folder = golden.write_territory(tmp_path / "ville", getattr(golden, which)(), entered + toml)
    log = log_of(folder)
    agree(log, YEAR)
    agree(log, span_before(YEAR))


def test_the_fictional_town_is_counted_alike(demo_town: Path) -> None:
    log = log_of(demo_town)
    agree(log, YEAR)
    agree(log, span_before(YEAR))


def test_a_real_town_is_counted_alike(built_bondy: Path) -> None:
    log = log_of(built_bondy)
    agree(log, YEAR)
    agree(log, span_before(YEAR))

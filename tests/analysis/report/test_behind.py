"""The lines behind a figure: they add up to it, and never tell where a sensitive place is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from territory.analysis.report.behind import ACTIVITIES, PARTNERS, PEOPLE, SUMMED, behind
from territory.analysis.report.realised import days_of
from territory.analysis.report.spans import spans_with
from territory.pipeline.report import report_step
from territory.pipeline.sources import read_sources
from territory.pipeline.workspace import open_territory
from tests.analysis.report import golden

if TYPE_CHECKING:
    from territory.analysis.report.findings import Findings


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    folder = tmp_path_factory.mktemp("derriere") / "ville"
    golden.write_territory(folder, golden.aveq())
    return report_step(read_sources(open_territory(folder)), "2026", "aveq")


def test_the_lines_of_every_figure_add_up_to_it(found: Findings) -> None:
    """People, activities, hours, structures: whole and in part, with those not counted said."""
    by_code = {counting.code: counting for counting in found.profile.countings}
    seen = set()
    for name, row in found.figures.table.iterrows():
        counting = by_code[row["definition"]]
        got = behind(found, str(name), {})
        assert got.summed == (not counting.ratio and counting.counted in SUMMED)
        assert len(got.lines) == row["used"] or counting.ratio
        if got.summed and pd.notna(row["value"]):
            assert got.lines["adds"].sum() == pytest.approx(row["value"]), name
            assert got.lines["adds"].isna().sum() == row["uncounted"], name
        seen.add((got.table, got.summed))
    assert {(ACTIVITIES, True), (PEOPLE, True), (PARTNERS, True), (PEOPLE, False)} <= seen


def test_a_ratio_rests_on_the_lines_of_what_is_divided(found: Findings) -> None:
    ratio = next(c for c in found.profile.countings if c.ratio)
    assert list(behind(found, ratio.code, {}).lines.index) == list(
        behind(found, ratio.ratio[0], {}).lines.index
    )


def test_no_line_tells_where_a_sensitive_place_is(found: Findings) -> None:
    """Nor its commune, nor the kind of a structure; « not known » is sensitive too."""
    lines = found.lines
    hushed = replace(
        lines,
        activities=lines.activities.assign(sensitive=True, place="P1"),
        people=lines.people.assign(sensitive=pd.NA, place="P1"),
    )
    told = replace(found, lines=hushed)
    for name in ("S14a", "S13p"):
        got = behind(told, name, {"P1": "Foyer"}).lines
        assert len(got)
        assert got[["commune_code", "place"]].isna().all(axis=None)
        assert got["kind"].notna().all()


def test_difficulties_are_told_without_their_place(found: Findings) -> None:
    """« Published at territory level only » (PRIVACY section 4): no line ties one to a place."""
    barriers = next(c for c in found.profile.countings if c.by == "freins")
    got = behind(found, barriers.code, {}).lines
    assert len(got)
    assert got[["commune_code", "place"]].isna().all(axis=None)


def test_periods_offered_are_those_with_something_done() -> None:
    log = pd.DataFrame({
        "on": pd.to_datetime(["2024-03-01", "2026-02-01", "2026-09-01", "2026-12-01", None]),
        "state": ["realise", "realise", "prevu", "realise", "realise"],
    })  # fmt: skip
    days = days_of(log, date(2026, 10, 31))
    assert days == [date(2024, 3, 1), date(2026, 2, 1)]
    assert spans_with(days, None) == ("2026", "2026-S1", "2024", "2024-S1")
    assert spans_with(days, date(2026, 1, 1))[0] == "lancement"
    assert "lancement" not in spans_with(days, date(2026, 6, 1))

"""Shares rounded together: they add up to 100, and the guard only says what still differs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from territory.analysis.report.guards import Said
from territory.analysis.report.rounding import SENTENCE, rounded_together
from territory.commands.report import report
from territory.io.report_profiles import read_profile
from territory.outputs.report_content import chapters
from territory.outputs.report_shown import Shown
from territory.pipeline.report import report_step
from territory.pipeline.sources import read_sources
from territory.pipeline.workspace import open_territory
from territory.settings.report import Report
from tests.analysis.report import golden
from tests.analysis.report.clean_years import clean_year, told
from tests.drawn_cases import seeds

if TYPE_CHECKING:
    from tests.analysis.report.clean_years import Year

ASKED = Report(rounding="plus_forts_restes")
THIRDS = ("espace_public", "permanence", "partenaire")


def thirds(report: Report) -> Year:
    year = told(clean_year(0), channel=THIRDS)
    lines, count = year.contacts[:60], len(year.activities[:30])
    return type(year)(year.activities[:count], lines, Said(report=report))


@pytest.mark.parametrize("seed", seeds(6, range(20)))
def test_shares_rounded_together_add_up_to_100(seed: int) -> None:
    profile = read_profile("aveq", Path())
    figures, _ = clean_year(seed).found(profile)
    together = rounded_together(profile, figures, ASKED)
    wholes = {name.split("/")[0] for name in together}
    assert "A3" in wholes
    assert "A5" not in wholes  # several answers each: they add up to nothing
    for code in wholes:
        parts = {n: s for n, s in together.items() if n.split("/")[0] == code}
        assert round(100 * sum(parts.values())) == 100
        for name, share in parts.items():
            row = figures.table.loc[name]
            assert abs(share - row["value"] / row["over"]) < 0.01
    assert rounded_together(profile, figures, Report()) == {}


def test_the_guard_is_silent_on_them() -> None:
    profile = read_profile("aveq", Path())
    assert {g.code for g in thirds(Report()).found(profile)[1]} == {"ARRONDI"}
    assert thirds(ASKED).found(profile)[1] == ()


def test_a_share_of_several_parts_that_still_differs_is_said() -> None:
    profile, year = read_profile("aveq", Path()), clean_year(0)
    homes = {"qpv": 171, "qva": 51, "proximite": 126, "autre": 152}  # 34.2 + 10.2 + 25.2 = 69.6
    line = {**year.contacts[0], "channel": "partenaire"}
    lines = [
        {**line, "contact_id": home, "home_zone": home, "count": count}
        for home, count in homes.items()
    ]
    said = Said(report=ASKED)
    _, found = type(year)(year.activities[:1], lines, said).found(profile)
    (guard,) = [g for g in found if g.code == "ARRONDI"]
    assert "34 % + 10 % + 25 % = 69 %" in guard.problem
    assert "(70 %)" in guard.problem
    assert "aux plus forts restes" in guard.sentence


def test_the_report_prints_them_and_says_it(tmp_path: Path) -> None:
    folder = golden.write_territory(
        tmp_path / "ville", golden.aveq(), '[bilan]\narrondi = "plus_forts_restes"\n'
    )
    found = report_step(read_sources(open_territory(folder)), "2026", "aveq")
    now = Shown(found.figures, frozenset(), found.rounded)
    before = Shown(found.before, frozenset())
    blocks = {b.code: b for c in chapters(found.profile, now, before) for b in c.blocks}
    shares = [line.share.split("\u202f")[0] for line in blocks["A4d"].parts]
    assert sorted(map(int, shares)) == [0, 10, 25, 30, 35]  # nobody untold
    assert not [g for g in found.guards if g.code == "ARRONDI" and "100 %" in g.problem]
    answer = report(folder, "2026", "aveq", team=True)
    (word,) = (folder / name for name in answer.value["fichiers"] if name.endswith(".docx"))
    from docx import Document  # noqa: PLC0415 - slow to load

    assert SENTENCE[:40] in "\n".join(p.text for p in Document(str(word)).paragraphs)

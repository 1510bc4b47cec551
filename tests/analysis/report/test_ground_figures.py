"""Coverage, recency and frequency of quarters, on cases counted by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from territory.analysis.report.ground_figures import (
    ALL_AGES,
    NEVER,
    NONE_OF_KIND,
    coverage,
    frequency,
    ground_figures,
    months_of,
    recency,
)
from territory.analysis.report.lines import Lines
from territory.analysis.report.walk_figures import not_walked
from territory.model.report import Part, Span

YEAR = Span(date(2026, 1, 1), date(2026, 12, 31), "année 2026")
# Adults: 1,000 in all, 100 in Q1, 200 in Q2; Q3 has fewer than 200 inhabitants.
GROUND = pd.DataFrame(
    {
        "name": ["", "Un", "Deux", None, "Ville", None],
        "kind": ["", "qpv", "qva", "qpv", "commune", None],
        "residents": [2000.0, 250.0, 400.0, 150.0, 2000.0, 800.0],
        "residents_18_64": pd.array([1000.0, 100.0, 200.0, 50.0, 1000.0, 350.0], dtype="Float64"),
        "imputed_share": 0.0,
    },
    index=pd.Index(["", "Q1", "Q2", "Q3", "93001", "*"], name="unit"),
)


def people(*rows: tuple[str | None, int | None, bool]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["quarter", "people", "sensitive"]).astype(
        {"quarter": "string", "people": "Int64", "sensitive": "boolean"}
    )
    return table.assign(stage="informe").set_axis([f"A{n}:n_informed" for n in range(len(rows))])


def outings(*rows: tuple[str, str | None], sensitive: bool = False) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["on", "quarter"]).astype({"quarter": "string"})
    table = table.assign(on=pd.to_datetime(table["on"]), state="realise", kind="maraude")
    table["sensitive"] = pd.array([sensitive] * len(table), dtype="boolean")
    return table.set_axis([f"A{n}" for n in range(len(rows))])


def by_part(parts: tuple[Part, ...]) -> dict[str, Part]:
    return {part.part: part for part in parts}


MET = people(
    ("Q1", 30, False),
    ("Q1", None, False),
    ("hors", 70, False),
    ("Q1", 500, True),
    (None, 40, False),
)


def test_coverage_is_a_share_of_people_over_a_share_of_adults() -> None:
    found = by_part(coverage(MET, GROUND))
    # 30 of the 100 located live where 100 of 1,000 adults do; the sensitive place is nowhere.
    assert found["Q1"].value == pytest.approx(3.0)
    assert found["Q1"].uncounted == 1
    assert found["Q1"].lines == ("A0:n_informed", "A1:n_informed")
    assert found["Q1"].low < 3.0 < found["Q1"].high
    assert found["Q2"].value == 0  # nobody met there: that is known
    assert np.isnan(found["Q3"].value)
    assert "moins de 200 habitants" in found["Q3"].mention
    assert found[""].value == pytest.approx(0.3 / (350 / 1000))  # the quarters together
    assert [part.part for part in coverage(MET, GROUND)] == ["", "Q1", "Q2", "Q3"]


def test_without_ages_everybody_is_counted_and_it_is_said() -> None:
    old = GROUND.assign(residents_18_64=pd.NA)
    found = by_part(coverage(MET, old))
    assert found["Q1"].value == pytest.approx(0.3 / (250 / 2000))
    assert ALL_AGES in found["Q1"].mention
    assert ALL_AGES in found[""].mention


def test_a_quarter_that_nobody_counted_and_few_people_have_no_coverage() -> None:
    unmade = by_part(coverage(people(("Q1", None, False), ("hors", 90, False)), GROUND))["Q1"]
    assert np.isnan(unmade.value)
    assert unmade.mention == "aucun comptage dans le suivi"
    few = coverage(people(("Q1", 19, False)), GROUND)
    assert all(np.isnan(part.value) for part in few)
    assert np.isnan(coverage(MET, GROUND[GROUND["kind"] == ""])[0].value)


def test_recency_counts_days_to_the_end_and_never_is_no_number() -> None:
    history = outings(("2026-12-01", "Q1"), ("2025-11-30", "Q2"), ("2026-12-01", "Q1"))
    found = by_part(recency(history, GROUND, YEAR.last))
    assert found["Q1"].value == 30
    assert found["Q1"].lines == ("A0", "A2")
    assert found["Q2"].value == 396  # before the span, and known
    assert np.isnan(found["Q3"].value)
    assert found["Q3"].mention == NEVER
    assert found["Q3"].label == "Q3"  # a quarter without a name goes by its code
    assert found[""].value == 396
    assert "jamais : 1 quartier" in found[""].mention
    assert [part.part for part in recency(history, GROUND, YEAR.last)] == ["", "Q3", "Q2", "Q1"]


def test_quarters_that_wait_as_long_are_counted_and_named() -> None:
    two = outings(("2026-12-01", "Q1"), ("2026-12-01", "Q2"), ("2026-12-20", "Q3"))
    whole = by_part(recency(two, GROUND, YEAR.last))[""]
    assert (whole.value, whole.mention) == (
        30,
        "le plus long, dans 2 quartiers à égalité : Un, Deux",
    )
    assert whole.lines == ("A0", "A1")
    many = pd.concat([GROUND, GROUND.loc[["Q1", "Q2"]].set_axis(["Q4", "Q5"])])
    rows = outings(*(("2026-12-01", f"Q{at}") for at in range(1, 6)))
    said = by_part(recency(rows, many, YEAR.last))[""].mention
    assert said == "le plus long, dans 5 quartiers à égalité : Un, Deux, Q3 et 2 de plus"


def test_recency_by_type_looks_at_activities_of_that_type_alone() -> None:
    history = outings(("2026-12-01", "Q1"), ("2026-12-20", "Q1"), ("2026-12-25", None))
    history = history.assign(kind=["permanence", "tour_de_rue", "permanence"])
    lines = Lines(history.iloc[:0], MET, pd.DataFrame(), GROUND)
    found = ground_figures(lines, history, YEAR)
    assert by_part(found["S5"])["Q1"].value == 11
    assert by_part(found["S5m"])["Q1"].value == 11
    assert by_part(found["S5p"])["Q1"].value == 30
    assert by_part(found["S5m"])["Q2"].mention == NEVER
    assert by_part(found["S5p"])["Q2"].mention == "1 activité dont le quartier n’est pas connu"
    (events,) = found["S5e"]
    assert (np.isnan(events.value), events.mention) == (True, NONE_OF_KIND)


def test_never_is_not_said_when_something_is_not_placed() -> None:
    history = outings(("2026-12-01", "Q1"), ("2026-12-15", None))
    found = by_part(recency(history, GROUND, YEAR.last))
    assert found["Q2"].mention == "1 activité dont le quartier n’est pas connu"
    assert found["Q1"].mention == "au plus : 1 activité dont le quartier n’est pas connu depuis"
    nowhere = recency(outings(("2026-12-15", None)), GROUND, YEAR.last)
    assert all(np.isnan(part.value) for part in nowhere)
    assert not any(part.mention == NEVER for part in nowhere)


def test_a_sensitive_place_is_told_in_no_quarter() -> None:
    secret = outings(("2026-12-01", "Q1"), sensitive=True)
    both = pd.concat([outings(("2026-11-01", "Q1")), secret.set_axis(["S0"])])
    assert by_part(recency(both, GROUND, YEAR.last))["Q1"].value == 60
    assert by_part(frequency(both, GROUND, YEAR))["Q1"].lines == ("A0",)


def test_frequency_is_by_month_with_the_median_gap_between_days() -> None:
    done = outings(
        ("2026-01-01", "Q1"), ("2026-01-01", "Q1"), ("2026-01-11", "Q1"), ("2026-01-31", "Q1"),
        ("2026-02-10", "Q2"), ("2026-02-10", "hors"),
    )  # fmt: skip
    found = by_part(frequency(done, GROUND, YEAR))
    assert found["Q1"].value == pytest.approx(4 / 12)
    assert found["Q1"].mention == "délai médian entre deux passages : 15 jours"
    assert found["Q2"].value == pytest.approx(1 / 12)
    assert found["Q2"].mention == ""
    assert found["Q3"].value == 0
    assert found[""].value == pytest.approx(5 / 12)


def test_frequency_is_unknown_where_nothing_is_placed() -> None:
    found = by_part(frequency(outings(("2026-01-01", None)), GROUND, YEAR))
    assert all(np.isnan(part.value) for part in found.values())


def test_a_month_cut_by_the_span_counts_for_its_days() -> None:
    assert months_of(YEAR) == 12
    assert months_of(Span(date(2026, 1, 1), date(2026, 10, 31), "")) == 10
    assert months_of(Span(date(2026, 4, 16), date(2026, 5, 31), "")) == pytest.approx(1.5)


def test_without_a_network_what_is_walked_is_unknown_and_says_why() -> None:
    for parts in not_walked().values():
        (only,) = parts
        assert np.isnan(only.value)
        assert only.mention == (
            "non calculé : le réseau piéton n’est pas construit (territory build)"
        )

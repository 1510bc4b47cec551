"""Before and after a permanence opened: ratios, limits, what is refused, what is not told."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import scipy

from territory.analysis.report.before_after import change, change_beside
from territory.analysis.report.hiding import hidden_figures
from territory.analysis.report.openings import (
    AFTER,
    AFTER_ELSEWHERE,
    BEFORE,
    BEFORE_ELSEWHERE,
    BESIDE,
    LOOKED_AT,
    RATIO,
    Site,
    opening_parts,
)
from territory.model.report import FIGURES, Figures
from territory.model.tables import conform
from territory.settings.report import Opening, Profile

if TYPE_CHECKING:
    from territory.model.report import Part

HERE, THERE = "93010", "93048"
SITE = Site(HERE, "Bondy")
OPENED = Opening.model_validate({"lieu": "La Petite Ruche", "le": date(2025, 3, 15)})


def lines(
    here: list[int], there: list[int], first: str = "2024-09-20", sensitive: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Return lines of a stage, one a month in each commune, from `first`."""
    days = [pd.Timestamp(first) + pd.DateOffset(months=at) for at in range(len(here))]
    names = [f"{commune}:{at}" for commune in (HERE, THERE) for at in range(len(here))]
    return pd.DataFrame(
        {
            "on": [*days, *days],
            "people": pd.array([*here, *there], dtype="Int64"),
            "commune_code": pd.array([HERE] * len(here) + [THERE] * len(there), dtype="string"),
            "sensitive": pd.array([name in sensitive for name in names], dtype="boolean"),
        },
        index=names,
    )


def found(
    people: pd.DataFrame, site: Site | None = SITE, last: date = date(2025, 12, 31)
) -> dict[str, Part]:
    active = pd.concat([people["on"], pd.Series([pd.Timestamp("2024-09-01")])]).sort_values()
    parts = opening_parts([OPENED], [site], people, active, last)
    return {code: ours[1] for code, ours in parts.items()}


def test_a_ratio_by_hand() -> None:
    got = change([5, 5], [10, 10])
    far = scipy.stats.t.ppf(0.975, 2) * np.sqrt(1 / 10 + 1 / 20)
    assert got.dispersion == 1.0
    assert (got.ratio, got.low, got.high) == pytest.approx((2, 2 * np.exp(-far), 2 * np.exp(far)))


def test_months_that_differ_widen_the_limits() -> None:
    calm, wild = change([10, 10, 10], [20, 20, 20]), change([2, 20, 8], [40, 5, 15])
    assert calm.ratio == pytest.approx(wild.ratio)
    pearson = sum((y - 10) ** 2 / 10 for y in (2, 20, 8)) + sum(
        (y - 20) ** 2 / 20 for y in (40, 5, 15)
    )
    assert wild.dispersion == pytest.approx(pearson / 4)
    assert wild.low < calm.low < calm.high < wild.high
    assert calm.p_value < wild.p_value


def test_what_moves_both_places_drops_out() -> None:
    season = np.array([1, 2, 1, 3, 4, 3])
    got = change_beside(10 * season[:3], 10 * season[3:], 40 * season[:3], 40 * season[3:])
    assert got.ratio == pytest.approx(1.0)
    assert got.dispersion == 1.0
    assert change(10 * season[:3], 10 * season[3:]).ratio == pytest.approx(2.5)


def test_nobody_before_is_no_infinite_ratio() -> None:
    got = change([0, 0, 0], [8, 9, 10])
    assert np.isfinite([got.ratio, got.low, got.high]).all()
    assert np.isnan(change([0, 0, 0], [0, 0, 0]).ratio)
    assert np.isnan(change_beside([1, 2], [2, 1], [0, 0], [0, 0]).ratio)


def test_the_months_of_each_side_are_counted_here_and_elsewhere() -> None:
    people = lines([10] * 6 + [20] * 6, [40] * 12)
    got = found(people)
    assert [got[code].value for code in (BEFORE, AFTER, BEFORE_ELSEWHERE, AFTER_ELSEWHERE)] == [
        60, 120, 240, 240,
    ]  # fmt: skip
    assert got[LOOKED_AT].value == 6
    assert got[RATIO].value == got[BESIDE].value == 2.0
    assert got[RATIO].low > 1
    assert set(got[BEFORE].lines) == {f"{HERE}:{at}" for at in range(6)}
    assert got[BEFORE].people
    assert got[RATIO].label == "La Petite Ruche, Bondy, 15/03/2025"


def test_as_many_months_after_as_before_and_none_after_the_report() -> None:
    people = lines([10] * 6 + [20] * 6, [40] * 12)
    got = found(people, last=date(2025, 7, 20))
    assert got[LOOKED_AT].value == 4
    assert (got[BEFORE].value, got[AFTER].value) == (40, 80)


@pytest.mark.parametrize(
    ("people", "last", "why"),
    [
        (lines([10] * 12, [40] * 12), date(2025, 5, 20), "moins de 3 mois"),
        (lines([1] * 12, [40] * 12), date(2025, 12, 31), "moins de 20 personnes"),
        (lines([10] * 12, [40] * 12).drop([f"{HERE}:2", f"{THERE}:2"]), date(2025, 12, 31),
         "un mois n’est pas compté"),
    ],
)  # fmt: skip
def test_too_little_is_not_compared(people: pd.DataFrame, last: date, why: str) -> None:
    got = found(people, last=last)
    assert np.isnan(got[RATIO].value)
    assert np.isnan(got[BESIDE].value)
    assert why in got[RATIO].mention


def test_a_sensitive_place_is_neither_named_nor_counted() -> None:
    got = found(lines([10] * 12, [40] * 12), Site(HERE, "Bondy", sensitive=True))
    assert {part.label for part in got.values()} == {"ouverture n° 1"}
    assert all(np.isnan(part.value) for part in got.values())
    assert not any(part.lines for part in got.values())
    hushed = found(lines([10] * 12, [40] * 12, sensitive=(f"{HERE}:0",)))
    assert hushed[BEFORE].value == 50


def test_a_place_that_nobody_knows_is_said() -> None:
    got = found(lines([10] * 12, [40] * 12), None)
    assert "inconnu" in got[RATIO].mention


def test_a_change_that_is_chance_is_said_so() -> None:
    got = found(lines([10, 11, 9, 10, 12, 8, 9, 11, 10, 12, 10, 9], [40] * 12))
    assert "peut être le hasard" in got[RATIO].mention
    assert "passe souvent inaperçu" in got[RATIO].mention


def test_a_part_of_a_year_gives_no_small_rest_by_subtraction() -> None:
    lines = {"A": ["a", "b", "c"], "OUVa": ["a", "b"], "OUVb": ["c2"]}
    values = {"A": 45, "OUVa": 40, "OUVb": 30}
    countings = [
        {"code": code, "libelle": "of people", "compter": "calcule" if "V" in code else "personnes"}
        for code in values
    ]
    profile = Profile.model_validate({"code": "p", "nom": "P", "chiffre": countings})
    rows = {
        code: {"definition": code, "part": "", "label": code, "unit": "personnes", "value": value,
               "used": len(lines[code]), "uncounted": 0, "people": True, "mention": ""}
        for code, value in values.items()
    }  # fmt: skip
    table = conform(pd.DataFrame.from_dict(rows, orient="index"), FIGURES)
    named = {code: np.asarray(names, dtype=object) for code, names in lines.items()}
    hid = hidden_figures(profile, Figures(table, named))
    assert hid & {"A", "OUVa"}  # 45 - 40 = 5 people of line c
    assert "OUVb" not in hid

"""Reports for outside, one beside the other: no small number by difference, judged apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.optimize import linprog

from territory.analysis.disclosure import K_PUBLIC
from territory.analysis.report.between import Face, hidden_beside
from territory.analysis.report.counting import counted
from territory.analysis.report.ground import ground_table
from territory.analysis.report.hiding import base_name, hidden_figures
from territory.analysis.report.outside import figures_of, outside_profile
from territory.io.report_profiles import read_profile
from territory.model.report import Span
from territory.pipeline import report as step
from territory.settings.report import Profile
from tests.analysis.report.recount.dirty_logs import YEAR, dirty_log
from tests.analysis.report.recount.test_recount import Tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from territory.analysis.report.lines import Lines
    from tests.analysis.report.recount.tables import Log

FIRST_HALF = Span(date(2026, 1, 1), date(2026, 6, 30), "premier semestre 2026")
SECOND_HALF = Span(date(2026, 7, 1), date(2026, 12, 31), "second semestre 2026")
K, UNBOUNDED = K_PUBLIC, 3  # of scipy.optimize.linprog
Told = tuple[Span, Face]
Key = tuple[str, str]
Cell = tuple[Key, Span]


def own(code: str, **kinds: list[str]) -> Profile:
    """A profile that counts people by kinds of activities, whole and by commune."""
    countings = [
        {"code": name, "libelle": f"Personnes {name}", "compter": "personnes", "par": "commune",
         "parmi": {"etape": ["informe"], "type": values}}
        for name, values in kinds.items()
    ]  # fmt: skip
    return Profile.model_validate(
        {"code": code, "nom": code, "completer": False, "chiffre": countings}
    )


@cache
def log_of(seed: int, *more: int) -> Log:
    """A log of `dirty_log`: several reports are made of each."""
    return dirty_log(seed, *more)


@cache
def lines_of(log: Log, span: Span) -> Lines:
    built = Tables({"activities": log.activities, "contacts": log.contacts, "places": log.places})
    ground = ground_table(log.communes, log.zones, log.cells)
    whole = step._log(built, log.where, ground, span.last)  # type: ignore[arg-type]
    return step._lines(built, whole, span)  # type: ignore[arg-type]


@cache
def face(log: Log, span: Span, profile: Profile) -> Face:
    """A report as it would go out alone, without what is computed."""
    countings = tuple(c for c in profile.countings if c.counted in {"personnes", "activites"})
    kept = {c.code for c in countings}
    countings = tuple(c for c in countings if not c.part_of or c.part_of in kept)
    profile = outside_profile(profile.model_copy(update={"countings": countings, "tables": ()}))
    lines = lines_of(log, span)
    figures = figures_of(profile, counted(profile.countings, lines, {}, {}))
    names = {*map(str, figures.table.index), *(base_name(c.code) for c in profile.countings)}
    return Face(profile, figures, hidden_figures(profile, figures), frozenset(names))


class Attacker:
    """
    Whoever holds all the reports and reads their definitions: which parts add up, over which days.

    A figure of the year is that of its halves, added; the same people chosen the same way are one
    number, whatever the code and the profile. Each is 0 or more, one that is hidden 1 or more.
    """

    def __init__(self, faces: Sequence[Told], truth: Sequence[Told]) -> None:
        self.cells: dict[Cell, int] = {}
        self.values: list[float] = []
        for half, one in truth:
            for name, key in keyed(one):
                if (key, half) not in self.cells:
                    self.cells[key, half] = len(self.values)
                    self.values.append(value_of(one, name))
        self.printed = [
            (self.sum_of(key, span), value_of(one, name), one.shows(name))
            for span, one in faces for name, key in keyed(one)
        ]  # fmt: skip
        self.splits = [
            self.sum_of(by_name[whole], half) | {at: -1.0 for part in parts if part in by_name
                                                for at in self.sum_of(by_name[part], half)}
            for half, one in truth for by_name in [dict(keyed(one))]
            for whole, parts in one.figures.sums if whole in by_name
        ]  # fmt: skip

    def sum_of(self, key: Key, span: Span) -> dict[int, float]:
        """Return the numbers that a figure adds up: one of each half; nobody where it has none."""
        halves = [span] if span != YEAR else [FIRST_HALF, SECOND_HALF]
        found = (self.cells.get((key, half)) for half in halves)
        return {at: 1.0 for at in found if at is not None}

    def known(self) -> int:
        """Return how many small numbers are known better than « 1 to 10 »."""
        told = [(cells, value) for cells, value, shown in self.printed if shown]
        told += [(cells, 0.0) for cells in self.splits]
        hidden = [cells for cells, value, shown in self.printed if not shown and value > 0]
        equal, right = self._matrix([cells for cells, _ in told]), [value for _, value in told]
        least = self._matrix(hidden)
        aims = {tuple(sorted(cells)) for cells, value, _ in self.printed if 0 < value < K}
        aims |= {(at,) for at, value in enumerate(self.values) if 0 < value < K}
        return sum(self._range(aim, equal, right, least) < K - 2 - 1e-6 for aim in sorted(aims))

    def _matrix(self, rows: Sequence[Mapping[int, float]]) -> sparse.csr_array:
        told = [(at, column, sign) for at, row in enumerate(rows) for column, sign in row.items()]
        at, columns, signs = (list(one) for one in zip(*told, strict=True))
        return sparse.csr_array((signs, (at, columns)), shape=(len(rows), len(self.values)))

    def _range(
        self, aim: tuple[int, ...], equal: sparse.csr_array, right: list[float],
        least: sparse.csr_array,
    ) -> float:  # fmt: skip
        ends = []
        for sign in (1.0, -1.0):
            costs = np.zeros(len(self.values))
            costs[list(aim)] = sign
            answer = linprog(costs, A_eq=equal, b_eq=right, A_ub=-least,
                             b_ub=-np.ones(least.shape[0]), bounds=(0, None))  # fmt: skip
            if answer.status == UNBOUNDED:
                return np.inf
            assert answer.success, answer.message
            ends.append(float(answer.fun))
        return -ends[1] - ends[0]


def keyed(one: Face) -> Iterator[tuple[str, Key]]:
    """Yield the figures of people of a report, and what each chooses: whom, then which part."""
    by_code = {counting.code: counting for counting in one.profile.countings}
    for name, row in one.figures.table.iterrows():
        if row["people"]:
            counting = by_code[str(row["definition"])]
            part = f"{counting.by}:{row['part'] or '?'}" if "/" in str(name) else ""
            yield str(name), (str(sorted(counting.among.model_dump().items())), part)


def value_of(one: Face, name: str) -> float:
    value = one.figures.table.loc[name, "value"]
    return 0.0 if pd.isna(value) else float(value)


def published(log: Log, asked: Sequence[tuple[Span, Profile]]) -> tuple[list[Told], list[Told]]:
    """Return reports as they go out one after the other, and as each would alone."""
    out: list[Told] = []
    alone: list[Told] = []
    for span, profile in asked:
        one = face(log, span, profile)
        (hidden,) = hidden_beside([face for _, face in out], [one])
        assert hidden >= one.hidden
        out.append((span, replace(one, hidden=hidden)))
        alone.append((span, one))
    return out, alone


def leaks(log: Log, faces: Sequence[Told]) -> int:
    profiles = {one.profile.code: one.profile for _, one in faces}
    truth = [(half, face(log, half, profile)) for half in (FIRST_HALF, SECOND_HALF)
             for profile in profiles.values()]  # fmt: skip
    return Attacker(faces, truth).known()


EST_ENSEMBLE, AVEQ = (read_profile(code, Path()) for code in ("est_ensemble", "aveq"))
ONE, OTHER = own("un", R=["maraude"]), own("deux", R=["maraude", "reunion"], T=["maraude", "autre"])


@pytest.mark.parametrize("seed", [0, 3])
def test_a_year_after_its_half_gives_no_small_number(seed: int) -> None:
    log = log_of(seed, 4)
    out, alone = published(log, [(FIRST_HALF, EST_ENSEMBLE), (YEAR, EST_ENSEMBLE)])
    assert leaks(log, out) == 0
    assert leaks(log, alone) > 0  # each of them alone gives nothing


def test_two_halves_and_their_year_in_another_order() -> None:
    log = log_of(1, 4)
    asked = [(YEAR, EST_ENSEMBLE), (SECOND_HALF, EST_ENSEMBLE), (FIRST_HALF, EST_ENSEMBLE)]
    out, alone = published(log, asked)
    assert leaks(log, out) == 0
    assert leaks(log, alone) > 0


def test_another_profile_that_cuts_the_same_people_otherwise() -> None:
    log = log_of(2, 4)
    asked = [(YEAR, EST_ENSEMBLE), (FIRST_HALF, AVEQ), (YEAR, AVEQ)]
    out, alone = published(log, asked)
    assert leaks(log, out) == 0
    assert leaks(log, alone) > 0


@pytest.mark.parametrize("seed", range(12))
def test_kinds_that_hold_one_another_are_not_both_given(seed: int) -> None:
    """Maraudes, then maraudes and meetings: the difference is the few people of meetings."""
    (_, one), (_, other) = published(log_of(seed), [(YEAR, ONE), (YEAR, OTHER)])[0]
    few = value_of(other, "R") - value_of(one, "R")
    if 0 < few < K:
        assert not (one.shows("R") and other.shows("R"))


def test_some_of_these_kinds_differ_by_few_people() -> None:
    alone = [published(log_of(seed), [(YEAR, ONE), (YEAR, OTHER)])[1] for seed in range(12)]
    both = [(one, other) for (_, one), (_, other) in alone if one.shows("R") and other.shows("R")]
    assert any(0 < value_of(other, "R") - value_of(one, "R") < K for one, other in both)


def test_the_same_report_again_hides_nothing_more() -> None:
    (_, first), (_, again) = published(log_of(0), [(YEAR, EST_ENSEMBLE)] * 2)[0]
    assert first.hidden == again.hidden


def test_what_was_corrected_since_is_not_given_by_difference() -> None:
    one = face(log_of(0), YEAR, own("un", R=["maraude", "permanence", "evenement"]))
    value = int(value_of(one, "R"))
    assert one.shows("R")
    for was, told in ((value + 12, True), (value + 4, False), (value - 4, False)):
        (hidden,) = hidden_beside([replace(one, was={"R": was})], [one])
        assert ("R" not in hidden) == told


def test_what_was_hidden_stays_hidden() -> None:
    one = face(log_of(0), YEAR, own("un", R=["maraude", "permanence", "evenement"]))
    (hidden,) = hidden_beside([replace(one, hidden=frozenset({"R"}))], [one])
    assert "R" in hidden

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from shapely.geometry import box

from territory.analysis.gaps import (
    cell_scores,
    gap_scan,
    gap_table,
    searched_share,
    underserved,
)
from territory.analysis.gates import eligible, need_level, openness
from territory.analysis.scan.posterior import zone_ratio
from territory.analysis.zone_names import main_streets, numbered, zone_name
from territory.analysis.zone_reasons import distance_share, verdict_of
from territory.model.results import Gap, Verdict
from territory.settings import Gaps
from tests.analysis.gap_town import GapTown, gap_town


def _gaps(town: GapTown, **changes: object) -> tuple[Gap, ...]:
    settings = Gaps().model_copy(update=changes)
    return underserved(*town.tables(), settings=settings, streets=town.streets, seed=3)


def test_the_quarter_nobody_visits_comes_first_and_is_established() -> None:
    town = gap_town()
    first = _gaps(town)[0]
    held = town.need.loc[list(set(first.cells) & set(town.missed)), "target"].sum()
    assert held >= 0.6 * town.need.loc[town.missed, "target"].sum()
    assert first.verdict is Verdict.ESTABLISHED
    assert first.name == "Les Tilleuls"
    assert first.doubt.p_value <= 0.05
    assert first.doubt.ratio_low <= 0.2 <= first.doubt.ratio_high or first.doubt.ratio < 0.3


def test_every_figure_of_a_zone_comes_from_its_cells() -> None:
    town = gap_town()
    for gap in _gaps(town):
        rows = town.need.loc[list(gap.cells)].join(town.effort)
        assert gap.target == pytest.approx(rows["target"].sum())
        assert gap.contacts == pytest.approx(rows["contacts"].sum())
        assert gap.expected == pytest.approx(rows["expected"].sum())
        missing = gap.expected - gap.contacts
        assert gap.score == pytest.approx(missing / gap.doubt.deviation)


def test_the_weights_of_reasons_add_up_to_the_score() -> None:
    town = gap_town()
    for gap in _gaps(town):
        assert sum(r.weight for r in gap.reasons) == pytest.approx(gap.score)
        assert [r.kind for r in gap.reasons] == ["besoin", "acces", "effort"]
        usual = (gap.expected - gap.doubt.usual) / gap.doubt.deviation
        assert gap.reasons[1].weight == pytest.approx(usual)


def test_as_many_contacts_more_undo_the_verdict_and_one_less_does_not() -> None:
    town = gap_town()
    settings = Gaps()
    table = gap_table(town.need, town.access, town.effort, town.cells)
    scan = gap_scan(table, town.minutes, settings=settings, seed=3)
    first = _gaps(town)[0]
    zone = next(z for z in scan.zones if z.score == pytest.approx(first.score))

    def stands(observed: float) -> bool:
        score = (zone.expected - observed) / zone.deviation
        below = zone_ratio(observed, zone.expected, zone.variance).p_below_half
        return score > scan.chance or below >= 0.8

    assert not stands(zone.observed + first.doubt.flip)
    assert stands(zone.observed + first.doubt.flip - 1)
    assert f"Avec {first.doubt.flip} contacts de plus" in first.doubt.change


@pytest.mark.parametrize(
    ("share", "months", "said"),
    [
        (0.2, 7.0, "dernière sortie à proximité il y a moins d'un mois"),
        (0.6, 7.0, "la moitié du public n'a pas eu de sortie à proximité depuis 7 mois"),
        (0.6, np.nan, "la moitié du public n'a eu aucune sortie à proximité sur la période"),
    ],
)
def test_an_outing_at_the_edge_does_not_pass_for_one_in_the_zone(
    share: float, months: float, said: str
) -> None:
    town = gap_town()
    target = town.need.loc[list(_gaps(town)[0].cells), "target"]
    waiting = target.index[target.cumsum() - target < share * target.sum()]  # that share, or more
    effort = town.effort.assign(months_since=0.2)
    effort.loc[waiting, "months_since"] = months
    gap = _gaps(replace(town, effort=effort))[0]
    assert gap.reasons[2].sentence.endswith(f"{said}.")


def test_zones_share_no_cell_and_pass_the_gates() -> None:
    town = gap_town()
    gaps = _gaps(town)
    members = [c for g in gaps for c in g.cells]
    assert len(members) == len(set(members))
    assert (town.access.loc[members, "minutes_permanence"] >= 8).all()
    assert [g.rank for g in gaps] == list(range(1, len(gaps) + 1))
    assert len({g.zone_id for g in gaps}) == len(gaps)


def test_the_order_of_rows_is_indifferent_and_the_seed_decides() -> None:
    town = gap_town()
    order = np.random.default_rng(1).permutation(len(town.need))
    mixed = replace(
        town,
        need=town.need.iloc[order],
        effort=town.effort.iloc[order[::-1]],
        minutes=town.minutes.iloc[order, order[::-1]],
        cells=town.cells.iloc[order],
    )
    assert _gaps(mixed) == _gaps(town)


def test_few_contacts_are_said_insufficient() -> None:
    gaps = _gaps(gap_town(contacts=60))
    assert gaps
    assert gaps[-1].verdict is Verdict.TOO_LITTLE
    assert "il en faudrait au moins 5" in gaps[-1].doubt.change
    ranks = [g.verdict is Verdict.TOO_LITTLE for g in gaps]
    assert ranks == sorted(ranks)


def test_without_any_contact_nothing_is_claimed() -> None:
    town = gap_town()
    silent = replace(town, effort=town.effort.assign(contacts=0.0, expected=0.0))
    gaps = _gaps(silent)
    assert gaps
    assert {g.verdict for g in gaps} == {Verdict.TOO_LITTLE}
    assert all(g.expected == 0 for g in gaps)
    assert "on ne peut pas se prononcer" in gaps[0].doubt.change


def test_cells_of_no_commune_are_never_found() -> None:
    town = gap_town()
    cells = town.cells.copy()
    cells.loc[town.missed, "commune_code"] = pd.NA
    found = [c for g in _gaps(replace(town, cells=cells)) for c in g.cells]
    assert found
    assert not set(found) & set(town.missed)


def test_priority_puts_the_missed_cells_first() -> None:
    town = gap_town()
    table = gap_table(town.need, town.access, town.effort, town.cells)
    scan = gap_scan(table, town.minutes, settings=Gaps(), seed=3)
    scores = cell_scores(table, scan, settings=Gaps())
    assert scores["priority"].between(0, 100).all()
    needy = [c for c in town.missed if scores.loc[c, "lack"] > 0]
    assert len(needy) >= 5
    assert scores.loc[needy, "priority"].min() > 90


def test_gates_are_those_said() -> None:
    table = pd.DataFrame(
        {
            "residents": [100.0, 100.0, 100.0, 5.0, 100.0],
            "target": [10.0, 10.0, 1.0, 1.0, np.nan],
            "minutes_permanence": [8.0, 7.9, 30.0, 30.0, np.inf],
        }
    )
    assert eligible(table, access_min=8, level=0.9).tolist() == [True, False, False, False, False]
    assert need_level(table)[0] == pytest.approx(0.1 / (22 / 405))
    opened = openness(table, access_min=8, level=0.9)
    assert ((opened >= 0) & (opened <= 1)).all()
    assert opened[3] == 0
    hostel = table.assign(outside_households=[0, 0, 0, 40, 0.0])
    assert eligible(hostel.assign(target=10.0), access_min=8, level=0.1)[3]


def test_where_zones_are_not_searched_is_said() -> None:
    town = gap_town()
    table = gap_table(town.need, town.access, town.effort, town.cells)
    target = table["target"]
    far = table["minutes_permanence"] >= 8
    level = target / target.mean()  # as many residents everywhere
    may = target[far & (level >= 0.9)].sum() / target.sum()
    assert searched_share(table, settings=Gaps()) == pytest.approx(may)
    every = Gaps().model_copy(update={"access_min": 0.0, "need_level": 0.0})
    assert searched_share(table, settings=every) == pytest.approx(1.0)


def test_verdicts_follow_their_rules() -> None:
    assert verdict_of(4.9, 0.99, 0.001, least=5) is Verdict.TOO_LITTLE
    assert verdict_of(20, 0.1, 0.05, least=5) is Verdict.ESTABLISHED
    assert verdict_of(20, 0.8, 0.06, least=5) is Verdict.PROBABLE
    assert verdict_of(20, 0.79, float("nan"), least=5) is Verdict.TO_CHECK


def test_the_share_of_distance_lies_between_none_and_all() -> None:
    gap = _gaps(gap_town())[0]
    usual = replace(gap.doubt, usual=(gap.expected + gap.contacts) / 2)
    assert distance_share(replace(gap, doubt=usual)) == pytest.approx(0.5)
    assert distance_share(replace(gap, doubt=replace(usual, usual=0.0))) == 1.0
    assert distance_share(replace(gap, contacts=gap.expected + 1)) is None


def test_names_come_from_the_quarter_then_streets_then_the_commune() -> None:
    town = gap_town()
    target = np.array([10.0])

    def named(x: float, y: float, streets: tuple[str, ...] = ()) -> str:
        shapes = np.array([box(x, y, x + 200, y + 200)])
        return zone_name(shapes, target, "93001", town.zones, town.communes, streets)

    assert named(2000, 2000) == "Les Tilleuls"
    assert named(1400, 1400) == "Près de « Les Tilleuls »"
    assert named(0, 0) == "Ville"
    streets = ("Rue Haute", "Rue Basse", "Rue d'en Bas")
    assert named(0, 0, streets) == "Rue Haute, Rue Basse (Ville)"
    two = pd.concat([town.communes, town.communes.set_axis(["93002"])])
    assert (
        zone_name(np.array([box(2000, 2000, 2200, 2200)]), target, "93001", town.zones, two)
        == "Ville – Les Tilleuls"
    )
    nowhere = zone_name(np.array([box(0, 0, 1, 1)]), target, None, town.zones, town.communes)
    assert nowhere == "Secteur sans nom"
    assert numbered(["A", "B", "A"]) == ["A (1)", "B", "A (2)"]


def test_main_streets_are_the_longest_inside() -> None:
    town = gap_town()
    shapes = np.array([box(0, 0, 200, 200), box(200, 0, 400, 200), box(0, 200, 200, 400)])
    assert main_streets(shapes, town.streets) == ("Rue n° 0", "Rue n° 1")
    assert main_streets(shapes, None) == ()
    assert main_streets(np.array([box(0, 600, 200, 800)]), town.streets) == ()

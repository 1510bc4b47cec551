from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from territory.analysis.siting.pulls import (
    attractors,
    option_values,
    people_by_public,
    slot_pull,
    slot_rows,
)
from territory.errors import WrongUsage
from territory.model.walks import walks_of
from territory.settings import COHORTS, Sites
from tests.analysis.siting import option_town as town

PUBLICS = ("jeunes", "seniors")


def options(**changes: object) -> pd.DataFrame:
    return town.options(town.held_at_a(), **changes)


def near(limit: float = 5.0, found: pd.DataFrame | None = None, **changes: object) -> pd.Series:
    told = options() if found is None else found
    places = town.places(**changes)
    return attractors(told, places, town.between(), near_min=limit, today=town.TODAY)


def test_the_publics_of_a_cell_share_nobody_and_add_up() -> None:
    people = people_by_public(town.need(), COHORTS, PUBLICS)
    assert list(people.columns) == ["jeunes", "seniors", "autres"]
    assert people.loc["c0"].tolist() == [20, 30, 50]
    assert people.sum(axis="columns").tolist() == [100.0] * 6


def test_a_cohort_unknown_there_counts_with_the_others() -> None:
    need = town.need(cohort_jeunes=[np.nan, 20, 20, 20, 20, 20])
    people = people_by_public(need, COHORTS, PUBLICS)
    assert people.loc["c0"].tolist() == [0, 30, 70]


def test_cohorts_larger_than_the_public_are_brought_down() -> None:
    need = town.need(cohort_jeunes=150.0, cohort_seniors=50.0)
    assert people_by_public(need, COHORTS, PUBLICS).loc["c0"].tolist() == [75, 25, 0]


def test_without_cohorts_there_is_one_public() -> None:
    bare = town.need()[["residents", "target"]]
    assert list(people_by_public(bare, COHORTS, PUBLICS).columns) == ["tous"]
    assert list(people_by_public(town.need(), COHORTS, ()).columns) == ["tous"]


def test_publics_that_share_an_age_are_refused() -> None:
    need = town.need(cohort_femmes=50.0)
    with pytest.raises(WrongUsage, match="« femmes » et « jeunes » ont des âges en commun"):
        people_by_public(need, COHORTS, ("jeunes", "femmes"))


def test_rows_are_the_publics_with_somebody() -> None:
    need = town.need(target=[100, 0, np.nan, 100, 100, 100])
    rows = slot_rows(people_by_public(need, COHORTS, ("jeunes",)))
    assert rows["cell_id"].unique().tolist() == ["c0", "c3", "c4", "c5"]
    assert rows.iloc[0].tolist() == ["c0", "autres", 80.0]


def test_a_market_counts_where_and_when_it_is_open() -> None:
    found = near()
    assert found.dropna().to_dict() == {"b@mercredi matin": "Marché"}
    assert near(limit=0.5).isna().all()
    assert near(opening_hours=pd.NA).isna().all()  # nobody knows when: nothing is believed


def test_a_sensitive_crowd_is_never_told() -> None:
    assert near(sensitive=[False, False, False, True]).isna().all()


def test_other_crowds_count_when_their_hours_are_known() -> None:
    changes = {"kind": ["centre_social", "mediatheque", "association", "parc"]}
    assert near(**changes).isna().all()
    crowd = [pd.NA, pd.NA, pd.NA, 300]
    assert near(crowd=crowd, **changes).dropna().index.tolist() == ["b@mercredi matin"]


def test_values_are_one_until_somebody_says_otherwise() -> None:
    found = options()
    table = option_values(found, ["tous"], near(), Sites())
    assert table.loc["c@lundi apres-midi", "tous"] == 1.0
    assert table.loc["b@mercredi matin", "tous"] == 1.5  # the market
    assert table.loc["a@mardi matin", "tous"] == 1.0  # held now
    assert table.loc["a@mercredi matin", "tous"] == 0.5  # one more half-day of « a »


def test_values_follow_the_settings() -> None:
    settings = town.sites(
        valeurs_creneaux={"tous": {"Mercredi matin": 2}, "jeunes": {"mercredi après-midi": 3}},
        attraits={"c": 4},
    )
    table = option_values(options(), ["jeunes", "autres"], near(limit=0.5), settings)
    assert table.loc["b@mercredi matin"].tolist() == [2, 2]
    assert table.loc["b@mercredi apres-midi"].tolist() == [3, 1]
    assert table.loc["c@mercredi apres-midi"].tolist() == [12, 4]


@pytest.mark.parametrize("given", [{"tous": {"hier soir": 2}}, {"martiens": {"lundi matin": 2}}])
def test_a_half_day_or_a_public_that_does_not_exist_is_refused(given: dict) -> None:
    with pytest.raises(WrongUsage, match="valeurs_creneaux"):
        option_values(options(), ["tous"], near(), town.sites(valeurs_creneaux=given))


def test_the_pull_is_the_value_times_what_the_walk_leaves() -> None:
    found = options()
    rows = slot_rows(people_by_public(town.need(), COHORTS, ("jeunes",)))
    values = option_values(found, ["jeunes", "autres"], near(), Sites())
    pull = slot_pull(
        rows, found, town.minutes(), values, half_min=10, cut_min=20, factors={"jeunes": 2}
    ).toarray()
    at = {name: i for i, name in enumerate(found.index)}
    others = rows.index[(rows["cell_id"] == "c2") & (rows["public"] == "autres")][0]
    young = rows.index[(rows["cell_id"] == "c2") & (rows["public"] == "jeunes")][0]
    far = rows.index[(rows["cell_id"] == "c5") & (rows["public"] == "autres")][0]
    assert pull[others, at["a@mardi matin"]] == pytest.approx(0.5)  # ten minutes
    assert pull[young, at["a@mardi matin"]] == pytest.approx(0.5**0.25)  # walks twice as far
    assert pull[others, at["b@mercredi matin"]] == pytest.approx(1.5)  # at the door
    assert pull[far, at["a@mardi matin"]] == 0  # twenty-five minutes: beyond the cut


def test_a_place_nobody_knows_how_to_walk_to_draws_nobody() -> None:
    found = options()
    rows = slot_rows(people_by_public(town.need(), COHORTS, ()))
    values = option_values(found, ["tous"], near(), Sites())
    lost = town.minutes().drop(columns="a")
    pull = slot_pull(rows, found, lost, values, half_min=10, cut_min=25)
    held = (found["place_id"] == "a").to_numpy()
    assert pull[:, np.flatnonzero(held)].nnz == 0
    assert pull[:, np.flatnonzero(~held)].nnz > 0


@pytest.mark.parametrize("seed", range(6))
def test_pairs_draw_as_looking_at_every_row_and_option(seed: int) -> None:
    draw = np.random.default_rng(seed)
    found, people = options(), people_by_public(town.need(), COHORTS, PUBLICS)
    rows = slot_rows(people * draw.integers(0, 2, people.shape))
    values = option_values(found, people.columns, near(), Sites())
    known = town.minutes() + draw.uniform(0, 20, (6, 4))
    known = known.where(draw.random(known.shape) < 0.7, np.inf).iloc[draw.permutation(6)[:5]]
    factors = {"jeunes": 1.5, "seniors": 0.5}
    settings = {"half_min": 8.0, "cut_min": 20.0, "factors": factors}
    pulls = [slot_pull(rows, found, w, values, **settings) for w in (known, walks_of(known))]
    assert (pulls[0] != pulls[1]).nnz == 0
    for i, row in rows.iterrows():
        factor = factors.get(row["public"], 1.0)
        for k, (name, option) in enumerate(found.iterrows()):
            here = row["cell_id"] in known.index and option["place_id"] in known.columns
            walk = known.loc[row["cell_id"], option["place_id"]] if here else np.inf
            left = 0.5 ** ((walk / (8 * factor)) ** 2) if walk <= 20 * factor else 0.0
            assert pulls[0][i, k] == pytest.approx(values.loc[name, row["public"]] * left)

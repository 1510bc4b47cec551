"""Places written twice are proposed; two offices of one network are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from territory.analysis.duplicates import Proposal, count_after, propose, propose_slowly
from territory.io.official_places import read_france_services
from territory.io.partners import read_partners
from territory.model.tables import PLACES, conform
from tests.analysis.injected import Score, evaluate
from tests.real_data import ROOT, real_file

if TYPE_CHECKING:
    import geopandas as gpd

HELD_OUT = range(100, 105)  # never looked at while the rules were written
SIRET = "73282932000074"
NAMES = ("Centre social Nord", "Centre social Sud", "Mairie", "mairie", "École 1", "École 2")
SPOTS = st.none() | st.tuples(st.integers(0, 300), st.integers(0, 300))
LINES = st.lists(
    st.tuples(st.sampled_from(NAMES), SPOTS, st.sampled_from([SIRET, None])), max_size=14
)


def town(*lines: tuple[str, tuple[int, int] | None, str | None]) -> gpd.GeoDataFrame:
    rows = [
        {"name": n, "kind": "autre", "commune_code": "00101", "siret": s,
         "geometry": Point(at) if at else None}
        for n, at, s in lines
    ]  # fmt: skip
    index = [f"p{i:02d}" for i in range(len(rows))]
    frame = pd.DataFrame(
        rows, index=index, columns=["name", "kind", "commune_code", "siret", "geometry"]
    )
    return conform(frame, PLACES)


def total(scores: list[Score]) -> Score:
    return Score(*(sum(getattr(s, n) for s in scores) for n in Score.__slots__))


@given(LINES)
@settings(max_examples=60, deadline=None)
def test_blocks_lose_no_pair(lines) -> None:
    places = town(*lines)
    assert propose(places, threshold=0.3) == propose_slowly(places, threshold=0.3)


def test_same_place_is_proposed_with_its_reasons() -> None:
    (found,) = propose(
        town(("Régie des Lilas", (0, 0), SIRET), ("REGIE des Lilas", (0, 30), SIRET))
    )
    assert (found.kept_id, found.other_id) == ("p00", "p01")
    assert found.reasons == ("noms semblables à 100 %", "à 30 m l’un de l’autre", "même SIRET")


@pytest.mark.parametrize(
    ("a", "b", "away_m"),
    [("Centre social Nord", "Centre social Sud", 10), ("École 1", "École 2", 10),
     ("Mairie", "Mairie", 81)],
)  # fmt: skip
def test_hard_negatives(a: str, b: str, away_m: int) -> None:
    assert propose(town((a, (0, 0), SIRET), (b, (0, away_m), SIRET))) == []


def test_a_bus_is_not_the_desk_it_is_parked_at() -> None:
    places, _ = read_france_services(real_file("partners/france_services_2024-08-01.csv"))
    found = propose(places)
    fixed = places["fixed_point"]
    assert [p for p in found if fixed[p.kept_id] != fixed[p.other_id]] == []
    named = {frozenset((places["name"][p.kept_id], places["name"][p.other_id])) for p in found}
    assert {"France services Mortain-Bocage", "France services de Mortain Bocage"} in named
    assert len(found) <= 12


def test_count_after_follows_chains() -> None:
    pairs = [Proposal(a, b, 1.0, ()) for a, b in ("ac", "bc", "de")]
    assert count_after(6, pairs) == 3  # {a, b, c}, {d, e} and one alone
    assert count_after(6, []) == 6


def test_injected_in_the_fictional_town() -> None:
    places, _ = read_partners(ROOT / "data" / "raw" / "partenaires.csv")
    score = total([evaluate(places, seed=seed) for seed in HELD_OUT])
    assert score.recall >= 0.9
    assert score.precision >= 0.95


def test_injected_in_all_france_services() -> None:
    places, _ = read_france_services(real_file("partners/france_services_2024-08-01.csv"))
    score = total([evaluate(places, seed=seed, number=100) for seed in HELD_OUT])
    assert score.recall >= 0.9
    assert score.precision >= 0.95

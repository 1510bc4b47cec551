"""The card of a zone: parts that add up, plain sentences, small counts that nothing gives back."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from territory.analysis.zone_reasons import reasons_of
from territory.model.results import Doubt, Gap, Reason, Variant, Verdict
from territory.outputs.account import zones_account
from territory.outputs.zone_cards import chance_line, doubtful, rounded, zone_cards
from territory.outputs.zone_fields import ZONE_FIELDS, zone_values
from tests.outputs.map_town import gap

if TYPE_CHECKING:
    from territory.outputs.zone_cards import ZoneCard

VARIANTS = (Variant("par IRIS", ("Z1",)), Variant("zones plus petites", ()))
DOUBT = Doubt(
    p_value=0.03, ratio=0.4, ratio_low=0.21, ratio_high=0.72, usual=45.0, deviation=10.0, flip=7,
    change="Avec 7 contacts de plus à proximité, la zone ne serait plus classée ainsi.",
    variants=21, stability=18 / 21, opinions=("Gi* y voit aussi un point froid.",), edge=True,
)  # fmt: skip


def zone(**changes: object) -> Gap:
    """50 expected, 20 met, 30 missing: 10 by need, 5 by distance, 15 by the outings."""
    found = replace(
        gap(1, ("c1", "c2")), contacts=20.0, expected=50.0, score=3.0, p_below_half=0.7,
        doubt=DOUBT, streets=("rue Droite",),
    )  # fmt: skip
    found = replace(found, **changes)
    return replace(found, reasons=reasons_of(found, found.expected, 40.0))


def card(**changes: object) -> ZoneCard:
    return zone_cards([zone(**changes)], VARIANTS, {"99001": "Ville"})[0]


def facts(**changes: object) -> dict[str, str]:
    return dict(card(**changes).facts)


def figures(text: str) -> list[int]:
    return [int(n.replace("\u202f", "")) for n in re.findall(r"\d[\d\u202f]*", text)]


def test_what_is_missing_is_said_first_and_its_parts_add_up() -> None:
    found = card()
    assert found.lead == (
        "On attendait 50 personnes informées, il y en a eu 20 : il en manque 30, "
        "dont 5 que la distance explique."
    )
    assert [figures(p.share) for p in found.parts] == [[10], [5], [15]]
    assert [p.points for p in found.parts] == ["1,0", "0,5", "1,5"]
    assert found.score == "3,0"
    assert [(p.start, p.width) for p in found.parts] == [(0.0, 33.3), (33.3, 16.7), (50.0, 50.0)]


def test_every_doubt_is_told_in_words() -> None:
    found = facts()
    assert found["Fourchette"].startswith("Pour 100 personnes attendues, entre 21 et 72 ont été")
    assert found["Moins de la moitié"].startswith("70 chances sur 100")
    assert "3 fois sur 100" in found["Hasard"]
    assert found["Distance"] == "La distance explique 17\u202f% du manque."
    assert found["Ce qui changerait le verdict"] == DOUBT.change
    assert "86\u202f% des variantes (18 sur 21)" in found["Autres façons de compter"]
    assert "le manque peut être plus faible" in found["Bord du territoire"]
    assert found["Rues"] == "rue Droite"
    assert card().variants == (("par IRIS", True), ("zones plus petites", False))
    assert card().commune == "Ville"
    assert card().opinions == DOUBT.opinions


def test_sentences_are_short_and_hold_figures_of_the_data() -> None:
    found = card()
    texts = [
        found.meaning,
        found.lead,
        *(p.share for p in found.parts),
        *(t for _, t in found.facts),
    ]
    for sentence in (s for text in texts for s in re.split(r"(?<=[.;:])\s", text)):
        assert len(sentence.split()) <= 25, sentence
    assert {50, 20, 30, 21, 72} <= set(figures(" ".join(texts)))


@pytest.mark.parametrize("verdict", Verdict)
def test_each_verdict_has_a_meaning(verdict: Verdict) -> None:
    found = card(verdict=verdict)
    assert (found.verdict, found.meaning.endswith(".")) == (str(verdict), True)
    assert found.doubtful is (verdict in {Verdict.TO_CHECK, Verdict.TOO_LITTLE})


@pytest.mark.parametrize(("stability", "hatched"), [(None, False), (0.49, True), (0.5, False)])
def test_an_unstable_zone_is_doubtful(stability: float | None, hatched: bool) -> None:
    assert doubtful(zone(doubt=replace(DOUBT, stability=stability))) is hatched


@pytest.mark.parametrize("contacts", [0.6, 1.4, 2.0, 3.0, 4.0, 4.9])
def test_the_number_of_few_people_cannot_be_found_again(contacts: float) -> None:
    others = card(contacts=1.0)
    found = card(contacts=contacts)
    assert "moins de 5 : il en manque plus de 45" in found.lead
    assert (found.lead, found.parts[2].share) == (others.lead, others.parts[2].share)
    assert found.parts[2].share.startswith("plus de 30 ")
    assert sum(figures(p.share)[0] for p in found.parts) == 45


def test_nobody_and_nothing_missing_are_said() -> None:
    assert "il n’y en a eu aucune : il en manque 50" in card(contacts=0.0).lead
    served = card(contacts=60.0, score=-1.0)
    assert served.lead == "On attendait 50 personnes informées, il y en a eu 60."
    assert "de moins" in served.parts[2].share
    assert "Distance" not in dict(served.facts)
    thin = card(contacts=3.0, expected=5.0, doubt=replace(DOUBT, usual=5.0))
    assert thin.lead == "On attendait 5 personnes informées, il y en a eu moins de 5."


def test_without_counts_nor_doubt_nothing_is_invented() -> None:
    empty = card(expected=0.0, contacts=0.0, doubt=replace(DOUBT, p_value=float("nan")))
    assert empty.lead.startswith("Aucun contact n’est compté")
    assert empty.parts == ()
    assert dict(empty.facts)["Ce qui changerait le verdict"].startswith("Des contacts comptés")
    assert not {"Fourchette", "Moins de la moitié", "Hasard", "Distance"} & set(dict(empty.facts))
    plain = card(doubt=None, score=3.0)
    assert [p.share for p in plain.parts] == ["", "", ""]
    assert plain.facts == (("Rues", "rue Droite"),)


@pytest.mark.parametrize(
    ("p_value", "words"),
    [(0.005, "moins d’une fois"), (0.01, "une fois"), (0.05, "5 fois"), (1.0, "presque à chaque")],
)
def test_chance_in_words(p_value: float, words: str) -> None:
    assert words in chance_line(p_value)
    assert chance_line(float("nan")) == ""


@pytest.mark.parametrize(
    ("share", "words"), [(0.999, "plus de 99 chances"), (0.001, "moins d’une chance sur")]
)
def test_nothing_is_ever_certain(share: float, words: str) -> None:
    assert facts(p_below_half=share)["Moins de la moitié"].startswith(words)


weights = st.lists(st.floats(-50, 50), min_size=3, max_size=3)


@given(weights, st.sampled_from([0, 1, 2]))
def test_rounded_parts_add_up_and_stay_near(values: list[float], digits: int) -> None:
    total = sum(values)
    found = rounded(values, total, digits)
    unit = 10.0**-digits
    assert sum(found) == pytest.approx(round(total / unit) * unit, abs=1e-9)
    assert np.abs(np.subtract(found, values)).max() < 1.5 * unit


@given(weights)
@example([0.0, 0.0, 2.2e-311])
def test_bars_follow_one_another_within_the_drawing(values: list[float]) -> None:
    reasons = tuple(
        Reason(k, "", w) for k, w in zip(("besoin", "acces", "effort"), values, strict=True)
    )
    one = replace(gap(1, ("c1",)), reasons=reasons, score=sum(values))
    for part in zone_cards([one])[0].parts:
        assert -0.1 <= part.start <= part.start + part.width <= 100.2


def test_cards_hold_text_and_numbers_only() -> None:
    found = asdict(card())
    assert all(isinstance(v, (str, int, bool, tuple)) for v in found.values())


def test_fields_of_a_table_say_the_same() -> None:
    row = dict(zip((name for name, _ in ZONE_FIELDS), zone_values(zone()), strict=True))
    parts = [row["poids_besoin"], row["poids_acces"], row["poids_passages"]]
    assert sum(parts) == pytest.approx(row["score"], abs=1e-9)
    assert (row["moins_de_la_moitie"], row["hasard"], row["part_distance"]) == (70, 3.0, 17)
    assert (row["pour_100_bas"], row["pour_100"], row["pour_100_haut"]) == (21, 40, 72)
    assert (row["stabilite"], row["variantes"], row["au_bord"]) == (86, 21, "oui")
    assert row["carreaux"] == "c1, c2"
    bare = dict(zip(row, zone_values(zone(expected=0.0, doubt=None)), strict=True))
    assert [bare[k] for k in ("poids_besoin", "hasard", "pour_100", "stabilite")] == [None] * 4


def test_the_terminal_says_verdict_stability_and_change() -> None:
    lines = "\n".join(zones_account([zone()]))
    for words in (
        "(probable)\u202f: le manque",
        "sans que le hasard soit exclu",
        "18 sur 21",
        DOUBT.change,
    ):
        assert words in lines

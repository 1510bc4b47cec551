"""Addresses to points: read by hand, judged on every real address of a town."""

from __future__ import annotations

import math
import random
import re
import unicodedata
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz import fuzz

from territory.geocoding.address_text import Address, read_address
from territory.geocoding.index import AddressIndex, build_index
from territory.geocoding.match import ACCEPTED, CHECKED, Query, locate
from territory.io.addresses import read_addresses
from tests.real_data import real_file

Row = tuple[str, str, None, float, float]
STREET = [("2", "Rue Gabriel Péri", "00101", 0.0, 0.0), ("4", "Rue Gabriel Péri", "00101", 10, 0),
          ("10", "rue gabriel peri", "00101", 40, 0), ("5", "Rue Gabriel Péri", "00101", 20, 9),
          ("5bis", "Rue Gabriel Péri", "00101", 22, 9), ("1", "Avenue Carnot", "00101", 500, 0),
          ("1", "Rue Carnot", "00102", 900, 0)]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12 bis, av. du Gal de Gaulle 93140 BONDY",
         Address(12, "bis", "avenue", ("general", "gaulle"), "93140")),
        ("12B rue St-Denis", Address(12, "b", "rue", ("saint", "denis"), "")),
        ("162/164 route de Villemomble", Address(162, "", "route", ("villemomble",), "")),
        ("37 et 39 RUE ROGER SALENGRO", Address(37, "", "rue", ("roger", "salengro"), "")),
        ("Maison X, 3 place de l'Église BP 12 Cedex", Address(3, "", "place", ("eglise",), "")),
        ("1 rue du 8 Mai 1945", Address(1, "", "rue", ("8", "mai", "1945"), "")),
        ("rue de la République, bât B", Address(None, "", "rue", ("republique",), "")),
        ("", Address(None, "", "", (), "")),
    ],
)  # fmt: skip
def test_addresses_as_people_write_them(text: str, expected: Address) -> None:
    assert read_address(text) == expected


def test_the_town_is_taken_off_the_end_only() -> None:
    assert read_address("4 rue de Bondy Bondy", "Bondy").name == ("bondy",)
    assert read_address("4 rue de Bondy", "Bondy").name == ("bondy",)


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    found = read_address(text)
    assert found.number is None or 0 <= found.number <= 9999


def best(text: str, code: str | None = "00101") -> tuple[float, str, str, float, float]:
    (options,) = locate(build_index(STREET), [Query(text, code)])
    one = options[0]
    return one.score, one.precision, one.label, one.x, one.y


def test_precision_by_hand() -> None:
    assert best("4 rue Gabriel Péri") == (1.0, "numéro", "4 Rue Gabriel Péri", 10, 0)
    assert best("5 bis rue gabriel peri")[2:] == ("5 bis Rue Gabriel Péri", 22, 9)
    assert best("6 rue Gabriel Péri") == (0.9, "interpolé", "Rue Gabriel Péri", 20, 0)
    assert best("99 rue Gabriel Péri")[1:4] == ("rue", "Rue Gabriel Péri", 40)
    assert best("rue Péri")[1] == "rue"
    assert best("5 ter rue Gabriel Péri")[:2] == (0.97, "numéro")


def test_a_town_alone_or_another_commune_is_no_point() -> None:
    index = build_index(STREET)
    assert locate(index, [Query("Bondy", "00101"), Query("1 rue Carnot", "00103")]) == [(), ()]
    assert best("1 rue Carnot", "00102")[3] == 900


def test_two_streets_as_likely_are_to_be_checked() -> None:
    rows = [("1", "Rue Jean Moulin", None, 0, 0), ("1", "Avenue Jean Moulin", None, 900, 0)]
    (options,) = locate(build_index(rows), [Query("1 Jean Moulin")])
    assert len(options) == 2
    assert CHECKED <= options[0].score < ACCEPTED


def test_the_order_of_the_file_changes_nothing() -> None:
    assert build_index(STREET) == build_index(STREET[::-1])


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    table, _ = read_addresses(real_file("partners/ban_adresses_bondy.geojson"))
    points = table.geometry
    return list(zip(table["number"], table["street"], [None] * len(table), points.x, points.y,
                    strict=True))  # fmt: skip


@pytest.fixture(scope="module")
def index(rows: list[Row]) -> AddressIndex:
    return build_index(rows)


def away_m(found, row: Row) -> float:
    return math.hypot(found[0].x - row[3], found[0].y - row[4]) if found else math.inf


def test_every_address_of_bondy_finds_its_own_door(rows, index) -> None:
    found = locate(index, [Query(f"{n} {s} 93140 Bondy", None, "Bondy") for n, s, *_ in rows])
    exact = [away_m(f, row) < 1 for f, row in zip(found, rows, strict=True)]
    wrong = [row[:2] for row, ok in zip(rows, exact, strict=True) if not ok]
    assert sum(exact) >= len(rows) - 4  # « 175177 avenue de Rosny » is no number
    assert not any(re.fullmatch(r"\d{1,3}( ?(bis|ter|quater|[a-z]))?", n) for n, _ in wrong)


ABBREVIATED = {"Avenue": "av", "Boulevard": "bd", "Place": "pl", "Allee": "all.", "Allée": "all",
               "Impasse": "imp", "Saint": "St", "General": "Gal", "Docteur": "Dr"}  # fmt: skip


def changed(street: str, draw: random.Random) -> str:
    """Return a street as people misspell it."""
    way = draw.choice(["short", "typo", "upper", "ascii", "first"])
    if way == "short":
        return " ".join(ABBREVIATED.get(w, w) for w in street.split())
    if way == "typo" and len(street) > 8:
        n = draw.randrange(5, len(street) - 1)
        return street[:n] + street[n + 1] + street[n] + street[n + 2 :]
    if way == "upper":
        return street.upper()
    if way == "ascii":
        return unicodedata.normalize("NFKD", street).encode("ascii", "ignore").decode()
    words = street.split()
    return " ".join([words[0], *words[2:]]) if len(words) > 3 else street


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_misspelt_addresses_are_found_or_doubted_and_seldom_wrong(rows, index, seed) -> None:
    draw = random.Random(seed)  # noqa: S311 - a test draw
    asked = draw.sample([r for r in rows if len(r[0]) <= 4], 1000)
    found = locate(index, [Query(f"{n} {changed(s, draw)}, Bondy", None, "Bondy")
                           for n, s, *_ in asked])  # fmt: skip
    near = [away_m(f, row) <= 50 for f, row in zip(found, asked, strict=True)]
    sure = [bool(f) and f[0].score >= ACCEPTED for f in found]
    wrong = sum(s and not n for s, n in zip(sure, near, strict=True))
    assert sum(near) >= 980
    assert sum(sure) >= 950
    assert wrong <= 5


def test_the_best_street_is_the_one_a_slow_judge_picks(rows, index) -> None:
    draw = random.Random(5)  # noqa: S311 - a test draw
    streets = sorted({s for _, s, *_ in rows})
    for street in draw.sample(streets, 60):
        wanted = read_address(f"1 {changed(street, draw)}")
        likeness = {s: judged(wanted, s) for s in streets}
        if max(likeness.values()) * 0.78 < CHECKED:  # the worst number there is
            continue
        (options,) = locate(index, [Query(f"1 {' '.join([wanted.kind, *wanted.name])}")])
        labels = {read_address(f"1 {o.label}").name for o in options}
        assert read_address(f"1 {max(likeness, key=lambda s: likeness[s])}").name in labels


def judged(wanted: Address, street: str) -> float:
    """Score one street the slow way: every order of comparison written out."""
    other = read_address(f"1 {street}")
    a, b = " ".join(wanted.name), " ".join(other.name)
    pairs = [fuzz.ratio(x, y) for x, y in product({a, a.replace(" ", "")}, {b, b.replace(" ", "")})]
    alike = max(*pairs, fuzz.token_sort_ratio(a, b), 0.9 * fuzz.token_set_ratio(a, b))
    return 0.85 * alike / 100 + 0.15 * (wanted.kind == other.kind)


@pytest.mark.parametrize(
    ("text", "label"),
    [("162/164 route de Villemomble", "Route de Villemomble"),
     ("2 TER RUE GASTON DEFFERRE, 93140 BONDY", "Rue Gaston Defferre"),
     ("23, rue Roger-Salengro, 93140, Bondy", "Rue Roger Salengro"),
     ("43 AVENUE DE VERDUN, 93140 BONDY", "Avenue de Verdun")],
)  # fmt: skip
def test_real_partners_of_bondy_fall_in_their_street(index, text: str, label: str) -> None:
    (options,) = locate(index, [Query(text, None, "Bondy")])
    assert options[0].score >= ACCEPTED
    assert read_address(f"1 {label}").name == read_address(f"1 {options[0].label}").name

"""Values of territory.toml changed in place: every other sign of the file stays."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from territory.errors import BadSettings
from territory.io.new_territory import create_territory
from territory.io.settings_file import settings_text, state_of, with_values, write_values

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """\
# Réglages de « Ici » # et plus
[territoire]
nom = "A # B"   # le nom

[semaine]
debut = "09:00" # début
  binomes=true

# fin
[marche]
vitesse_kmh = 4.5
"""


def test_only_the_line_named_changes_and_its_comment_stays() -> None:
    new = with_values(TEXT, {("semaine", "debut"): "08:30", ("semaine", "binomes"): False})
    before, after = TEXT.splitlines(), new.splitlines()
    assert [a for a, b in zip(after, before, strict=True) if a != b] == [
        'debut = "08:30"   # début',
        "binomes = false",
    ]


def test_a_sign_of_comment_in_quotes_is_no_comment() -> None:
    new = with_values(TEXT, {("territoire", "nom"): "C « # »"})
    assert 'nom = "C « # »"   # le nom' in new


def test_what_is_not_there_is_added_where_it_belongs() -> None:
    new = with_values(TEXT, {("semaine", "repas_min"): 30, ("zones", "nombre"): 5})
    assert new.index("repas_min = 30") < new.index("# fin") < new.index("[marche]")
    assert new.endswith("[zones]\nnombre = 5\n")


@pytest.mark.parametrize(
    "text",
    [
        'semaine = { debut = "09:00" }\n',
        '[semaine]\npublics = [\n "a",\n]\n',
        'semaine.debut = "9"\n',
    ],
)
def test_a_file_written_otherwise_is_left_to_a_hand(text: str) -> None:
    with pytest.raises(BadSettings, match="à la main"):
        with_values(text, {("semaine", "debut"): "08:30", ("semaine", "publics"): ["b"]})


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20),
       st.booleans(), st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6))  # fmt: skip
def test_every_value_reads_back_and_nothing_else_moves(
    text: str, yes: bool, count: int, number: float
) -> None:
    changes = {("semaine", "debut"): text, ("semaine", "binomes"): yes, ("neuf", "n"): count,
               ("marche", "vitesse_kmh"): number, ("territoire", "l"): [text]}  # fmt: skip
    wanted = tomllib.loads(TEXT)
    for (section, key), value in changes.items():
        wanted.setdefault(section, {})[key] = value
    assert tomllib.loads(with_values(TEXT, changes)) == wanted


def test_nothing_is_written_that_cannot_be_or_was_changed_meanwhile(tmp_path: Path) -> None:
    create_territory(tmp_path, name="Ici", communes=["93010"])
    text = settings_text(tmp_path)
    with pytest.raises(BadSettings, match="doit valoir au plus 7"):
        write_values(tmp_path, {("marche", "vitesse_kmh"): 70.0}, seen=state_of(text))
    with pytest.raises(BadSettings, match="entre-temps"):
        write_values(tmp_path, {("marche", "vitesse_kmh"): 5.0}, seen=state_of(text + "#"))
    assert settings_text(tmp_path) == text
    write_values(tmp_path, {("marche", "vitesse_kmh"): 5.0}, seen=state_of(text))
    assert "vitesse_kmh = 5.0   # allure des habitants" in settings_text(tmp_path)


def test_a_table_is_written_on_one_line_and_written_again() -> None:
    once = with_values(TEXT, {("secteurs", "reserves"): {"93010": "M2", "93008": "M1 « # »"}})
    assert 'reserves = { "93008" = "M1 « # »", "93010" = "M2" }' in once
    again = with_values(once, {("secteurs", "reserves"): {}})
    assert tomllib.loads(again)["secteurs"] == {"reserves": {}}

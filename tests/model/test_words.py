"""Vocabularies: what people write finds its code, and only its code."""

from __future__ import annotations

import pytest

from territory.model import words


@pytest.mark.parametrize(
    ("vocabulary", "text", "code"),
    [
        (words.PLACE_KINDS, "Centres sociaux", "centre_social"),
        (words.PLACE_KINDS, "CENTRE SOCIAL", "centre_social"),
        (words.PLACE_KINDS, "Bibliothèque", "mediatheque"),
        (words.PLACE_KINDS, "BIB", "mediatheque"),
        (words.PLACE_KINDS, "MDE", "maison_emploi"),
        (words.STATUSES, "Contactée et rencontrée", "rencontree"),
        (words.STATUSES, "met", "rencontree"),
        (words.ACTIVITY_KINDS, "Café de l’emploi", "evenement"),
        (words.ACTIVITY_KINDS, "événement", "evenement"),
        (words.AGE_BANDS, "60 et plus", "60_plus"),
        (words.GENDERS, "F", "femme"),
        (words.WEEKDAYS, "Mer", "2"),
    ],
)
def test_find(vocabulary: words.Vocabulary, text: str, code: str | None) -> None:
    assert words.find(vocabulary, text) == code


def test_codes_find_themselves_in_every_vocabulary() -> None:
    every = [v for name, v in vars(words).items() if name.isupper() and isinstance(v, tuple)]
    assert len(every) >= 10
    for vocabulary in every:
        for word in vocabulary:
            assert words.find(vocabulary, word.code) == word.code
            assert words.find(vocabulary, word.label) == word.code


def test_a_near_word_is_proposed() -> None:
    assert words.nearest(words.ACTIVITY_KINDS, "marraude") == "maraude"
    assert words.nearest(words.ACTIVITY_KINDS, "xyz") is None


def test_plain_headers() -> None:
    assert words.plain(" N° d'Étage \n(bis) ") == "numero_d_etage_bis"
    assert words.plain("Œuvre d’art") == "oeuvre_d_art"

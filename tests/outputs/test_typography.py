"""No-break spaces before French marks, curved apostrophes, in texts and in pages."""

from __future__ import annotations

import pytest

from territory.outputs.french import HARD, THIN
from territory.outputs.typography import typeset, typeset_page


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Vraiment ? Oui ; non !", f"Vraiment{THIN}? Oui{THIN}; non{THIN}!"),
        ("Compris : « Foyer »", f"Compris{HARD}: «{HARD}Foyer{HARD}»"),
        ("12 % des gens", f"12{THIN}% des gens"),
        ("(« oui ») : non", f"(«{HARD}oui{HARD}»){HARD}: non"),
        ("de 9:30 à 10:00, a;b", "de 9:30 à 10:00, a;b"),
        (" : au début", " : au début"),
        ("l'aube, l&#39;été, 5' et 'oui'", "l’aube, l’été, 5' et 'oui'"),
        ("", ""),
    ],
)
def test_marks_hold_to_the_word_before_them(typed: str, shown: str) -> None:
    assert typeset(typed) == shown
    assert typeset(shown) == shown  # a second pass changes nothing


def test_a_page_is_changed_where_it_is_read_only() -> None:
    page = (
        '<p title="Qui : a">Qui : <b>moi</b> !</p><textarea name="t">a : b</textarea>'
        '<input value="a : b"><pre>x ; y</pre><p>Fin ?</p>'
    )
    assert typeset_page(page) == (
        f'<p title="Qui : a">Qui{HARD}: <b>moi</b>{THIN}!</p><textarea name="t">a : b</textarea>'
        f'<input value="a : b"><pre>x ; y</pre><p>Fin{THIN}?</p>'
    )


def test_what_follows_a_tag_holds_too() -> None:
    assert typeset_page("<dt>Rues</dt> : <dd>non</dd>") == f"<dt>Rues</dt>{HARD}: <dd>non</dd>"

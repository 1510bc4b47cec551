"""French sentences met again as plain text: alone, with values, in lists; names and doubts kept."""

from __future__ import annotations

import re
from itertools import chain

import pytest

from territory.web import phrases, report_phrases
from territory.web.job_model import JobState
from territory.web.map_words import said_map
from territory.web.recognised import plain, recognised
from tests.conftest import ROOT

SOURCES = ("*.py", "*.html", "*.js", "*.typ", "*.toml")
_VALUE = re.compile(r"%\(\w+\)s")


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("Zones et population", "Areas and population"),  # a step, without the number of products
        ("Courbe jusqu'à 6 demi-journées", "Curve up to 6 half-days"),
        ("Rues de la zone", None),
        ("Centre social des Tilleuls", None),
        ("Permanence\u00a0: Centre social des Tilleuls", "Desk: Centre social des Tilleuls"),
        ("Visites : Le Relais et 5 autres", "Visits: Le Relais and 5 others"),
        ("lundi 2 novembre 2026, 9 h à 12 h 30", "Monday 2 November 2026, 9:00 – 12:30"),
        ("1 234,5", "1,234.5"),
        ("Partenaires (125)", "Partners (125)"),
        ("Maraude : Marché du mercredi", "Maraude: Marché du mercredi"),  # a name stays
        ("contacts sur 18 mois", "contacts over 18 months"),
        ("bel et bien sur 18 mois", None),
        ("Déplacé de lundi 2 novembre 2026 matin à mardi 3 novembre 2026 matin : Le Pont.",
         "Moved from Monday 2 November 2026 morning to Tuesday 3 November 2026 morning: Le Pont."),
        ("Annulé : Absence de M2, lundi 2 novembre 2026 matin.",
         "Undone: M2 absent, Monday 2 November 2026 morning."),
    ],
)  # fmt: skip
def test_a_sentence_is_recognised_by_its_words(french: str, english: str | None) -> None:
    assert recognised(french, "en") == english


def test_in_french_everything_is_itself() -> None:
    assert recognised("Rues\u00a0: ", "fr") == "Rues\u00a0: "


def test_states_of_jobs_and_their_steps_all_have_their_english() -> None:
    steps = [re.sub(_VALUE, "6", step).lstrip("0123456789 ") for step in phrases.JOBS]
    told = [*JobState, *(step[:1].upper() + step[1:] for step in steps)]
    assert [text for text in told if recognised(text, "en") is None] == []


def test_each_phrase_is_still_said_somewhere() -> None:
    """
    Its longest piece between values stands in a source: one that is changed there is seen here.

    Where a sentence is put together, two words at one end of the piece may be put in.
    """
    files = chain.from_iterable((ROOT / "territory").rglob(kind) for kind in SOURCES)
    texts = (f.read_text(encoding="utf-8") for f in files if not f.name.endswith("phrases.py"))
    written = plain(" ".join(re.sub(r'"\s*\n\s*f?"', "", text) for text in texts))
    held = {**vars(phrases), **vars(report_phrases)}
    every = chain.from_iterable(v for name, v in held.items() if name.isupper())
    assert [one for one in every if not any(part in written for part in ends_of(one))] == []


def ends_of(phrase: str) -> list[str]:
    """Return the longest piece of a phrase, whole, then without words at one of its ends."""
    pieces = re.findall(r"[\w'’ -]+", _VALUE.sub("|", plain(phrase)))
    words = max(pieces, key=len).split()
    cut = [words[n:] for n in (0, 1, 2, -2)] + [words[:n] for n in (-1, -2)]
    return [" ".join(part) for part in cut if len(part) > 1 or part == words]


def test_a_map_keeps_its_drawing_and_what_is_no_sentence() -> None:
    """Texts are escaped again, ids of the script stay, a line left in French says so."""
    page = (
        '<html lang="fr"><meta content="script-src \'sha256-x\'"><p>Partenaires (2)</p>'
        '<p>Rue &lt;b&gt; de la Gare</p><button aria-label="Carte">1,2</button>'
        '<script>var territoire = 1; f({"style":"partenaire","lines":["Rues","Rue de la Gare"]},'
        '"Besoin");</script></html>'
    )
    said = said_map(page, "en")
    for words in ('<html lang="en">', "<p>Partners (2)</p>", 'aria-label="Map"', ">1.2<",
                  '<p><span lang="fr">Rue &lt;b&gt; de la Gare</span></p>', '"style":"partenaire"',
                  '"lines":["Streets",{"fr":"Rue de la Gare"}]', '"Need"'):  # fmt: skip
        assert words in said
    assert "sha256-x" not in said

"""The sheet in the hands of who walks: letters, inks, one bit a pixel, the worst outing."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pypdf
import pytest
from PIL import Image

from territory.outputs.french import THIN, clock
from territory.outputs.sheets import sheet_pictures
from territory.settings import Ground, Settings
from tests.outputs.map_town import streets
from tests.outputs.printed import Words, words
from tests.outputs.test_sheets import full, sheet

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.week_results import Session

LETTERS = "ABCDEFGHJKLM"
DPI = 100


def longest() -> Session:
    """Twelve stops with long names, three people and another team, thirty streets."""
    session = full(12, 30, 6)
    stops = tuple(
        replace(
            s,
            code=letter,
            name=f"Centre d’action sociale des Quatre-Chemins {letter}, antenne nord",
        )
        for s, letter in zip(session.stops, LETTERS, strict=True)
    )
    title = "Maraude : boulevard des Lucioles, chemin des Alouettes (près de « Bas-Canal »)"
    return replace(
        session, stops=stops, agents=("M1", "M2", "M3"), partners=("PRIJ",), title=title
    )  # fmt: skip


@pytest.fixture(scope="module")
def worst(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fiche")
    return sheet(folder, longest(), addresses={"p1": "162 route de Villemomble, 93140 Bondy"})


def test_the_worst_outing_holds_on_one_sheet_with_its_plan_and_all_its_stops(worst: Path) -> None:
    document = pypdf.PdfReader(worst)
    assert len(document.pages) == 2
    text = " ".join(" ".join(p.extract_text() for p in document.pages).split())
    found = [text.index(f"Quatre-Chemins {letter}, antenne nord") for letter in LETTERS]
    assert found == sorted(found)
    assert "Ronds : arrêts" in text.replace("\u00a0", " ")
    assert "M1 + M2 + M3 avec PRIJ" in text
    assert "rue du Vieux-Four 29" in text


def test_no_stop_is_parted_by_the_end_of_a_page(worst: Path) -> None:
    pages = [" ".join(p.extract_text().split()) for p in pypdf.PdfReader(worst).pages]
    for stop in longest().stops:
        (on,) = [n for n, text in enumerate(pages) if f"Quatre-Chemins {stop.code}," in text]
        for hour in (stop.arrive_min, stop.leave_min):
            assert clock(hour).replace(THIN, " ") in pages[on]


def test_the_plan_grows_only_as_far_as_no_stop_is_put_off(tmp_path: Path) -> None:
    """A walk that climbs would like a high plan; its stops all stay on the first side."""
    base = full(8, 8, 1)
    stops = tuple(replace(s, reason="", y=s.y + 700 * (s.order == 1)) for s in base.stops)
    for count in (3, 7, 8):
        path = sheet(tmp_path, replace(base, stops=stops[:count], shelters=()))
        first = pypdf.PdfReader(path).pages[0].extract_text()
        assert f"Numéro{count:02d}" in first


def test_what_is_read_while_walking_is_of_thirteen_points(tmp_path: Path) -> None:
    session = full()
    shown = words(sheet(tmp_path, session))
    names = [s.name.split()[-1] for s in session.stops]
    hours = [clock(s.arrive_min) for s in session.stops]
    for told in (*names, *hours, "Vieux-Four", "dépliants", "l’emploi"):
        sizes = [one.points for one in shown if told in one.text.replace("\u00a0", " ")]
        assert max(sizes) >= 13 - 0.01, told
    (code,) = {one.points for one in shown if one.text == session.code and one.points > 15}
    assert code >= 20 - 0.01


def test_boxes_leave_a_pencil_eight_millimetres(tmp_path: Path) -> None:
    """Under the words of each box, white down to its lower edge."""
    session = full()
    path, (_, back) = sheet(tmp_path, session), pictures(session)
    labels = [one for one in words(path) if one.page == 1 and one.text in {"I", "O", "J"}]
    assert len(labels) == 3
    for one in labels:
        x, y = at(one, back)
        column = back[y + 4 : y + 200, x + 20]
        free = int(np.argmax(column < 128))
        assert free * 25.4 / DPI >= 8


def test_codes_and_hours_stay_legible_with_one_bit_a_pixel(tmp_path: Path) -> None:
    session = full()
    shown, sides = words(sheet(tmp_path, session)), pictures(session)
    told = {session.code, *(clock(s.arrive_min) for s in session.stops)}
    seen = [one for one in shown if one.text.removesuffix(" –") in told]
    assert len(seen) >= len(told)
    for one in seen:
        letters = sides[one.page][spot(one, sides[one.page])]
        assert letters.max() - letters.min() >= 200
        ink = (letters < 128).mean()
        assert 0.08 < ink < 0.6, one.text


def pictures(session: Session) -> list[np.ndarray]:
    """Return the sides of the sheet as greys 0-255, [rows, columns]."""
    sides = sheet_pictures(
        session, dpi=DPI, segments=streets(), zone_geometry=None,
        settings=Settings(ground=Ground(fictif=True)),
    )  # fmt: skip
    return [np.asarray(Image.open(io.BytesIO(side)).convert("L")) for side in sides]


def at(one: Words, side: np.ndarray) -> tuple[int, int]:
    """Return the column and the row of where words begin, on their line."""
    return round(one.x * DPI / 72), side.shape[0] - round(one.y * DPI / 72)


def spot(one: Words, side: np.ndarray) -> tuple[slice, slice]:
    """Return the pixels of words, about as wide as their letters."""
    x, y = at(one, side)
    high = round(0.75 * one.points * DPI / 72)
    wide = round(0.5 * one.points * len(one.text) * DPI / 72)
    return slice(y - high, y + 1), slice(x, x + wide)

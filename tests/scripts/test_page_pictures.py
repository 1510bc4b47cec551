"""The pictures of the pages: all there, none left over, light, and shown by a page of the docs."""

from __future__ import annotations

import re

from scripts.page_pictures import PAGE, PICTURES, docs_page, names
from scripts.page_states import STAGES

STATES = [state for stage in STAGES for state in stage.states]


def test_each_state_has_its_own_name_without_accent_and_its_sentence() -> None:
    found = [state.name for state in STATES]
    assert len(found) == len(set(found)) > 50
    assert [name for name in found if not re.fullmatch(r"[a-z0-9_]+", name)] == []
    assert [state.name for state in STATES if not state.sentence.endswith(".")] == []


def test_every_picture_is_there_and_they_weigh_little() -> None:
    wanted = {name for state in STATES for name, _ in names(state)}
    assert {path.name for path in PICTURES.iterdir()} == wanted
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) <= 4_000_000
    assert all(path.read_bytes()[:4] == b"\x89PNG" for path in PICTURES.iterdir())


def test_the_page_of_the_docs_shows_them_in_order() -> None:
    assert PAGE.read_text(encoding="utf-8") == docs_page()

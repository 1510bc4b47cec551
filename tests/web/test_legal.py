"""The pages that the footer leads to: there for everybody, true of how the server is opened."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOOTER = ("/travaux", "/accessibilite", "/donnees-personnelles")


@pytest.mark.parametrize("path", FOOTER)
def test_the_footer_leads_to_pages(demo_folder: Path, client: Callable, path: str) -> None:
    pages = client(demo_folder)
    assert f'href="{path}"' in pages.get("/").text
    answer = pages.get(path)
    assert answer.status_code == 200
    assert len(re.findall("<h1>", answer.text)) == 1


def test_what_is_said_of_data_goes_by_the_folder(demo_folder: Path, client: Callable) -> None:
    page = client(demo_folder).get("/donnees-personnelles").text
    assert "Prochain effacement : vendredi 1er janvier 2027." in page
    assert "Comptes de ces pages" not in page  # nobody has an account on this machine

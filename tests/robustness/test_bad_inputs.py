"""The page of the docs says what each bad file gets, and it is still true."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.robustness.bad_inputs import PERSONAL, BadInput, bad_inputs, page, said

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = (" the ", "error", "Error", "invalid", "Invalid", "Traceback", "failed")


@pytest.mark.parametrize("one", bad_inputs(), ids=lambda one: one.file)
def test_every_bad_file_gets_a_french_answer_without_any_value(
    one: BadInput, tmp_path: Path
) -> None:
    answer = said(one, tmp_path)
    assert answer.strip()
    assert [word for word in (*PERSONAL, *ENGLISH, str(tmp_path)) if word in answer] == []


def test_the_page_says_what_is_answered_today(tmp_path: Path) -> None:
    committed = (ROOT / "docs" / "entrees_refusees.md").read_text(encoding="utf-8")
    assert committed == page(tmp_path)
    assert committed.count("\n| ") >= 50

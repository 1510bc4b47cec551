"""Files damaged at random on the way: each is taken in or refused with a sentence, no more."""

from __future__ import annotations

import random
from pathlib import Path  # noqa: TC003 - a fixture type

import pytest

from territory.cli import run
from territory.errors import TerritoryError
from territory.fetch.enter import Arrival, Ground, enter
from territory.io.raw_folder import Fetched
from tests.fetch.grounds import CODE, area, written
from tests.fetch.test_fetch import SMALL, bodies

NOISE = (b"NaN", b"1e999", b"-", b"null", b"99999999999", b"\x00", b'"', b";", b"<")


def damaged(content: bytes, draw: random.Random) -> bytes:
    """Cut short, change some bytes, take some out, or write nonsense over one."""
    at = draw.randrange(len(content))
    kind = draw.randrange(4)
    if kind == 0:
        return content[:at]
    if kind == 1:
        spots = {draw.randrange(len(content)): draw.randrange(256) for _ in range(8)}
        return bytes(spots.get(n, byte) for n, byte in enumerate(content))
    if kind == 2:
        return content[:at] + content[at + draw.randrange(1, 60) :]
    return content[:at] + draw.choice(NOISE) + content[at + 1 :]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    folder = tmp_path_factory.mktemp("abimes")
    assert run(["init", str(folder / "t"), "--communes", CODE]) == 0
    return folder / "t", bodies(folder / "pub")


@pytest.mark.parametrize("key", list(SMALL))
def test_damage_ends_in_a_sentence(town, tmp_path: Path, key: str) -> None:
    folder, files = town
    draw = random.Random(key)  # noqa: S311 - the same damage at every run
    ground = Ground(folder, frozenset({CODE}), area())
    said = [ending(tmp_path, damaged(files[key], draw), key, ground) for _ in range(25)]
    assert all(sentence == "" or sentence[-1] in ".)" for sentence in said)
    assert any(said)


def ending(tmp_path: Path, content: bytes, key: str, ground: Ground) -> str:
    """Return the sentence that refuses a file, "" when it is taken in."""
    path = written(tmp_path / "recu", content)
    try:
        enter(Arrival(path, SMALL[key], "essai", Fetched("", "", "")), ground)
    except TerritoryError as error:
        return str(error)
    return ""

"""Whether what was computed still rests on the files, settings and debriefs of now."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from territory.io.atomic import write_json
from territory.io.debriefs import read_debriefs
from territory.io.hashing import value_sha256
from territory.model.jsonable import to_json

if TYPE_CHECKING:
    from pathlib import Path

    from territory.pipeline.workspace import Built, Territory

NAME = "calcul.json"


def note_build(built: Built) -> Built:
    """Keep what `built`, just made, rests on; return it. Raises OSError when it cannot."""
    if is_current(built.territory):
        return built
    write_json(_path(built.territory), {"rests_on": _rests_on(built.territory)})
    return built


def is_current(territory: Territory) -> bool:
    """Return whether the last build rests on what the folder holds now; False before any."""
    try:
        held = json.loads(_path(territory).read_text(encoding="utf-8"))["rests_on"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return bool(held == _rests_on(territory))


def _path(territory: Territory) -> Path:
    return territory.processed / NAME


def _rests_on(territory: Territory) -> str:
    return value_sha256(
        {
            "settings": to_json(territory.settings),
            "files": [to_json(file) for file in territory.raw.files],
            "merges": to_json(dict(territory.raw.merges)),
            "debriefs": to_json(read_debriefs(territory.folder)[0]),
        }
    )

"""The picture of a sheet in docs/semaine.md: both sides of an outing of the fictional town."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from PIL import Image

from territory.outputs.sheets import sheet_pictures
from territory.pipeline.deliver import sheet_ground
from territory.planning.codes import coded

if TYPE_CHECKING:
    from pathlib import Path

    from territory.model.week_results import WeekPlan
    from territory.pipeline.workspace import Built

_DPI, _GAP = 75, 12
_GREYS = 16


def sheet_picture(built: Built, plan: WeekPlan, path: Path) -> None:
    """Draw both sides of the sheet of the outing that walks most, side by side, as a PNG."""
    outing = max(coded(plan).sessions, key=lambda s: (s.walk_m, s.session_id))
    pages = sheet_pictures(outing, dpi=_DPI, **sheet_ground(built, outing))
    sides = [Image.open(io.BytesIO(page)).convert("L") for page in pages]
    width, height = sides[0].size
    sheet = Image.new("L", (len(sides) * (width + _GAP) - _GAP, height), 160)
    for n, side in enumerate(sides):
        sheet.paste(side, (n * (width + _GAP), 0))
    sheet.quantize(_GREYS).save(path, optimize=True)

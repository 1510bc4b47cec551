"""« Pourquoi cette zone » on paper: one A4 page per zone, its plan, its reasons, its doubts."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from territory.analysis.zone_shapes import zone_shapes
from territory.io.atomic import write_bytes
from territory.outputs.map_tables import banners, sources
from territory.outputs.sheet_map import zone_map
from territory.outputs.sheets import compiled
from territory.outputs.zone_cards import zone_cards

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from territory.model.results import Gap, Variant
    from territory.settings import Settings


def write_zone_sheets(  # noqa: PLR0913 - what the pages show
    path: Path,
    *,
    gaps: Sequence[Gap],
    variants: Sequence[Variant],
    communes: gpd.GeoDataFrame,
    cells: gpd.GeoDataFrame,
    segments: gpd.GeoDataFrame,
    settings: Settings,
) -> Path:
    """
    Write the PDF of the zones, one after the other, atomically; return `path`.

    `communes`, `cells` and `segments` keep their contracts in one metric CRS. PDF/UA-1, no author,
    no date of writing: same zones, same bytes. Raises ModuleNotFoundError when matplotlib, which
    carries the fonts, is not installed.
    """
    shapes = zone_shapes({g.zone_id: g.cells for g in gaps}, cells, segments)
    content = {
        "title": f"Pourquoi ces zones – {settings.ground.name}",
        "banners": banners(settings),
        "sources": sources(settings),
        "cards": [asdict(c) for c in zone_cards(gaps, variants, dict(communes["name"]))],
        "drawn": [not shapes[g.zone_id].is_empty for g in gaps],
    }
    with tempfile.TemporaryDirectory() as workshop:
        room = Path(workshop)
        for gap in gaps:
            if not shapes[gap.zone_id].is_empty:
                drawing = zone_map(
                    shapes[gap.zone_id], segments, gap.streets, attribution=sources(settings)
                )
                (room / f"zone-{gap.rank}.svg").write_text(drawing, encoding="utf-8")
        (room / "zones.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        template = files("territory.outputs") / "templates" / "zones.typ"
        (room / "zones.typ").write_text(template.read_text(encoding="utf-8"), encoding="utf-8")
        pdf = compiled(room / "zones.typ")
    return write_bytes(path, pdf)

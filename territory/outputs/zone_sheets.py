"""« Pourquoi cette zone » on paper: one A4 page per zone, its plan, its reasons, its doubts."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from territory.analysis.zone_shapes import zone_shapes
from territory.io.atomic import write_bytes
from territory.outputs.map_tables import banners, sources
from territory.outputs.paper import printed, running
from territory.outputs.zone_cards import zone_cards
from territory.outputs.zone_map import zone_map

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

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
    when: str = "",
    digest: str = "",
) -> Path:
    """
    Write the PDF of the zones, one after the other, atomically; return `path`.

    `communes`, `cells` and `segments` keep their contracts in one metric CRS; `when` and `digest`
    say of which week and of which data. PDF/UA-1, no author, no date of writing: same zones, same
    bytes. Raises ModuleNotFoundError when matplotlib, which
    carries the fonts, is not installed.
    """
    shapes = zone_shapes({g.zone_id: g.cells for g in gaps}, cells, segments)
    drawn = {g.rank: shapes[g.zone_id] for g in gaps if not shapes[g.zone_id].is_empty}
    streets = {g.rank: g.streets for g in gaps}
    content = {
        "title": f"Pourquoi ces zones – {settings.ground.name}",
        "running": running(settings, what="Pourquoi ces zones", when=when, digest=digest),
        "banners": banners(settings),
        "sources": sources(settings),
        "cards": [asdict(c) for c in zone_cards(gaps, variants, dict(communes["name"]))],
        "drawn": [g.rank in drawn for g in gaps],
    }
    drawings = {
        f"zone-{rank}.svg": zone_map(
            shape, segments, streets[rank], attribution=sources(settings)
        )
        for rank, shape in drawn.items()
    }  # fmt: skip
    return write_bytes(path, printed("zones.typ", content, drawings))

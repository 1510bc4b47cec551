"""The control of the walking network: product 40 audited, then written for people to mend it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from territory.io.atomic import write_text
from territory.network.audit import NetworkAudit, audit_network
from territory.outputs.map_content import public_places
from territory.outputs.network_layers import write_network_layers
from territory.outputs.network_map import write_network_map
from territory.outputs.network_report import network_report
from territory.pipeline.sources import read_sources
from territory.pipeline.walking import network_of, walk_step

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from territory.pipeline.workspace import Built, Territory


def walked(territory: Territory) -> Built:
    """Return the products up to the walking network; raises as `read_sources` and `walk_step`."""
    built = read_sources(territory)
    inputs = (built.products[name] for name in ("10_zones", "20_places", "30_activity"))
    walk = walk_step(territory, *inputs)
    return replace(built, products={**built.products, walk.name: walk})


def network_audit(built: Built) -> NetworkAudit:
    """
    Audit product 40 with its cells and its public places: a sensitive one is never named.

    Raises WrongUsage when the product does not hold together.
    """
    walk = built.products["40_walk"]
    return audit_network(
        network_of(walk),
        cells=_named("c", built.table("cells")),
        places=_named("p", public_places(built.table("places"))),
        barriers=walk.tables.get("barriers"),
        far_min=built.territory.settings.access.far_min,
    )


def deliver_network(built: Built, found: NetworkAudit) -> list[Path]:
    """
    Write outputs/reseau.html, .gpkg and .txt, each atomically; return their paths.

    Raises MissingSource when Leaflet is not installed, OSError when a file cannot be written.
    """
    folder, settings = built.territory.folder / "outputs", built.territory.settings
    segments, barriers = built.table("segments"), built.products["40_walk"].tables.get("barriers")
    title = f"{settings.ground.name} : contrôle du réseau piéton"
    drawn = {"found": found, "segments": segments, "barriers": barriers}
    return [
        write_network_map(folder / "reseau.html", settings=settings, **drawn),
        write_network_layers(folder / "reseau.gpkg", **drawn),
        write_text(folder / "reseau.txt", network_report(found, title)),
    ]


def _named(prefix: str, table: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return `table` indexed as its points are in the network."""
    return table.set_axis([f"{prefix}:{i}" for i in table.index])

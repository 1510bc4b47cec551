"""What the walks rest on: the files received and the settings that decide products 40 and 58."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.io.intake import STREET_KINDS
from territory.model.jsonable import to_json

if TYPE_CHECKING:
    from territory.io.products import Product
    from territory.pipeline.workspace import Territory


def walk_rests_on(territory: Territory, *products: Product) -> tuple[object, dict[str, str]]:
    """Return the settings and the hashes (of `products` 10 to 30 and streets) that decide walks."""
    hashes = {p.name: p.digest for p in products} | dict(territory.raw.hashes(STREET_KINDS))
    return to_json(territory.settings.walk), hashes

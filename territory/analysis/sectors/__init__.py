"""Who covers what: contiguous sectors of equal load, and the least change when posts change."""

from territory.analysis.sectors.adjacency import joined_parts, walked_neighbours
from territory.analysis.sectors.balanced import balanced_sectors
from territory.analysis.sectors.communes import commune_neighbours
from territory.analysis.sectors.indices import sector_indices
from territory.analysis.sectors.resplit import resplit_sectors

__all__ = [
    "balanced_sectors",
    "commune_neighbours",
    "joined_parts",
    "resplit_sectors",
    "sector_indices",
    "walked_neighbours",
]

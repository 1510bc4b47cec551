"""The note on sectors, from a built territory to outputs/secteurs.pdf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.outputs.french import long_date
from territory.outputs.sector_note import write_sector_note

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from territory.model.results import SectorPlan
    from territory.model.sector_changes import SectorChange
    from territory.pipeline.sector_views import SectorGround


def write_note(
    view: SectorGround,
    plan: SectorPlan,
    change: SectorChange | None,
    organisations: pd.DataFrame | None,
) -> Path:
    """Write outputs/secteurs.pdf and return its path; raises as `write_sector_note`."""
    built = view.built
    return write_sector_note(
        built.territory.folder / "outputs" / "secteurs.pdf",
        plan=plan,
        change=change,
        organisations=organisations,
        facts=built.products["70_sectors"].facts,
        cells=built.table("cells"),
        communes=built.table("communes"),
        segments=built.table("segments"),
        settings=built.territory.settings,
        when=long_date(built.territory.today),
        digest=built.digest,
    )

"""The note on permanences, from a built territory to outputs/permanences.pdf."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.outputs.french import long_date
from territory.outputs.request_account import together_text
from territory.outputs.site_note import NoteParts, write_site_note
from territory.pipeline.site_sections import site_label

if TYPE_CHECKING:
    from pathlib import Path

    from territory.pipeline.site_sections import Sections
    from territory.pipeline.workspace import Built


def write_note(found: Sections) -> Path:
    """Write outputs/permanences.pdf and return its path; raises as `write_site_note`."""
    built, table, shared = found.table.built, found.table, found.shared
    parts = NoteParts(
        talk=table.talk,
        chosen=table.talk.here(table.chosen),
        requests=found.requests,
        together=together_text(found.prices, len(found.requests)),
        ways=table.ways,
        curve=found.curve[0] if found.curve else None,
        near=found.near,
        robust=found.robust,
        frontier=shared.frontier if shared else None,
        place=lambda j: "" if shared is None else site_label(table, shared, j),
    )
    return write_site_note(
        built.territory.folder / "outputs" / "permanences.pdf",
        plan=built.sites,
        parts=parts,
        roles=site_roles(built),
        places=built.table("places"),
        communes=built.table("communes"),
        segments=built.table("segments"),
        settings=built.territory.settings,
        when=long_date(built.territory.today),
        digest=built.digest,
    )


def site_roles(built: Built) -> pd.Series:
    """Return the role of each place [place_id] in the choice of product 75 (`place_roles`)."""
    return pd.Series(built.products["75_sites"].facts["roles"], dtype=object)

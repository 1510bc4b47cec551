"""Product 60: the underserved zones, how sure they are, and what other methods say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.gaps import cell_scores, described, gap_scan, gap_table, searched_share
from territory.analysis.opinions import cell_opinions, with_opinions
from territory.analysis.quarters import in_force
from territory.analysis.sensitivity import variants, with_stability
from territory.io.products import Computed, Product, step
from territory.model.jsonable import to_json
from territory.model.progress import SILENT, Part
from territory.pipeline.effort import Known, effort_under
from territory.pipeline.near import walks_from_cells

if TYPE_CHECKING:
    from datetime import date

    import pandas as pd

    from territory.model.progress import ProgressReporter
    from territory.pipeline.workspace import Territory
    from territory.settings import Effort

_LEAST_MONTHS, _MOST_MONTHS = 6, 18
_OTHER_HALF_LIVES = (6.0, 18.0)


def gaps_step(  # noqa: PLR0913, PLR0917 - the products it rests on
    territory: Territory,
    ground: Product,
    activity: Product,
    walk: Product,
    near: Product,
    need: Product,
    access: Product,
    effort: Product,
    progress: ProgressReporter = SILENT,
) -> Product:
    """
    60: table gap_cells on cell_id (`cell_scores`, `cell_opinions`); facts gaps and variants.

    `progress` is told how far it is. Raises Stopped when it says so.
    """

    def compute() -> Computed:
        tables, settings = ground.tables, territory.settings
        cells, seed = tables["cells"], settings.ground.seed
        between = walks_from_cells(near, cells.index, "c", cells.index)
        known = need.tables["need"], access.tables["access"], effort.tables["effort"]
        table = gap_table(*known, cells)
        scan = gap_scan(table, between, settings=settings.gaps, seed=seed)
        layers = cells, in_force(tables["zones"]), tables["communes"]
        gaps = described(scan, table, layers, settings=settings.gaps, streets=walk.tables["edges"])
        outings = activity.tables["activities"]
        minutes = walks_from_cells(near, known[0].index, "a", outings.index)
        reached = Known(cells, outings, known[0], minutes, between)
        efforts = _other_efforts(settings.effort, reached, territory.today)
        opinions, choices = cell_opinions(table, between), settings.gaps
        found = variants(
            gaps,
            table,
            between,
            cells,
            tables["iris"],
            settings=choices,
            efforts=efforts,
            seed=seed,
            progress=Part(progress, 0.6, 1.0),
        )
        shown = with_stability(with_opinions(gaps, opinions), found)
        cell_table = cell_scores(table, scan, settings=settings.gaps).join(opinions)
        facts = {
            "gaps": [to_json(g) for g in shown],
            "variants": [to_json(v) for v in found],
            "spread": to_json(scan.spread),
            "searched": searched_share(table, settings=settings.gaps),
        }
        return {"gap_cells": cell_table}, facts

    hashes = {p.name: p.digest for p in (ground, activity, walk, near, need, access, effort)}
    return step(
        territory.processed, "60_gaps", compute, settings=_depends(territory), inputs=hashes
    )


def _depends(territory: Territory) -> dict[str, object]:
    """Return the settings that the zones rest on."""
    return {
        "gaps": to_json(territory.settings.gaps),
        "effort": to_json(territory.settings.effort),
        "today": territory.today.isoformat(),
        "seed": territory.settings.ground.seed,
    }


def _other_efforts(settings: Effort, known: Known, today: date) -> dict[str, pd.DataFrame]:
    """Return the effort under other honest settings, by French name; contacts decayed for some."""

    def under(**update: float) -> pd.DataFrame:
        return effort_under(settings.model_copy(update=update), known, today)[0]

    found = {
        f"contacts sur {months} mois": under(months=months)
        for months in (_LEAST_MONTHS, _MOST_MONTHS)
        if months != settings.months
    }
    for factor in (0.5, 1.5):
        minutes_said = f"{settings.kernel_min * factor:g}".replace(".", ",")
        name = f"contacts étalés sur {minutes_said} min"
        found[name] = under(kernel_min=settings.kernel_min * factor)
    for half_life in _OTHER_HALF_LIVES:
        effort = under(half_life_months=half_life)
        recent = effort["contacts_recent"]
        share = effort["expected"] / max(float(effort["expected"].sum()), 1e-12)
        found[f"contacts récents, demi-vie {half_life:g} mois"] = effort.assign(
            contacts=recent, expected=share * float(recent.sum())
        )
    return found

"""Product 70: who covers what, in hours a week, each sector in one piece along the streets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.sectors import balanced_sectors
from territory.analysis.sectors.organisations import by_communes
from territory.analysis.sectors.sector_names import area_names, cell_parts
from territory.analysis.sectors.sector_plan import (
    agents_of,
    public_walk,
    sector_of_cells,
    sector_plan,
)
from territory.errors import WrongUsage
from territory.io.products import Computed, Product, step
from territory.model.jsonable import from_json, to_json
from territory.model.marked import marked
from territory.model.results import Gap
from territory.outputs.map_content import hidden_places
from territory.pipeline.sector_blocks import shared_ground
from territory.pipeline.sector_people import sector_team
from territory.pipeline.sector_reserves import areas_of, keepers, kept_lines
from territory.pipeline.sector_units import commune_units

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from territory.analysis.sectors.organisations import Organisation
    from territory.analysis.sectors.sector_plan import Units
    from territory.model.results import SectorPlan
    from territory.model.sector_results import SectorOutcome
    from territory.pipeline.sector_reserves import Area
    from territory.pipeline.sector_units import CellGround, Sources
    from territory.pipeline.workspace import Territory
    from territory.settings import Sectors

    Reals = NDArray[np.float64]


STRENGTH = {"fermes": 1.0, "souples": 0.5, "aucune": 0.0}
TOO_FEW = marked("Il y a plus de postes que d'unités à partager.")
NO_SHARE = marked(
    "Les communes et zones réservées ne laissent rien à partager à certaines personnes : "
    "libérez-en une à la page Secteurs."
)


def sectors_step(territory: Territory, sources: Sources, gaps: Product) -> Product:
    """
    70: who covers what, balanced in hours a week; tables sector_load and sector_cells.

    `gaps` is product 60: what zones hold, that stay with somebody. Facts: plan (SectorPlan), work
    (TeamWork), unplaced_h. Raises WrongUsage without any team, as `keepers` and as `cell_ground`.
    """

    def compute() -> Computed:
        team = sector_team(sources.activity.tables["team"], territory.today)
        ground = shared_ground(territory, sources)
        wished = territory.settings.sectors
        units = units_for(ground.units, wished, len(team))
        areas = reserves_areas(territory, sources, gaps)
        plan = _plan(territory, sources, ground, units, team, areas)
        cells = pd.Series(sector_of_cells(plan), name="sector_id", dtype="string")
        tables = {
            "sector_load": ground.by_cell,
            "sector_cells": cells.rename_axis("cell_id").to_frame().sort_index(),
        }
        facts = {"plan": to_json(plan), "work": to_json(ground.work)}
        return tables, {**facts, "unplaced_h": ground.unplaced_h}

    settings = territory.settings
    depends = {
        "sectors": to_json(settings.sectors),
        "week": to_json(settings.week),
        "walk": settings.walk.speed_kmh,
        "months": settings.effort.months,
        "seed": settings.ground.seed,
        "today": territory.today.isoformat(),
    }
    products = (sources.ground, sources.places, sources.activity, sources.walk, sources.need,
                sources.access)  # fmt: skip
    kept = settings.sectors.locked
    asked = (gaps,) if set(kept) - set(sources.ground.tables["cells"]["commune_code"]) else ()
    hashes = {p.name: p.digest for p in (*products, *asked)}
    return step(territory.processed, "70_sectors", compute, settings=depends, inputs=hashes)


def units_for(cells: Units, wished: Sectors, posts: int) -> Units:
    """Return the units to share: communes when asked and enough of them, else cells."""
    towns = len(set(cells.communes))
    return commune_units(cells) if wished.units == "communes" and towns >= posts else cells


def shared(
    units: Units,
    posts: int,
    wished: Sectors,
    *,
    locked: Mapping[int, int],
    seed: int,
    quick: bool = False,
) -> SectorOutcome:
    """
    Return the sectors of `units`; `locked` keeps units (positions) in sectors.

    Firm bounds hold while there are communes enough: with more posts than communes, each cut has a
    price. Sectors are looked for with walks in minutes, then in a straight line, then (where a cut
    has a price) as if none had; the one in fewest pieces is kept, then the one that cuts no firm
    bound, then the most even beyond the tolerance, then of fewest cuts, then whose public walks
    least. When `quick`, in a straight line only. Raises WrongUsage as `balanced_sectors`.
    """
    towns = len(set(units.communes))
    soft = wished.bounds == "souples" or (wished.bounds == "fermes" and towns < posts)
    force = STRENGTH["souples" if soft else wished.bounds]
    tries = [(None, force)] if quick else [(units.minutes, force), (None, force)]
    tries += [(None, 0.0)] if soft else []
    found = [
        balanced_sectors(
            units.balanced_h,
            units.xy[:, 0],
            units.xy[:, 1],
            units.links,
            min(posts, len(units.balanced_h)),
            tolerance=wished.tolerance,
            locked=locked,
            time_limit_s=wished.seconds / len(tries),
            seed=seed,
            minutes=walks,
            bounds=units.communes if towns > 1 else None,
            bound_strength=strength,
        )
        for walks, strength in tries
    ]
    return min(found, key=lambda one: _order(units, one, wished.tolerance, firm=force >= 1))


def _order(
    units: Units, found: SectorOutcome, tolerance: float, *, firm: bool
) -> tuple[float, ...]:
    """Return what sectors are compared by, the least first."""
    if (found.sector < 0).any():
        return (np.inf,)
    uneven = round(max(found.load_deviation, tolerance), 9)
    walk = public_walk(units, found.sector)
    return (found.pieces, found.splits if firm else 0, uneven, found.splits, walk)


def present_organisation(units: Units, team: pd.DataFrame) -> Organisation | None:
    """
    Return who covers which units today, by the communes of `team`; None when it tells none.

    A worker without communes covers all of them.
    """
    told = team["communes"]
    if not told.notna().any():
        return None
    own = {str(a): None if pd.isna(c) else str(c).split("|") for a, c in told.items()}
    return by_communes("Organisation actuelle", list(units.communes), own)


def ties_of(sources: Sources, ground: CellGround, units: Units, team: pd.DataFrame) -> Reals:
    """
    Return what ties each worker of `team` to each unit [agents, units], in people.

    The public of the units covered today, and, for the permanences held each week, as much in all
    as the whole public: who holds the door of a place keeps it.
    """
    former = present_organisation(units, team)
    ties = np.zeros((len(team), len(units.cells)))
    if former is not None:
        ties += former.covers * units.people
    of, rows = unit_of_cells(units), {str(a): n for n, a in enumerate(team.index)}
    held = sources.access.tables["permanences"]
    each = float(units.people.sum()) / max(len(held), 1)
    for place, agents in zip(held["place_id"], held["agents"].fillna(""), strict=True):
        cell = ground.holder.get(place, pd.NA)
        for agent in set(str(agents).split("|")) & set(rows):
            if not pd.isna(cell):
                ties[rows[agent], of[str(cell)]] += each
    return ties


def shown_permanences(sources: Sources, ground: CellGround, units: Units) -> list[tuple[str, int]]:
    """Return (name, unit) of the places with a permanence that may be shown."""
    places, of = sources.places.tables["places"], unit_of_cells(units)
    hidden = hidden_places(places)
    held = sorted(set(sources.access.tables["staffing"]["place_id"].astype(str)))
    known = [p for p in held if p in places.index and p not in hidden]
    cells = ground.holder.reindex(known)
    return [(str(places.loc[p, "name"]), of[str(c)]) for p, c in cells.items() if not pd.isna(c)]


def unit_of_cells(units: Units) -> dict[str, int]:
    """Return the position of the unit that holds each cell_id."""
    return {cell: i for i, cells in enumerate(units.cells) for cell in cells}


def area_namer(sources: Sources) -> Callable[[Iterable[int]], tuple[str, ...]]:
    """Return what names cells by their positions (sorted by id): communes, or parts of them."""
    cells = sources.ground.tables["cells"].sort_index()
    part = cell_parts(cells, sources.ground.tables["iris"])
    people = sources.need.tables["need"]["target"].reindex(cells.index)
    names, commune = sources.ground.tables["communes"]["name"], cells["commune_code"]
    rows_of = commune.groupby(commune).indices

    def named(positions: Iterable[int]) -> tuple[str, ...]:
        mine = commune.iloc[list(positions)].dropna()
        rows = np.sort(np.concatenate([[], *(rows_of[code] for code in mine.unique())]))
        crowd, town, parts = (t.iloc[rows.astype(np.int64)] for t in (people, commune, part))
        return area_names(mine.index, crowd, town, parts, names)

    return named


def named_plan(plan: SectorPlan, sources: Sources) -> SectorPlan:
    """Return the plan with the French names of what each sector holds."""
    namer = area_namer(sources)
    at = {str(c): n for n, c in enumerate(sources.ground.tables["cells"].sort_index().index)}
    return replace(
        plan,
        sectors=tuple(replace(s, areas=namer([at[c] for c in s.cells])) for s in plan.sectors),
    )


def reserves_areas(territory: Territory, sources: Sources, gaps: Product) -> dict[str, Area]:
    """Return the communes and zones that can stay with somebody, by code; see `areas_of`."""
    cells, names = sources.ground.tables["cells"], sources.ground.tables["communes"]["name"]
    return areas_of(
        territory.settings.sectors.locked,
        from_json(tuple[Gap, ...], gaps.facts["gaps"]),
        {str(cell): str(code) for cell, code in cells["commune_code"].fillna("").items()},
        {str(code): str(name) for code, name in names.items()},
    )


def _plan(
    territory: Territory,
    sources: Sources,
    ground: CellGround,
    units: Units,
    team: pd.DataFrame,
    areas: Mapping[str, Area],
) -> SectorPlan:
    wished, agents = territory.settings.sectors, [str(a) for a in team.index]
    if not agents or not len(units.balanced_h):
        raise WrongUsage("Il faut au moins une commune et une personne dans l'équipe.")
    kept = keepers(wished.locked, areas, units.cells, agents)
    locked = {unit: agents.index(agent) for unit, agent in kept.items()}
    outcome = shared(units, len(agents), wished, locked=locked, seed=territory.settings.ground.seed)
    if (outcome.sector < 0).any():
        raise WrongUsage(NO_SHARE if locked else TOO_FEW)
    held = agents_of(
        outcome.sector,
        agents,
        ties_of(sources, ground, units, team),
        locked={s: agents[s] for s in locked.values()},
    )
    permanences = shown_permanences(sources, ground, units)
    kind = "communes" if len(units.cells) < len(ground.units.cells) else "carreaux"
    plan = sector_plan(units, outcome, held, permanences=permanences, kind=kind)
    return replace(named_plan(plan, sources), kept=kept_lines(wished.locked, areas))

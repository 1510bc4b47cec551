"""What a change of sectors hands over: to the proposed ones, on an absence, with more posts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from territory.analysis.sectors.indices import sector_indices
from territory.analysis.sectors.resplit import resplit_sectors
from territory.analysis.sectors.sector_plan import sector_plan
from territory.analysis.sectors.takeovers import handover_weight, partners_met, takeovers
from territory.errors import WrongUsage
from territory.model.sector_changes import SectorChange
from territory.model.sector_results import SectorOutcome
from territory.outputs.map_content import hidden_places
from territory.pipeline.sector_blocks import shared_ground
from territory.pipeline.sector_people import sector_team
from territory.pipeline.sector_reserves import keepers, kept_lines
from territory.pipeline.sector_units import Sources, commune_units
from territory.pipeline.sectors import (
    NO_SHARE,
    TOO_FEW,
    area_namer,
    named_plan,
    present_organisation,
    reserves_areas,
    shown_permanences,
    unit_of_cells,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.analysis.sectors.sector_plan import Units
    from territory.analysis.sectors.takeovers import Partners
    from territory.model.results import SectorPlan
    from territory.model.sector_results import ResplitOutcome
    from territory.pipeline.sector_reserves import Area
    from territory.pipeline.sector_units import CellGround
    from territory.pipeline.workspace import Built

    Who = list[frozenset[str]]

SHAPES = (0.0, 0.06)  # prices of shape tried: none, and one that unties snakes of cells
MINUTE = 0.02  # of the public handed over: what a minute more to the centre weighs
TODAY, PROPOSED = "les secteurs actuels de l'équipe", "les secteurs proposés"


@dataclass(frozen=True, slots=True, eq=False)
class SectorGround:
    """What every view starts from: products, cells as units, today's team, seed and settings."""

    built: Built
    sources: Sources
    ground: CellGround
    team: pd.DataFrame

    @property
    def cells(self) -> Units:
        """The cells of the territory as units; blocks of them where there are many."""
        return self.ground.units


def sector_ground(built: Built) -> SectorGround:
    """Return the ground of the views of a built territory; raises as `cell_ground`."""
    names = ("10_zones", "20_places", "30_activity", "40_walk", "50_need", "55_access")
    sources = Sources(*(built.products[n] for n in names))
    team = sector_team(built.table("team"), built.territory.today)
    return SectorGround(built, sources, shared_ground(built.territory, sources), team)


def change_to_plan(view: SectorGround) -> SectorChange | None:
    """Return what the proposed sectors change to today's; None when the team tells no communes."""
    before = _today(view)
    if before is None:
        return None
    return _change(view, ("Passer aux secteurs proposés", TODAY), view.built.sectors, before)


def change_of_posts(
    view: SectorGround, *, absent: Sequence[str] = (), posts: int | None = None
) -> SectorChange:
    """
    Return the sectors without the workers `absent`, or for `posts` workers, least handed over.

    One starts from today's sectors when every cell has exactly one worker, else from the proposed
    ones. Raises WrongUsage for an unknown worker, when nobody is left, or for fewer posts than
    workers (who leaves is then to be told).
    """
    after, question = _posts_after([str(a) for a in view.team.index], absent, posts)
    before, start = _start(view)
    plan = _reshared(view, after, before)
    return _change(view, (question, start), plan, before)


def _posts_after(
    agents: list[str], absent: Sequence[str], posts: int | None
) -> tuple[list[str], str]:
    unknown = sorted(set(absent) - set(agents))
    if unknown:
        raise WrongUsage(
            f"« {', '.join(unknown)} » n'a pas de secteur. L'équipe : {', '.join(agents)}."
        )
    kept = [a for a in agents if a not in set(absent)]
    wanted = len(kept) if posts is None else posts
    if wanted < len(kept):
        raise WrongUsage("Moins de postes que de personnes : dites qui part avec --absent.")
    if not kept:
        raise WrongUsage("Il ne reste personne pour reprendre les secteurs.")
    new = [f"nouveau poste {n + 1}" for n in range(wanted - len(kept))]
    said = [f"absence de {', '.join(absent)}"] if absent else []
    said += [f"{wanted} postes"] if posts is not None else []
    return kept + new, " et ".join(said)[:1].upper() + " et ".join(said)[1:]


def _today(view: SectorGround) -> Who | None:
    """Return today's workers of each cell [cells], None when the team tells no communes."""
    former = present_organisation(view.cells, view.team)
    if former is None:
        return None
    agents = [str(a) for a in view.team.index]
    return [
        frozenset(a for a, covers in zip(agents, column, strict=True) if covers)
        for column in former.covers.T
    ]


def _start(view: SectorGround) -> tuple[Who, str]:
    today = _today(view)
    if today is not None and all(len(who) == 1 for who in today):
        return today, TODAY
    return _who(view.cells, view.built.sectors), PROPOSED


def _who(cells: Units, plan: SectorPlan) -> Who:
    """Return the workers of each cell [cells] in a plan."""
    of = {cell: frozenset(s.agents) for s in plan.sectors for cell in s.cells}
    return [of.get(one[0], frozenset()) for one in cells.cells]


def _reshared(view: SectorGround, after: list[str], before: Who) -> SectorPlan:
    settings = view.built.territory.settings
    wished = settings.sectors
    units, had = _regrouped(view, before, len(after))
    found = min(
        (_resplit(view, units, had, after, shape) for shape in SHAPES),
        key=lambda one: _worth(units, one, wished.tolerance),
    )
    if (found.sector < 0).any():
        raise WrongUsage(NO_SHARE if _kept(view, units, after) else TOO_FEW)
    outcome = SectorOutcome(
        found.sector, found.load_deviation, found.ending, found.seconds, found.pieces, 0, found.note
    )
    permanences = shown_permanences(view.sources, view.ground, units)
    kind = "carreaux" if units is view.cells else "communes"
    held = [[a] for a in after]
    plan = sector_plan(units, outcome, held, permanences=permanences, kind=kind)
    kept = {code: who for code, who in wished.locked.items() if who in after}
    return replace(named_plan(plan, view.sources), kept=kept_lines(kept, _areas(view)))


def _kept(view: SectorGround, units: Units, after: list[str]) -> dict[int, str]:
    """Return who of `after` keeps which units, as the settings reserve them."""
    wished, agents = view.built.territory.settings.sectors, [str(a) for a in view.team.index]
    kept = keepers(wished.locked, _areas(view), units.cells, agents)
    return {unit: agent for unit, agent in kept.items() if agent in after}


def _areas(view: SectorGround) -> dict[str, Area]:
    built = view.built
    return reserves_areas(built.territory, view.sources, built.products["60_gaps"])


def _resplit(
    view: SectorGround, units: Units, had: list[str | None], after: list[str], shape: float
) -> ResplitOutcome:
    settings = view.built.territory.settings
    return resplit_sectors(
        units.balanced_h, units.xy[:, 0], units.xy[:, 1], units.links, had, after,
        handover=handover_weight(units.people, _partners(view, unit_of_cells(units))),
        locked=_kept(view, units, after), tolerance=settings.sectors.tolerance,
        minutes=units.minutes, shape=shape,
        time_limit_s=settings.sectors.seconds, seed=settings.ground.seed,
    )  # fmt: skip


def _worth(units: Units, found: ResplitOutcome, tolerance: float) -> tuple[int, float, float]:
    """Return what makes an answer good, least first: pieces, deviation, faces with minutes."""
    if (found.sector < 0).any():
        return len(units.cells), 0.0, 0.0
    xy, walks = units.xy, units.minutes
    seen = sector_indices(
        units.balanced_h, xy[:, 0], xy[:, 1], units.links, found.sector, minutes=walks
    )
    beyond = max(found.load_deviation - tolerance, 0.0)
    return found.pieces, round(beyond, 9), found.handover_share + MINUTE * seen.mean_to_centre


def _regrouped(view: SectorGround, before: Who, posts: int) -> tuple[Units, list[str | None]]:
    """Return the units to share again and who has each: communes when they are kept whole."""
    cells, wished = view.cells, view.built.territory.settings.sectors
    names = [min(who) if who else None for who in before]
    owners: dict[str, set[str | None]] = {}
    for commune, name in zip(cells.communes, names, strict=True):
        owners.setdefault(str(commune), set()).add(name)
    whole = wished.units == "communes" or wished.bounds == "fermes"
    if whole and len(owners) >= posts and all(len(o) == 1 for o in owners.values()):
        units = commune_units(cells)
        return units, [next(iter(owners[str(c)])) for c in units.communes]
    return cells, names


def _partners(view: SectorGround, of: dict[str, int]) -> Partners:
    """Return the partners met, where `of` says that their cells lie."""
    places = view.sources.places.tables["places"]
    unit = view.ground.holder.map(lambda c: np.nan if pd.isna(c) else of[str(c)])
    return partners_met(places, unit, hidden_places(places))


def _change(
    view: SectorGround, asked: tuple[str, str], plan: SectorPlan, before: Who
) -> SectorChange:
    load, unit_of = view.ground.by_cell, unit_of_cells(view.cells)
    names = [str(cell) for cell in load.index]
    had, has = ([who[unit_of[name]] for name in names] for who in (before, _who(view.cells, plan)))
    people = load["people"].fillna(0.0).to_numpy(float)
    met = _partners(view, {name: at for at, name in enumerate(names)})
    found = takeovers(had, has, people, met, area_namer(view.sources))
    moved = sum(t.people or 0.0 for t in found)
    total = float(people.sum())
    return SectorChange(
        *asked, plan, found, _deviation(view.cells, before), moved / total if total else 0.0
    )


def _deviation(cells: Units, before: Who) -> float | None:
    """Return the largest gap of a worker to the mean load, shared cells counting by parts."""
    loads: dict[str, float] = {}
    for who, load in zip(before, cells.balanced_h, strict=True):
        for agent in who:
            loads[agent] = loads.get(agent, 0.0) + load / len(who)
    mean = sum(loads.values()) / max(len(loads), 1)
    return max(abs(v / mean - 1.0) for v in loads.values()) if mean else None

"""A country of drawn towns, each an ordinary territory folder, and the list that a batch reads."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING

from territory.errors import WrongUsage
from territory.io.atomic import own_folder, write_text
from territory.simulate.country_files import write_town
from territory.simulate.country_people import draw_people
from territory.simulate.country_plan import plan_country
from territory.simulate.country_planting import plant_town
from territory.simulate.country_streets import draw_streets, outline
from territory.simulate.country_team import draw_team

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from territory.simulate.country_people import DrawnPeople
    from territory.simulate.country_plan import TownPlan
    from territory.simulate.country_planting import DrawnZones
    from territory.simulate.country_streets import DrawnStreets
    from territory.simulate.country_team import DrawnTeam

LIST = "liste.csv"


def draw_town(plan: TownPlan) -> tuple[DrawnStreets, DrawnPeople, DrawnZones, DrawnTeam]:
    """Draw one town of a country, whether the others are drawn or not."""
    limits = outline(plan)
    people = draw_people(plan, limits)
    zones = plant_town(plan, people.cells)
    return draw_streets(plan, limits), people, zones, draw_team(plan, people, zones)


def town_folder(plan: TownPlan) -> str:
    """Return where the folder of a town lies, from that of the country."""
    return f"{plan.departement}/{plan.slug}"


def write_country(
    folder: Path, plans: Sequence[TownPlan], *, only: Sequence[str] = (), processes: int = 1
) -> Iterator[TownPlan]:
    """
    Write the list of a country, then its towns (those named in `only` if any), yielding each one.

    The bytes do not depend on `processes`, nor on what else is drawn. Raises WrongUsage (French)
    for a town that is not in `plans`, OSError when a file cannot be written.
    """
    unknown = set(only) - {plan.slug for plan in plans}
    if unknown:
        raise WrongUsage(f"Pays dessiné : aucune ville « {', '.join(sorted(unknown))} ».")
    own_folder(folder)
    write_text(folder / LIST, listing(plans))
    wanted = [plan for plan in plans if not only or plan.slug in only]
    wanted.sort(key=lambda plan: (-plan.nodes, plan.number))
    if processes == 1:
        yield from (_write(folder, plan) for plan in wanted)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_write, [folder] * len(wanted), wanted)


def listing(plans: Sequence[TownPlan]) -> str:
    """Return the list of the towns as a batch reads it, by département then name."""
    rows = sorted((p.departement, p.slug, town_folder(p), p.network) for p in plans)
    lines = [f"{slug};{folder};{code};{network}" for code, slug, folder, network in rows]
    return "\n".join(["territoire;dossier;departement;reseau", *lines]) + "\n"


def _write(folder: Path, plan: TownPlan) -> TownPlan:
    write_town(folder / town_folder(plan), plan, draw_town(plan))
    return plan


__all__ = ["LIST", "draw_town", "listing", "plan_country", "town_folder", "write_country"]

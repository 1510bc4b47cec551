"""Two choices of permanences side by side: what opens, closes, moves, who gains and who loses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.siting.difference import difference
from territory.analysis.siting.scenarios import Scenario
from territory.analysis.siting.slot_problem import attendance
from territory.analysis.siting.who_comes import received_by_row
from territory.io.scenarios import read_scenario
from territory.outputs.compare_map import write_compare_map
from territory.pipeline.sector_units import Sources
from territory.pipeline.site_asks import asks_of, decided
from territory.pipeline.site_scene import guarantee_walks, site_scene
from territory.pipeline.sites import settled

if TYPE_CHECKING:
    from pathlib import Path

    from territory.analysis.siting.slot_plan import SlotScene
    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.model.dialogue_results import Difference
    from territory.model.results import Ending
    from territory.pipeline.workspace import Built

HALF = 0.5  # of a cell in a priority quarter
TODAY, PROPOSED = "aujourd'hui", "propose"  # names that need no file


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """A choice to compare: options of `scene`, judged by `problem`; `given_up` requests lost."""

    name: str
    scene: SlotScene
    problem: SlotProblem
    chosen: tuple[int, ...]
    given_up: int
    ending: Ending | None

    @property
    def people(self) -> float:
        """People received a week."""
        return attendance(self.problem, self.chosen).total

    @property
    def hours(self) -> float:
        """Hours of the team a week."""
        return float(self.problem.hours[list(self.chosen)].sum())


def side_of(built: Built, name: str) -> Side:
    """
    Return the choice of a saved scenario, of the settings (PROPOSED), or of now (TODAY).

    Requests of the decision log hold in all but TODAY. Raises as `read_scenario` and `settled`.
    """
    territory = built.territory
    if name not in {TODAY, PROPOSED}:
        saved = read_scenario(territory.folder, name)
        territory = territory.with_options(seed=None, sites=saved.options)
    names = ("10_zones", "20_places", "30_activity", "40_walk", "50_need", "55_access")
    sources = Sources(*(built.products[n] for n in names))
    decisions, _ = decided(territory)
    scene = site_scene(territory, sources, decisions.values())
    if name == TODAY:
        return Side(name, scene, scene.problem, tuple(scene.held()), 0, None)
    asked = Scenario(name, scene.problem.limits, asks_of(decisions, scene.options).requests)
    walks = guarantee_walks(territory, sources.ground, scene.minutes)
    found = settled(territory, scene, asked.requests, walks)
    choice = found.choice
    return Side(name, scene, choice.problem, choice.chosen, len(found.given_up), choice.ending)


def change_between(built: Built, before: Side, after: Side) -> Difference:
    """
    Return what changes from one side to the other, people by commune of residence.

    In a single commune: by those who live in a priority quarter, and those who do not.
    """
    scene = before.scene
    home = scene.home().map(scene.communes).fillna("commune inconnue")
    if home.nunique() < 2:  # noqa: PLR2004 - one commune tells nothing
        inside = scene.rows["cell_id"].map(built.table("need")["in_qpv"]).ge(HALF)
        home = inside.map({True: "quartiers prioritaires", False: "autres quartiers"})
    names = [scene.label(k) for k in range(len(scene.options))]
    return difference(
        before.problem,
        before.chosen,
        after.chosen,
        groups=list(home),
        names=names,
        problem_after=after.problem,
    )


def by_cell(before: Side, after: Side) -> pd.Series:
    """Return what each cell gains [cell_id], people received a week, below 0 for a loss."""
    rows = received_by_row(after.problem, sorted(after.chosen)) - received_by_row(
        before.problem, sorted(before.chosen)
    )
    gains = pd.Series(rows).groupby(before.scene.rows["cell_id"].to_numpy()).sum()
    return gains.rename_axis("cell_id")


def write_map(built: Built, before: Side, after: Side, change: Difference) -> Path:
    """Write outputs/comparaison_A_B.html and return its path; raises as `write_compare_map`."""
    options, held = before.scene.options, before.scene.label
    kept = sorted(set(before.chosen) & set(after.chosen))
    moved = [*change.new_times, *change.new_places]
    what = [
        *((k, "ouverte") for k in change.opened),
        *((k, "fermée") for k in change.closed),
        *((k, "quittée") for k, _ in moved),
        *((k, "reprise ailleurs ou à une autre heure") for _, k in moved),
        *((k, "gardée") for k in kept),
    ]
    rows = pd.DataFrame(
        {
            "place_id": [options["place_id"].iloc[k] for k, _ in what],
            "label": [held(k) for k, _ in what],
            "change": [word for _, word in what],
            "named": [bool(options["named"].iloc[k]) for k, _ in what],
        }
    )
    clean = (n.replace("'", "") for n in (before.name, after.name))
    return write_compare_map(
        built.territory.folder / "outputs" / f"comparaison_{'_'.join(clean)}.html",
        titles=(before.name, after.name),
        sentence=change.sentence,
        rows=rows,
        gains=by_cell(before, after),
        cells=built.table("cells"),
        communes=built.table("communes"),
        segments=built.table("segments"),
        places=built.table("places"),
        settings=built.territory.settings,
    )

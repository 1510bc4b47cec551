"""The same choice when people and behaviour are drawn again: scenarios for `robustness`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from territory.analysis.siting.pulls import option_values, slot_pull
from territory.analysis.siting.slot_build import part
from territory.analysis.siting.slot_twins import with_pulls
from territory.analysis.siting.spoken import THIN, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    import scipy.sparse as sp
    from numpy.random import Generator
    from numpy.typing import NDArray

    from territory.analysis.siting.discussion import Discussion
    from territory.analysis.siting.huff import Decay, Willingness
    from territory.analysis.siting.slot_plan import SlotScene
    from territory.analysis.siting.slot_problem import SlotProblem

TWICE, HALF_MORE = 2.0, 1.5  # how far what nobody measured may be off: assumed


@dataclass(frozen=True, slots=True)
class Ranges:
    """
    Between what each figure is drawn, low and high; all but `visits` and `half_min` are factors.

    `visits` a week of one person at the very most, `half_min` minutes that leave half of a pull,
    `publics` how often each public comes beside the others, `outside` how staying away draws.
    """

    visits: tuple[float, float]
    half_min: tuple[float, float]
    publics: tuple[float, float] = (1 / HALF_MORE, HALF_MORE)
    outside: tuple[float, float] = (1 / TWICE, TWICE)

    @property
    def sentence(self) -> str:
        """The French sentence that says what was drawn again, and between what."""
        visits, half = (f"{number(a, n)} et {number(b, n)}" for a, b, n in (
            (100 * self.visits[0], 100 * self.visits[1], 2), (*self.half_min, 1),
        ))  # fmt: skip
        publics, outside = (number(v[1]) for v in (self.publics, self.outside))
        return (
            "Tirés au sort : le public de chaque carreau (tirages de l'estimation du besoin) ; les "
            f"visites par semaine pour 100 personnes, entre {visits} ; l'assiduité d'un public "
            f"par rapport aux autres, divisée ou multipliée par {publics} au plus ; l'attrait de "
            f"rester chez soi, par {outside} au plus ; la marche qui retient une personne sur "
            f"deux, entre {half}{THIN}min."
        )


def ranges_of(visits: Willingness, decay: Decay) -> Ranges:
    """Return the ranges: the measured interval where there is one, else an assumed one."""
    often = (visits.low, visits.high) if visits.measured else (
        visits.visits / TWICE, visits.visits * TWICE
    )  # fmt: skip
    walks = (decay.low, decay.high) if decay.measured else (
        decay.value / HALF_MORE, decay.value * HALF_MORE
    )  # fmt: skip
    return Ranges(often, walks)


def redrawn(
    talk: Discussion, targets: pd.DataFrame, *, ranges: Ranges, cut_min: float, seed: int
) -> Iterator[SlotProblem]:
    """
    Yield one problem for each row of `targets` [draws x cell_id], on the options of `talk`.

    People of a cell keep their shares by public; a cell whose target is unknown keeps its own.
    Factors are drawn evenly on the logarithm. Requests stay rules. Same `seed`, same scenarios,
    whatever the order of cells.
    """
    scene = talk.scene
    usual = scene.target.reindex(targets.columns)
    factors = targets.div(usual.where(usual > 0)).fillna(1.0)
    by_row = factors.reindex(columns=scene.rows["cell_id"], fill_value=1.0).to_numpy(float)
    publics = sorted(set(scene.rows["public"]))
    values = option_values(scene.options, publics, scene.near, scene.settings)
    streams = np.random.SeedSequence([abs(seed), 75]).spawn(len(targets))
    for people, stream in zip(by_row, streams, strict=True):
        yield _drawn(talk, people, values, ranges, cut_min, np.random.default_rng(stream))


def _drawn(
    talk: Discussion,
    people: NDArray[np.float64],
    values: pd.DataFrame,
    ranges: Ranges,
    cut_min: float,
    random: Generator,
) -> SlotProblem:
    scene = talk.scene
    visits, half, outside = (
        _between(random, ends) for ends in (ranges.visits, ranges.half_min, ranges.outside)
    )
    keen = {str(p): _between(random, ranges.publics) for p in values.columns}
    weights = people * scene.rows["people"].to_numpy(float) * visits
    weights = weights * scene.rows["public"].map(keen).to_numpy(float)
    problem = replace(
        scene.problem,
        weights=weights,
        outside=scene.problem.outside * outside,
        pull=_pull(scene, values, half, cut_min),
    )
    return part(with_pulls(problem, talk.kept, talk.left), talk.kept)


def _pull(scene: SlotScene, values: pd.DataFrame, half_min: float, cut_min: float) -> sp.csc_matrix:
    return slot_pull(
        scene.rows,
        scene.options,
        scene.minutes,
        values,
        half_min=half_min,
        cut_min=cut_min,
        factors=scene.settings.walk_factor,
    )


def _between(random: Generator, ends: tuple[float, float]) -> float:
    low, high = np.log(ends)
    return float(np.exp(random.uniform(low, high)))

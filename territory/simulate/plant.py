"""One territory drawn from one number: ground, people, permanences, zones, contacts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from territory.errors import WrongUsage
from territory.simulate.contacts import draw_contacts, expected_contacts
from territory.simulate.geography import draw_ground
from territory.simulate.people import draw_people
from territory.simulate.planting import draw_permanences, draw_zones
from territory.simulate.scenario import SCENARIOS, Scenario
from territory.simulate.truth import PlantedTruth

if TYPE_CHECKING:
    from territory.simulate.contacts import Contacts
    from territory.simulate.people import People
    from territory.simulate.planting import Planted


def plant(
    seed: int,
    *,
    geography: str = "grid",
    scenario: str | Scenario = "default",
    side_cells: int = 32,
    **changes: Any,  # noqa: ANN401 - fields of Scenario, which checks them
) -> PlantedTruth:
    """
    Draw a territory whose underserved zones are known; same arguments, same territory.

    `geography` is one of GEOGRAPHIES, `scenario` one of SCENARIOS or a Scenario, of which `changes`
    replace fields: `plant(3, contacts=600)`. About side_cells^2 cells of 200 m. Streets, people,
    permanences, zones and contacts have streams of their own: two scenarios of one seed share all
    that they do not change. Raises WrongUsage (French) for names or values that cannot be.
    """
    chosen = _chosen(scenario, changes)
    if seed < 0:
        raise WrongUsage("Simulation : la graine est un entier positif ou nul.")
    streams = [np.random.default_rng(s) for s in np.random.SeedSequence(seed).spawn(6)]
    ground = draw_ground(geography, streams[0], side_cells=side_cells)
    people = draw_people(ground, streams[1], need_noise=chosen.need_noise)
    permanences = draw_permanences(ground, people, streams[2], chosen)
    minutes = ground.minutes[:, permanences].min(axis=1).astype(float)
    planted = draw_zones(ground, people, minutes, streams[3], chosen)
    rates = expected_contacts(ground, people, minutes, planted, streams[4], chosen)
    drawn = draw_contacts(ground, people, permanences, rates, (streams[5], chosen))
    return PlantedTruth(
        seed=seed, geography=geography, scenario=chosen, xy=ground.xy, minutes=ground.minutes,
        permanences=permanences, minutes_permanence=minutes, rates=rates,
        **_columns(people), **_columns(planted), **_counted(drawn, len(rates)),
    )  # fmt: skip


def _chosen(scenario: str | Scenario, changes: dict[str, Any]) -> Scenario:
    if isinstance(scenario, str):
        if scenario not in SCENARIOS:
            raise WrongUsage(f"Simulation : le scénario est l'un de {', '.join(SCENARIOS)}.")
        scenario = SCENARIOS[scenario]
    unknown = set(changes) - set(Scenario.__dataclass_fields__)
    if unknown:
        raise WrongUsage(f"Simulation : un scénario n'a pas de {', '.join(sorted(unknown))}.")
    return replace(scenario, **changes)


def _columns(part: People | Planted) -> dict[str, Any]:
    return {name: getattr(part, name) for name in part.__dataclass_fields__}


def _counted(drawn: Contacts, n: int) -> dict[str, Any]:
    known = drawn.located
    return {
        "contacts": np.bincount(drawn.home[known], minlength=n),
        "contacts_met": np.bincount(drawn.met[~known], minlength=n),
        "contact_cell": drawn.home[known],
        "contact_age_months": drawn.age_months[known],
    }

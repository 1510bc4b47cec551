"""Territories of which the truth is known, to measure what a method finds of it."""

from territory.simulate.answer import Answer, Claim, Method
from territory.simulate.geography import GEOGRAPHIES, Ground
from territory.simulate.plant import plant
from territory.simulate.scenario import SCENARIOS, Scenario
from territory.simulate.scoring import Score, score_answer
from territory.simulate.truth import PlantedTruth

__all__ = [
    "GEOGRAPHIES",
    "SCENARIOS",
    "Answer",
    "Claim",
    "Ground",
    "Method",
    "PlantedTruth",
    "Scenario",
    "Score",
    "plant",
    "score_answer",
]

"""Scenarios of a choice of permanences that can be copied, and put into a problem."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.siting.requests import with_requests
from territory.analysis.siting.slot_problem import SlotLimits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.model.requests import Request

Setting = bool | int | float | str


@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """
    A named what-if: limits, requests, and settings (of territory.toml) that replace others.

    Copied by `dataclasses.replace(scenario, name=..., ...)`: limits and settings are copied and
    cannot be written to, so that no scenario changes with another.
    """

    name: str
    limits: SlotLimits = field(default_factory=SlotLimits)
    requests: tuple[Request, ...] = ()
    settings: Mapping[str, Setting] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "limits", _own(self.limits))
        object.__setattr__(self, "requests", tuple(self.requests))
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))

    def applied(self, problem: SlotProblem) -> SlotProblem:
        """
        Return `problem` (made with the settings of the scenario) under its limits and requests.

        Raises WrongUsage when a request is about no option.
        """
        return with_requests(replace(problem, limits=self.limits), self.requests)


def _own(limits: SlotLimits) -> SlotLimits:
    at_once, reach = limits.at_once, limits.reach
    if at_once is not None:
        at_once = np.array(at_once, float)
        at_once.setflags(write=False)
    if reach is not None:
        reach = sp.csr_matrix(reach, dtype=float, copy=True)
        reach.data.setflags(write=False)
    return replace(limits, at_once=at_once, reach=reach)

"""Routes met in a search, and the best choice among them: a set packing given to HiGHS."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import scipy.sparse as sp

from territory.analysis.highs import Programme, solve
from territory.model.results import Ending

if TYPE_CHECKING:
    from collections.abc import Iterable

    from territory.analysis.routing.orienteering_problem import Asked, Route

MOST = 4000  # routes given to HiGHS, those of most prize for their places first


@dataclass(slots=True)
class Pool:
    """Routes that hold, one for each set of places."""

    asked: Asked
    routes: dict[frozenset[int], Route] = field(default_factory=dict)

    def add(self, routes: Iterable[Route]) -> None:
        """Keep `routes` whose set of places is new."""
        for route in routes:
            if route:
                self.routes.setdefault(frozenset(route), route)

    def packed(self, time_limit_s: float, seed: int) -> tuple[tuple[Route, ...], bool]:
        """Return the best routes without a place in common; whether that is proved of the pool."""
        kept = list(self.routes.values())[-MOST:]
        if not kept:
            return (), True
        prizes = np.array([self.asked.worth((route,)) for route in kept], dtype=float)
        rows = np.array([v for route in kept for v in route])
        columns = np.repeat(np.arange(len(kept)), [len(route) for route in kept])
        shape = len(self.asked.prize), len(kept)
        once = sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape)
        most = np.r_[np.ones(shape[0]), self.asked.n_routes]
        found = solve(
            Programme(
                prizes, sp.vstack([once, np.ones((1, shape[1]))]).tocsr(),
                np.full(len(most), -np.inf), most, np.zeros(shape[1]), np.ones(shape[1]),
                np.ones(shape[1], bool), maximise=True,
            ),
            time_limit_s=time_limit_s, seed=seed,
        )  # fmt: skip
        if found.values is None:
            return (), False
        chosen = tuple(kept[j] for j in np.flatnonzero(found.values > 0.5))  # noqa: PLR2004
        return chosen, found.ending is Ending.OPTIMAL

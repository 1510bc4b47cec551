"""Who lives where in a drawn territory, and what the analyst knows of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from scipy.ndimage import gaussian_filter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.simulate.geography import Ground

RESIDENTS_LOG, RESIDENTS_FIELD, RESIDENTS_OWN = 5.6, 0.55, 0.5  # log residents of a cell
PARK_ABOVE, PARK_LEFT = 1.15, 0.05  # parks: where their field is high; residents left there
RATE_LOGIT, RATE_SLOPE, RATE_FIELD, RATE_OWN = -3.1, 0.75, 0.9, 0.35  # share in the target group


class Land(Protocol):
    """Cells of a rectangular drawing that are kept: see `geography.Ground`."""

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the drawing."""
        ...

    @property
    def land(self) -> NDArray[np.bool_]:
        """Whether each cell of the drawing is kept, bool [cells]."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Residents, true target residents, need as estimated, and parks, each [n]."""

    residents: NDArray[np.float64]
    target: NDArray[np.int64]
    need: NDArray[np.float64]
    park: NDArray[np.bool_]

    @property
    def rate(self) -> NDArray[np.float64]:
        """Need per resident [n], as the analyst sees it."""
        return self.need / np.maximum(self.residents, 1.0)


def draw_people(ground: Ground, rng: np.random.Generator, *, need_noise: float) -> People:
    """Draw the people of a ground; `need_noise` is the sd of the log error of the need."""
    n = len(ground.xy)
    log = RESIDENTS_LOG + RESIDENTS_FIELD * smooth_field(ground, rng, 2.0)
    residents = np.exp(log + RESIDENTS_OWN * rng.normal(size=n)) * ground.density
    park = smooth_field(ground, rng, 1.5) > PARK_ABOVE
    left = np.where(park, rng.uniform(0, PARK_LEFT, n), 1.0)
    residents = np.round(residents * left).astype(float)
    poverty = RATE_FIELD * smooth_field(ground, rng, 2.2) + RATE_OWN * rng.normal(size=n)
    rate = 1 / (1 + np.exp(-(RATE_LOGIT + RATE_SLOPE * (poverty + ground.poverty))))
    target = rng.binomial(residents.astype(np.int64), rate).astype(np.int64)
    need = residents * rate * np.exp(need_noise * rng.normal(size=n))
    return People(residents, target, need, park)


def smooth_field(ground: Land, rng: np.random.Generator, sigma_cells: float) -> NDArray[np.float64]:
    """Return white noise smoothed over `sigma_cells`, of mean 0 and variance 1 on land, [n]."""
    values = gaussian_filter(rng.normal(size=ground.shape), sigma_cells, mode="reflect")
    field: NDArray[np.float64] = values.ravel()[ground.land]
    standard: NDArray[np.float64] = (field - field.mean()) / field.std()
    return standard

"""A territory with what is true of it, known because it was drawn."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from territory.simulate.scenario import Scenario


@dataclass(frozen=True, slots=True, eq=False)
class PlantedTruth:
    """
    What the analyst sees of n cells of 200 m, and what is true of them; arrays cannot be written.

    Seen: `xy` [n, 2] centres (metres), `minutes` [n, n] on foot between cells (float32),
    `residents` [n], `need` [n] target residents as estimated, `permanences` [p] their cells,
    `minutes_permanence` [n] to the nearest one, `contacts` [n] by known cell of residence,
    `contacts_met` [n] those of unknown residence by cell of meeting, `contact_cell` [m] and
    `contact_age_months` [m] of each located contact.

    True: `target` [n] target residents, `zone` [n] 0 or the number of the planted zone,
    `far_served` and `low_need` [n] the decoys, `park` [n] almost nobody lives there,
    `multiplier` [n] of the usual contacts, `rates` [n] contacts to be expected over the period,
    located or not.
    """

    seed: int
    geography: str
    scenario: Scenario
    xy: NDArray[np.float64]
    minutes: NDArray[np.float32]
    residents: NDArray[np.float64]
    target: NDArray[np.int64]
    need: NDArray[np.float64]
    park: NDArray[np.bool_]
    permanences: NDArray[np.int64]
    minutes_permanence: NDArray[np.float64]
    zone: NDArray[np.int64]
    far_served: NDArray[np.bool_]
    low_need: NDArray[np.bool_]
    multiplier: NDArray[np.float64]
    rates: NDArray[np.float64]
    contacts: NDArray[np.int64]
    contacts_met: NDArray[np.int64]
    contact_cell: NDArray[np.int64]
    contact_age_months: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Lock the arrays."""
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def n(self) -> int:
        """Number of cells."""
        return len(self.need)

    @property
    def planted(self) -> NDArray[np.bool_]:
        """Cells of planted zones, bool [n]."""
        return self.zone > 0

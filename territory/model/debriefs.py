"""What was printed for an outing, and what was typed of it afterwards: numbers and known words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - read at run time by the JSON writer

from territory.model.marked import marked

# Sign typed, column of ACTIVITIES, French words; in the order of the boxes of the sheet.
COUNT_SIGNS = (
    ("I", "n_informed", marked("personnes informées")),
    ("A", "n_engaged", marked("personnes accrochées")),
    ("D", "n_assessed", marked("diagnostics")),
    ("O", "n_referred", marked("orientations")),
    ("F", "n_women", marked("femmes")),
    ("H", "n_men", marked("hommes")),
    ("J", "n_under_26", marked("moins de 26 ans")),
    ("M", "n_26_59", marked("26 à 59 ans")),
    ("S", "n_60_plus", marked("60 ans et plus")),
)


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """
    One session as it was printed: what its code stands for, whatever the plan becomes.

    `identity` is what the code was drawn from. `x` and `y` are the middle of its stops, metres in
    the metric CRS of the territory, to the 100 m square (None: no stop). `stops` maps the letters
    to place ids ("" for a stretch of streets). Minutes after midnight, as planned. `partners` are
    the codes of other teams that came along.
    """

    code: str
    week: str
    identity: str
    on: date
    half_day: str
    kind: str
    agents: tuple[str, ...]
    start_min: int
    end_min: int
    place_id: str | None = None
    zone_id: str | None = None
    x: float | None = None
    y: float | None = None
    stops: dict[str, str] = field(default_factory=dict)
    partners: tuple[str, ...] = ()

    @property
    def everybody(self) -> tuple[str, ...]:
        """Return the codes of all who go, other teams last, as a log names them."""
        return tuple(dict.fromkeys((*self.agents, *self.partners)))

    @property
    def key(self) -> tuple[str, str]:
        """Return (week, code), which names one sheet for ever."""
        return self.week, self.code


@dataclass(frozen=True, slots=True)
class Debrief:
    """
    What was typed of one sheet: the session as planned (`sheet`), and as done.

    `state` is realise, annule or reporte; `kind`, `start_min` and `end_min` are what was done, the
    sheet keeps what was planned. `counts` are people by column of ACTIVITIES, what is absent was
    not counted; `at_stops` people informed by letter; `closed` letters of places found closed.
    """

    sheet: PrintedSheet
    entered: date
    state: str
    kind: str
    start_min: int
    end_min: int
    counts: dict[str, int] = field(default_factory=dict)
    at_stops: dict[str, int] = field(default_factory=dict)
    closed: tuple[str, ...] = ()
    weather: str | None = None
    cancel_reason: str | None = None

"""What a drawn territory holds: zones, decoys, and how contacts come about."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

from territory.errors import WrongUsage


@dataclass(frozen=True, slots=True)
class Gate:
    """
    Where a planted zone may lie; every pair is (from, below).

    Minutes to the nearest permanence of its first cell and of every cell; rank of the first cell
    by target rate, 0 to 1; target rate of the whole zone over that of the territory.
    """

    seed_minutes: tuple[float, float]
    cell_minutes: tuple[float, float]
    rate_rank: tuple[float, float]
    rate_ratio: tuple[float, float]


USUAL_CELLS = 1024
EVER = float("inf")
GATES = {
    "far": Gate((10.0, EVER), (8.0, EVER), (0.6, 1.01), (1.15, EVER)),  # far and needy
    "near": Gate((0.0, 8.0), (0.0, 8.0), (0.6, 1.01), (1.15, EVER)),  # at the door, and needy
    "median": Gate((10.0, EVER), (8.0, EVER), (0.35, 0.65), (0.7, 1.05)),  # far, ordinary need
}


@dataclass(frozen=True, slots=True)
class Scenario:
    """
    Everything that is chosen, not drawn.

    Permanences: how many, at least `apart_m` metres from each other. Zones: how many, the gates
    they take in turn, the share of usual contacts left in them. Decoys: `far_served` zones are far
    but met as much as others, `low_need` zones are missed too but hold little need. Contacts:
    their expected number over `months`; variance of the gamma frailty of each cell and sd of the
    smooth log field (0 and 0: Poisson); decay with minutes t to a permanence
    max(floor, exp(-(t / decay_min)^2)); share of contacts whose residence is known. People come
    alone when `group` is 1; else by outings of that many on average, at permanences and `spots`
    street corners, from homes around (Gaussian in minutes, `around_min`). `need_noise`: sd of the
    log error of the need that the analyst sees.
    """

    permanences: int = 16
    apart_m: float = 700.0
    zones: int = 4
    gates: tuple[str, ...] = ("far",)
    zone_rate: float = 0.25
    far_served: int = 2
    low_need: int = 3
    low_rate: float = 0.25
    contacts: float = 1500.0
    months: float = 18.0
    frailty_variance: float = 0.25
    field_sd: float = 0.25
    decay_min: float = 40.0
    decay_floor: float = 0.6
    located: float = 0.85
    group: float = 1.0
    spots: int = 60
    around_min: float = 5.0
    need_noise: float = 0.15

    def __post_init__(self) -> None:
        """Refuse what cannot be drawn: raises WrongUsage (French)."""
        signed = [f.name for f in fields(self) if f.name != "gates" and getattr(self, f.name) < 0]
        if signed:
            raise WrongUsage(f"Simulation : {signed[0]} ne peut pas être négatif.")
        if not set(self.gates) <= set(GATES) or not self.gates:
            raise WrongUsage(f"Simulation : les zones se plantent selon {', '.join(GATES)}.")
        if self.permanences < 1 or self.group < 1 or self.decay_min < 1:
            raise WrongUsage("Simulation : permanences, group et decay_min valent au moins 1.")
        if self.located > 1:
            raise WrongUsage("Simulation : located est une part, de 0 à 1.")


_POISSON = Scenario(frailty_variance=0.0, field_sd=0.0)
_NULL = Scenario(zones=0, far_served=0, low_need=0)
SCENARIOS = {
    "default": Scenario(),
    "few": Scenario(contacts=600.0),
    "many": Scenario(contacts=4000.0),
    "no_frailty": _POISSON,
    "near": Scenario(gates=("near",)),
    "median": Scenario(gates=("median",)),
    "mixed": Scenario(gates=("far", "near", "median")),
    "clumped": Scenario(group=4.0),
    "null": _NULL,
    "null_poisson": replace(_NULL, frailty_variance=0.0, field_sd=0.0),
    "null_exact": replace(  # need known, distance without effect: the textbook null itself
        _NULL, frailty_variance=0.0, field_sd=0.0, need_noise=0.0, decay_floor=1.0
    ),
    "null_clumped": replace(_NULL, group=4.0),
}


def like_usual(share: float, n: int) -> float:
    """
    Return a share of all need, said for a territory of 1,024 cells, in one of `n` cells.

    Zones of a larger territory keep their size; those of a smaller one keep their share.
    """
    return share * min(1.0, USUAL_CELLS / max(n, 1))

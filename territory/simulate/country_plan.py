"""A country on paper: how many nodes and quarters each town has, its name, its place at sea."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np

from territory.errors import WrongUsage
from territory.simulate.country_statistics import CHOSEN, COMMUNE_NODES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

# Lambert-93, Bay of Biscay, where the readers of coordinates still see France: nobody can take a
# town drawn there for a real one. A country too large for it (35 million nodes) is drawn over land.
SEA = (110_000.0, 6_290_000.0, 305_000.0, 6_710_000.0)
LAND = (150_000.0, 6_060_000.0, 1_190_000.0, 7_050_000.0)
APART_M = 1500.0
KEPT = 1.25  # side of the square kept, over that of a square as large as the town
LEAST_NODES = 800
# Départements that number their communes below 500: from there on, codes that no commune has.
FIRST_COMMUNE, MOST_COMMUNES = 500, 500
DEPARTEMENTS = 16
CODES = (
    "93", "92", "94", "06", "13", "84", "83", "66", "69", "42", "44", "35", "29", "56", "49", "85",
    "37", "45", "30", "87", "86", "72", "53", "22", "47", "82", "74", "18", "03", "90",
)  # fmt: skip
NETWORKS = ("Passerelle", "Boussole", "", "Tandem", "Grand Large", "")
_FIRST = (
    "Brume", "Songe", "Mirage", "Fable", "Lune", "Écume", "Aurore", "Embrun", "Nuage", "Légende",
    "Chimère", "Utopie", "Étoile", "Murmure", "Comète", "Ondine", "Dragon", "Licorne", "Goéland",
    "Balise",
)  # fmt: skip
_LAST = (
    "la-Vague", "le-Rêvé", "sur-Rien", "en-Mer", "les-Bains-Feints", "le-Haut", "le-Bas",
    "sous-Brise", "aux-Voiles", "la-Lointaine", "le-Vieux-Phare", "les-Sirènes", "du-Large",
    "la-Marée", "sans-Terre", "les-Îlots", "le-Flottant", "la-Dérive", "à-Demi", "le-Neuf",
)  # fmt: skip
_PLAIN = str.maketrans("ÉÎèéêîàçû", "EIeeeiacu")


@dataclass(frozen=True, slots=True)
class TownPlan:
    """
    One town to draw: it can be drawn alone.

    `number` from 0, `slug` its name in the list and of its folder; `x`, `y` its south-west corner
    and `side_m` the square kept for it (EPSG:2154); `communes` its codes, `first_node` and
    `first_quarter` where its numbers begin in the country.
    """

    seed: int
    number: int
    name: str
    slug: str
    departement: str
    network: str
    nodes: int
    quarters: int
    communes: tuple[str, ...]
    x: float
    y: float
    side_m: float
    first_node: int
    first_quarter: int

    def stream(self, part: int) -> np.random.Generator:
        """Return the random numbers of one part of this town, those of no other."""
        return np.random.default_rng([self.seed, self.number, part])


def plan_country(
    *, towns: int = 300, quarters: int = 1500, nodes: int = 6_000_000, seed: int = 0
) -> tuple[TownPlan, ...]:
    """
    Return the towns of a country, largest first in each département; totals are met exactly.

    Sizes are log-normal, as the communes that hold a quarter are; a town has 800 nodes and one
    quarter at least. Raises WrongUsage (French) for totals that cannot be shared, and when there
    is no room.
    """
    _check(towns, quarters, nodes, seed)
    draw = np.random.default_rng([seed, towns])
    sizes = _sizes(draw, towns, nodes)
    shared = 1 + _shared(quarters - towns, sizes.astype(float))
    names = [f"{a}-{b}" for a, b in product(_FIRST, _LAST)]
    order = draw.permutation(len(names))
    rows = []
    for number, (size, held) in enumerate(zip(sizes.tolist(), shared.tolist(), strict=True)):
        again, which = divmod(number, len(names))
        name = names[order[which]] + (f"-{again + 1}" if again else "")
        network = NETWORKS[int(draw.integers(len(NETWORKS)))]
        rows.append((name, network, size, held))
    for frame in (SEA, LAND):
        found = tuple(_placed(rows, seed, frame))
        if len(found) == towns:
            return found
    raise WrongUsage("Pays dessiné : trop de nœuds, la place manque.")


def area_m2(nodes: int) -> float:
    """Return the square metres of a town of so many nodes."""
    return nodes / CHOSEN.nodes_per_corner * CHOSEN.block_m**2


def _check(towns: int, quarters: int, nodes: int, seed: int) -> None:
    if towns < 1 or seed < 0:
        raise WrongUsage("Pays dessiné : au moins une ville, et une graine positive ou nulle.")
    if quarters < towns:
        raise WrongUsage("Pays dessiné : il faut au moins un quartier par ville.")
    if nodes < LEAST_NODES * towns:
        raise WrongUsage(f"Pays dessiné : il faut au moins {LEAST_NODES} nœuds par ville.")


def _sizes(draw: np.random.Generator, towns: int, nodes: int) -> NDArray[np.int64]:
    """Return the nodes of each town [towns]: log-normal, of sum `nodes` exactly."""
    weight = np.exp(CHOSEN.town_log_sd * draw.normal(size=towns))
    return _shared(nodes - LEAST_NODES * towns, weight) + LEAST_NODES


def _shared(whole: int, weight: NDArray[np.float64]) -> NDArray[np.int64]:
    """Share `whole` units in proportion to `weight` [n]: largest remainders, first one on ties."""
    wanted = whole * weight / weight.sum()
    found: NDArray[np.int64] = np.floor(wanted).astype(np.int64)
    order = np.argsort(found - wanted, kind="stable")
    found[order[: whole - int(found.sum())]] += 1
    return found


def _placed(
    rows: list[tuple[str, str, int, int]], seed: int, frame: tuple[float, float, float, float]
) -> Iterator[TownPlan]:
    """Yield the towns by département, row by row from the south of `frame`, while there is room."""
    by_code = _departements([size for _, _, size, _ in rows])
    x, y, high = frame[0], frame[1], 0.0
    first_node, first_quarter = 1, 1
    for code, numbers in by_code:
        first_commune = FIRST_COMMUNE
        for number in numbers:
            name, network, size, held = rows[number]
            side = sqrt(area_m2(size)) * KEPT
            if x + side > frame[2]:
                x, y, high = frame[0], y + high + APART_M, 0.0
            if y + side > frame[3] or x + side > frame[2]:
                return
            communes = _communes(size)
            codes = tuple(f"{code}{first_commune + k:03d}" for k in range(communes))
            yield TownPlan(
                seed, number, name, slug(name), code, network, size, held, codes,
                round(x), round(y), side, first_node, first_quarter,
            )  # fmt: skip
            x, high = x + side + APART_M, max(high, side)
            first_commune += communes
            first_node, first_quarter = first_node + size, first_quarter + held


def _departements(sizes: list[int]) -> list[tuple[str, list[int]]]:
    """Return code -> towns, largest first: as many in each, fewer where communes fill the codes."""
    most = ceil(len(sizes) / DEPARTEMENTS)
    found: list[list[int]] = [[]]
    for number in range(len(sizes)):
        held = found[-1]
        communes = sum(_communes(sizes[k]) for k in (*held, number))
        if len(held) == most or (held and communes > MOST_COMMUNES):
            found.append([])
        found[-1].append(number)
    if len(found) > len(CODES):
        raise WrongUsage("Pays dessiné : trop de communes pour les codes de départements.")
    return [
        (code, sorted(held, key=lambda k: (-sizes[k], k)))
        for code, held in zip(CODES, found, strict=False)
    ]


def _communes(nodes: int) -> int:
    return min(MOST_COMMUNES, max(1, round(nodes / COMMUNE_NODES)))


def slug(name: str) -> str:
    """Return a name that any file system takes: small letters, digits and dashes."""
    return name.translate(_PLAIN).lower()

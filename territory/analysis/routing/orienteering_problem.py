"""Team orienteering as the searches want it: checked, from time 0, without what cannot matter."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from typing import TYPE_CHECKING, SupportsIndex

import numpy as np
from numpy.typing import NDArray

from territory.errors import WrongUsage

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Ints = NDArray[np.int64]
Route = tuple[int, ...]
FAR = 2**60  # no time is later


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What was asked: `go` [n, n] service then travel, `prize`, `opens`, `closes` [n] from time 0.

    Routes leave `start` at 0 and are at `end` by `finish`. `soonest` [n, n] is the least time from
    one start of service to another, by any way; windows are cut to what it allows. `place` are
    those that some route may visit to gain something, `step` divides every prize.
    """

    go: Ints
    soonest: Ints
    prize: Ints
    opens: Ints
    closes: Ints
    start: int
    end: int
    finish: int
    place: Ints
    step: int
    n_routes: int

    @property
    def most(self) -> int:
        """The prize of all the places that can be visited: no answer has more."""
        return int(self.prize[self.place].sum())

    def worth(self, routes: tuple[Route, ...]) -> int:
        """Return the prize of `routes`."""
        return int(sum(self.prize[v] for route in routes for v in route))

    def holds(self, route: Route) -> bool:
        """Say whether one route keeps every rule of time (an empty one is not walked)."""
        now, at = 0, self.start
        for v in route:
            now = max(now + int(self.go[at, v]), int(self.opens[v]))
            if now > self.closes[v]:
                return False
            at = v
        return not route or now + int(self.go[at, self.end]) <= self.finish


def asked(  # noqa: PLR0913, PLR0917 - the contract
    travel: ArrayLike,
    prize: ArrayLike,
    service: ArrayLike,
    opens: ArrayLike,
    closes: ArrayLike,
    n_routes: int,
    ends: tuple[int, int],
) -> Asked:
    """
    Check the arrays (`travel` [n, n], the others [n]) and return them as the searches want them.

    Raises WrongUsage for shapes that do not agree, numbers that are not whole or are negative
    where that makes no sense, an end that is not a place.
    """
    ways = _whole(travel, "Les trajets", 2)
    n = len(ways)
    if n == 0 or ways.shape != (n, n):
        raise WrongUsage("Les trajets doivent former un tableau carré, d’au moins un lieu.")
    given = (prize, "Les gains"), (service, "Les durées"), (opens, "Les ouvertures")
    gain, stay, first, last = (_row(*x, n) for x in (*given, (closes, "Les fermetures")))
    for values, what in ((ways, "Les trajets"), (gain, "Les gains"), (stay, "Les durées")):
        if (values < 0).any():
            raise WrongUsage(f"{what} ne peuvent pas être négatifs.")
    start, end = (_position(x, n) for x in ends)
    routes = whole_number(n_routes, "Le nombre de tournées")
    begin = int(first[start])
    finish = int(last[end]) - begin
    beyond = max(finish, 0) + 1
    stay = np.where(np.arange(n) == start, 0, np.minimum(stay, beyond))
    go = np.minimum(ways, beyond) + stay[:, None]
    windows = np.clip(first - begin, 0, beyond), np.clip(last - begin, -1, beyond)
    return _reduced(go, gain, windows, (start, end), finish, routes)


def _reduced(
    go: Ints, gain: Ints, windows: tuple[Ints, Ints], ends: tuple[int, int], finish: int, m: int
) -> Asked:
    """Cut the windows to what can be reached, and keep the places that may bring something."""
    start, end = ends
    soonest = _closure(go)
    opens = np.maximum(windows[0], soonest[start])
    closes = np.minimum(windows[1], finish - soonest[:, end])
    others = ~np.isin(np.arange(len(gain)), ends)
    useful = gain > 0
    if (soonest < go).any():  # a place without gain can be a short cut
        useful[:] = True
    place = np.flatnonzero(others & useful & (opens <= closes))
    step = int(np.gcd.reduce(gain[place])) if len(place) else 1
    return Asked(go, soonest, gain, opens, closes, start, end, finish, place, max(step, 1), m)


def _closure(go: Ints) -> Ints:
    """Return the least times between places, by any way (Floyd 1962, Warshall 1962)."""
    least = go.copy()
    np.fill_diagonal(least, 0)
    for k in range(len(least)):
        np.minimum(least, least[:, k : k + 1] + least[k : k + 1], out=least)
    return least


def _whole(given: ArrayLike, what: str, axes: int) -> Ints:
    values = np.asarray(given)
    if values.ndim != axes:
        raise WrongUsage(f"{what} doivent former un tableau à {axes} dimension(s).")
    if values.dtype.kind not in "iufb" or not np.isfinite(values).all():
        raise WrongUsage(f"{what} doivent être des nombres entiers.")
    if (values != np.floor(values)).any():
        raise WrongUsage(f"{what} doivent être des nombres entiers.")
    whole: Ints = np.clip(values, -FAR, FAR).astype(np.int64)
    return whole


def _row(given: ArrayLike, what: str, n: int) -> Ints:
    values = _whole(given, what, 1)
    if len(values) != n:
        raise WrongUsage(f"{what} : {len(values)} valeurs pour {n} lieux.")
    return values


def _position(given: SupportsIndex, n: int) -> int:
    at = whole_number(given, "Le départ et l’arrivée")
    if at >= n:
        raise WrongUsage(f"Le départ et l’arrivée doivent être des lieux, de 0 à {n - 1}.")
    return at


def whole_number(given: SupportsIndex, what: str) -> int:
    """Return a whole number, 0 or more; raises WrongUsage for anything else."""
    try:
        number = operator.index(given)
    except TypeError:
        number = -1
    if number < 0:
        raise WrongUsage(f"{what} : un nombre entier, 0 ou plus, est attendu.")
    return number

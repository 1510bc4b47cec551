"""Sectors when posts change: as even as asked, with as little as possible changing hands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from territory.analysis.clock import Clock
from territory.analysis.sectors.compact import costs_to, whole_inertia
from territory.analysis.sectors.exact import MAX_UNITS, best_partition
from territory.analysis.sectors.ground import ground_of, possible
from territory.analysis.sectors.held import held_best, moving_bound
from territory.analysis.sectors.pieces import can_hold
from territory.analysis.sectors.problem import FREE, deviation_of, excess_pieces, positive
from territory.analysis.sectors.search import polished, ready, searched
from territory.analysis.sectors.starts import in_one_piece, transport
from territory.errors import WrongUsage
from territory.model.results import Ending
from territory.model.sector_results import Move, ResplitOutcome

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from numpy.typing import ArrayLike, NDArray

    from territory.analysis.sectors.problem import Ground, Reals

    Longs = NDArray[np.int64]
    Sectors = NDArray[np.int32]

EXACT_CELLS = 1000  # units x posts given to the whole-number programme
TIE = 0.5  # of the least weight: what the whole compactness may cost
PULLS = (0.0, 0.1, 1.0)  # compactness of the starts, in people handed over
TRIES = (24, 60)
GAP = 0.01
EPS = 1e-9
NOTHING = "Aucun découpage : il y a moins d'unités libres que de postes."
LEAST = "Aucun découpage aussi équilibré ne fait changer moins de monde de mains."
NEAR = "Un découpage qui ferait changer un peu moins de monde de mains peut exister."
OPEN = "Un découpage qui ferait changer moins de monde de mains peut exister."
UNEVEN = "Les charges s'écartent plus que demandé."
BROKEN = "Certains secteurs ne sont pas d'un seul tenant."


def resplit_sectors(  # noqa: PLR0913 - the ground, then what changes
    load: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
    adjacency: Any,  # noqa: ANN401 - sparse, dense or pairs
    present: Sequence[Hashable] | ArrayLike,
    posts: Sequence[Hashable],
    *,
    handover: ArrayLike | None = None,
    tolerance: float = 0.03,
    locked: Mapping[int, Hashable] | None = None,
    minutes: ArrayLike | None = None,
    shape: float = 0.0,
    time_limit_s: float = 10.0,
    seed: int = 0,
) -> ResplitOutcome:
    """
    Share units among `posts`, most of them staying with the post that has them at `present`.

    Units as in `balanced_sectors`. `present` [units] names the post of each unit; one that is not
    in `posts` is gone and its units are shared, one of `posts` that has nothing is new; None (or
    -1) is nobody. `handover` [units] weighs what changes hands with a unit (people known and
    relations with partners; the load by default). `locked` {unit: post}.

    First the fewest pieces, then the deviation beyond `tolerance`, then what is handed over, then
    compactness; with `shape` above 0, what is handed over and compactness together: the spread of
    one sector as wide as the territory weighs as much as `shape` of everything changing hands. Up
    to 1,000 units x posts, without `shape`, a whole-number programme is given half of the time:
    « optimal » when it proves that no sectors in one piece each, as even, hand over less; « within
    gap » when at most 1 % of all the weight could be spared; « time up » otherwise; « impossible »
    when there is no answer or sectors cannot be in one piece each (the best found is then given).
    Raises WrongUsage for what `balanced_sectors` refuses, a post named twice, an unknown lock.
    """
    ready()
    clock = Clock(time_limit_s)
    names = list(posts)
    now = _positions(present, names)
    locks = {u: _position(names, s) for u, s in (locked or {}).items()}
    ground, order = ground_of(
        load, (x, y), adjacency, len(names), tolerance=tolerance, locked=locks, minutes=minutes
    )
    n = len(order)
    if len(now) != n:
        raise WrongUsage("« present » : un poste par unité est attendu.")
    weight = positive(load if handover is None else handover, "handover", n)
    change = Change(list(_listed(present)), names, now, weight)
    if not possible(ground):
        return change.told(np.full(n, -1, np.int64), (np.inf, 0), Ending.IMPOSSIBLE, NOTHING, clock)
    priced = _priced(ground, now[order], weight[order], shape)
    if shape > 0:
        sector, bound, exact = _searched(priced, now[order], seed, clock)
    else:
        sector, bound, exact = _least(priced, now[order], seed, clock)
    given = np.empty(n, np.int64)
    given[order] = sector
    return _ended(change, ground, given, (sector, bound, exact), clock)


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What was, and who is there: posts before by unit, posts after, positions, weights [units]."""

    before: list[Hashable]
    names: list[Hashable]
    now: Longs
    weight: Reals

    @property
    def had(self) -> NDArray[np.bool_]:
        """Mark the units [units] that had a post."""
        return np.array([b not in (None, -1) for b in self.before], bool)

    @property
    def unavoidable(self) -> float:
        """Return the weight of the units whose post is gone."""
        return float(self.weight[self.had & (self.now == FREE)].sum())

    def told(
        self,
        sector: Longs,
        what: tuple[float, int],
        ending: Ending,
        note: str,
        clock: Clock,
        bound: float = 0.0,
    ) -> ResplitOutcome:
        """Return the outcome of `sector` [units], `what` its deviation and pieces."""
        changed = np.flatnonzero(self.had & (self.now != sector) & (sector >= 0))
        moves = tuple(
            Move(int(u), self.before[u], self.names[sector[u]], float(self.weight[u]))
            for u in changed
        )
        moved, whole = float(self.weight[changed].sum()), float(self.weight[self.had].sum())
        sector.flags.writeable = False
        return ResplitOutcome(
            sector, moves, moved, moved / whole if whole else 0.0, self.unavoidable,
            min(bound, moved), what[0], ending, clock.spent_s, what[1], note,
        )  # fmt: skip


def _listed(values: Any) -> list[Hashable]:  # noqa: ANN401 - an array or a sequence
    listed = values.tolist() if isinstance(values, np.ndarray) else list(values)
    return [None if isinstance(v, float) and np.isnan(v) else v for v in listed]


def _positions(present: Any, names: list[Hashable]) -> Longs:  # noqa: ANN401
    if len(set(names)) != len(names):
        raise WrongUsage("Un poste est nommé deux fois.")
    place = {name: s for s, name in enumerate(names)}
    return np.array([place.get(p, FREE) for p in _listed(present)], np.int64)


def _position(names: list[Hashable], post: Hashable) -> int:
    if post not in names:
        raise WrongUsage(f"Le poste « {post} », réservé, n'est pas dans la liste.")
    return names.index(post)


def _priced(ground: Ground, now: Longs, weight: Reals, shape: float) -> Ground:
    """Return the ground on which moving costs its weight, and compactness `shape` or a trifle."""
    moving = np.where(now[:, None] == np.arange(ground.k)[None], 0.0, weight[:, None])
    moving[now == FREE] = 0.0  # shared whatever is done
    least = float(weight[weight > 0].min(initial=np.inf))
    spread = whole_inertia(ground) or 1.0
    tie = TIE * (least if np.isfinite(least) else 1.0)
    return replace(ground, moving=moving, pull=max(tie, shape * float(weight.sum())) / spread)


def _searched(ground: Ground, now: Longs, seed: int, clock: Clock) -> tuple[Sectors, float, bool]:
    """Return sectors that weigh their shape too, and a bound of what any as even hand over."""
    sector = searched(ground, _starts(ground, now, clock), seed=seed, clock=clock, tries=TRIES)
    if not can_hold(ground):
        return sector, 0.0, False
    most = max(deviation_of(ground.load, sector, ground.k), ground.tolerance)
    return sector, moving_bound(ground, most + EPS, clock), False


def _least(ground: Ground, now: Longs, seed: int, clock: Clock) -> tuple[Sectors, float, bool]:
    """Return sectors, a bound of what moves beside the units of posts gone, and whether proved."""
    if len(ground.load) <= MAX_UNITS:
        found = best_partition(ground, slack=ground.tolerance)
        if found is not None:
            return found, _moved(ground, found), True
    sector, bound, _ = _searched(ground, now, seed, clock)
    away = deviation_of(ground.load, sector, ground.k)
    if not can_hold(ground):
        return sector, 0.0, False
    known = None if excess_pieces(ground.links, sector) else sector
    most, even = max(away, ground.tolerance), away <= ground.tolerance
    if ground.moving is not None and ground.moving.size <= EXACT_CELLS:
        if not even or known is None:
            most, even, known = _most_even(ground, known, most, (seed, clock))
        held = held_best(ground, known, clock.part(0.5), most=most + EPS, seed=seed)
        if held.sector is not None:
            return _tidied(ground, held.sector, most), held.bound, even
        return (sector if known is None else known), held.bound, False
    return sector, bound, False


def _most_even(
    ground: Ground, known: Sectors | None, most: float, how: tuple[int, Clock]
) -> tuple[float, bool, Sectors | None]:
    """Return the least deviation, whether it is proved, and sectors that have it."""
    seed, clock = how
    held = held_best(ground, known, clock.part(0.25), seed=seed)
    if held.sector is None:
        return most, False, known
    away = deviation_of(ground.load, held.sector, ground.k)
    return max(away, ground.tolerance), True, _relabelled(ground, held.sector)


def _relabelled(ground: Ground, sector: Sectors) -> Sectors:
    """Give sectors that are all alike to the posts that know most of each."""
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - rarely needed

    if ground.moving is None or (ground.locks != FREE).any():
        return sector
    cost = np.array([ground.moving[sector == s].sum(axis=0) for s in range(ground.k)])
    return np.asarray(linear_sum_assignment(cost)[1], np.int32)[sector]


def _tidied(ground: Ground, sector: Sectors, most: float) -> Sectors:
    """Return sectors as compact as moves that hand over no more make them."""
    even = replace(ground, tolerance=most + EPS)
    rank, found = polished(even, sector)
    same = _moved(ground, found) <= _moved(ground, sector) + EPS
    return found if same and rank[:2] == (0, 0.0) else sector


def _moved(ground: Ground, sector: Sectors) -> float:
    assert ground.moving is not None  # noqa: S101 - priced
    return float(ground.moving[np.arange(len(sector)), sector].sum())


def _starts(ground: Ground, now: Longs, clock: Clock) -> Any:  # noqa: ANN401 - a function
    """Return a function that draws sectors near the present ones, new posts anywhere."""
    whole = whole_inertia(replace(ground, pull=1.0)) or 1.0
    worth = 0.0 if ground.moving is None else float(ground.moving.max(axis=1).sum())

    def first(rng: np.random.Generator) -> Sectors:
        """Draw one start."""
        chosen = rng.choice(len(now), ground.k, p=ground.weight / ground.weight.sum())
        middles = np.array([_middle(ground, now, s, int(chosen[s])) for s in range(ground.k)])
        pull = ground.pull + float(rng.choice(PULLS)) * ground.k * worth / whole
        cost = costs_to(replace(ground, pull=pull), middles=middles)
        return in_one_piece(ground, transport(ground, cost, clock.left_s), cost)

    return first


def _middle(ground: Ground, now: Longs, s: int, drawn: int) -> int:
    """Return the unit nearest the mean of what a post has, `drawn` when it has nothing."""
    mine = np.flatnonzero((now == s) | (ground.locks == s))
    if len(mine) == 0:
        return drawn
    mean = np.average(ground.points[mine], axis=0, weights=ground.weight[mine])
    return int(mine[((ground.points[mine] - mean) ** 2).sum(axis=1).argmin()])


def _ended(
    change: Change,
    ground: Ground,
    given: Longs,
    found: tuple[Sectors, float, bool],
    clock: Clock,
) -> ResplitOutcome:
    sector, bound, exact = found
    away = deviation_of(ground.load, sector, ground.k)
    pieces = excess_pieces(ground.links, sector)
    told = change.told(given, (away, pieces), Ending.TIME_UP, "", clock, bound + change.unavoidable)
    spared = told.handover - told.bound
    whole = float(change.weight[change.had].sum())
    if pieces:
        ending = Ending.TIME_UP if can_hold(ground) else Ending.IMPOSSIBLE
        note = BROKEN
    elif exact and spared <= EPS * max(whole, 1.0):
        ending, note = Ending.OPTIMAL, LEAST
    elif away <= ground.tolerance and spared <= GAP * whole:
        ending, note = Ending.WITHIN_GAP, NEAR
    else:
        ending, note = Ending.TIME_UP, OPEN
    said = f"{note} {UNEVEN}" if away > ground.tolerance + EPS else note
    return replace(told, ending=ending, note=said)

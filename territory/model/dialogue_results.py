"""Frozen answers of the dialogue on permanences: what each brings, what else would do as well."""

from __future__ import annotations

from dataclasses import dataclass

from territory.model.results import Ending  # noqa: TC001 - read at run time by the JSON writer

PerGroup = tuple[tuple[str, float], ...]  # label of a group of rows, people a week


@dataclass(frozen=True, slots=True)
class Suggestion:
    """
    One new option, added after those ranked before it; all figures are people received a week.

    `gain` is what the whole choice receives more thanks to it, `received` what it receives itself,
    `transferred` the part of these whom the options already open lose (gain = received -
    transferred; below 0 when it frees room there); `taken` says from which options, `to` whom the
    gain goes to (labels of the rows, largest first). `lost_without`: what the final choice would
    lose if this one alone were dropped.
    """

    rank: int
    option: int
    gain: float
    received: float
    transferred: float
    taken: tuple[tuple[int, float], ...]
    to: PerGroup
    lost_without: float


@dataclass(frozen=True, slots=True)
class Suggestions:
    """
    The new options of a choice, ranked; `held` and `kept` are people received a week before them.

    `held`: by the options held now, all of them; `kept`: by those of them that the choice keeps.
    `kept` and all gains add up to `total`, what the whole choice receives.
    """

    held: float
    kept: float
    total: float
    ranked: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """
    The best choice found with `added` new options at most, and what the last step brought.

    `value` and `bound` (proven) are in the unit of the question: people received a week, or weight
    covered. `gain` is beside the point before (None for the first one). `hours` are staff hours a
    week of the whole choice (places, for a question without hours), `hours_per_person` the hours
    added by the step for each person gained (None where nobody is).
    """

    added: int
    chosen: tuple[int, ...]
    value: float
    bound: float
    gain: float | None
    hours: float
    hours_per_person: float | None
    ending: Ending


@dataclass(frozen=True, slots=True)
class Curve:
    """
    What 1, 2 ... k new options bring; values never fall from one point to the next.

    `concave`: no step gains more than the one before it. `elbow` is the `added` of the point
    farthest above the straight line from the first point to the last (Satopää et al. 2011), None
    when no point is above it. `flat`: the curve was left at its last point, which gains nothing.
    `impossible` are the numbers of new options with which no choice keeps the rules.
    """

    points: tuple[CurvePoint, ...]
    concave: bool
    elbow: int | None
    flat: bool
    impossible: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NearSet:
    """A choice (sorted positions) and what it is worth, in the unit of the question."""

    chosen: tuple[int, ...]
    value: float


@dataclass(frozen=True, slots=True)
class Swap:
    """One chosen option against another one: what the best choice loses (below 0: rounding)."""

    leaves: int
    enters: int
    loss: float


@dataclass(frozen=True, slots=True)
class NearOptimal:
    """
    All the choices worth at most the share `share` (0-1) less than the best one, best first.

    `complete`: there is no other, and the first is proved best. Otherwise `above` says which part
    of them is there: every choice worth more than that (None: the search was stopped, and others
    may be as good or better). Of the sets found: `indispensable` options are new and in every one,
    `sometimes` those in some, with the share of the sets (0-1) that hold them; `swaps` are the sets
    one exchange away from the first. Without any set, `best` is None.
    """

    share: float
    best: float | None
    sets: tuple[NearSet, ...]
    complete: bool
    above: float | None
    indispensable: tuple[int, ...]
    sometimes: tuple[tuple[int, float], ...]
    swaps: tuple[Swap, ...]


@dataclass(frozen=True, slots=True)
class Frequency:
    """
    In how many scenarios an option or a place is chosen.

    `share` is 0-1 of the scenarios that have an answer; `low` and `high` its 95 % interval
    (Wilson 1927): what more scenarios of the same kind would show.
    """

    position: int
    times: int
    share: float
    low: float
    high: float

    @property
    def sentence(self) -> str:
        """The French sentence of a page: « choisi dans 87 % des scénarios »."""
        if self.times == 0:
            return "jamais choisi"
        percent = min(max(round(100 * self.share), 1), 99) if self.share < 1 else 100
        return f"choisi dans {percent}\u202f% des scénarios"


@dataclass(frozen=True, slots=True)
class Robustness:
    """
    What becomes of a choice when demand and behaviour are drawn again.

    `scenarios` were solved, `impossible` of them have no answer and count in no share. `options`
    and `places` are those chosen at least once, most often first. `regrets` [scenarios with an
    answer]: share (0-1) of what the best choice of the scenario receives that the base choice
    would not; `kept`: in how many of them the base choice keeps every rule.
    """

    scenarios: int
    impossible: int
    options: tuple[Frequency, ...]
    places: tuple[Frequency, ...]
    regrets: tuple[float, ...]
    kept: int

    @property
    def mean_regret(self) -> float:
        """Mean of the regrets, 0-1; NaN without any scenario."""
        return sum(self.regrets) / len(self.regrets) if self.regrets else float("nan")

    @property
    def worst_regret(self) -> float:
        """Largest of the regrets, 0-1; NaN without any scenario."""
        return max(self.regrets, default=float("nan"))


@dataclass(frozen=True, slots=True)
class Price:
    """
    What some requests cost together, people a week: beside `without`, what the choice loses.

    `requests` are positions, all of `who`. `low` and `high` hold the true price whatever the
    searches left unproved (equal to `price` when both are optimal). `price`, `low` and `high` are
    None when there is no answer with all requests; `without` too when there is none without these
    (`high` alone: no bound was found).
    """

    who: str
    requests: tuple[int, ...]
    without: float | None
    price: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Prices:
    """
    What requests cost: people a week with all of them, and with none (None: no choice is possible).

    `each` is one row a request, `by_who` one row for those who ask several things, all together.
    `chosen` is the choice that keeps them all.
    """

    with_all: float | None
    with_none: float | None
    chosen: tuple[int, ...]
    each: tuple[Price, ...]
    by_who: tuple[Price, ...]


@dataclass(frozen=True, slots=True)
class Loosened:
    """One limit made looser: its name in French, from which value to which one."""

    name: str
    was: float
    becomes: float


@dataclass(frozen=True, slots=True)
class Relaxation:
    """
    One set of requests and limits to give up, and the best choice that keeps all the rest.

    `requests` and `guarantees` (rows of `SlotLimits.reach`) are positions dropped; `loosened`
    limits go no further than needed. `objective` and `bound` are people a week; `sentence` says it
    in French.
    """

    requests: tuple[int, ...]
    guarantees: tuple[int, ...]
    loosened: tuple[Loosened, ...]
    chosen: tuple[int, ...]
    objective: float
    bound: float
    ending: Ending
    sentence: str


@dataclass(frozen=True, slots=True)
class Relaxations:
    """
    The smallest ways out of requests and limits that contradict one another, best first.

    `needed`: how many requests or limits each gives up (0: all can be kept together; None: no way
    out was found). `proved`: all smaller sets were shown impossible, and all sets of this size
    were tried.
    """

    found: tuple[Relaxation, ...]
    needed: int | None
    proved: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """
    What changes from one choice to another on the same options; people are a week.

    `opened` and `closed` are positions; `new_times` are (from, to) in one place at another
    half-day, `new_places` at one half-day in another place; none of these is opened or closed.
    `won` and `lost` are sums by group of rows, of the rows that gain and that lose (both >= 0, so
    that won - lost is `people`). `sentence` says it in French.
    """

    opened: tuple[int, ...]
    closed: tuple[int, ...]
    new_times: tuple[tuple[int, int], ...]
    new_places: tuple[tuple[int, int], ...]
    people: float
    hours: float
    won: PerGroup
    lost: PerGroup
    sentence: str


@dataclass(frozen=True, slots=True)
class ChosenGroup:
    """A group of quarters retained, and the need it adds to those before it (people)."""

    group: int
    name: str
    quarters: tuple[str, ...]
    gain: float


@dataclass(frozen=True, slots=True)
class Extension:
    """
    The groups of quarters retained for an extension, what each request cost, and the note.

    `need` is the need not served yet that they hold, of `total`, with `bound` what no other choice
    of as many groups exceeds without breaking a request (people). `ways_out` tells what to give up
    when the requests cannot be kept together (None otherwise); `note` are French lines.
    """

    groups: tuple[ChosenGroup, ...]
    need: float
    total: float
    bound: float
    ending: Ending
    prices: Prices
    ways_out: Relaxations | None
    note: tuple[str, ...]

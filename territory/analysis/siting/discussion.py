"""A choice of permanences as it is discussed: its few different options, and who asks what."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from territory.analysis.siting.requests import with_requests
from territory.analysis.siting.settled_slots import settled_slots
from territory.analysis.siting.slot_build import part
from territory.analysis.siting.slot_choice import searched
from territory.analysis.siting.slot_problem import attendance
from territory.analysis.siting.slot_twins import (
    preference,
    repeats,
    settled,
    twins,
    with_pulls,
)
from territory.model.results import Ending
from territory.model.site_results import SlotOutcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from territory.analysis.siting.slot_choice import Choice
    from territory.analysis.siting.slot_plan import SlotScene
    from territory.analysis.siting.slot_problem import SlotProblem
    from territory.model.dialogue_results import NearOptimal
    from territory.model.requests import Request


@dataclass(frozen=True, slots=True, eq=False)
class Discussion:
    """
    The choice of `scene` with one option for each that is worth the same.

    `kept` [options here] are positions in `scene`; `free` is the problem without any request,
    `problem` with all of `requests` (positions here). `left` [options here] is what is left of the
    pull of each: a second half-day of a place draws less. `told` are options of the scene already
    proposed, whose half-days name their equals.
    """

    scene: SlotScene
    kept: NDArray[np.int64]
    left: NDArray[np.float64]
    free: SlotProblem
    problem: SlotProblem
    requests: tuple[Request, ...]
    told: tuple[int, ...] = ()

    def here(self, chosen: Sequence[int]) -> tuple[int, ...]:
        """Return the positions here of options of the scene: equals, those that draw most first."""
        groups, found = self.scene.groups, list[int]()
        order = sorted(range(len(self.kept)), key=lambda n: (-self.left[n], n))
        for k in chosen:
            same = [n for n in order if groups[self.kept[n]] == groups[k]]
            found += [n for n in same if n not in found][:1]
        return tuple(sorted(found))

    def there(self, chosen: Sequence[int]) -> tuple[int, ...]:
        """Return the positions in the scene of options here."""
        return tuple(int(self.kept[n]) for n in chosen)

    def label(self, n: int) -> str:
        """Return how an option here is told: « place, half-day », the one that suits the team."""
        scene, k = self.scene, int(self.kept[n])
        group = [m for m, j in enumerate(self.kept) if scene.groups[j] == scene.groups[k]]
        same = sorted(group, key=lambda m: (-self.left[m], m))
        order = dict.fromkeys([*self.told, *self._suited().tolist()])
        suited = [j for j in order if scene.groups[j] == scene.groups[k]]
        return scene.label(int(suited[same.index(n)]))

    def new(self, chosen: Sequence[int]) -> list[str]:
        """Return the new half-days of options here, each on the day that suits the team."""
        scene = self.scene
        told = settled(scene.problem, scene.options, scene.groups, self.there(chosen))
        return [scene.label(k) for k in told if not scene.problem.present[k]]

    def _suited(self) -> NDArray[np.int64]:
        return preference(self.scene.options, self.scene.problem, self.scene.held())

    def place(self, number: int) -> str:
        """Return how a place (number of `problem.place`) is told."""
        at = int((self.problem.place == number).nonzero()[0][0])
        return self.label(at).rpartition(", ")[0]


def asked_scene(scene: SlotScene, requests: Sequence[Request]) -> SlotScene:
    """Return `scene` with `requests` as rules; raises WrongUsage as `with_requests`."""
    problem = with_requests(scene.problem, requests)
    return replace(scene, problem=problem, groups=twins(problem))


def discussion(scene: SlotScene, requests: Sequence[Request] = ()) -> Discussion:
    """
    Return the choice of `scene` as it is discussed under `requests` (positions in the scene).

    Raises WrongUsage as `with_requests`.
    """
    asked = asked_scene(scene, requests)
    kept = searched(asked.problem, scene.options, asked.groups)
    left = repeats(asked.problem, kept, scene.settings.repeat)
    free = part(with_pulls(scene.problem, kept, left), kept)
    at = {int(k): n for n, k in enumerate(kept)}
    mine = tuple(replace(r, options=tuple(at[k] for k in r.options if k in at)) for r in requests)
    return Discussion(asked, kept, left, free, with_requests(free, mine), mine)


def really_different(talk: Discussion, near: NearOptimal) -> NearOptimal:
    """
    Return `near` (options here) without the sets that are told twice.

    A set with the second half-day of a place and without its first one is the same choice as with
    the first one, worth less on paper only.
    """
    problem = talk.problem
    new = ~problem.present

    def sound(chosen: tuple[int, ...]) -> bool:
        seconds = [n for n in chosen if new[n] and talk.left[n] < 1]
        first = {int(problem.place[n]) for n in chosen if talk.left[n] >= 1}
        return all(int(problem.place[n]) in first for n in seconds)

    sets = tuple(s for s in near.sets if sound(s.chosen))
    obvious = problem.present | problem.fixed
    counts = Counter(n for s in sets for n in s.chosen if not obvious[n])
    often = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    first = set(sets[0].chosen) if sets else set()
    swaps = tuple(s for s in near.swaps if sound(tuple(sorted((first - {s.leaves}) | {s.enters}))))
    return replace(
        near,
        sets=sets,
        indispensable=tuple(sorted(n for n, times in counts.items() if times == len(sets))),
        sometimes=tuple((n, times / len(sets)) for n, times in often if times < len(sets)),
        swaps=swaps,
    )


def best_choice(
    problem: SlotProblem,
    *,
    start: Sequence[int] = (),
    time_limit_s: float = 5.0,
    seed: int = 0,
) -> SlotOutcome:
    """Return the best choice, as `settled_slots` with no gap accepted."""
    return settled_slots(problem, start=start, time_limit_s=time_limit_s, gap=0.0, seed=seed)


def outcome_of(choice: Choice, *, told: bool = False) -> SlotOutcome:
    """Return a choice as the other searches of the dialogue tell theirs (`told`: impossible)."""
    found = attendance(choice.problem, choice.chosen)
    ending = Ending.IMPOSSIBLE if told else choice.ending
    coming, served = (tuple(map(float, v)) for v in (found.coming, found.served))
    bound = max(choice.bound, found.total)
    return SlotOutcome(choice.chosen, found.total, bound, ending, coming, served, 0, 0.0)

"""What changes from one choice of permanences to another: half-days, people, and a sentence."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from territory.analysis.siting.slot_problem import checked
from territory.analysis.siting.solvers import positions
from territory.analysis.siting.spoken import listed, number
from territory.analysis.siting.who_comes import by_group, received_by_row
from territory.errors import WrongUsage
from territory.model.dialogue_results import Difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from territory.analysis.siting.slot_problem import SlotProblem

Pairs = list[tuple[int, int]]


def difference(
    problem: SlotProblem,
    before: Sequence[int],
    after: Sequence[int],
    *,
    groups: Sequence[str] = (),
    names: Sequence[str] = (),
    problem_after: SlotProblem | None = None,
) -> Difference:
    """
    Return what changes from the choice `before` to the choice `after` (positions of options).

    `groups` are labels [rows], `names` [options] those of the sentence (« Médiathèque, lundi
    matin »). `problem_after` is the problem of `after` when the two scenarios have other settings,
    on the same options and rows. Raises WrongUsage when they are not, or names lack.
    """
    later = checked(problem) if problem_after is None else checked(problem_after)
    if later.options != problem.options or len(later.weights) != len(problem.weights):
        raise WrongUsage("Deux scénarios se comparent sur les mêmes lieux et demi-journées.")
    if len(names) not in {0, problem.options}:
        raise WrongUsage("Il faut un nom pour chaque permanence possible.")
    old, new = (set(positions(chosen, problem.options)) for chosen in (before, after))
    gone, come = sorted(old - new), sorted(new - old)
    new_times, gone, come = _moved(problem.place, problem.slot, gone, come)
    new_places, gone, come = _moved(problem.slot, problem.place, gone, come)
    rows = received_by_row(later, sorted(new)) - received_by_row(problem, sorted(old))
    people = float(rows.sum())
    hours = float(later.hours[sorted(new)].sum() - problem.hours[sorted(old)].sum())
    net = by_group(rows, groups)
    won = tuple((label, x) for label, x in net if x > 0)
    lost = tuple((label, -x) for label, x in reversed(net) if x < 0)
    changes = (come, gone, [*new_times, *new_places])
    sentence = f"{_half_days(changes, names)} : {_people(people, won, lost)}."
    return Difference(
        tuple(come), tuple(gone), tuple(new_times), tuple(new_places), people, hours, won, lost,
        sentence[0].upper() + sentence[1:],
    )  # fmt: skip


def _moved(
    same: NDArray[np.int64], other: NDArray[np.int64], gone: list[int], come: list[int]
) -> tuple[Pairs, list[int], list[int]]:
    """Pair options of one `same` number in the order of the `other`; the same both ways round."""
    out, into = (_by_number(same, other, options) for options in (gone, come))
    pairs = [
        pair
        for key in sorted(set(out) & set(into))
        for pair in zip(out[key], into[key], strict=False)
    ]
    left = {j for j, _ in pairs}, {j for _, j in pairs}
    return pairs, [j for j in gone if j not in left[0]], [j for j in come if j not in left[1]]


def _by_number(
    same: NDArray[np.int64], other: NDArray[np.int64], options: list[int]
) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for option in sorted(options, key=lambda j: (other[j], j)):
        found[int(same[option])].append(option)
    return found


def _half_days(changes: tuple[list[int], list[int], Pairs], names: Sequence[str]) -> str:
    opened, closed, moved = changes

    def name(option: int) -> str:
        return f"« {names[option]} »" if len(names) else f"n°\u00a0{option + 1}"

    said = [f"ouvrir {listed([name(j) for j in opened])}"] if opened else []
    said += [f"fermer {listed([name(j) for j in closed])}"] if closed else []
    if moved:
        said.append(f"déplacer {listed([f'{name(a)} vers {name(b)}' for a, b in moved])}")
    return ", ".join(said) or "mêmes permanences"


def _people(
    people: float, won: tuple[tuple[str, float], ...], lost: tuple[tuple[str, float], ...]
) -> str:
    if abs(people) < 0.05:  # noqa: PLR2004 - shown with one decimal
        said = "autant de personnes reçues par semaine"
    else:
        more = "de plus" if people > 0 else "de moins"
        word = "personnes" if abs(people) >= 2 else "personne"  # noqa: PLR2004 - French plural
        said = f"{number(abs(people))} {word} {more} par semaine"
    gains = [f"{label} (+{number(x)})" for label, x in won[:2]]
    falls = [f"{label} (−{number(x)})" for label, x in lost[:2]]
    said += f" ; en gagnent : {listed(gains)}" if gains else ""
    return said + (f" ; en perdent : {listed(falls)}" if falls else "")

"""Frozen answers of the dialogue on permanences: what each brings, what else would do as well."""

from __future__ import annotations

from dataclasses import dataclass

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

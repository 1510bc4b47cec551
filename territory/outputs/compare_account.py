"""Scenarios of permanences told in French: what each asks, and what changes between two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.outputs.french import THIN, number

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from territory.io.scenarios import Saved
    from territory.model.dialogue_results import Difference

Figures = tuple[str, float, float, int, int]  # name, people, hours, half-days, requests given up


def scenario_lines(saved: Saved) -> list[str]:
    """Return what a scenario asks, one line a kind of request."""
    copied = f", copié de « {saved.copied_from} »" if saved.copied_from else ""
    asked = [
        ("demi-journées nouvelles", "" if saved.add is None else str(saved.add)),
        ("à retenir", " ; ".join(saved.required)),
        ("à écarter", " ; ".join(saved.forbidden)),
        ("à garder", " ; ".join(saved.kept)),
        ("aucun QPV à plus de",
         "" if saved.guarantee_min is None else f"{number(saved.guarantee_min)}{THIN}min"),
    ]  # fmt: skip
    told = [f"  {title}{THIN}: {value}" for title, value in asked if value]
    return [f"Scénario « {saved.name} »{copied}{THIN}:", *(told or ["  les réglages, sans plus"])]


def compare_lines(
    change: Difference, figures: Sequence[Figures], label: Callable[[int], str]
) -> list[str]:
    """Return both sides in figures, the sentence, then half-days and communes that change."""
    lines = [
        f"{name}{THIN}: {number(people, 1)} personnes reçues par semaine, {half_days} "
        f"demi-journées, {number(hours, 1)} heures d'équipe{_given_up(lost)}."
        for name, people, hours, half_days, lost in figures
    ]
    lines.append(change.sentence)
    lines += [f"  ouvre{THIN}: {label(k)}" for k in change.opened]
    lines += [f"  ferme{THIN}: {label(k)}" for k in change.closed]
    lines += [f"  change d'heure{THIN}: {label(a)} → {label(b)}" for a, b in change.new_times]
    lines += [f"  change de lieu{THIN}: {label(a)} → {label(b)}" for a, b in change.new_places]
    lines += [f"  {name}{THIN}: +{number(people, 1)}" for name, people in change.won]
    return [*lines, *(f"  {name}{THIN}: −{number(people, 1)}" for name, people in change.lost)]


def _given_up(count: int) -> str:
    if not count:
        return ""
    return f" ({count} demande{'s' if count > 1 else ''} non tenue{'s' if count > 1 else ''})"

"""The sections of the dialogue that were asked for, computed one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from territory.model.progress import SILENT, Stages
from territory.outputs.request_account import decision_text, request_rows
from territory.pipeline.site_asks import decided
from territory.pipeline.site_names import decision_name, place_name
from territory.pipeline.site_views import (
    alternatives_of,
    curve_of,
    equity_of,
    prices_of,
    robust_of,
    site_table,
)

if TYPE_CHECKING:
    from territory.analysis.siting.discussion import Discussion
    from territory.analysis.siting.redraw import Ranges
    from territory.model.dialogue_results import Curve, NearOptimal, Prices, Robustness
    from territory.model.progress import ProgressReporter
    from territory.model.site_results import EquityPoint
    from territory.pipeline.site_views import Shared, SiteTable
    from territory.pipeline.workspace import Built

ALL_CURVE, ALL_ROBUST = 6, 100  # what « everything » computes


@dataclass(frozen=True, slots=True)
class Wanted:
    """
    The sections asked for: `curve` half-days and `robust` scenarios (0: none), and flags.

    `slider` picks a point of the frontier: 0 is the best mean, 1 the best worst-served.
    """

    curve: int = 0
    alternatives: bool = False
    robust: int = 0
    equity: bool = False
    slider: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sections:
    """
    What was asked for of a choice, None where it was not; requests in force with their prices.

    `requests` are rows of `request_rows`, `lost` the decisions that match no option any more.
    """

    table: SiteTable
    prices: Prices
    requests: tuple[dict[str, Any], ...]
    lost: tuple[str, ...]
    curve: tuple[Curve, Discussion] | None = None
    near: NearOptimal | None = None
    robust: tuple[Robustness, Ranges] | None = None
    shared: Shared | None = None
    picked: EquityPoint | None = None


def sections_of(built: Built, wanted: Wanted, *, progress: ProgressReporter = SILENT) -> Sections:
    """
    Return the sections `wanted`; `progress` is told the French name of each before it is computed.

    Raises WrongUsage as `slot_curve`, Stopped when `progress` says so.
    """
    names = _stages(wanted)
    begin = Stages(progress, dict.fromkeys(names.values(), 1)).begin
    begin(names["asked"])
    table = site_table(built)
    prices = prices_of(table)
    if wanted.curve:
        begin(names["curve"])
    curve = curve_of(table, wanted.curve) if wanted.curve else None
    if wanted.alternatives:
        begin(names["near"])
    near = alternatives_of(table) if wanted.alternatives else None
    if wanted.robust:
        begin(names["robust"])
    robust = robust_of(table, wanted.robust) if wanted.robust else None
    if wanted.equity:
        begin(names["equity"])
    shared = equity_of(table) if wanted.equity else None
    return Sections(
        table, prices, _requests(table, prices), _lost(table), curve, near, robust, shared,
        _picked(shared, wanted.slider),
    )  # fmt: skip


def _stages(wanted: Wanted) -> dict[str, str]:
    """Return the French names of what is computed, in order."""
    every = {
        "asked": ("demandes en vigueur", True),
        "curve": (f"courbe jusqu'à {wanted.curve} demi-journées", wanted.curve),
        "near": ("choix presque aussi bons", wanted.alternatives),
        "robust": (f"robustesse, {wanted.robust} scénarios", wanted.robust),
        "equity": ("équité", wanted.equity),
    }
    return {key: name for key, (name, asked) in every.items() if asked}


def site_label(table: SiteTable, shared: Shared, position: int) -> str:
    """Return the name of a candidate of the frontier, empty for a place held now."""
    if position in shared.held:
        return ""
    return place_name(table.built, shared.places[position])


def _picked(shared: Shared | None, slider: float | None) -> EquityPoint | None:
    if shared is None or slider is None or not shared.frontier.points:
        return None
    return shared.frontier.at(slider)


def _requests(table: SiteTable, prices: Prices) -> tuple[dict[str, Any], ...]:
    held, _ = decided(table.built.territory)
    rows = request_rows(
        held, table.asks.lines, table.given_up, prices, lambda d: decision_name(table.built, d)
    )
    return tuple(rows)


def _lost(table: SiteTable) -> tuple[str, ...]:
    """Return decisions about places where nothing can be held; quarters are no such places."""
    zones = set(table.built.table("zones").index)
    return tuple(
        f"n° {line}, {decision_text(one, decision_name(table.built, one))}"
        for line, one in table.asks.lost.items()
        if one.place_id not in zones
    )

"""The plan of a week as it was last delivered, and what was changed since."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from territory.io.products import open_product, read_manifest
from territory.io.week_edits import edits_in_force, read_edits
from territory.io.week_store import signed_plan
from territory.model.jsonable import from_json, to_json
from territory.model.week_results import WeekPlan
from territory.pipeline.week_codes import PLAN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from territory.model.week_edits import WeekEdit
    from territory.pipeline.workspace import Built


@dataclass(frozen=True, slots=True)
class HeldWeek:
    """
    One week as a page shows it.

    `plan` is what was delivered: coded, without sensitive places. `waiting`: changes were noted, or
    taken back, that it does not hold. `older`: what it rests on was built again since. `signed`:
    the team holds this very plan; `signed_before`: it holds another one of the week.
    """

    plan: WeekPlan
    edits: Mapping[int, WeekEdit]
    waiting: bool
    older: bool
    signed: bool
    signed_before: bool

    @property
    def current(self) -> bool:
        """Return whether the plan holds all that is known."""
        return not (self.waiting or self.older)


def held_week(built: Built, week: str) -> HeldWeek | None:
    """
    Return an ISO week as it was delivered, None when it never was (or its file was torn).

    Raises UnreadableFile (French) when the signed plan is damaged.
    """
    folder, processed = built.territory.folder, built.territory.processed
    plan = delivered_plan(folder, week)
    if plan is None:
        return None
    edits = edits_in_force(read_edits(folder, week)[0])
    name = f"90_week_{week}_changed" if edits else f"90_week_{week}"
    manifest, product = read_manifest(processed, name), open_product(processed, name)
    signed = signed_plan(folder, week)
    made = None if product is None else from_json(WeekPlan, product.facts["plan"])
    return HeldWeek(
        plan,
        edits,
        waiting=manifest is None or made is None or not _holds(manifest, edits)
        or not _alike(made, plan),
        older=manifest is not None and not _rests_on(manifest, built),
        signed=signed is not None and _alike(signed, plan),
        signed_before=signed is not None and not _alike(signed, plan),
    )  # fmt: skip


def delivered_plan(folder: Path, week: str) -> WeekPlan | None:
    """Return the plan of an ISO week in outputs/, None when it is not there or torn."""
    try:
        content = json.loads((folder / "outputs" / week / PLAN).read_bytes())
        return from_json(WeekPlan, content)
    except (OSError, ValueError, ValidationError, RecursionError):
        return None


def _holds(manifest: Mapping[str, Any], edits: Mapping[int, WeekEdit]) -> bool:
    told = {str(number): to_json(edit) for number, edit in edits.items()}
    return bool(manifest["settings"].get("changes") == told)


def _rests_on(manifest: Mapping[str, Any], built: Built) -> bool:
    now = {n: p.digest for n, p in built.products.items() if n in manifest["inputs"]}
    return bool(manifest["inputs"] == now)


def _alike(one: WeekPlan, other: WeekPlan) -> bool:
    """Return whether two plans are of the same sessions at the same hours, worth the same."""

    def told(plan: WeekPlan) -> tuple[object, ...]:
        sessions = ((s.session_id, s.start_min, s.end_min, s.locked) for s in plan.sessions)
        return (plan.week, plan.value, *sorted(sessions))

    return told(one) == told(other)

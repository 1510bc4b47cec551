"""`territory decide`: note who asks what of the permanences, take it back, read the log again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.quarters import in_force as quarters_in_force
from territory.analysis.siting.slot_build import chosen_options
from territory.commands.answer import Answer
from territory.commands.building import built_with_progress
from territory.endings import DONE
from territory.errors import WrongUsage
from territory.io.decision_log import append_decision, in_force, read_decisions
from territory.model.issues import shown
from territory.model.requests import Ask, Decision
from territory.outputs.request_account import decision_lines, decision_rows, decision_text
from territory.pipeline.site_names import decision_name
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from territory.pipeline.workspace import Built


def decide(  # noqa: PLR0913, PLR0917 - one argument for each option
    folder: Path,
    asked: Mapping[str, str],
    who: str,
    why: str,
    undo: int,
    listing: bool,  # noqa: FBT001 - a flag
    seed: int | None,
) -> Answer:
    """
    Note one decision (`asked`: kind to « place:half-day »), or the undoing of line `undo`.

    With `listing`, or nothing asked, show the log. The day is that of the settings, else today.
    Raises WrongUsage when several things are asked at once, for a place where nothing can be held,
    and as `append_decision`.
    """
    wanted = {kind: place for kind, place in asked.items() if place.strip()}
    if listing or not (wanted or undo):
        return _listed(folder, seed)
    if len(wanted) + bool(undo) > 1:
        raise WrongUsage("Une décision à la fois : une seule demande, ou une annulation.")
    built = built_with_progress(folder, seed)
    on = built.territory.today
    if undo:
        decision = Decision(on, who.strip(), None, "", None, why.strip(), undo)
    else:
        kind, place = next(iter(wanted.items()))
        decision = Decision(on, who.strip(), Ask(kind), *_meant(built, kind, place), why.strip())
    line = append_decision(folder, decision)
    text = decision_text(decision, decision_name(built, decision))
    lines = [
        f"Décision n° {line} notée. {text}.",
        f"Ce que cela change, et son prix : territory sites {folder}",
        f"Pour la reprendre : territory decide {folder} --undo {line} --by ORGANISME --why MOTIF",
    ]
    lines += _closing(wanted)
    return Answer({"numero": line, "texte": text}, lines, DONE)


def _closing(wanted: Mapping[str, str]) -> list[str]:
    """Say that a place where a permanence closes may still be proposed for another half-day."""
    if "close" not in wanted:
        return []
    return ["Une autre demi-journée peut encore y être proposée ; sinon, notez aussi --forbid."]


def _listed(folder: Path, seed: int | None) -> Answer:
    decisions, issues = read_decisions(folder)
    today = open_territory(folder).today
    built = built_with_progress(folder, seed) if decisions else None

    def name(one: Decision) -> str:
        return "" if built is None else decision_name(built, one)

    rows = decision_rows(decisions, in_force(decisions, today), name)
    return Answer({"decisions": rows}, [*shown(issues), *decision_lines(rows)], DONE)


def _meant(built: Built, kind: str, reference: str) -> tuple[str, str | None]:
    """Return the place (or priority quarter) and the half-day that `reference` means."""
    zones = quarters_in_force(built.table("zones")).query("kind == 'qpv'")
    code = reference.strip().upper()
    if code in zones.index and kind in {"require", "forbid"}:
        return code, None
    options, names = built.table("site_options"), built.table("places")["name"]
    mask, one = chosen_options(reference, options, names)
    meant = options[mask]
    if kind in {"keep", "close"} and not meant["present"].any():
        raise WrongUsage(f"« {reference} » : aucune permanence n'y est tenue.")
    return str(meant["place_id"].iloc[0]), str(meant["slot"].iloc[0]) if one else None

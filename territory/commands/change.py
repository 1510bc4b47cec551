"""`territory change`: change a week, take a change back, and see what it does to the plan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from territory.commands.answer import Answer
from territory.commands.building import built_with_progress
from territory.endings import DONE
from territory.errors import WrongUsage
from territory.io.week_edits import append_edit, edits_in_force, read_edits
from territory.model.issues import shown
from territory.model.jsonable import to_json
from territory.model.week_edits import EditKind, WeekEdit
from territory.model.words import plain
from territory.outputs.week_account import week_account
from territory.pipeline.week import sign_week, week_step
from territory.planning.calendar import week_days
from territory.planning.explain import DAYS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from territory.model.week_results import WeekPlan
    from territory.pipeline.workspace import Built

_MOMENT = re.compile(
    r"(?P<day>[a-z]+)(?:\s+(?P<half>matin|apres[-_ ]midi))?"
    r"(?:\s+(?P<start>\d{1,2}[:h]\d{0,2})(?:\s*-\s*(?P<end>\d{1,2}[:h]\d{0,2}))?)?"
)
_HALVES = {"matin": (0, 12 * 60 + 45), "apres-midi": (12 * 60 + 45, 24 * 60)}


def change(  # noqa: PLR0913, PLR0917 - as the command line gives them
    folder: Path,
    week: str,
    asked: Mapping[str, tuple[str, ...]],
    undo: int,
    sign: bool,  # noqa: FBT001 - a flag
    seed: int | None,
    tell: Callable[[str], None] | None = None,
) -> Answer:
    """
    Note the changes `asked` (kind to texts), or take back line `undo`, then plan the week again.

    The answer tells which stops changed; with `sign` the plan becomes the one that the team holds.
    `tell` is told the new plan before its files are written: the answer then tells the rest. Raises
    WrongUsage for a text that is not understood or names nothing known, and as `append_edit`,
    `week_step` and `deliver`.
    """
    built = built_with_progress(folder, seed)
    held = week_step(built, week)
    edits = [_edit(built, held, kind, text) for kind, texts in asked.items() for text in texts]
    edits += [WeekEdit(None, undoes=undo)] if undo else []
    numbers = [append_edit(folder, week, edit) for edit in edits]
    plan = week_step(built, week)
    lines = [f"Changement n° {n} noté." for n in numbers]
    lines += shown(read_edits(folder, week)[1])
    if sign:
        sign_week(built, plan)
        lines.append("Ce plan est celui que l'équipe tient : signé.")
    lines += [*plan.changes, "", *week_account(plan)]
    if tell is not None:
        tell("\n".join(lines))
        lines = []
    paths = _written(built, plan) if numbers or sign else []
    lines += [f"Fichiers de la semaine écrits : {len(paths)}."] if paths else []
    value = {"changements": _rows(folder, week), "semaine": to_json(plan),
             "fichiers": [str(p.relative_to(folder)) for p in paths]}  # fmt: skip
    return Answer(value, lines, DONE, built.reports)


def _written(built: Built, plan: WeekPlan) -> list[Path]:
    """Write what a team holds; maps and workbooks are loaded now, once the plan is told."""
    from territory.pipeline.deliver import deliver  # noqa: PLC0415

    return deliver(built, plan)


def _rows(folder: Path, week: str) -> list[dict[str, object]]:
    known = read_edits(folder, week)[0]
    held = edits_in_force(known)
    return [{"ligne": n, "tient": n in held, **to_json(e)} for n, e in known.items()]


def _edit(built: Built, plan: WeekPlan, kind: str, text: str) -> WeekEdit:
    parts = [part.strip() for part in text.split(":", 1)]
    if kind == "verrou":
        return WeekEdit(EditKind.LOCK, _session(plan, text))
    if kind == "absent":
        return _absence(built, plan, parts)
    if kind == "rendez_vous":
        return _appointment(built, plan, text)
    target, when, who = [*(part.strip() for part in text.split(":", 2)), "", ""][:3]
    on, half, *_ = _moment(plan.week, when) if when else (None, "", None, None)
    code = EditKind.EXCLUDE if kind == "exclure" else EditKind.PLACE
    agent = _agent(built, who) if who else ""
    return WeekEdit(code, _target(built, target), agent, on, half)


def _session(plan: WeekPlan, text: str) -> str:
    for session in plan.sessions:
        if not session.fixed and text.strip() in {session.session_id, session.code}:
            return session.session_id
    names = ", ".join(s.session_id for s in plan.sessions if not s.fixed)
    raise WrongUsage(f"« {text} » n'est pas une sortie de la semaine. Sorties : {names}.")


def _absence(built: Built, plan: WeekPlan, parts: list[str]) -> WeekEdit:
    agent = _agent(built, parts[0])
    if len(parts) < 2:  # noqa: PLR2004 - who, when
        raise WrongUsage(
            "Dites qui et quand : « M2:mardi », « M2:mardi matin », « M2:mardi 8h15 »."
        )
    on, half, start, end = _moment(plan.week, parts[1])
    first, last = _HALVES.get(half, (start, end))
    return WeekEdit(EditKind.ABSENCE, agent=agent, on=on, start_min=first, end_min=last)


def _appointment(built: Built, plan: WeekPlan, text: str) -> WeekEdit:
    found = re.fullmatch(
        r"([^:]+):(.*?\d[:h]?\d*\s*-\s*\d{1,2}[:h]\d{0,2})(?::(.+))?", text.strip()
    )
    if found is None:
        raise WrongUsage("Dites qui, quand et où : « M1:jeudi 14h-15h30:P0012 ».")
    on, _, start, end = _moment(plan.week, found[2])
    place = _target(built, found[3]) if found[3] else ""
    return WeekEdit(EditKind.APPOINTMENT, place, _agent(built, found[1]), on,
                    start_min=start, end_min=end)  # fmt: skip


def _agent(built: Built, text: str) -> str:
    codes = [str(code) for code in built.table("team").index]
    if text.strip() not in codes:
        raise WrongUsage(f"« {text.strip()} » n'est pas un code de l'équipe : {', '.join(codes)}.")
    return text.strip()


def _target(built: Built, text: str) -> str:
    """Return the place or zone that a text names, by identifier or exact name."""
    wanted, places = text.strip(), built.table("places")
    zones = {g.zone_id: g.name for g in built.gaps}
    if wanted in places.index or wanted in zones:
        return wanted
    named = places.index[places["name"].map(plain, na_action="ignore") == plain(wanted)]
    found = [str(key) for key in named] + [
        z for z, name in zones.items() if plain(name) == plain(wanted)
    ]
    if len(found) != 1:
        why = "plusieurs lieux portent ce nom" if found else "ni lieu ni zone de ce nom"
        raise WrongUsage(f"« {wanted} » : {why}. Donnez son identifiant.")
    return found[0]


def _moment(week: str, text: str) -> tuple[date, str, int | None, int | None]:
    """Return the day, half-day and hours of « mardi », « mardi matin », « mardi 14h-15h30 »."""
    written = text.strip().lower().replace("è", "e").replace("é", "e")
    found = _MOMENT.fullmatch(written)
    if found is None or found["day"] not in DAYS:
        raise WrongUsage(
            f"« {text.strip()} » n'est pas un moment de la semaine, comme « mardi matin »."
        )
    half = "apres-midi" if (found["half"] or "").startswith("apres") else found["half"] or ""
    on = week_days(week)[DAYS.index(found["day"])]
    return on, half, _minutes(found["start"]), _minutes(found["end"])


def _minutes(text: str | None) -> int | None:
    if text is None:
        return None
    hour, _, minute = text.replace("h", ":").partition(":")
    return 60 * int(hour) + int(minute or 0)

"""What a coordinator asks of a week, in words, as changes: « M2:mardi 8h15 », « P0031 »."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from territory.errors import WrongUsage
from territory.model.marked import marked
from territory.model.week_edits import EditKind, WeekEdit
from territory.model.words import plain
from territory.planning.calendar import week_days
from territory.planning.explain import DAYS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from territory.model.week_results import Session, WeekPlan
    from territory.pipeline.workspace import Built

_MOMENT = re.compile(
    r"(?P<day>[a-z]+)(?:\s+(?P<half>matin|apres[-_ ]midi))?"
    r"(?:\s+(?P<start>\d{1,2}[:h]\d{0,2})(?:\s*-\s*(?P<end>\d{1,2}[:h]\d{0,2}))?)?"
)
_HALVES = {"matin": (0, 12 * 60 + 45), "apres-midi": (12 * 60 + 45, 24 * 60)}


def edit_of(built: Built, plan: WeekPlan, kind: str, text: str) -> WeekEdit:
    """
    Return the change that `text` asks for; `kind` is verrou, exclure, placer, rendez_vous, absent.

    `plan` is the week as it stands: what is locked is one of its outings. Places and zones go by
    identifier or exact name, moments are « mardi », « mardi matin », « mardi 14h-15h30 ». Raises
    WrongUsage (French) for a text that is not understood or names nothing known.
    """
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
    return WeekEdit(code, target_id(built, target), agent, on, half)


def moves_of(  # noqa: PLR0913 - what is moved, and where to
    built: Built,
    plan: WeekPlan,
    session_id: str,
    when: str,
    who: str,
    *,
    edits: Mapping[int, WeekEdit],
    stop: str = "",
) -> list[WeekEdit]:
    """
    Return the changes that move an outing to another half-day (« mardi matin ») or to `who`.

    What it visits is wanted there and shut where it was; of `edits`, those in force, what held it
    where it was is taken back. An outing in the streets of a zone moves with the zone, any other
    with its places; with `stop`, the place or zone of one stop, only that one moves. Raises
    WrongUsage (French) for an outing, a stop, a moment or a code not known, and when nothing would
    move.
    """
    outing = next(s for s in plan.sessions if s.session_id == _session(plan, session_id))
    on, half, *_ = _moment(plan.week, when or f"{DAYS[outing.on.weekday()]} {outing.half_day}")
    agent = _agent(built, who) if who else ""
    stays = (on, half or outing.half_day) == (outing.on, outing.half_day)
    if stays and (not agent or outing.agents == (agent,)):
        raise WrongUsage(
            marked("Cet arrêt est déjà là : choisissez une autre demi-journée ou personne.")
            if stop
            else marked("Cette sortie est déjà là : choisissez une autre demi-journée ou personne.")
        )
    moved = {EditKind.PLACE, EditKind.EXCLUDE}
    wanted = _one_stop(outing, stop) if stop else _visited(outing)
    undone = [
        WeekEdit(None, undoes=number)
        for number, edit in sorted(edits.items())
        if (edit.kind is EditKind.LOCK and edit.target == outing.session_id)
        or (edit.kind in moved and edit.on is not None and edit.target in wanted)
    ]
    shut = [] if stays else [
        WeekEdit(EditKind.EXCLUDE, key, on=outing.on, half_day=outing.half_day) for key in wanted
    ]  # fmt: skip
    return [*undone, *shut, *(WeekEdit(EditKind.PLACE, k, agent, on, half) for k in wanted)]


def _visited(outing: Session) -> tuple[str, ...]:
    """Return the zones whose streets an outing walks, the places it visits when it walks none."""
    zones = [s.zone_id for s in outing.stops if s.place_id is None and s.zone_id]
    places = [s.place_id for s in outing.stops if s.place_id]
    return tuple(dict.fromkeys(zones or places))


def _one_stop(outing: Session, stop: str) -> tuple[str]:
    if stop not in {s.place_id or s.zone_id for s in outing.stops}:
        raise WrongUsage(marked("Cet arrêt n'est pas dans cette sortie : rechargez la page."))
    return (stop,)


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
    place = target_id(built, found[3]) if found[3] else ""
    return WeekEdit(EditKind.APPOINTMENT, place, _agent(built, found[1]), on,
                    start_min=start, end_min=end)  # fmt: skip


def _agent(built: Built, text: str) -> str:
    codes = [str(code) for code in built.table("team").index]
    if text.strip() not in codes:
        raise WrongUsage(f"« {text.strip()} » n'est pas un code de l'équipe : {', '.join(codes)}.")
    return text.strip()


def target_id(built: Built, text: str) -> str:
    """
    Return the place or zone that a text names, by identifier or exact name.

    Raises WrongUsage (French) for none, and for a name that several have.
    """
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

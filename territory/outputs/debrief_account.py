"""What was typed after the outings, in French lines and in JSON rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.model.debriefs import COUNT_SIGNS
from territory.model.words import ACTIVITY_KINDS, CANCEL_REASONS, STATES, WEATHERS, label
from territory.outputs.french import THIN, clock, long_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from territory.model.debriefs import Debrief, PrintedSheet

_SHOWN = 20


def debrief_line(done: Debrief) -> str:
    """Return one debrief as a sentence: which session, what became of it, how many people."""
    sheet = done.sheet
    return f"{sheet_line(sheet)}{THIN}: {', '.join(_facts(done))}."


def debriefs_account(
    debriefs: Mapping[int, Debrief], held: Mapping[int, Debrief], waiting: Sequence[PrintedSheet]
) -> list[str]:
    """
    Return the debriefs by line number, those replaced said so, then the sheets still `waiting`.

    `held` are the debriefs in force.
    """
    lines = [
        f"  {n}. {debrief_line(one)}{'' if n in held else ' (remplacé depuis)'}"
        for n, one in debriefs.items()
    ]
    lines = [f"Fiches saisies : {len(held)}", *lines] if lines else ["Aucune fiche n'est saisie."]
    if waiting:
        late = sorted(waiting, key=lambda s: (s.on, s.start_min, s.code))[:_SHOWN]
        lines.append(f"Fiches sans retour : {len(waiting)}")
        lines += [f"  {sheet_line(sheet)}" for sheet in late]
    return lines


def debrief_rows(
    debriefs: Mapping[int, Debrief], held: Mapping[int, Debrief] | None = None
) -> list[dict[str, Any]]:
    """Return the debriefs as JSON values; `held` are those in force, all when not given."""
    return [
        {
            "ligne": n,
            "fiche": one.sheet.code,
            "semaine": one.sheet.week,
            "date": one.sheet.on.isoformat(),
            "prevu": one.sheet.kind,
            "fait": one.kind,
            "etat": one.state,
            "nombres": dict(one.counts),
            "arrets": dict(one.at_stops),
            "fermes": list(one.closed),
            "meteo": one.weather,
            "motif": one.cancel_reason,
            "en_vigueur": held is None or n in held,
        }
        for n, one in debriefs.items()
    ]


def sheet_line(sheet: PrintedSheet) -> str:
    """Return which session a sheet is of: its code, day, hour, kind and people."""
    who = " + ".join(sheet.everybody)
    kind = label(ACTIVITY_KINDS, sheet.kind)
    return f"Fiche {sheet.code}, {long_date(sheet.on)}, {clock(sheet.start_min)}, {kind} ({who})"


def _facts(done: Debrief) -> list[str]:
    held = done.state == "realise"
    facts = [] if held else [label(STATES, done.state)]
    if done.cancel_reason:
        facts.append(f"motif{THIN}: {label(CANCEL_REASONS, done.cancel_reason)}")
    if done.kind != done.sheet.kind:
        facts.append(f"devenue {label(ACTIVITY_KINDS, done.kind)}")
    facts += [
        f"{done.counts[name]} {words}" for _, name, words in COUNT_SIGNS if name in done.counts
    ]
    facts += [f"{n} à l'arrêt {letter}" for letter, n in done.at_stops.items()]
    facts += [f"arrêt {letter} fermé" for letter in done.closed]
    facts += [label(WEATHERS, done.weather)] if done.weather else []
    return facts or ["personnes non comptées"]

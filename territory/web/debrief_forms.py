"""The form of a sheet, as the line that would be typed for it, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.errors import WrongUsage
from territory.model.debriefs import COUNT_SIGNS
from territory.model.marked import marked

if TYPE_CHECKING:
    from territory.model.debriefs import Debrief, PrintedSheet

Fields = dict[str, str]
_NOT_HELD = {"annule", "reporte"}


def typed_words(fields: Fields, sheet: PrintedSheet) -> str:
    """
    Return the words, without the code, that say the same as the form of a sheet.

    A number left empty was not counted. Raises WrongUsage (French) for what is no whole number.
    """
    given = {name: text.strip() for name, text in fields.items()}
    state = given.get("etat", "")
    words = [f"{sign}{n}" for sign, _, _ in COUNT_SIGNS if (n := _count(given.get(sign, "")))]
    for letter in sheet.stops:
        n = _count(given.get(f"arret-{letter}", ""))
        words += [f"{letter}={n}"] if n else []
        words += [f"ferme:{letter}"] if given.get(f"ferme-{letter}") else []
    if state in _NOT_HELD:
        words.append(":".join(filter(None, [state, given.get("motif", "")])))
    elif given.get("devenu"):
        words.append(f"devenu:{given['devenu']}")
    if given.get("debut") and given.get("fin"):
        words.append(f"{given['debut']}-{given['fin']}")
    return " ".join([*words, *filter(None, [given.get("meteo", "")])])


def form_values(done: Debrief | None, sheet: PrintedSheet) -> Fields:
    """Return what the form of a sheet shows: what was typed of it, blanks when nothing was."""
    hours = (sheet.start_min, sheet.end_min) if done is None else (done.start_min, done.end_min)
    values = {"etat": "fait", "debut": _clock(hours[0]), "fin": _clock(hours[1])}
    if done is None:
        return values
    values |= {sign: str(done.counts[name]) for sign, name, _ in COUNT_SIGNS if name in done.counts}
    values |= {f"arret-{letter}": str(n) for letter, n in done.at_stops.items()}
    values |= {f"ferme-{letter}": "oui" for letter in done.closed}
    values |= {"etat": done.state if done.state in _NOT_HELD else "fait"}
    values |= {"motif": done.cancel_reason or "", "meteo": done.weather or ""}
    return values | ({"devenu": done.kind} if done.kind != sheet.kind else {})


def _count(text: str) -> str:
    if text and not text.isdecimal():
        raise WrongUsage(marked("Un nombre de personnes s’écrit en chiffres, sans rien d’autre."))
    return text


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"

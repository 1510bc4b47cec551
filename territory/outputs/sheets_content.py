"""
What the sheet of an outing says, in the order it is read, and what goes first when room is short.

Dropped in this order, one step more each time the sheet would not fit on two pages: long reasons of
the stops, all of them, why this outing, addresses, the map, then what passes the most streets and
stops a page can hold. Hours, codes and boxes always stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.model.debriefs import COUNT_SIGNS
from territory.model.words import CANCEL_REASONS, WEATHERS
from territory.outputs.french import THIN, clock, distance, long_date, minutes
from territory.outputs.who import who_goes, with_partners

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.model.week_results import Session, Shelter, Stop

LEVELS = 7
_SHORT, _SHORTER, _NONE, _PLAIN, _NO_MAP, _CUT = range(1, LEVELS)
_REASON, _WHY, _NAME = 110, 200, 45  # characters
_MOST_STREETS, _MOST_STOPS, _MOST_SHELTERS = 40, 24, 2
_MINUTE_S = 60
_TYPED_STOPS = 6


def sheet_content(
    session: Session, addresses: Mapping[str, str], *, level: int = 0
) -> dict[str, Any]:
    """
    Return what templates/sheet.typ needs; `level` (0 to LEVELS - 1) is how much is left out.

    `addresses` by place_id. Plain text, never code; hours are civil.
    """
    day = long_date(session.on)
    stops = session.stops if level < _CUT else session.stops[:_MOST_STOPS]
    return {
        "title": f"Fiche de tournée – {session.title} – {day}",
        "heading": _cut(session.title, _WHY) if level >= _PLAIN else session.title,
        "code": session.code,
        "facts": _facts(session, day),
        "reason": " ".join(
            filter(None, [_together(session, addresses), _why(session.reason, level)])
        ),
        "alt": f"Plan de la tournée : {len(session.stops)} arrêts dans l'ordre du tableau",
        "map": level < _NO_MAP,
        "rows": list(_rows(session, stops, addresses, level)),
        "streets": _streets(session.streets, level),
        "bring": _why(", ".join(session.bring), level),
        "announce": _why(session.announce, level) or "rien de proche dans les sept jours.",
        "shelters": [_shelter(s, level) for s in session.shelters[: _most_shelters(level)]],
        "boxes": [[sign, words] for sign, _, words in COUNT_SIGNS],
        "letters": [_label(s) for s in stops],
        "choices": _choices(),
        "line": _line(session),
        "shortened": level > 0,
    }


def _facts(session: Session, day: str) -> list[list[str]]:
    hours = f"{clock(session.start_min)} – {clock(session.end_min)}"
    who = who_goes(session)
    return [["Qui", who], ["Date", day], ["Horaire", hours], ["À pied", distance(session.walk_m)]]


def _together(session: Session, addresses: Mapping[str, str]) -> str:
    """Say with which other team one goes, when and where all leave; "" when there is none."""
    if not session.partners:
        return ""
    where = addresses.get(session.place_id or "", "")
    place = f", {where}" if where else ""
    return f"Sortie commune {with_partners(session)} : départ à {clock(session.start_min)}{place}."


def _rows(
    session: Session, stops: Sequence[Stop], addresses: Mapping[str, str], level: int
) -> Iterable[dict[str, Any]]:
    """Yield the stops in order, lunch at its place among them, then a way back by bus."""
    lunch = session.lunch_min
    for stop in stops:
        if lunch is not None and lunch <= stop.arrive_min:
            yield _lunch(lunch)
            lunch = None
        yield _stop(stop, addresses, level)
    if lunch is not None:
        yield _lunch(lunch)
    if session.ride_back and stops:
        yield _between("Retour", stops[-1].leave_min, session.ride_back)


def _lunch(start_min: int) -> dict[str, Any]:
    return _between("Pause déjeuner", start_min)


def _between(name: str, start_min: int, *details: str) -> dict[str, Any]:
    return {"label": "", "hours": clock(start_min), "name": name, "details": list(details)}


def _stop(stop: Stop, addresses: Mapping[str, str], level: int) -> dict[str, Any]:
    address = addresses.get(stop.place_id or "", "") if level < _PLAIN else ""
    facts = " ; ".join(filter(None, (address, _walk(stop), _closing(stop))))
    stretch = f"Rues : {', '.join(stop.streets)}" if stop.streets else ""
    details = [facts, stretch, _reason(stop, level)] if level < _CUT else []
    return {
        "label": _label(stop),
        "hours": f"{clock(stop.arrive_min)} – {clock(stop.leave_min)}",
        "name": stop.name if level < _PLAIN else _cut(stop.name, _WHY if level < _CUT else _NAME),
        "details": [detail for detail in details if detail],
    }


def _label(stop: Stop) -> str:
    return stop.code or str(stop.order)


def _walk(stop: Stop) -> str:
    if not stop.walk_m:
        return "sur place"
    taken = f" ({minutes(max(1, round(stop.walk_s / _MINUTE_S)))})" if stop.walk_s else ""
    if stop.ride:
        return f"{stop.ride}{taken}, dont {distance(stop.walk_m)} à pied"
    return f"{distance(stop.walk_m)} à pied{taken}"


def _closing(stop: Stop) -> str:
    if stop.place_id is None:
        return ""
    return "horaires à vérifier" if stop.closes_min is None else f"ferme à {clock(stop.closes_min)}"


def _reason(stop: Stop, level: int) -> str:
    if level >= _SHORTER:
        return ""
    return _cut(stop.reason, _REASON) if level >= _SHORT else stop.reason


def _why(reason: str, level: int) -> str:
    return reason if level < _NONE else _cut(reason, _WHY)


def _streets(names: Sequence[str], level: int) -> list[str]:
    if level < _CUT:
        return list(names)
    walked = [_cut(name, _NAME) for name in dict.fromkeys(names)]
    more = len(walked) - _MOST_STREETS
    return walked if more <= 0 else [*walked[:_MOST_STREETS], f"et {more} autres"]


def _most_shelters(level: int) -> int | None:
    return None if level < _NONE else _MOST_SHELTERS


def _shelter(one: Shelter, level: int) -> list[str]:
    hours = f"{clock(one.opens_min)} – {clock(one.closes_min)}"
    told = f"ouvert {hours}, à {minutes(one.walk_min)} à pied"
    name = one.name if level < _CUT else _cut(one.name, _NAME)
    return [name, f"{told}. {one.reason}".strip() if level < _NONE else told]


def _choices() -> list[list[str]]:
    """Return what is to be ringed, as it is typed."""
    reasons = [w.label for w in CANCEL_REASONS]
    return [
        ["Météo", " – ".join(w.label for w in WEATHERS)],
        ["Annulée", " – ".join(reasons)],
        ["Devenue", "visite partenaire – permanence – atelier – autre"],
    ]


def _line(session: Session) -> str:
    """Return the line to type, with blanks; "" for a sheet without a code."""
    if not session.code:
        return ""
    counts = [f"{sign}…" for sign, _, _ in COUNT_SIGNS]
    stops = [f"{_label(s)}=…" for s in session.stops[:_TYPED_STOPS]]
    more = ["…"] if len(session.stops) > _TYPED_STOPS else []
    return " ".join([session.code, *counts, *stops, *more, "pluie"])


def _cut(text: str, most: int) -> str:
    """Return a text cut at a word, with « … », when it is longer than `most` characters."""
    if len(text) <= most:
        return text
    return text[:most].rsplit(" ", 1)[0].rstrip(" ,;:" + THIN) + "…"

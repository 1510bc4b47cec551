"""
What the sheet of an outing says, in the order it is read, and what goes first when room is short.

Dropped in this order, one step more each time the sheet would not fit on two pages: long reasons of
the stops, all of them, why this outing, addresses, what passes the most streets and stops a page
can hold, the plan, and last the size of letters. Hours, codes and boxes always stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from territory.model.debriefs import COUNT_SIGNS
from territory.model.words import CANCEL_REASONS, WEATHERS
from territory.outputs.french import THIN, clock, distance, long_date, minutes
from territory.outputs.sheet_map import HIGHEST, LOWEST, SQUAT
from territory.outputs.who import who_goes, with_partners

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.model.week_results import Session, Shelter, Stop
    from territory.outputs.sheet_map import Plan
    from territory.settings import Settings

LEVELS = 8
MORE = (0, 60, 90, 130, 180, 250, 400)  # characters that may be given back, the most that fits
_SHORT, _SHORTER, _NONE, _PLAIN, _CUT, _NO_MAP, _DENSE = range(1, LEVELS)
_REASON, _WHY, _NAME = 110, 200, 80  # characters
_MOST_STREETS, _MOST_STOPS, _MOST_SHELTERS = 30, 24, 2
_MINUTE_S = 60
_OSM = "Rues © les contributeurs d’OpenStreetMap (ODbL)"
_TYPED_STOPS = 6


def sheet_content(
    session: Session,
    addresses: Mapping[str, str],
    plans: Sequence[Plan],
    settings: Settings,
    *,
    level: int = 0,
    more: int = 0,
) -> dict[str, Any]:
    """
    Return what templates/sheet.typ needs; `level` (0 to LEVELS - 1) is how much is left out.

    `more` characters of each text that the level cuts are given back, where the page has room left.
    `addresses` by place_id; `plans` are those of `sheet_maps`. Plain text, never code; hours are
    civil.
    """
    day = long_date(session.on)
    stops = session.stops if level < _CUT else session.stops[:_MOST_STOPS]
    return {
        "title": f"Fiche de tournée – {session.title} – {day}",
        "heading": _cut(session.title, _WHY) if level >= _PLAIN else session.title,
        "code": session.code,
        "facts": _facts(session, day),
        "start": _start(session, addresses),
        "reason": _why(session.reason, level, more) if level < _CUT else "",
        "reasons": _reasons(stops, level, more),
        "alt": f"Plan de la tournée : {len(session.stops)} arrêts dans l'ordre du tableau",
        "maps": [_map(n, plan) for n, plan in enumerate(plans if level < _NO_MAP else ())],
        "legend": _legend(plans, settings),
        "rows": list(_rows(session, stops, addresses, (level, more))),
        "streets": _streets(session.streets, level),
        "bring": _why(", ".join(session.bring), level),
        "announce": _why(session.announce, level) or "rien de proche dans les sept jours.",
        "shelters": [_shelter(s, level) for s in session.shelters[: _most_shelters(level)]],
        "boxes": [[sign, words] for sign, _, words in COUNT_SIGNS],
        "letters": [_label(s) for s in stops],
        "choices": _choices(),
        "line": _line(session),
        "shortened": _shortened(level),
        "dense": level >= _DENSE,
        "dense_streets": level >= _CUT,
    }


def plan_heights(level: int) -> tuple[int, int]:
    """Return the least and the greatest height that a plan may have, in drawing units."""
    return (SQUAT if level >= _CUT else LOWEST), HIGHEST


def _facts(session: Session, day: str) -> list[list[str]]:
    hours = f"{clock(session.start_min)} – {clock(session.end_min)}"
    who = who_goes(session)
    return [["Horaire", hours], ["Date", day], ["Qui", who], ["À pied", distance(session.walk_m)]]


def _start(session: Session, addresses: Mapping[str, str]) -> str:
    """Say when and where one leaves, with which other team if any; "" when neither is known."""
    where = addresses.get(session.place_id or "", "")
    if not (where or session.partners):
        return ""
    together = f"Sortie commune {with_partners(session)} : départ" if session.partners else "Départ"
    return f"{together} à {clock(session.start_min)}{f', {where}' if where else ''}."


def _map(rank: int, plan: Plan) -> dict[str, Any]:
    shown = ", ".join(_label(s) for s in plan.stops)
    alt = f"Plan de la marche et de ses rues ; arrêts : {shown or 'aucun'}"
    return {"file": f"plan{rank}.svg", "share": plan.width, "alt": alt}


def _legend(plans: Sequence[Plan], settings: Settings) -> str:
    """Return what the signs of the plans mean, and whose the streets are."""
    told = [
        "ronds : arrêts",
        "trait épais : la marche",
        "carré : départ" if any(p.start for p in plans) else "",
        "P : permanence" if any(p.permanences for p in plans) else "",
        "tirets : zone peu couverte" if any(p.zone for p in plans) else "",
    ]
    signs = " ; ".join(filter(None, told))
    source = "Ville fictive" if settings.ground.fictional else _OSM
    return f"{signs[:1].upper()}{signs[1:]}. {source}."


def _rows(
    session: Session, stops: Sequence[Stop], addresses: Mapping[str, str], kept: tuple[int, int]
) -> Iterable[dict[str, Any]]:
    """Yield the stops in order, lunch at its place among them, then a way back by bus."""
    lunch = session.lunch_min
    for stop in stops:
        if lunch is not None and lunch <= stop.arrive_min:
            yield _lunch(lunch)
            lunch = None
        yield _stop(stop, addresses, *kept)
    if lunch is not None:
        yield _lunch(lunch)
    if session.ride_back and stops:
        yield _between("Retour", stops[-1].leave_min, session.ride_back)


def _lunch(start_min: int) -> dict[str, Any]:
    return _between("Pause déjeuner", start_min)


def _between(name: str, start_min: int, *way: str) -> dict[str, Any]:
    hours = [clock(start_min)]
    return {"label": "", "hours": hours, "name": name, "way": list(way), "details": []}


def _stop(stop: Stop, addresses: Mapping[str, str], level: int, more: int) -> dict[str, Any]:
    address = addresses.get(stop.place_id or "", "") if level < _PLAIN else ""
    facts = " ; ".join(filter(None, (address, _walk(stop), _closing(stop))))
    stretch = f"Rues : {', '.join(stop.streets)}" if stop.streets else ""
    name = stop.name if level < _PLAIN else _cut(stop.name, _WHY if level < _CUT else _NAME)
    kept = level < _CUT
    return {
        "label": _label(stop),
        "hours": [f"{clock(stop.arrive_min)} –", clock(stop.leave_min)],
        "name": name,
        "way": [said for said in (facts, stretch) if said and kept],
        "details": [said for said in (_reason(stop, level, more),) if said and kept],
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


def _reason(stop: Stop, level: int, more: int) -> str:
    if level >= _SHORTER:
        return ""
    return _cut(stop.reason, _REASON + more) if level >= _SHORT else stop.reason


def _reasons(stops: Iterable[Stop], level: int, more: int) -> list[list[str]]:
    """Return the reasons of stops that find room after the stops, when none is beside them."""
    if level != _SHORTER or not more:
        return []
    return [[_label(s), _cut(s.reason, more)] for s in stops if s.reason]


def _why(reason: str, level: int, more: int = 0) -> str:
    return reason if level < _NONE else _cut(reason, _WHY + more)


def _shortened(level: int) -> str:
    """Say what was left out, "" when nothing was."""
    if level >= _NONE:
        return (
            "Texte abrégé pour tenir sur deux pages ; le reste est dans le classeur de la semaine."
        )
    told = "Texte abrégé : les raisons des arrêts sont entières dans le classeur de la semaine."
    return told if level else ""


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

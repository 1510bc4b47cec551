"""Plan B of an outing: where to go indoors, open then, when rain or cold empties the streets."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from territory.model.open_days import spans_on
from territory.model.week_results import Shelter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.model.french_calendar import FrenchCalendar
    from territory.model.week_results import Session, Stop
    from territory.planning.records import Place
    from territory.planning.spans import Span
    from territory.planning.walks import Walks

INDOORS = {
    "mediatheque": "Atelier « Flash CV » possible : lieu chauffé, ouvert à tous",
    "centre_social": "Accueil au chaud des familles du quartier",
    "maison_quartier": "Accueil sans rendez-vous",
    "maison_emploi": "Accueil au chaud de personnes en recherche",
    "france_services": "Accueil de personnes en démarche",
    "espace_numerique": "Accueil de personnes en démarche",
    "epicerie_solidaire": "Accueil de ménages en difficulté",
}
OUTDOORS = ("tour_de_rue", "marche", "espace_public", "parc", "gare", "pied_immeuble")
WALK_MAX_MIN = 20.0
MOST = 2
LEAST_MIN = 45  # of opening left when the team arrives


def sheltered(
    sessions: Iterable[Session],
    places: Mapping[str, Place],
    walks: Walks,
    calendar: FrenchCalendar,
    points: Mapping[str, str],
) -> tuple[Session, ...]:
    """
    Return the sessions, each outing with a stop outdoors given its plans B.

    Up to two indoor places within 20 minutes on foot of the first such stop, open at least 45
    minutes once reached, nearest first. `points` gives the point name of a zone's streets.
    """
    indoors = [p for _, p in sorted(places.items()) if p.kind in INDOORS and p.welcomes]
    return tuple(_with_plans(s, indoors, walks, calendar, points) for s in sessions)


def _with_plans(
    session: Session,
    indoors: Sequence[Place],
    walks: Walks,
    calendar: FrenchCalendar,
    points: Mapping[str, str],
) -> Session:
    outside = next((s for s in session.stops if s.kind in OUTDOORS), None)
    if session.fixed or outside is None or not indoors:
        return session
    point = f"p:{outside.place_id}" if outside.place_id else points.get(outside.zone_id or "", "")
    ids = [f"p:{p.place_id}" for p in indoors]
    minutes = np.asarray(walks.minutes([point], ids), dtype=float)[0]
    near = sorted((m, p.place_id, p) for m, p in zip(minutes.tolist(), indoors, strict=True)
                  if m <= WALK_MAX_MIN)  # fmt: skip
    found = [_shelter(p, round(m), outside, session, calendar) for m, _, p in near]
    return replace(session, shelters=tuple(s for s in found if s is not None)[:MOST])


def _shelter(
    place: Place, walk_min: int, stop: Stop, session: Session, calendar: FrenchCalendar
) -> Shelter | None:
    reached = stop.arrive_min + walk_min
    span = _open_for(spans_on(place.hours, place.closures, session.on, calendar), reached)
    if span is None:
        return None
    return Shelter(
        place.place_id, place.name, span[0], span[1], walk_min, f"{INDOORS[place.kind]}."
    )


def _open_for(spans: Sequence[Span] | None, reached_min: int) -> Span | None:
    """Return the opening that holds 45 minutes from `reached_min` on; unknown hours hold none."""
    held = (s for s in spans or () if s[0] <= reached_min and reached_min + LEAST_MIN <= s[1])
    return next(held, None)

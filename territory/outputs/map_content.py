"""What the map shows besides the squares, as plain French notes and points in degrees."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from pyproj import Transformer

from territory.analysis.freshness import FRESH_MONTHS, STALE, freshness
from territory.model.facts import HOURS
from territory.model.words import PLACE_KINDS, label
from territory.outputs.french import clock, distance, long_date, number, percent, spoken_slot
from territory.outputs.who import who_goes
from territory.outputs.zone_cards import lead_line, verdict_line
from territory.planning.explain import fact_doubt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from territory.model.results import Gap, Site, SitePlan
    from territory.model.week_results import Session, Stop, WeekPlan

WGS84 = 4326
MAIN_STREETS = ("motorway", "trunk", "primary", "secondary", "primary_link", "secondary_link")
MIDDLE_STREETS = ("tertiary", "tertiary_link")
PATHS = ("footway", "path", "steps", "cycleway", "track", "bridleway", "corridor")
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
# Okabe and Ito (2008): told apart with every colour vision; the day is also written on each stop
DAY_COLORS = ("#0072b2", "#b34700", "#00785a", "#a83c7c", "#5c4a00", "#30678c", "#444444")
_ALWAYS_HIDDEN = ("bidonville", "lieu_culte")  # whatever the file says of them
_DECIMALS = 5


@dataclass(frozen=True, slots=True)
class Note:
    """The text of a popup: a title, a sentence under it, then lines; plain text, never HTML."""

    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """A point of the map: (latitude, longitude) in degrees, a label, a style and what it says."""

    key: str
    at: tuple[float, float]
    label: str
    style: str
    note: Note

    def as_row(self) -> dict[str, Any]:
        """Return the mark as map.js reads it: a dict of its fields, the note's included."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class DayRoutes:
    """The outings of one day, with the colour and the name of the day."""

    name: str
    short: str
    color: str
    sessions: tuple[Session, ...]


def public_places(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the places that may be drawn: located (any CRS, kept), and not sensitive."""
    return places[~_sensitive(places) & places.geometry.notna()].sort_index()


def with_freshness(
    places: gpd.GeoDataFrame, on: date, judged: pd.DataFrame | None = None
) -> gpd.GeoDataFrame:
    """
    Return PLACES (any CRS, kept) with `months` since their facts were seen true at day `on`.

    `doubts` has a line for each fact that `judged` (`fact_freshness`) finds old, and hours undated.
    """
    aged = places.assign(months=freshness(places, on)["months"], doubts="")
    if judged is None:
        return aged
    shown = judged[(judged["level"] == STALE) | (judged["fact"] == HOURS)].sort_index()
    lines = pd.Series(list(map(fact_doubt, shown.itertuples())), dtype="object")
    told = lines[lines != ""].groupby(shown["place_id"].to_numpy()[lines != ""]).agg("\n".join)
    return aged.assign(doubts=told.reindex(aged.index).fillna(""))


def hidden_places(places: pd.DataFrame) -> frozenset[str]:
    """Return the identifiers of the sensitive places, of which no point is ever drawn."""
    return frozenset(places.index[_sensitive(places)])


def degrees(xy: Iterable[tuple[float, float]], epsg: int) -> list[tuple[float, float]]:
    """Turn metres in EPSG:`epsg` into (latitude, longitude), WGS84, rounded to a metre."""
    points = np.asarray(list(xy), dtype=float).reshape(-1, 2)
    if not len(points):
        return []
    to_wgs84 = Transformer.from_crs(epsg, WGS84, always_xy=True)
    lng, lat = to_wgs84.transform(points[:, 0], points[:, 1])
    return [
        (round(float(a), _DECIMALS), round(float(b), _DECIMALS))
        for a, b in zip(lat, lng, strict=True)
    ]


def outlines(geometry: shapely.Geometry) -> list[list[list[tuple[float, float]]]]:
    """
    Return EPSG:4326 polygons as Leaflet wants them: [polygon][ring][point] of (lat, lng).

    `geometry` has longitude and latitude, in degrees; what is no polygon is dropped.
    """

    def ring(line: shapely.LinearRing) -> list[tuple[float, float]]:
        return [(round(y, _DECIMALS), round(x, _DECIMALS)) for x, y in line.coords]

    return [
        [ring(part.exterior), *(ring(hole) for hole in part.interiors)]
        for part in shapely.get_parts(geometry)
        if part.geom_type == "Polygon" and not part.is_empty
    ]


def street_classes(highway: pd.Series) -> NDArray[np.uint8]:
    """Return uint8 [segments]: 0 ordinary street, 1 path, 2 middle street, 3 main street."""
    kind = highway.fillna("").astype(str)
    chosen = [kind.isin(PATHS), kind.isin(MIDDLE_STREETS), kind.isin(MAIN_STREETS)]
    return np.select(chosen, [1, 2, 3], default=0).astype(np.uint8)


def gap_shapes(gaps: Sequence[Gap], cells: gpd.GeoDataFrame) -> list[BaseGeometry]:
    """Return the area of each zone, union of its squares, in the CRS of `cells`."""
    return [
        shapely.union_all(cells.geometry.reindex(list(gap.cells)).dropna().to_numpy())
        for gap in gaps
    ]


def gap_note(gap: Gap) -> Note:
    """Say why a zone comes at its rank: verdict, what is missing, three reasons."""
    return Note(
        f"{gap.rank}. {gap.name}",
        (
            f"Zone peu couverte, verdict {verdict_line(gap)}",
            lead_line(gap),
            *(reason.sentence for reason in gap.reasons),
            f"Public estimé : {number(gap.target)} sur {number(gap.residents)} habitants.",
        ),
    )


def place_marks(places: gpd.GeoDataFrame) -> list[Mark]:
    """
    Return partners: name, kind, address, crowd, and how fresh that is.

    `places` as `with_freshness` gives them, in EPSG:4326, sensitive ones removed.
    """
    return [
        Mark(f"lieu-{i}", _at(row.geometry), "", "partenaire", _place_note(row))
        for i, row in zip(places.index, places.itertuples(), strict=True)
    ]


def permanence_marks(permanences: pd.DataFrame, places: gpd.GeoDataFrame) -> list[Mark]:
    """
    Return the places with a weekly permanence and their hours.

    `permanences` are those of `weekly_permanences`; `places`, all located and public, in WGS84 for
    the map. In another CRS, a mark is at (y, x) of that CRS.
    """
    marks = []
    for place_id, rows in permanences.groupby("place_id", sort=True):
        if place_id not in places.index:
            continue
        place = places.loc[place_id]
        note = Note(str(place["name"]), ("Permanence", *permanence_hours(rows)))
        marks.append(Mark(f"permanence-{place_id}", _at(place.geometry), "P", "permanence", note))
    return marks


def permanence_hours(rows: pd.DataFrame) -> tuple[str, ...]:
    """Write the weekly hours, Monday first: « jeudi, 14 h à 17 h (M1 + M2) »."""
    ordered = rows.sort_values(["weekday", "start_min", "end_min", "agents"])
    return tuple(
        f"{DAYS[int(r.weekday)]}, {clock(int(r.start_min))} à {clock(int(r.end_min))}"
        f"{_weeks(getattr(r, 'weeks', None))} ({str(r.agents).replace('|', ' + ')})"
        for r in ordered.itertuples()
    )


def site_marks(sites: SitePlan, places: gpd.GeoDataFrame) -> list[Mark]:
    """
    Return the suggested permanences with what they would bring.

    `places`, all located and public, in WGS84 for the map; in another CRS a mark is at its (y, x).
    """
    return [
        Mark(
            f"proposition-{site.rank}",
            _at(places.geometry.loc[site.place_id]),
            "★",
            "proposition",
            Note(
                site.name,
                (_suggested(site), site.reason, _coverage(site, sites.limit_min)),
            ),
        )
        for site in sites.sites
        if site.place_id in places.index
    ]


def session_key(session: Session) -> str:
    """Return what a page calls an outing on the map."""
    return f"seance-{session.session_id}"


def stop_key(session: Session, stop: Stop) -> str:
    """Return what a page calls a stop of an outing on the map."""
    return f"arret-{session.session_id}-{stop.order}"


def session_note(session: Session) -> Note:
    """Say what an outing is: when, who, how far, why."""
    when = f"{long_date(session.on)}, {clock(session.start_min)} à {clock(session.end_min)}"
    who = who_goes(session)
    walk = (f"{distance(session.walk_m)} à pied",) if session.walk_m else ()
    return Note(session.title, (when, who, *walk, session.reason))


def stop_note(session: Session, position: int) -> Note:
    """Say what one stop is: times, reason, closing hour; `position` counts from 0."""
    stop = session.stops[position]
    closes = () if stop.closes_min is None else (f"Ouvert jusqu’à {clock(stop.closes_min)}",)
    when = f"{long_date(session.on)}, {clock(stop.arrive_min)} à {clock(stop.leave_min)}"
    return Note(f"Arrêt {stop.order} : {stop.name}", (when, stop.reason, *closes))


def days_of(plan: WeekPlan, hidden: frozenset[str]) -> list[DayRoutes]:
    """Group the outings to draw by day; one that goes to a sensitive place is never drawn."""
    drawn = [s for s in plan.sessions if s.stops and not _is_hidden(s, hidden)]
    return [
        DayRoutes(
            f"{DAYS[on.weekday()]} {on.day}",
            DAYS[on.weekday()][:2].capitalize(),
            DAY_COLORS[on.weekday()],
            tuple(s for s in drawn if s.on == on),
        )
        for on in sorted({s.on for s in drawn})
    ]


def listed_sessions(plan: WeekPlan, hidden: frozenset[str]) -> list[Session]:
    """Return the sessions that may be named, in order; sensitive places are left out."""
    kept = [s for s in plan.sessions if not _is_hidden(s, hidden)]
    return sorted(kept, key=lambda s: (s.on, s.start_min, s.session_id))


def arrows(path: Sequence[tuple[float, float]], every_m: float) -> list[tuple[float, float, int]]:
    """
    Return (x, y, heading) every `every_m` metres along a path in metres, first at half of that.

    Headings are whole degrees clockwise from the north of the metric CRS.
    """
    line = np.asarray(path, dtype=float).reshape(-1, 2)
    steps = np.hypot(*np.diff(line, axis=0).T) if len(line) > 1 else np.zeros(0)
    ends = np.cumsum(steps)
    total = float(ends[-1]) if len(ends) else 0.0
    found = []
    for along in np.arange(min(every_m, total) / 2, total, every_m):
        i = int(np.searchsorted(ends, along))
        share = (along - (ends[i] - steps[i])) / steps[i]
        x, y = line[i] + share * (line[i + 1] - line[i])
        dx, dy = line[i + 1] - line[i]
        found.append((float(x), float(y), round(float(np.degrees(np.arctan2(dx, dy)))) % 360))
    return found


def _sensitive(places: pd.DataFrame) -> pd.Series:
    flagged = places["sensitive"].fillna(value=False).astype(bool)
    return flagged | places["kind"].isin(_ALWAYS_HIDDEN)


def _place_note(row: Any) -> Note:  # noqa: ANN401 - a row of itertuples
    kind = "" if pd.isna(row.kind) else label(PLACE_KINDS, str(row.kind))
    name = kind or "Lieu sans nom" if pd.isna(row.name) else str(row.name)
    address = "" if pd.isna(row.address) else str(row.address)
    facts = (
        kind[:1].upper() + kind[1:],
        address,
        _crowd(row),
        *_doubts(row),
        _verified(row.months),
    )
    return Note(name, tuple(fact for fact in facts if fact))


def _doubts(row: Any) -> list[str]:  # noqa: ANN401 - a row of itertuples
    return [line[:1].upper() + line[1:] for line in row.doubts.split("\n")]


def _crowd(row: Any) -> str:  # noqa: ANN401 - a row of itertuples
    """Return an estimate with its author: it is no count."""
    if pd.isna(row.crowd):
        return ""
    source = "source inconnue" if pd.isna(row.crowd_source) else str(row.crowd_source)
    return f"Affluence estimée : {number(int(row.crowd))} ({source})"


def _verified(months: object) -> str:
    """Return when the facts of a place were last seen to be true, with the doubt they deserve."""
    if pd.isna(months):
        return "Fiche sans date de vérification"
    age = int(str(months))
    doubt = " : à confirmer" if age >= FRESH_MONTHS else ""
    return f"Fiche vérifiée il y a {age} mois{doubt}" if age else "Fiche vérifiée ce mois-ci"


def _at(point: shapely.Point) -> tuple[float, float]:
    return (round(point.y, _DECIMALS), round(point.x, _DECIMALS))


def _weeks(weeks: object) -> str:
    return {"paire": ", semaines paires", "impaire": ", semaines impaires"}.get(str(weeks), "")


def _suggested(site: Site) -> str:
    """Return the half-day of a suggested permanence with its hours, when it has one."""
    if not site.slot or site.start_min is None or site.end_min is None:
        return "Permanence proposée"
    hours = f"{clock(site.start_min)} à {clock(site.end_min)}"
    return f"Permanence proposée : {spoken_slot(site.slot)}, {hours}"


def _coverage(site: Any, limit_min: float) -> str:  # noqa: ANN401 - results.Site
    if not site.target_total:
        return ""
    before, after = (
        percent(v / site.target_total) for v in (site.covered_before, site.covered_after)
    )
    return f"Public à {number(limit_min)} minutes d’une permanence : {before} → {after}"


def _is_hidden(session: Session, hidden: frozenset[str]) -> bool:
    return bool({session.place_id, *(s.place_id for s in session.stops)} & hidden)

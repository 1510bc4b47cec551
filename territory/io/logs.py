"""What the team did and whom it reached, in numbers: activities, contact counts, their places."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd

from territory.io.activity_links import link_activities
from territory.io.activity_points import located_by_address
from territory.io.coarse_points import coarsened
from territory.io.contact_counts import read_contacts
from territory.io.coordinates import Spot, read_spot, to_points
from territory.io.place_rows import commune_of, known_cities, made_id
from territory.io.rows import Columns, Row, record_frame, refuse_identifiers, report_of
from territory.io.text_tables import read_table
from territory.io.values import is_worker_code, read_list, read_range
from territory.model.tables import ACTIVITIES, check_table, conform, empty_table
from territory.model.words import (
    ACTIVITY_KINDS,
    CANCEL_REASONS,
    PRECISIONS,
    STATES,
    WEATHERS,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from territory.geocoding.index import AddressIndex
    from territory.model.issues import ReadReport

__all__ = ["COUNTS", "link_activities", "read_activities", "read_contacts"]

_GENDERS = ("n_women", "n_men", "n_gender_unknown")
_AGES = ("n_under_26", "n_26_59", "n_60_plus", "n_age_unknown")
COUNTS = ("n_informed", "n_engaged", "n_assessed", "n_referred", *_GENDERS, *_AGES)
_MOST_LEAFLETS, _MOST_PARTNERS = 20_000, 500
_FIRST_DAY = "2015-01-01"
_LATEST_DAYS = 549  # eighteen months
_MANY_PEOPLE, _LONG_MIN, _QUARTER_H = 300, 600, 0.25


@dataclass(frozen=True, slots=True)
class _Activity:
    """One activity as read: the values of its columns, and its coordinates."""

    facts: Mapping[str, Any]
    spot: Spot | None

    def key(self) -> str:
        """Return what makes an activity itself: date, kind, place, start."""
        names = ("on", "kind", "place_name", "place_id", "commune_code", "start_min")
        return "|".join(plain(str(self.facts[n])) for n in names)

    def order(self) -> tuple[str, ...]:
        """Return a sorting key that owes nothing to the order of the lines."""
        return tuple(str(self.facts[name]) for name in sorted(self.facts))


def read_activities(  # noqa: PLR0913 - what the lines may refer to
    path: Path,
    *,
    sheet: str | None = None,
    epsg: int = 2154,
    today: date | None = None,
    city_codes: Mapping[str, str] | None = None,
    zones: gpd.GeoDataFrame | None = None,
    addresses: Callable[[], AddressIndex] | None = None,
) -> tuple[gpd.GeoDataFrame, ReadReport]:
    """
    Read « activites » (LOG_FORMAT 3.2) as ACTIVITIES, points in EPSG:`epsg`, and its report.

    `place_id` holds the partner as written until `link_activities`; `city_codes` gives the code of
    communes written by name; `addresses` makes the index (same CRS) that places lines with an
    address only. A blank state is « realise » up to `today`, « prevu » after; without
    `today`, the last day with counts stands for it. A quarter written beside coordinates is checked
    against `zones` (tables.ZONES, same CRS): the point wins (W-QPV). Points of the street are then
    kept to their 100 m square. Raises RefusedFile for a file
    about people, UnreadableFile, UnknownKind when `sheet` does not exist; bad lines are refused in
    the report.
    """
    columns = Columns("activities", read_table(path, sheet))
    opening = columns.opening_issues(("on", "kind"))
    rows, broken = list(columns.rows()), any(i.code == "E-COL" for i in opening)
    cities = known_cities(columns) | {plain(n): c for n, c in (city_codes or {}).items()}
    drafts = [None if broken else _activity(row, cities) for row in rows]
    for row, draft in zip(rows, drafts, strict=True):
        row.refused = row.refused or draft is None
    kept = [(d, r) for d, r in zip(drafts, rows, strict=True) if d is not None and not r.refused]
    _warn_twins(kept)
    states = _states(kept, today)
    ids = _ids([d for d, _ in kept], [r for _, r in kept])
    table = _activities_table([d for d, _ in kept], ids, states, epsg=epsg)
    line_of = dict(zip(ids, (row for _, row in kept), strict=True))
    ordered = [line_of[str(key)] for key in table.index]  # the table is sorted, the file is not
    if addresses is not None:
        table = located_by_address(table, ordered, addresses)
    if zones is not None:
        _check_quarters(table, ordered, zones)
    return coarsened(table), report_of(columns, opening, rows)


def _activity(row: Row, cities: Mapping[str, str]) -> _Activity | None:
    refuse_identifiers(row)
    on = row.date("on", required=True)
    kind = row.word("kind", ACTIVITY_KINDS, required=True)
    counts = {name: row.count(name) for name in COUNTS}
    start, end = _times(row)
    hours = _hours(row, start, end)
    agents = _agents(row)
    if on is None or kind is None or row.refused:
        return None
    _check_date(row, on)
    _check_counts(row, counts)
    spot = read_spot(row)
    values = {
        "activity_id": row.text("activity_id"),
        "on": on,
        "kind": kind,
        "state": row.word("state", STATES),
        "start_min": start,
        "end_min": end,
        "hours": hours,
        "place_name": row.text("place"),
        "place_id": row.text("partner_id"),
        "commune_code": commune_of(row, cities),
        "agents": "|".join(agents) or None,
        "sensitive": bool(row.yes_no("sensitive")),
        **counts,
        **_further(row, located=spot is not None),
    }
    places = (values["place_name"], values["place_id"], values["commune_code"], row.text("city"))
    if spot is None and not any(places):
        problem = (
            "impossible de savoir où : renseignez un lieu, un partenaire, une commune ou des "
            "coordonnées."
        )
        row.note("E-OU", "", problem, "Ligne gardée pour les totaux, absente des cartes.")
    return _Activity(values, None if values["place_precision"] == "commune" else spot)


def _further(row: Row, *, located: bool) -> dict[str, Any]:
    """Return what a line tells beside its counts of people."""
    return {
        "n_partners_met": row.spare_count("n_partners_met", most=_MOST_PARTNERS),
        "flyers": row.spare_count("flyers", most=_MOST_LEAFLETS),
        "weather": row.word("weather", WEATHERS),
        "cancel_reason": row.word("cancel_reason", CANCEL_REASONS),
        "place_precision": _precision(row, located=located),
        "qpv_code": (row.text("qpv_code") or "").upper() or None,
    }


def _precision(row: Row, *, located: bool) -> str | None:
    """Return how precisely a line tells where; without a word, from the columns that are filled."""
    written = row.word("place_precision", PRECISIONS)
    if written == "commune" and located:  # the middle of a commune is nowhere (INDICATORS 0.7)
        problem = "position connue à la commune seulement : le point n'est pas retenu."
        row.note("W-PRECISION", "place_precision", problem)
    if written or located or row.text("partner_id") or row.text("address"):
        return written or "adresse"
    if row.text("qpv_code"):
        return "quartier"
    only_town = row.text("place") is None and (row.text("city") or row.text("city_code"))
    return "commune" if only_town else None


def _times(row: Row) -> tuple[int | None, int | None]:
    """Return (start, end) in minutes; one cell may hold both (`14h-16h30`)."""
    both = row.meaning(read_range, row.text("start") or "")
    start, end = both or (row.minutes("start"), row.minutes("end"))
    if start is not None and end is not None and end <= start:
        row.note("W-HEURE", "end", "la fin n'est pas après le début.", "Heures laissées vides.")
        return None, None
    if start is not None and end is not None and end - start > _LONG_MIN:
        row.note("W-HEURE", "end", "l'activité dure plus de 10 heures.", "Vérifiez les heures.")
    return start, end


def _hours(row: Row, start: int | None, end: int | None) -> float | None:
    written = row.number_of("hours", _QUARTER_H, 12)
    if start is None or end is None:
        return written
    computed = (end - start) / 60
    if written is not None and abs(written - computed) > _QUARTER_H:
        problem = "la durée ne correspond pas aux heures de début et de fin."
        row.note("W-DUREE", "hours", problem, "Les heures sont retenues.")
    return computed


def _agents(row: Row) -> tuple[str, ...]:
    codes = row.meaning(read_list, row.text("agents") or "")
    if all(row.meaning(is_worker_code, code) for code in codes):
        return tuple(dict.fromkeys(codes))
    problem = "cette colonne attend un code (par exemple M1), pas un nom de personne."
    row.refuse("E-NOM", "agents", problem, "Ligne refusée.")
    return ()


def _check_date(row: Row, on: date) -> None:
    if on.isoformat() < _FIRST_DAY:
        row.refuse("E-DATE", "on", "la date est avant le 01/01/2015.", "Ligne ignorée.")


def _check_counts(row: Row, counts: Mapping[str, int | None]) -> None:
    met = [counts[n] for n in ("n_informed", "n_engaged", "n_assessed", "n_referred")]
    most = max((n for n in met if n is not None), default=None)
    informed, engaged = counts["n_informed"], counts["n_engaged"]
    if informed is not None and informed > _MANY_PEOPLE:
        row.note("W-NOMBRE", "n_informed", "plus de 300 personnes.", "Vérifiez ce nombre.")
    if informed is not None and engaged is not None and engaged > informed:
        problem = "plus de personnes accrochées que de personnes informées."
        row.note("W-NOMBRE", "n_engaged", problem, "Vérifiez ces nombres.")
    _check_sum(row, "femmes + hommes", [counts[n] for n in _GENDERS], most)
    _check_sum(row, "l'ensemble des âges", [counts[n] for n in _AGES], most)


def _check_sum(row: Row, what: str, parts: Sequence[int | None], most: int | None) -> None:
    """Tell when people shared out by gender or age are more than the people of the line."""
    total = sum(n for n in parts if n is not None)
    if most is not None and total > most:
        problem = f"{what} ({total}) dépasse le nombre de personnes ({most})."
        remedy = "Les deux sont gardés ; la répartition n'est pas publiée."
        row.note("W-SOMME", "n_women" if "femmes" in what else "n_under_26", problem, remedy)


def _check_quarters(table: gpd.GeoDataFrame, rows: Sequence[Row], zones: gpd.GeoDataFrame) -> None:
    """Tell the lines whose point is not in the quarter they name."""
    quarters = zones.geometry.to_dict()
    for point, row in zip(table.geometry, rows, strict=True):
        code = (row.text("qpv_code") or "").upper()
        if code in quarters and point is not None and not quarters[code].covers(point):
            problem = f"le point n'est pas dans le QPV indiqué ({code}) : "
            row.note("W-QPV", "qpv_code", f"{problem}la position sur la carte est retenue.")


def _warn_twins(kept: Sequence[tuple[_Activity, Row]]) -> None:
    """Tell lines with the same date, kind and place: two outings, or one typed twice."""
    seen: dict[tuple[str, ...], Row] = {}
    for draft, row in kept:
        names = ("on", "kind", "place_name", "place_id", "start_min", "agents")
        key = tuple(plain(str(draft.facts[n])) for n in names)
        first = seen.setdefault(key, row)
        if first is not row and (draft.facts["place_name"] or draft.facts["place_id"]):
            problem = f"même date, même type, même lieu que la ligne {first.line}."
            remedy = "Les deux lignes sont gardées ; supprimez-en une si c'est une erreur."
            row.note("W-DOUBLON", "", problem, remedy)


def _states(kept: Sequence[tuple[_Activity, Row]], today: date | None) -> list[str]:
    """Return each state, deduced from the date when blank."""
    counted = [
        d.facts["on"]
        for d, _ in kept
        if d.facts["state"] == "realise" or any(d.facts[n] is not None for n in COUNTS)
    ]
    last = today or max(counted, default=None)
    states = []
    for draft, row in kept:
        on, state = draft.facts["on"], draft.facts["state"]
        future = last is not None and on > last
        if future and state in {None, "realise"} and (today or state is None):
            row.note("W-FUTUR", "on", "date future : l'activité est considérée comme prévue.")
            state = "prevu"
        if today is not None and (on - today).days > _LATEST_DAYS:
            row.note("W-FUTUR", "on", "date à plus de dix-huit mois.", "Vérifiez l'année.")
        states.append(state or "realise")
    return states


def _ids(drafts: Sequence[_Activity], rows: Sequence[Row]) -> list[str]:
    wanted = [d.facts["activity_id"] or made_id("a", d.key()) for d in drafts]
    seen: Counter[str] = Counter()
    ids, taken = list(wanted), set(wanted)
    twice = {key for key, times in Counter(wanted).items() if times > 1}
    again = [n for n, key in enumerate(wanted) if key in twice]
    for n in sorted(again, key=lambda n: (wanted[n], drafts[n].order(), n)):
        seen[wanted[n]] += 1
        if seen[wanted[n]] == 1:
            continue
        while f"{wanted[n]}-{seen[wanted[n]]}" in taken:
            seen[wanted[n]] += 1
        ids[n] = f"{wanted[n]}-{seen[wanted[n]]}"
        taken.add(ids[n])
        if drafts[n].facts["activity_id"]:
            problem = "identifiant d'activité déjà utilisé."
            rows[n].note("W-CLE", "activity_id", problem, f"Celle-ci devient « {ids[n]} ».")
    return ids


def _activities_table(
    drafts: Sequence[_Activity], ids: Sequence[str], states: Sequence[str], *, epsg: int
) -> gpd.GeoDataFrame:
    if not drafts:
        return empty_table(ACTIVITIES, epsg=epsg)
    frame = record_frame(ACTIVITIES, [d.facts for d in drafts], ids)
    frame["state"] = list(states)
    points = to_points([d.spot for d in drafts], epsg)
    frame["geometry"] = gpd.GeoSeries(points, index=frame.index)
    table = conform(frame, ACTIVITIES, epsg=epsg)
    check_table(table, ACTIVITIES, epsg=epsg)
    return table

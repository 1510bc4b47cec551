"""Small random weeks at the level of tables, every kind of rule among them, drawn from a seed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pandas as pd
from shapely.geometry import LineString, Point

from territory.model.tables import ACTIVITIES, AVAILABILITY, PLACES, TEAM, conform
from territory.model.tours import TOURS
from territory.model.week_edits import EditKind, WeekEdit
from territory.planning.checker import check_plan
from territory.planning.records import DAY_MIN, Slot
from territory.planning.rule_effects import NO_WALK, Effects, Shut
from territory.planning.week import Asks, plan_week
from territory.settings import Ground, Settings, Week
from tests.planning.town import GridWalks, gap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from territory.model.tables import TableContract
    from territory.model.week_results import WeekPlan

Row = dict[str, Any]

# Holidays (1 May, 11 November, Easter Monday, Christmas, New Year's Day), changes of the clock
# (29 March, 25 October), and plain weeks
WEEKS = ("2026-W18", "2026-W46", "2026-W15", "2026-W52", "2026-W53", "2026-W13", "2026-W43",
         "2026-W48", "2026-W24", "2027-W05")  # fmt: skip
HOURS = ("We 08:00-13:00", "Mo-Fr 09:00-12:00,14:00-17:00", "Mo-Sa 14:00-16:30",
         "Tu,Th 10:00-12:00",
         "Mo-Fr 08:30-12:00; We 14:00-18:00; PH off", "Mo-Fr 09:00-09:30", "Mo-Su 00:00-24:00",
         "selon rendez-vous", None, None)  # fmt: skip
KINDS = ("marche", "centre_social", "commerce", "association", "foyer", "maison_emploi")
RECURRENCES = ("1er mercredi du mois", "tous les mercredis, pendant les vacances scolaires",
               "toutes les 2 semaines le mardi à partir du 06/01/2026",
               "tous les lundis, sauf jours fériés")  # fmt: skip
LUNCHES = ((("12:00", "13:30"), 45), (("12:00", "13:30"), None), (("12:00", "14:00"), 60),
           (("11:30", "13:00"), 30), (("12:30", "13:15"), 0))  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A random week: what `plan_week` is given, but for the week itself."""

    seed: int
    week: str
    arguments: Row

    def planned(self, **changes: object) -> WeekPlan:
        """Return the plan of the week, with some arguments changed."""
        return plan_week(self.week, **(self.arguments | changes))

    def faults(self, plan: WeekPlan, asks: Asks | None = None) -> list[str]:
        """Return what the judge says of a plan of this week."""
        asked = asks or self.arguments["asks"]
        given = {k: v for k, v in self.arguments.items() if k not in {"need", "asks"}}
        told = {"edits": tuple(asked.edits.values()), "tours": asked.tours, "before": asked.before}
        return check_plan(plan, **given, **told)

    def locked(self, plan: WeekPlan) -> Asks | None:
        """Return what is asked when the first outing of `plan` is locked, None without any."""
        first = next((s for s in plan.sessions if not s.fixed), None)
        if first is None:
            return None
        asked = self.arguments["asks"]
        lock = {100: WeekEdit(EditKind.LOCK, first.session_id)}
        return replace(asked, edits={**asked.edits, **lock}, before=plan)

    def shuffled(self) -> Row:
        """Return the tables in another order of rows."""
        names = ("places", "team", "availability", "activities", "need")
        turned = {n: self.arguments[n].sample(frac=1.0, random_state=self.seed) for n in names}
        return {**turned, "gaps": self.arguments["gaps"][::-1]}


@dataclass(frozen=True)
class _Rows:
    """The rows of one week before they are tables."""

    seed: int
    week: str
    days: tuple[date, ...]
    places: dict[str, Row]
    team: dict[str, Row]
    slots: dict[str, Row]
    planned: dict[str, Row]
    rest: Row
    tours: dict[str, Row]


def random_weeks(seeds: Sequence[int]) -> list[Drawn]:
    """Return the weeks of `seeds`; their tables are made all at once, which is much quicker."""
    rows = [_rows(seed) for seed in seeds]
    tables = {
        "places": _tables([r.places for r in rows], PLACES),
        "team": _tables([r.team for r in rows], TEAM),
        "availability": _tables([r.slots for r in rows], AVAILABILITY),
        "activities": _tables([r.planned for r in rows], ACTIVITIES),
    }
    for row, tours in zip(rows, _tables([r.tours for r in rows], TOURS), strict=True):
        row.rest["asks"] = replace(row.rest["asks"], tours=tours if row.tours else None)
    return [
        Drawn(r.seed, r.week, {**{name: made[n] for name, made in tables.items()}, **r.rest})
        for n, r in enumerate(rows)
    ]


def _tables(weeks: Sequence[dict[str, Row]], contract: TableContract) -> list[pd.DataFrame]:
    rows = [row for week in weeks for row in week.values()]
    columns = {c.name for c in contract.columns} | ({"geometry"} if contract.geometry else set())
    names = [f"{n:09d}" for n in range(len(rows))]
    frame = pd.DataFrame(rows, index=names, columns=sorted(columns), dtype=object)
    whole, at, found = conform(frame, contract), 0, []
    for week in weeks:
        part = whole.iloc[at : at + len(week)]
        found.append(part.set_axis(list(week), axis=0).rename_axis(contract.index))
        at += len(week)
    return found


def _rows(seed: int) -> _Rows:
    rng = Random(seed)  # noqa: S311 - nothing secret is drawn
    week = WEEKS[seed % len(WEEKS)]
    year, number = int(week[:4]), int(week[6:])
    days = tuple(date.fromisocalendar(year, number, n) for n in range(1, 8))
    places = {f"P{n}": _place(rng, days) for n in range(rng.randint(3, 7))}
    names = [f"A{n}" for n in range(1, rng.randint(2, 4) + 1)]
    team = {name: _worker(rng, days, sorted(places)) for name in names}
    team |= {"X1": {"role": "partenaire"}} if rng.random() < 0.1 else {}
    joint = _joint(seed, names, days)
    team |= joint.team
    slots = [s for name in names for s in _hours(rng, name)]
    slots += [_slot(rng, names, days, sorted(places)) for _ in range(rng.randint(0, 7))]
    planned = [_planned(rng, names, days, sorted(places)) for _ in range(rng.randint(0, 3))]
    slots, planned = [*slots, *joint.slots], [*planned, *joint.planned]
    rest, tours = _rest(rng, names, days, places)
    return _Rows(
        seed, week, days, places, team,
        {f"S{n}": s for n, s in enumerate(slots)},
        {f"V{n}": a for n, a in enumerate(planned)},
        joint.added(rest), tours,
    )  # fmt: skip


@dataclass(frozen=True)
class _Joint:
    """What other teams bring to a week: rows of the tables, and settings."""

    team: dict[str, Row]
    slots: list[Row]
    planned: list[Row]
    settings: Row

    def added(self, rest: Row) -> Row:
        """Return the rest of a week with these settings of its own."""
        settings = rest["settings"]
        week = settings.week.model_copy(update=self.settings)
        return {**rest, "settings": settings.model_copy(update={"week": week})}


def _joint(seed: int, names: Sequence[str], days: Sequence[date]) -> _Joint:
    """Return other teams in four weeks of ten, drawn apart so that the rest stays as it is."""
    rng = Random(f"joint {seed}")  # noqa: S311 - nothing secret is drawn
    settings = {"joint_week": rng.choice([0, 1, 1, 2]), "joint_apart_weeks": rng.choice([1, 1, 6])}
    if rng.random() > 0.4:
        return _Joint({}, [], [], settings)
    others = ["PRIJ", "PREV"][: rng.randint(1, 2)]
    team = {
        code: {
            "role": "partenaire",
            "communes": rng.choice([None, "93001", "93001|93002"]),
            "walk_kmh": rng.choice([None, None, 3.0]),
        }
        for code in others
    }
    slots: list[Row] = [_offer(rng, names, others) for _ in range(rng.randint(1, 4))]
    if rng.random() < 0.2:
        day = rng.choice(days).isoformat()
        slots.append({"agent_code": others[0], "kind": "absent", "weeks": "toutes",
                      "from_on": day, "to_on": day})  # fmt: skip
    planned = [_met(rng, names, others, days) for _ in range(rng.choice([0, 0, 1]))]
    return _Joint(team, slots, planned, settings)


def _offer(rng: Random, names: Sequence[str], others: Sequence[str]) -> Row:
    """Return a line of another team, or of one of ours that names it."""
    start = rng.choice([540, 600, 780, 840])
    row: Row = {"kind": "disponible", "weekday": rng.randint(0, 4), "weeks": "toutes",
                "start_min": start, "end_min": start + rng.choice([90, 180, 420])}  # fmt: skip
    if rng.random() < 0.8:
        return row | {"agent_code": rng.choice(others)}
    return row | {"agent_code": rng.choice(names), "partners": rng.choice(others)}


def _met(rng: Random, names: Sequence[str], others: Sequence[str], days: Sequence[date]) -> Row:
    """Return an outing with another team: this week, or some weeks before."""
    ago = rng.choice([0, 0, 7, 21])
    state = "prevu" if ago == 0 else rng.choice(["prevu", "realise"])
    on = rng.choice(days) - timedelta(days=ago)
    return {"state": state, "on": on.isoformat(), "kind": "maraude", "geometry": None,
            "agents": f"{rng.choice(names)}|{rng.choice(others)}", **_span(rng)}  # fmt: skip


def _corner(rng: Random) -> tuple[float, float]:
    far = rng.random() < 0.15
    return 75.0 * rng.randint(-14, 14) * (4 if far else 1), 75.0 * rng.randint(-8, 8)


def _place(rng: Random, days: Sequence[date]) -> Row:
    closed = None
    if rng.random() < 0.2:
        first = days[rng.randint(0, 6)]
        closed = f"{first}/{first + timedelta(days=rng.randint(0, 9))}"
    return {
        "name": f"Lieu {rng.randint(1, 10**6)}",
        "kind": rng.choice(KINDS),
        "commune_code": rng.choice(["93001", "93002", None]),
        "status": "refus" if rng.random() < 0.08 else "active",
        "sensitive": rng.random() < 0.08,
        "fixed_point": rng.random() > 0.05,
        "opening_hours": rng.choice(HOURS),
        "closures": closed,
        "geometry": Point(*_corner(rng)),
    }


def _worker(rng: Random, days: Sequence[date], places: Sequence[str]) -> Row:
    coming = rng.random()
    return {
        "role": "mediateur",
        "start_place_id": rng.choice([places[0], places[0], rng.choice(places), None]),
        "communes": rng.choice([None, None, "93001", "93001|93002"]),
        "walk_kmh": rng.choice([None, 3.0, 4.0, 5.5]),
        "walk_max_m": rng.choice([None, None, 1500, 3000]),
        "weekly_hours": rng.choice([35, 28, 17.5, None]),
        "active_from": days[rng.randint(1, 3)].isoformat() if coming < 0.08 else None,
        "active_to": days[rng.randint(1, 4)].isoformat() if coming > 0.92 else None,
    }


def _span(rng: Random) -> Row:
    start = 15 * rng.randint(32, 70)
    return {"start_min": start, "end_min": start + 15 * rng.randint(2, 16)}


def _hours(rng: Random, agent: str) -> list[Row]:
    """Part-time: hours of some days, or mornings and evenings; nothing written: a usual week."""
    if rng.random() < 0.5:
        return []
    found = []
    for weekday in rng.sample(range(6), rng.randint(2, 5)):
        start = rng.choice([480, 510, 540, 600, 780])
        whole = rng.choice([[(start, start + 450)], [(start, 735), (790, 1050)], [(start, 1185)]])
        found += [
            {"agent_code": agent, "kind": "disponible", "weekday": weekday, "weeks": "toutes",
             "start_min": a, "end_min": b}
            for a, b in whole if a < b
        ]  # fmt: skip
    return found


def _slot(rng: Random, names: Sequence[str], days: Sequence[date], places: Sequence[str]) -> Row:
    kind = rng.choice(["absent", "absent", "permanence", "permanence", "reunion", "formation",
                       "suivi", "evenement"])  # fmt: skip
    row: Row = {"agent_code": rng.choice(names), "kind": kind, "weeks": "toutes", **_span(rng)}
    when = rng.random()
    if when < 0.5:
        row |= {"weekday": rng.randint(0, 5), "weeks": rng.choice(["toutes", "paire", "impaire"])}
    elif when < 0.65:
        row |= {"recurrence": rng.choice(RECURRENCES)}
    else:
        day = rng.choice(days).isoformat()
        row |= {"from_on": day, "to_on": day}
        row |= {"start_min": None, "end_min": None} if kind == "absent" else {}
    if kind in {"permanence", "evenement", "suivi"}:
        row |= {"place_id": rng.choice([*places, None])}
    if kind == "reunion" and rng.random() < 0.3:
        row |= {"headcount": 2}
    return row


def _planned(rng: Random, names: Sequence[str], days: Sequence[date], places: Sequence[str]) -> Row:
    agents = rng.sample(names, rng.randint(0, 2))
    timed = rng.random() < 0.9
    return {
        "state": rng.choice(["prevu", "prevu", "prevu", "annule"]),
        "on": rng.choice(days).isoformat(),
        "kind": rng.choice(["evenement", "maraude", "reunion", "accompagnement"]),
        "agents": "|".join(agents) or None,
        "place_id": rng.choice([*places, None]),
        "place_name": "Parc",
        "sensitive": rng.random() < 0.1,
        "geometry": None,
        **(_span(rng) if timed else {}),
    }


def _rest(
    rng: Random, names: Sequence[str], days: Sequence[date], places: dict[str, Row]
) -> tuple[Row, dict[str, Row]]:
    """Return what is asked beside the tables, and the rows of tours."""
    cells = {f"c{n}": _corner(rng) for n in range(rng.randint(2, 6))}
    gaps = _gaps(rng, sorted(cells))
    tours = _tours(rng, [g.zone_id for g in gaps]) if rng.random() < 0.3 else {}
    points = {f"p:{k}": (row["geometry"].x, row["geometry"].y) for k, row in places.items()}
    points |= {f"c:{k}": at for k, at in cells.items()}
    points |= {f"n:{n}": _corner(rng) for n in range(12)}
    edits = [_edit(rng, names, days, sorted(places)) for _ in range(rng.choice([0, 0, 0, 1, 2]))]
    asks = Asks(
        required=(gaps[0].zone_id,) if gaps and rng.random() < 0.15 else (),
        edits=dict(enumerate(edits, 1)),
    )
    rest = {
        "gaps": gaps,
        "need": pd.DataFrame(
            {"target": [float(rng.randint(1, 60)) for _ in cells]},
            index=pd.Index(sorted(cells), name="cell_id"),
        ),
        "walks": GridWalks(points),
        "settings": Settings(week=_settings(rng), ground=Ground(communes=("93001", "93002"))),
        "effects": _effects(rng, names, days, sorted(places), [g.zone_id for g in gaps]),
        "asks": asks,
    }
    return rest, tours


def _gaps(rng: Random, cells: Sequence[str]) -> tuple[Any, ...]:
    many = rng.randint(0, min(3, len(cells)))
    return tuple(
        gap(n + 1, tuple(cells[n::many]), commune=rng.choice(["93001", "93001", "93002"]))
        for n in range(many)
    )


def _tours(rng: Random, zones: Sequence[str]) -> dict[str, Row]:
    return {
        f"T{n}": {
            "zone_id": zone, "half_day": half, "minutes": 40.0, "node": n,
            "seconds": 60.0 * rng.randint(25, 70), "value": float(rng.randint(1, 9)),
            "bound": 10.0, "streets": f"rue {n}|rue {n + 1}", "length_m": 75.0 * rng.randint(5, 30),
            "geometry": LineString([(0.0, 0.0), (75.0, 0.0)]),
        }
        for n, (zone, half) in enumerate((z, h) for z in zones for h in ("matin", "apres-midi"))
    }  # fmt: skip


def _edit(
    rng: Random, names: Sequence[str], days: Sequence[date], places: Sequence[str]
) -> WeekEdit:
    kind = rng.choice([EditKind.ABSENCE, EditKind.APPOINTMENT, EditKind.EXCLUDE, EditKind.PLACE])
    on, agent = rng.choice(days), rng.choice(names)
    if kind is EditKind.ABSENCE:
        return WeekEdit(kind, "", agent, on)
    if kind is EditKind.APPOINTMENT:
        return WeekEdit(kind, rng.choice(places), agent, on, **_span(rng))
    target = rng.choice([*places, "Z1"])
    half = rng.choice(["", "matin", "apres-midi"])
    return WeekEdit(kind, target, on=rng.choice([None, on]), half_day=half)


def _effects(
    rng: Random,
    names: Sequence[str],
    days: Sequence[date],
    places: Sequence[str],
    zones: Sequence[str],
) -> Effects:
    def some(share: float) -> bool:
        return rng.random() < share

    span = rng.choice([(0, 600), (960, DAY_MIN), (660, 840)])
    calm = Slot("regle", rng.choice(names), None, days[0], days[-1], *span, "toutes", NO_WALK, None)
    return Effects(
        most={rng.choice(names): rng.randint(0, 2)} if some(0.2) else {},
        slots=(calm,) if some(0.2) else (),
        avoided=frozenset({rng.choice(places)}) if some(0.15) else frozenset(),
        shut={rng.choice(zones): Shut(rng.choice(days), "Fermée.")} if zones and some(0.15) else {},
        pair_only=frozenset({rng.choice(places)}) if some(0.2) else frozenset(),
    )


def _settings(rng: Random) -> Week:
    (start, end), lasting = rng.choice(LUNCHES)
    pairs = rng.choice(["pairs", "alone", "some"])
    return Week(
        midi_debut=start, midi_fin=end, repas_min=lasting,
        maraude_min_min=rng.choice([15, 60, 90]),
        maraude_max_min=rng.choice([120, 180, 240]),
        marche_max_m=rng.choice([2000, 6000, 9000]),
        visite_min=rng.choice([10, 20, 30]),
        rue_min=rng.choice([20, 40]),
        maraudes_par_mediateur=rng.choice([0, 1, 2, 3, 5]),
        binomes=pairs == "pairs",
        binomes_semaine=rng.randint(0, 3) if pairs == "some" else None,
        lieux_a_deux=("foyer",) if rng.random() < 0.3 else (),
        reserve_min=rng.choice([0, 10, 20]),
        ecart_jours=rng.choice([1, 3, 7]),
        bus_des_m=rng.choice([None, 1500.0, 900.0]),
        bus_attente_min=rng.choice([0, 10]),
        bus_kmh=rng.choice([8.0, 12.0, 30.0]),
        visites_max_par_type={"marche": rng.randint(0, 2)} if rng.random() < 0.3 else {},
        essais=30, lieux_expliques=3, essais_preuve=3,
    )  # fmt: skip

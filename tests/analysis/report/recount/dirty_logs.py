"""Logs drawn from a seed that hold what a team leaves blank, cancels, or writes twice."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import TYPE_CHECKING, Any

import pandas as pd
from shapely.geometry import box

from territory.io.contact_links import COLUMN_OF_STAGE, reconcile, standing_alone
from territory.model.report import Span
from territory.model.tables import ACTIVITIES, CELLS, CONTACTS, IRIS, PLACES, ZONES, conform
from territory.model.words import (
    ACTIVITY_KINDS,
    BARRIERS,
    CANCEL_REASONS,
    CHANNELS,
    HOME_ZONES,
    OUTCOMES,
    PLACE_KINDS,
    STATUSES,
)
from tests.analysis.report.recount.tables import Log

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

    from territory.model.contracts import TableContract

YEAR = Span(date(2026, 1, 1), date(2026, 12, 31), "année 2026")
COMMUNES = {"93010": "Une", "93048": "Deux"}
STAGES = ("informe", "accroche", "diagnostic", "oriente", "entree", "sortie_positive")
COUNTS = ("n_informed", "n_engaged", "n_assessed", "n_referred", "n_women", "n_men",
          "n_gender_unknown", "n_under_26", "n_26_59", "n_60_plus", "n_age_unknown")  # fmt: skip
AREAS = {  # where a point may be: class, quarter
    "in Q1": ("qpv", "Q1"), "in Q2": ("qva", "Q2"), "in Q3": ("qpv", "Q3"),
    "in Q4": ("qva", "Q4"),
    "near": ("proximite", "hors"), "far": ("autre", "hors"), "nowhere": ("inconnue", None),
}  # fmt: skip
TWINS = ("maraude", "permanence", "evenement")  # what comes often
Row = dict[str, Any]


def dirty_log(seed: int, size: int = 1) -> Log:
    """Return a log of some 60 activities by `size`, their contact lines, structures and ground."""
    random = Random(seed)  # noqa: S311 - a test log
    places = conform(_frame([_place(random, at) for at in range(12)], "place_id"), PLACES)
    rows = [_activity(random, at) for at in range(size * random.randint(1, 90))]
    silent = _never_noted(seed)
    activities = conform(
        _frame(rows, "activity_id").drop(columns=silent, errors="ignore"), ACTIVITIES
    )
    lines = [_line(random, at, activities.index) for at in range(size * random.randint(0, 120))]
    lines = [line for line in lines if COLUMN_OF_STAGE.get(line["stage"], line["stage"])
             not in silent]  # fmt: skip
    contacts = conform(_frame(lines, "contact_id"), CONTACTS) if lines else _none(CONTACTS)
    counted, _ = reconcile(activities, contacts)
    zones = _zones(random)
    areas = list(AREAS) if len(zones) else ["nowhere"]  # no perimeter was given
    spots = [AREAS[random.choice(areas)] for _ in activities.index]
    where = pd.DataFrame(spots, columns=["residence", "quarter"], index=activities.index)
    where["lacking"] = None
    known = random.random() < 0.8
    return Log(
        counted, standing_alone(contacts, counted),
        places if known else places.assign(status=pd.NA),
        COMMUNES, zones, _cells(random), _iris(random), where.astype("string"),
        {code: float(random.randint(0, 90)) for code in ("P1", "P2", "P2f", "P3n", "P3s", "R5")
         if random.random() < 0.7},
    )  # fmt: skip


def _frame(rows: list[Row], key: str) -> pd.DataFrame:
    return pd.DataFrame(rows).set_index(key).assign(geometry=None)


def _none(contract: TableContract) -> pd.DataFrame:
    return conform(pd.DataFrame(index=pd.Index([], dtype="str")), contract)


def _never_noted(seed: int) -> list[str]:
    """Return the counts, and the stages without one, that the team of this seed never notes."""
    silent = Random(f"silent {seed}")  # noqa: S311 - a test log
    named = [*(COLUMN_OF_STAGE.get(stage, stage) for stage in STAGES), *COUNTS[4:]]
    return silent.sample(named, silent.choice([0, 1, 3, len(named)]))


def _maybe(random: Random, value: object, chance: float = 0.7) -> object:
    return value if random.random() < chance else None


def _word(random: Random, words: Sequence[Any], chance: float = 0.7) -> object:
    return _maybe(random, random.choice([word.code for word in words]), chance)


def _day(random: Random) -> date:
    return date(2025, 11, 15) + timedelta(days=random.randint(0, 440))  # some out of the year


def _place(random: Random, at: int) -> Row:
    return {
        "place_id": f"P{at:02d}", "name": f"Lieu {at}",
        "kind": _word(random, PLACE_KINDS, 0.9), "commune_code": _maybe(random, "93010"),
        "status": _word(random, STATUSES), "sensitive": random.random() < 0.2,
        "first_contact_on": _maybe(random, _day(random), 0.4),
        "last_met_on": _maybe(random, _day(random), 0.4),
    }  # fmt: skip


def _activity(random: Random, at: int) -> Row:
    start = random.choice([None, 420, 540, 600, 810, 960, 1110])
    state = random.choices(["realise", "annule", "reporte", "prevu"], [7, 1, 1, 1])[0]
    kinds = [*TWINS, *TWINS, *(word.code for word in ACTIVITY_KINDS)]
    return {
        "activity_id": f"A{at:03d}", "on": _day(random), "kind": random.choice(kinds),
        "state": state, "start_min": start, "end_min": _maybe(random, (start or 500) + 120),
        "hours": _maybe(random, random.choice([1.0, 2.5, 3.0])),
        "place_name": _maybe(random, f"rue {random.randint(1, 3)}"),
        "place_id": _maybe(random, f"P{random.randint(0, 11):02d}", 0.5),
        "commune_code": _maybe(random, random.choice(list(COMMUNES)), 0.9),
        "agents": _maybe(random, random.choice(["M1", "M2", "M1|M2", "M1|M2|M3"])),
        "cancel_reason": _word(random, CANCEL_REASONS) if state in {"annule", "reporte"} else None,
        "qpv_code": _maybe(random, random.choice(["Q1", "Q3"]), 0.4),
        "sensitive": random.random() < 0.15,
        **{name: _maybe(random, random.randint(0, 30), 0.6) for name in COUNTS},
    }  # fmt: skip


def _line(random: Random, at: int, keys: pd.Index) -> Row:
    key = random.choice([None, "inconnue", *[random.choice(list(keys)) for _ in range(6)]])
    return {
        "contact_id": f"C{at:03d}", "activity_id": key,
        "on": _maybe(random, _day(random), 0.5 if key else 1.0),
        "count": random.randint(1, 15), "stage": random.choice(STAGES),
        "channel": _word(random, CHANNELS),
        "home_zone": _word(random, HOME_ZONES),
        "gender": _maybe(random, random.choice(["femme", "homme", "autre_ou_inconnu"])),
        "age_band": _maybe(random, random.choice(["moins_26", "26_59", "60_plus", "inconnu"])),
        "barriers": _maybe(random, "|".join(random.sample([b.code for b in BARRIERS], 2))),
        "referred_to": _word(random, PLACE_KINDS), "outcome": _word(random, OUTCOMES),
        "registered": _maybe(random, random.choice(["oui", "non", "inconnu"])),
        "supported": _maybe(random, random.choice(["oui", "non", "inconnu"])),
        "cohort": _maybe(random, random.choice(["jeunes", "seniors"])),
    }  # fmt: skip


def _zones(random: Random) -> gpd.GeoDataFrame:
    """Return quarters, or none: Q2 lies in part on Q1, nobody lives in Q4."""
    kinds = {"Q1": "qpv", "Q2": "qva", "Q3": "qpv", "Q4": "qva"}
    rows = pd.DataFrame(
        {"name": list(kinds), "kind": list(kinds.values()), "generation": [2024, None, 2024, None],
         "geometry": [box(100, 0, 500, 300), box(400, 100, 900, 350), box(0, 500, 90, 590),
                      box(2000, 0, 2100, 90)]},
        index=pd.Index(kinds, name="zone_code"),
    )  # fmt: skip
    return conform(rows if random.random() < 0.9 else rows.iloc[:0], ZONES)


def _cells(random: Random) -> gpd.GeoDataFrame:
    """Return squares of 200 m, some or most imputed, a few without ages; Q3 is small."""
    aged, made_up = random.choice([1.0, 0.9]), random.choice([0.3, 0.3, 0.8])
    rows = [
        {"cell_id": f"c{x}{y}", "residents": float(random.randint(5, 300)),
         "residents_18_64": _maybe(random, float(random.randint(1, 5)), aged),
         "imputed": random.random() < made_up,
         "commune_code": random.choice([*COMMUNES, None]),
         "geometry": box(200 * x, 200 * y, 200 * x + 200, 200 * y + 200)}
        for x in range(5) for y in range(4)
    ]  # fmt: skip
    return conform(pd.DataFrame(rows).set_index("cell_id"), CELLS)


def _iris(random: Random) -> pd.DataFrame:
    """Return three IRIS, in which the census may leave an age out."""
    names = ("residents_15_24", "residents_15_64", "women_15_64", "men_15_64")
    whole = random.choice([1.0, 0.9])
    rows = [
        {"iris_code": f"I{at}", **{name: _maybe(random, 9.0 * at, whole) for name in names}}
        for at in range(1, 4)
    ]
    return conform(_frame(rows, "iris_code"), IRIS)

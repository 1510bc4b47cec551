"""Workbooks made to hold the figures that three programmes printed (PROGRAMMES.md)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING

import holidays
from openpyxl import Workbook

from territory.io.raw_folder import add_raw
from territory.io.recognise import recognise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Rows = list[dict[str, object]]
RAW = Path(__file__).resolve().parents[3] / "data" / "raw"
GROUND = (
    "communes.geojson", "filosofi2021_carreaux_200m.csv", "iris.gpkg", "qpv_2024_valfictif.geojson",
    "qva.gpkg", "base-ic-activite-residents-2021.csv",
)  # fmt: skip
SATURDAY = 5
COMMUNES = ("Valfictif", "Brume-sur-Canal", "Les Hauts-Inventés")


def write_territory(folder: Path, sheets: dict[str, Rows], toml: str = "") -> Path:
    """Write a territory of the fictional town's ground and a workbook of these sheets."""
    folder.mkdir(parents=True)
    _write_workbook(folder / "suivi.xlsx", sheets)
    for path in (*(RAW / name for name in GROUND), folder / "suivi.xlsx"):
        add_raw(folder, path, recognise(path))
    ground = (RAW.parents[1] / "territory.toml").read_text(encoding="utf-8")
    ground = ground.replace("2026-10-31", "2026-12-31")
    (folder / "territory.toml").write_text(f"{ground}\n{toml}", encoding="utf-8")
    return folder


def _write_workbook(path: Path, sheets: dict[str, Rows]) -> None:
    book = Workbook()
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        header = list(dict.fromkeys(name for row in rows for name in row))
        sheet.append(header)
        for row in rows:
            sheet.append([row.get(name) for name in header])
    book.remove(book.worksheets[0])
    book.save(path)


def working_days(first: date) -> Iterator[date]:
    """Yield days from Monday to Friday that are no public holidays, one after the other."""
    off = holidays.France(years=[first.year, first.year + 1])
    day = first
    while True:
        if day.weekday() < SATURDAY and day not in off:
            yield day
        day += timedelta(days=1)


def parts(total: int, count: int) -> list[int]:
    """Return `count` whole numbers that add up to `total`, as equal as can be."""
    return [total // count + (at < total % count) for at in range(count)]


def activities(kind: str, prefix: str, days: Iterator[date], rows: Iterable[dict[str, object]],
               start: str = "9h", end: str = "11h") -> Rows:  # fmt: skip
    """Return activities of one kind, a day each, at towns in turn."""
    towns = cycle(COMMUNES)
    return [
        {
            "id_activite": f"{prefix}{at:03d}", "date": next(days), "type_activite": kind,
            "heure_debut": start, "heure_fin": end, "commune": next(towns),
            "lieu": f"lieu {prefix}{at:03d}", "agents": "M1", **row,
        }
        for at, row in enumerate(rows)
    ]  # fmt: skip


def counts(**totals: Sequence[int]) -> Rows:
    """Return one row of counts for each position of the lists of `totals`."""
    return [dict(zip(totals, values, strict=True)) for values in zip(*totals.values(), strict=True)]


def est_ensemble() -> dict[str, Rows]:
    """1000, 96 = 47 + 49 without 34 visits, 487, 219, 60 %, 80 %, > 250 / 145, 40 %, 38 %."""
    met = parts(1000, 47 + 49 + 219)
    rounds = counts(nb_informes=met[:47])
    events = counts(nb_informes=met[47:96])
    received = parts(487, 219)
    women, young, old = (_spread(total, received) for total in (292, 45, 48))
    held = counts(
        nb_informes=[max(a, b) for a, b in zip(met[96:], received, strict=True)],
        nb_diagnostics=received, nb_orientes=received, nb_femmes=women,
        nb_hommes=[r - w for r, w in zip(received, women, strict=True)],
        nb_moins_26=young, nb_60_plus=old,
        nb_26_59=[r - y - o for r, y, o in zip(received, young, old, strict=True)],
    )  # fmt: skip
    days = {name: working_days(date(2026, 1, 5)) for name in "mevp"}
    sheets = {
        "activites": [
            *activities("maraude", "m", days["m"], rounds, "9h", "10h"),
            *activities("evenement", "e", days["e"], events, "10h", "11h"),
            *activities("permanence", "p", days["p"], held, "14h", "15h"),
            *activities("visite_partenaire", "v", days["v"], counts(nb_informes=[0] * 34),
                        "11h", "12h"),
        ],
        "contacts": _exits({"cdi": 20, "cdd_plus_6_mois": 19, "interim": 6, "cddi": 5}),
        "partenaires": _partners(251, 145),
    }  # fmt: skip
    surplus = sum(int(str(row["nb_informes"])) for row in held) - sum(met[96:])
    _take(rounds, surplus, sheets["activites"])
    return sheets


def _take(rounds: Rows, surplus: int, rows: Rows) -> None:
    """Take `surplus` people off the rounds, so that all add up to the printed figure."""
    ours = [row for row in rows if row["type_activite"] == "maraude"]
    for row, less in zip(ours, parts(surplus, len(rounds)), strict=True):
        row["nb_informes"] = int(str(row["nb_informes"])) - less


def _spread(total: int, among: Sequence[int]) -> list[int]:
    """Return whole numbers that add up to `total`, none above the one of `among`."""
    left, found = total, []
    for at, room in enumerate(among):
        take = min(room, -(-left // (len(among) - at)))
        found.append(take)
        left -= take
    return found


def _exits(outcomes: dict[str, int]) -> Rows:
    return [
        {"date": date(2026, 3, 2), "commune": COMMUNES[0], "nombre": count,
         "etape": "sortie_positive", "issue": outcome}
        for outcome, count in outcomes.items()
    ]  # fmt: skip


def _partners(listed: int, met: int) -> Rows:
    return [
        {"id_partenaire": f"S{at:03d}", "nom_structure": f"Structure {at:03d}",
         "type_structure": "association", "commune": COMMUNES[at % 3],
         "statut": "rencontree" if at < met else "recensee"}
        for at in range(listed)
    ]  # fmt: skip


def aveq() -> dict[str, Rows]:
    """906, 421 after 241, 31/22/22 and a rest, 35 + 10 + 26 = 71 for 70 %, 70 % and 5 %."""
    first = counts(nb_informes=parts(500, 50), nb_accroches=[0] * 50)
    now = counts(nb_informes=[500, *parts(406, 99)], nb_accroches=[421, *[0] * 99])
    rows = [
        *activities("maraude", "a", working_days(date(2025, 2, 3)), first),
        *activities("maraude", "b", working_days(date(2026, 1, 5)), now),
    ]
    traits = {
        "canal": {"bouche_a_oreille": 131, "espace_public": 93, "permanence": 93, "autre": 104},
        "zone_residence": {"qpv": 146, "qva": 41, "proximite": 108, "autre": 126},
        "inscrit_spe": {"oui": 295, "non": 126},
        "accompagne_spe": {"oui": 21, "non": 400},
    }
    before = [{"id_activite": "a000", "nombre": 241, "etape": "accroche"}]
    lines = [{"id_activite": "b000", "etape": "accroche", **row} for row in _joint(traits)]
    return {"activites": rows, "contacts": [*before, *lines]}


def _joint(traits: dict[str, dict[str, int]]) -> Rows:
    """Return counts with all traits at once that hold the total of each value of each trait."""
    columns = {name: [v for v, n in values.items() for _ in range(n)]
               for name, values in traits.items()}  # fmt: skip
    people = list(zip(*columns.values(), strict=True))
    return [
        {**dict(zip(columns, who, strict=True)), "nombre": people.count(who)}
        for who in dict.fromkeys(people)
    ]


def coffee() -> dict[str, Rows]:
    """The Café de l'emploi of Friday 29 March 2024: 14 came, 6 transformed their situation."""
    (row,) = activities("evenement", "c", iter([date(2024, 3, 29)]), counts(nb_informes=[14]))
    lines: Rows = [
        {"id_activite": row["id_activite"], "etape": "sortie_positive", "issue": outcome,
         "nombre": count}
        for outcome, count in {"cdi": 4, "formation_certifiante": 2}.items()
    ]  # fmt: skip
    return {"activites": [{**row, "date": "ven 29/03/2024"}], "contacts": lines}


COHORTS_TOML = """
[[bilan.cohortes]]
code = "jeunes"
nom = "Jeunes"
ages = [16, 25]
[[bilan.cohortes]]
code = "femmes"
nom = "Femmes"
ages = [27, 49]
[[bilan.cohortes]]
code = "seniors"
nom = "Seniors"
ages = [50, 60]
"""


def la_rochelle() -> dict[str, Rows]:
    """44 = 19 + 15 + 10; 9 known outcomes of 25 women and seniors."""
    held = counts(nb_informes=parts(60, 20))
    rows = activities("permanence", "p", working_days(date(2026, 1, 5)), held)
    cohorts = {"jeunes": 19, "femmes": 15, "seniors": 10}
    outcomes = {"interim": 3, "formation_certifiante": 2, "alternance": 1, "cddi": 1, "cdi": 2}
    lines: Rows = [
        {"id_activite": "p000", "etape": "accroche", "cohorte": cohort, "nombre": count}
        for cohort, count in cohorts.items()
    ]
    lines += [
        {"id_activite": "p001", "etape": "sortie_positive", "cohorte": "femmes", "issue": outcome,
         "nombre": count}
        for outcome, count in outcomes.items()
    ]  # fmt: skip
    return {"activites": rows, "contacts": lines}

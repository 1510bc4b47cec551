"""
How long three years of eight mediators take to be reported: 30,000 activities and contact lines.

Writes the log on the ground of the fictional town, as a workbook and as CSV, and runs `territory
report FOLDER lancement` as a process of its own with nothing built: log read, figures counted,
small ones hidden, every document written. Prints, and keeps in --json, its seconds. The modules of
the package are compiled before, as an installation does.
"""

from __future__ import annotations

import argparse
import compileall
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from openpyxl import Workbook, load_workbook

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from machine_load import busy_s, pace_s

from territory.io.raw_folder import add_raw
from territory.io.recognise import recognise

RAW = ROOT / "data" / "raw"
LOG = "suivi_aller_vers.xlsx"
LEFT_OUT = {LOG, "README.md", "verite_plantee.json", "manifeste.json"}
FIRST, LAST = date(2023, 11, 2), date(2026, 10, 30)
TEAM, CONTACTS = 8, 30_000
SLOTS = (("9h", "10h30"), ("10h30", "12h"), ("13h", "14h30"), ("14h30", "16h"), ("16h", "17h30"))
SATURDAY = 5
Rows = list[list[Any]]


def main() -> int:
    """Measure and print; the exit code is 1 when a report failed."""
    asked = _arguments()
    measured = {}
    compileall.compile_dir(ROOT / "territory", quiet=1)
    with tempfile.TemporaryDirectory() as beside:
        sheets = three_years(Random(2026))  # noqa: S311 - a made log
        for kind in ("xlsx", "csv"):
            folder = write_territory(Path(beside) / kind, sheets, kind)
            measured[kind] = _measured(folder)
    figures = {
        "activities": len(sheets["activites"]) - 1,
        "contacts": len(sheets["contacts"]) - 1,
        "pace_s": pace_s(),
        "reports": measured,
    }
    print(json.dumps(figures, indent=1))
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return int(any(one["exit"] for one in measured.values()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=None)
    return parser.parse_args()


def three_years(random: Random) -> dict[str, Rows]:
    """Return the sheets of a log, their header first: lines of the fictional one drawn again."""
    book = load_workbook(RAW / LOG, read_only=True)
    made = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}
    header, outings = made["activites"][2], made["activites"][3:]
    at = {name: place for place, name in enumerate(header)}
    outings = [row for row in outings if row[at["type_activite"]]]
    rows: Rows = []
    for on, agent, (start, end) in _moments():
        row = list(random.choice(outings))
        row[at["id_activite"]] = f"A{len(rows):06d}"
        row[at["date"]] = datetime.combine(on, datetime.min.time())
        row[at["heure_debut"]], row[at["heure_fin"]] = start, end
        row[at["agents"]] = agent
        rows.append(row)
    lines = [list(random.choice(made["contacts"][1:])) for _ in range(CONTACTS)]
    told = [[random.choice(rows)[at["id_activite"]], *line[1:]] for line in lines]
    team = [[f"M{n + 1}", *made["equipe"][1 + n % 4][1:]] for n in range(TEAM)]
    return {
        "activites": [header, *rows], "contacts": [made["contacts"][0], *told],
        "lieux": made["lieux"], "equipe": [made["equipe"][0], *team],
    }  # fmt: skip


def _moments() -> list[tuple[date, str, tuple[str, str]]]:
    """Return each slot of each working day of each member of the team."""
    days = (FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1))
    return [
        (day, f"M{n + 1}", slot)
        for day in days if day.weekday() < SATURDAY
        for n in range(TEAM) for slot in SLOTS
    ]  # fmt: skip


def write_territory(folder: Path, sheets: dict[str, Rows], kind: str) -> Path:
    """Write a territory of the ground of the fictional town and this log, as `kind`."""
    beside = folder.with_name(f"{folder.name} suivi")
    beside.mkdir()
    folder.mkdir()
    logs = _workbook(beside, sheets) if kind == "xlsx" else _texts(beside, sheets)
    ground = [path for path in sorted(RAW.iterdir()) if path.name not in LEFT_OUT]
    for path in (*ground, *logs):
        add_raw(folder, path, recognise(path))
    settings = (ROOT / "territory.toml").read_text(encoding="utf-8")
    text = f"{settings}\n[bilan]\nlancement = {FIRST}\n"
    (folder / "territory.toml").write_text(text, encoding="utf-8")
    return folder


def _workbook(beside: Path, sheets: dict[str, Rows]) -> list[Path]:
    book = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(beside / LOG)
    return [beside / LOG]


def _texts(beside: Path, sheets: dict[str, Rows]) -> list[Path]:
    for title, rows in sheets.items():
        with (beside / f"{title}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(map(_written, row) for row in rows)
    return [beside / f"{title}.csv" for title in sheets]


def _written(value: object) -> object:
    return f"{value:%d/%m/%Y}" if isinstance(value, datetime) else value


def _measured(folder: Path) -> dict[str, Any]:
    """Return the seconds of one report, those of its processor, and its memory."""
    installed = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy, start = busy_s(), time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-m", "territory", "report", str(folder), "lancement", "--json"],
        cwd=ROOT, env=installed, capture_output=True, text=True, check=False,
    )  # fmt: skip
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if run.returncode:
        print(run.stderr, file=sys.stderr)
    return {
        "exit": run.returncode,
        "wall_s": round(wall, 1),
        "processor_s": round(own, 1),
        "busy_s": round(busy_s() - busy, 1),
        "most_mb": round(after.ru_maxrss / 1024),
        "figures": len(json.loads(run.stdout)["chiffres"]) if not run.returncode else 0,
    }


if __name__ == "__main__":
    sys.exit(main())

"""
How long a year of work takes to read: 20,000 activities typed in a spreadsheet, read and validated.

Beside it, in the same run, what pandas takes to load the same sheet without checking anything.
Run: python benchmarks/read_workbook.py [ROWS]
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from openpyxl import Workbook

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from territory.io.logs import read_activities

if TYPE_CHECKING:
    from collections.abc import Callable

HEADERS = ("date", "type_activite", "heure_debut", "heure_fin", "lieu", "commune", "agents",
           "nb_informes", "nb_accroches", "nb_femmes", "nb_hommes")  # fmt: skip
PLACES = [f"Place exemple {n}" for n in range(60)]


def write_sheet(path: Path, rows: int) -> None:
    """Write `rows` plausible activities, the same ones each time."""
    draw = random.Random(1)  # noqa: S311 - a drawn example
    book = Workbook(write_only=True)
    sheet = book.create_sheet("activites")
    sheet.append(HEADERS)
    for _ in range(rows):
        start, women, men = draw.randrange(8, 17), draw.randrange(12), draw.randrange(12)
        on = date(2023, 1, 1) + timedelta(days=draw.randrange(1095))
        kind = draw.choice(["maraude", "permanence", "visite partenaire", "événement"])
        hours = (f"{start}h", f"{start + 2}h30")
        counts = (women + men, draw.randrange(women + men + 1), women, men)
        sheet.append([on, kind, *hours, draw.choice(PLACES), "Bondy", "M1|M2", *counts])
    book.save(path)


def timed(what: str, task: Callable[[], object]) -> float:
    """Run `task`, print its wall and CPU seconds, return the CPU seconds."""
    wall, cpu = time.perf_counter(), time.process_time()
    task()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{what:45} wall {wall:6.2f} s   CPU {cpu:6.2f} s")
    return cpu


def main() -> None:
    """Write the workbook, read it both ways, and print the ratio."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "activites.xlsx"
        write_sheet(path, rows)
        table, report = read_activities(path, sheet="activites")
        print(
            f"{rows} rows: {report.kept} kept, {report.refused} refused, {len(table)} in the table"
        )
        ours = timed("read and validated (territory)", lambda: read_activities(path))
        peer = timed(
            "loaded, nothing checked (pandas.read_excel)",
            lambda: pd.read_excel(path, engine="openpyxl"),
        )
        print(f"ratio of CPU time: {ours / peer:.2f}")


if __name__ == "__main__":
    main()

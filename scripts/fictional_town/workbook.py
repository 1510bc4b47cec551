"""The coordinator's workbook of the fictional town, the same bytes each time, and the truth in it."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import date
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook

from scripts.fictional_town.files import TO_WGS84, located
from scripts.fictional_town.planted import AROUND, MISSED, SERVED

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from scripts.fictional_town.logs import Logs
    from scripts.fictional_town.people import People
    from scripts.fictional_town.places import Places
    from scripts.fictional_town.planted import Zone

STAMP = (2026, 10, 31, 0, 0, 0)
MOMENT = re.compile(rb"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")
ABOUT = (
    "Suivi fictif de l'équipe aller-vers de Valfictif : la ville n'existe pas.",
    "Une feuille par tableau. Les activités sont décrites par des nombres, jamais par des personnes.",
    "Les médiateurs sont désignés par un code (M1 à M4).",
)


def write_logs(logs: Logs, places: Places, people: People, folder: Path) -> None:
    """Write suivi_aller_vers.xlsx, and verite_plantee.json beside it."""
    book = Workbook()
    book.remove(book.worksheets[0])
    readme = book.create_sheet("LISEZ-MOI")
    for line in ABOUT:
        readme.append([line])
    activities = located(logs.activities, decimals=3)  # about 100 m: never a doorstep
    _sheet(book, "activites", activities, title="Suivi des activités, mai 2025 à novembre 2026")
    _sheet(book, "contacts", logs.contacts)
    _sheet(book, "lieux", located(places.lively, decimals=5))
    _sheet(book, "equipe", logs.team)
    _sheet(book, "disponibilites", logs.availability)
    (folder / "suivi_aller_vers.xlsx").write_bytes(_still(book))
    _write_truth(places, people, folder / "verite_plantee.json")


def _write_truth(places: Places, people: People, path: Path) -> None:
    planted = places.planted
    truth = {
        "note": "what was planted; not read by the tool",
        "crs": "x, y in EPSG:2154 (metres); lon, lat in EPSG:4326",
        "activity_around_zones": AROUND,
        "zones": [_told(zone, people, MISSED) for zone in planted.missed],
        "decoy": _told(planted.decoy, people, SERVED),
    }
    path.write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")


def _told(zone: Zone, people: People, activity: float) -> dict[str, Any]:
    lon, lat = TO_WGS84.transform(zone.x, zone.y)
    return {
        "x": zone.x, "y": zone.y, "lon": round(lon, 6), "lat": round(lat, 6),
        "radius_m": zone.radius_m, "share_of_need": zone.share_of_need,
        "activity_for_need": activity,
        "cells": people.cells.loc[list(zone.rows), "cell_id"].tolist(),
    }  # fmt: skip


def _sheet(book: Workbook, name: str, table: pd.DataFrame, *, title: str = "") -> None:
    sheet = book.create_sheet(name)
    if title:
        sheet.append([title])
        sheet.append([])
    sheet.append(list(table.columns))
    for row in table.itertuples(index=False):
        sheet.append([_cell(value) for value in row])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, date):
                cell.number_format = "dd/mm/yyyy"


def _cell(value: Any) -> Any:  # noqa: ANN401 - a cell holds anything
    if value is None or value == "" or value != value:  # noqa: PLR0124 - NaN
        return None
    return value.item() if hasattr(value, "item") else value


def _still(book: Workbook) -> bytes:
    """Return the workbook's bytes without the moment of writing in them."""
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in sorted(source.namelist()):
            content = source.read(item)
            if item == "docProps/core.xml":
                content = MOMENT.sub(b"2026-10-31T00:00:00Z", content)
            target.writestr(zipfile.ZipInfo(item, STAMP), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()

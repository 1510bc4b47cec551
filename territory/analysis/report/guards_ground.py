"""Guards on the ground: activities whose quarter nobody can tell, for want of perimeters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.analysis.perimeters import UNDATED
from territory.analysis.residence import QVA
from territory.model.report import Guard

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

SINCE = {"qpv_2015": "les QPV de 2015 (en vigueur jusqu’en 2023)",
         "qpv_2024": "les QPV de 2024 (en vigueur depuis 2024, 2025 outre-mer)",
         QVA: "les quartiers de veille active (QVA)"}  # fmt: skip


def perimeters_not_given(done: pd.DataFrame) -> Iterator[Guard]:
    """
    Say which realised activities have a point and no zone: the perimeters then in force miss.

    `done` are those that took place (report.lines), whose column `lacking` is that of
    `perimeters.lacking`.
    """
    for codes, rows in done.dropna(subset=["lacking"]).groupby("lacking", sort=True):
        missing = str(codes).split("|")
        what = " et ".join(SINCE[code] for code in missing if code in SINCE)
        many = f"{len(rows)} activité{'s' if len(rows) > 1 else ''}"
        have = "ont" if len(rows) > 1 else "a"
        yield Guard(
            "PERIMETRE",
            f"{many} sur {len(done)} {have} un point mais pas de zone : {what} n’ont pas été "
            f"fournis. {_what_to_do(missing)}",
            f"{many} sur {len(done)} : la zone n’est pas connue, faute des périmètres alors en "
            f"vigueur ({what}). {'Elles sont' if len(rows) > 1 else 'Elle est'} dans « non "
            "localisé », jamais dans « hors QPV ».",
            tuple(map(str, rows.index)),
        )


def _what_to_do(missing: list[str]) -> str:
    """Return what to give, so that the zone is told."""
    told = []
    if any(code.startswith("qpv_") for code in missing):
        undated = (
            " (des quartiers sans code ont été fournis : rien n’y dit leur année)"
            if UNDATED in missing
            else ""
        )
        told.append(f"Ajoutez le fichier officiel de l’ANCT{undated}.")
    if QVA in missing:
        told.append("S’il n’y a pas de QVA, écrivez [proximite] sans_qva = true.")
    return " ".join(told)

"""What leaves the team: counts by zone and period, guarded, compared with what is already out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from territory.analysis.counted_groups import (
    NOWHERE,
    PERIODS,
    ZONINGS,
    counted_groups,
    residents_by_zone,
)
from territory.analysis.publication import publish, told
from territory.analysis.quarters import in_force
from territory.commands.answer import Answer
from territory.endings import DONE
from territory.errors import RefusedExport, WrongUsage
from territory.io.atomic import write_text
from territory.io.publications import add_published, read_published
from territory.io.table_writer import write_rows
from territory.outputs.public import allowed, printed, squares_geojson
from territory.pipeline.sources import read_sources
from territory.pipeline.workspace import Built, open_territory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from territory.model.published import Published

_FOLDER = "outputs/public"
_PEOPLE = "personnes_informees_par_"  # other publications count other people
_USUAL = {"commune": "mois", "qpv": "annee", "carreau": "annee"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be published: zoning, period, columns beside the counts, threshold."""

    zoning: str
    period: str
    extra: tuple[str, ...]
    k: int

    @property
    def name(self) -> str:
        """Return the name of the file, which is also the one of the publication."""
        return f"{_PEOPLE}{self.zoning}_et_{self.period}"


def export(folder: Path, zoning: str, period: str, extra: str, k: int) -> Answer:
    """
    Write the people informed by zone and period for outside, and record what was published.

    Raises RefusedExport for a column that is never published, or when what is already out in
    another zoning would reveal a small count by difference; WrongUsage for an unknown zoning or
    period, a threshold below 5, or nothing to publish; UnreadableFile when the record of
    publications is damaged; and as `read_sources`.
    """
    asked = _asked(zoning, period, extra, k)
    earlier = _earlier(folder)
    territory = open_territory(folder)
    built = read_sources(territory)
    groups = _groups(built)
    if not (groups[asked.zoning] != NOWHERE).any():
        raise WrongUsage("Aucune activité réalisée avec un effectif : il n’y a rien à publier.")
    table, more = _compared(asked, groups, earlier)
    rows = _rows(asked, table, built)
    # Recorded before it is written: a record too many hides more, one too few would reveal.
    add_published(folder, table, on=territory.today, k=k)
    files = _write(folder, asked, table, rows)
    return _answer(asked, table, files, more, built, _left_out(built, groups, asked))


def squares_for_outside(folder: Path, built: Built, k: int) -> Published | None:
    """
    Return the people informed by 200 m square and year as `export` would write them, None without.

    Nothing is recorded: whoever gives them outside does it first, with `add_published`. Raises
    WrongUsage for a threshold below 5, RefusedExport and UnreadableFile as `export`.
    """
    asked, earlier, groups = _asked("carreau", "annee", "", k), _earlier(folder), _groups(built)
    if not (groups[asked.zoning] != NOWHERE).any():
        return None
    return _compared(asked, groups, earlier)[0]


def _earlier(folder: Path) -> list[Published]:
    return [one for one in read_published(folder) if one.name.startswith(_PEOPLE)]


def _groups(built: Built) -> pd.DataFrame:
    quarters = in_force(built.table("zones"))
    return counted_groups(built.table("activities"), built.table("communes"), quarters)


def _compared(
    asked: Asked, groups: pd.DataFrame, earlier: Sequence[Published]
) -> tuple[Published, int]:
    """Return the table to publish, and how many counts more it hides because of what is out."""
    alone, table = publish(asked.name, groups, asked.zoning, asked.period, earlier, k=asked.k)
    more = int((table.hidden & ~alone.hidden).sum())
    if more:
        _refuse_new_cut(asked, earlier)
    return table, more


def _refuse_new_cut(asked: Asked, earlier: Sequence[Published]) -> None:
    """
    Raise RefusedExport when this zoning and period were never published, and others were.

    A series already begun goes on: it hides more instead, for it reveals nothing by going on.
    """
    others = sorted({table.name for table in earlier})
    if asked.name not in others:
        raise RefusedExport(
            f"Publication refusée : comparé à {_listed(others)}, déjà publié, ce tableau "
            f"permettrait de retrouver par différence un effectif de moins de {asked.k} personnes. "
            "Gardez un zonage et une période déjà publiés. Rien n’a été écrit."
        )


def _rows(asked: Asked, table: Published, built: Built) -> list[list[str]]:
    counts, mask = told(table)
    return printed(
        counts,
        mask,
        zoning=asked.zoning,
        names=_names(asked.zoning, built),
        residents=residents_by_zone(
            asked.zoning, built.table("cells"), in_force(built.table("zones"))
        ),
        extra=asked.extra,
    )


def _write(folder: Path, asked: Asked, table: Published, rows: list[list[str]]) -> list[str]:
    """Write the table, and its squares for a map; return the names of the files."""
    files = [f"{_FOLDER}/{asked.name}.csv"]
    write_rows(rows, folder / files[0])
    if asked.zoning == "carreau":
        files.append(f"{_FOLDER}/{asked.name}.geojson")
        write_text(folder / files[1], squares_geojson(*told(table)))
    return files


def _names(zoning: str, built: Built) -> dict[str, str]:
    source = {"commune": "communes", "qpv": "zones"}.get(zoning)
    if source is None:
        return {}
    named = built.table(source)["name"].dropna()
    return {str(code): f"{name} ({code})" for code, name in named.items()}


def _left_out(built: Built, groups: pd.DataFrame, asked: Asked) -> list[str]:
    """Say what was removed: sensitive places, lines without a position."""
    activities = built.table("activities")
    sensitive = int(activities["sensitive"].fillna(value=True).sum())
    nowhere = int(groups.loc[groups[asked.zoning] == NOWHERE, "people"].sum())
    lines = [
        "Les personnes sont comptées au lieu de la rencontre, pas à leur lieu de résidence.",
        f"Laissé de côté : {sensitive} activités en lieu sensible, l’heure, le jour, l’équipe, les "
        "noms de lieux et tout texte libre.",
    ]
    if nowhere >= asked.k:
        lines.append(f"Sans position connue, donc hors du tableau : {nowhere} personnes.")
    elif nowhere:
        lines.append("Des personnes sans position connue ne sont pas dans le tableau.")
    return lines


def _answer(
    asked: Asked,
    table: Published,
    files: list[str],
    more: int,
    built: Built,
    left_out: Sequence[str],
) -> Answer:
    hidden = int(table.hidden.sum())
    rows, columns = table.hidden.shape
    lines = [
        f"Tableau publiable : {', '.join(files)} ({rows} x {columns}, seuil {asked.k}).",
        f"Effectifs masqués : {hidden}"
        + (f", dont {more} à cause de ce qui est déjà publié." if more else "."),
        *left_out,
        "Cette publication est retenue dans publications.jsonl (à garder, jamais à diffuser).",
    ]
    value = {"fichiers": files, "seuil": asked.k, "masques": hidden, "masques_en_plus": more}
    return Answer(value, lines, DONE, built.reports)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"« {name} »" for name in names)


def _asked(zoning: str, period: str, extra: str, k: int) -> Asked:
    if zoning not in ZONINGS:
        raise WrongUsage(f"Zonage « {zoning} » inconnu : choisissez parmi {', '.join(ZONINGS)}.")
    wanted = period or _USUAL.get(zoning, "mois")
    if wanted not in PERIODS:
        raise WrongUsage(f"Période « {wanted} » inconnue : choisissez {', '.join(PERIODS)}.")
    if zoning == "carreau" and wanted != "annee":
        raise WrongUsage("Un carreau de 200 m ne se publie que par année (--periode annee).")
    return Asked(zoning, wanted, allowed(e.strip() for e in extra.split(",")), k)

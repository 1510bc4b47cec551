"""`territory exchange`: counts given to case-management software, or received from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from territory.analysis.disclosure import K_PUBLIC
from territory.analysis.exchange import (
    PERIODS,
    STAGES,
    ZONINGS,
    already_counted,
    groups_of,
    without,
)
from territory.analysis.publication import publish
from territory.commands.answer import Answer
from territory.endings import DONE, REFUSED
from territory.errors import RefusedExport, WrongUsage
from territory.io.atomic import write_bytes
from territory.io.exchange_file import Counted, counts_file, read_exchange, read_mapping
from territory.io.hashing import value_sha256
from territory.io.publications import add_published, read_published
from territory.io.raw_folder import add_raw
from territory.io.recognise import recognise
from territory.io.table_writer import csv_bytes, write_refused, write_rows
from territory.model.issues import shown
from territory.model.words import PLACE_KINDS, label
from territory.model.words import STAGES as STAGE_WORDS
from territory.pipeline.exchange import commune_names, counts_of, exchange_step, table_of
from territory.pipeline.sources import read_sources
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from territory.io.exchange_file import Received
    from territory.model.published import Published
    from territory.pipeline.workspace import Built

_OWN, _OUT = "outputs/echange", "outputs/public"
_HASH = 12
_SHOWN = 20
PREFIX = "parcours_"  # of the names of publications: they are compared with each other alone


def exchange_out(folder: Path, zoning: str, period: str, team: bool) -> Answer:  # noqa: FBT001 - an option
    """
    Write orientations, entries and exits by month, as a « contacts » file that can be read back.

    For the `team` by commune, structure and outcome at once; else by `zoning` alone, small counts
    hidden, compared with what is already out and recorded. Raises WrongUsage for an unknown zoning,
    span, or nothing to give; RefusedExport when a new table would reveal a small count.
    """
    if zoning not in ZONINGS:
        raise WrongUsage(f"« {zoning} » n’est pas connu : choisissez parmi {', '.join(ZONINGS)}.")
    built = read_sources(open_territory(folder))
    table, uncounted = exchange_step(built, period)
    if table.empty:
        raise WrongUsage("Ni orientation, ni entrée, ni sortie dans le suivi : rien à échanger.")
    if team:
        return _given_to_team(folder, built, table, uncounted)
    return _given_outside(folder, built, table, zoning)


def exchange_in(folder: Path, files: Sequence[Path], mapping: Path | None, add: bool) -> Answer:  # noqa: FBT001 - an option
    """
    Read exports of other software, add up their rows, and add the counts to the folder.

    What the log counts already (same month, stage and structure) is said, and left out unless
    `add`. The same file again changes nothing. Raises RefusedFile, WrongUsage, UnreadableFile as
    `read_exchange`, BadSettings as `read_mapping`, OSError.
    """
    asked = read_mapping(mapping)
    built = read_sources(open_territory(folder))
    names = commune_names(built)
    received = [read_exchange(path, asked, names) for path in files]
    answers = []
    for one in received:
        answers.append(_received(folder, built, one, add=add))
        built = read_sources(open_territory(folder))
    code = REFUSED if any(answer.code for answer in answers) else DONE
    lines = [line for answer in answers for line in answer.lines]
    return Answer(
        {"fichiers": [a.value for a in answers]}, lines, code, [r.report for r in received]
    )


def _given_to_team(folder: Path, built: Built, table: pd.DataFrame, uncounted: int) -> Answer:
    file = f"{_OWN}/parcours_equipe.csv"
    launch = built.territory.settings.report.launch
    rows = counts_file(counts_of(table, commune_names(built)), launch)
    write_rows(rows, folder / file)
    lines = [
        f"Échange (équipe, ne pas diffuser) : {file} ({len(rows) - 1} lignes).",
        *(f"  {_stage(stage)} : {people}" for stage, people in _sums(table).items()),
    ]
    if uncounted:
        lines.append(f"Activités sans comptage, donc absentes du fichier : {uncounted}.")
    return Answer({"fichiers": [file], "personnes": _sums(table)}, lines, DONE, built.reports)


def _given_outside(folder: Path, built: Built, table: pd.DataFrame, zoning: str) -> Answer:
    """Write one table a stage, by `zoning` and period alone (PRIVACY section 4), hidden rightly."""
    earlier = read_published(folder)
    period = PERIODS[zoning]
    tables = [
        one for stage in STAGES if (one := _hidden(stage, zoning, table, earlier)) is not None
    ]
    if not tables:
        raise WrongUsage(f"Aucun effectif n’a sa {zoning} : il n’y a rien à donner.")
    for _, printed in tables:  # recorded before it is written, as publications are
        add_published(folder, printed, on=built.territory.today, k=K_PUBLIC)
    names = commune_names(built)
    counts = {key: n for stage, one in tables for key, n in _cells(stage, zoning, one, names)}
    file = f"{_OUT}/parcours_par_{zoning}_et_{period}.csv"
    write_rows(counts_file(counts, built.territory.settings.report.launch), folder / file)
    hidden = sum(int((one.hidden[:-1, :-1] & (one.counts > 0)).sum()) for _, one in tables)
    lines = [
        f"Échange pour le dehors : {file} ({len(counts)} lignes, seuil {K_PUBLIC}).",
        f"Effectifs masqués, absents du fichier : {hidden}. Relu, il ne rend donc pas les totaux.",
        f"Par {zoning} seulement, jamais croisée avec une autre : un croisement dirait qui.",
        "Cette publication est retenue dans publications.jsonl (à garder, jamais à diffuser).",
    ]
    value = {"fichiers": [file], "seuil": K_PUBLIC, "masques": hidden}
    return Answer(value, lines, DONE, built.reports)


def _hidden(
    stage: str, zoning: str, table: pd.DataFrame, earlier: Sequence[Published]
) -> tuple[str, Published] | None:
    """Return a stage and its table as it may leave the team, None when it counts nobody."""
    groups, period = groups_of(table, stage), PERIODS[zoning]
    if not (groups[zoning] != "").any():
        return None
    name = f"{PREFIX}{stage}_par_{zoning}_et_{period}"
    others = [one for one in earlier if one.name.startswith(f"{PREFIX}{stage}_par_")]
    alone, one = publish(name, groups, zoning, period, others, k=K_PUBLIC)
    if others and name not in {o.name for o in others} and (one.hidden & ~alone.hidden).any():
        raise RefusedExport(
            f"Échange refusé : comparé à ce qui est déjà publié, ce tableau ({_stage(stage)}, par "
            f"{zoning}) permettrait de retrouver par différence un effectif de moins de "
            f"{K_PUBLIC} personnes. Gardez un découpage déjà publié. Rien n’a été écrit."
        )
    return stage, one


def _cells(
    stage: str, zoning: str, table: Published, names: Mapping[str, str]
) -> Iterator[tuple[Counted, int]]:
    for r, row in enumerate(table.rows):
        for c, column in enumerate(table.columns):
            if table.counts[r, c] and not table.hidden[r, c]:
                month = pd.Timestamp(f"{column}-01" if "-" in column else f"{column}-01-01").date()
                traits = {ZONINGS[zoning]: names.get(row, row)}
                yield Counted(month, stage, **traits), int(table.counts[r, c])


def _received(folder: Path, built: Built, received: Received, *, add: bool) -> Answer:
    """Add the counts of one file to the folder, or say why not."""
    report, names = received.report, commune_names(built)
    lines = [report.summary(), *shown(report.issues), *_apart(received)]
    value = {"fichier": report.file, "lues": report.read, "refusees": report.refused}
    if report.refused:
        refused = write_refused(report, folder / "outputs" / f"refus_{_digest(received)}.csv")
        lines.append(f"Lignes refusées, sans leurs valeurs : {refused.relative_to(folder)}")
    code = REFUSED if report.refused else DONE
    name = f"echange_{_digest(received)}.csv"
    if not add and name in {file.name for file in built.territory.raw.files}:
        lines.append(f"Ces comptages sont déjà là ({name}) : rien n’est ajouté.")
        return Answer({**value, "ajoutees": 0, "fichier_ecrit": name}, lines, code)
    table = table_of(received.counts, names)
    held, _ = exchange_step(built)
    doubles = already_counted(table, held)
    lines += _doubles_said(doubles, add=add)
    kept = table if add else without(table, doubles)
    people = int(kept["people"].sum())
    value |= {"ajoutees": people, "deja_comptees": int(doubles["people"].sum())}
    if kept.empty:
        return Answer(value, [*lines, "Rien n’est ajouté."], code if doubles.empty else REFUSED)
    launch = built.territory.settings.report.launch
    _add(folder, name, counts_file(counts_of(kept, names), launch))
    lines.append(f"Ajouté : {people} personnes en {len(kept)} comptages ({name}).")
    return Answer({**value, "fichier_ecrit": name}, lines, code)


def _add(folder: Path, name: str, rows: list[list[str]]) -> None:
    """Receive a file made here as one received: written apart, then taken in whole."""
    beside = write_bytes(folder / ".territory" / "echange" / name, csv_bytes(rows))
    try:
        add_raw(folder, beside, recognise(beside), origin="échange avec un logiciel de suivi")
    finally:
        beside.unlink(missing_ok=True)


def _apart(received: Received) -> list[str]:
    lines = []
    if received.elsewhere:
        lines.append(f"Hors des communes du territoire, commune non gardée : {received.elsewhere}.")
    if received.not_positive:
        lines.append(f"Sorties sans issue positive connue, non comptées : {received.not_positive}.")
    return lines


def _doubles_said(doubles: pd.DataFrame, *, add: bool) -> list[str]:
    """Say what the log counts already, with both numbers, and what is done of it."""
    if doubles.empty:
        return []
    done = "ajouté quand même" if add else "non ajouté (--ajouter si ce sont d’autres personnes)"
    lines = [f"Déjà compté dans le suivi, {done} :"]
    for month, stage, structure, people, held in doubles[:_SHOWN].itertuples(index=False):
        where = label(PLACE_KINDS, structure) if structure else "structure non renseignée"
        lines.append(f"  {month}, {_stage(stage)}, {where} : {people} ici, {held} dans le suivi")
    more = len(doubles) - _SHOWN
    return [*lines, f"  et {more} autres"] if more > 0 else lines


def _digest(received: Received) -> str:
    rows = [[str(part) for part in line] for line in counts_file(received.counts)]
    return value_sha256(rows)[:_HASH]


def _sums(table: pd.DataFrame) -> dict[str, int]:
    found = table.groupby("stage")["people"].sum()
    return {stage: int(found[stage]) for stage in STAGES if stage in found}


def _stage(stage: str) -> str:
    return label(STAGE_WORDS, stage)

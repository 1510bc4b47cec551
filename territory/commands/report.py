"""`territory report`: the yearly report, its documents, and what its guards found."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from territory.analysis.disclosure import K_PUBLIC
from territory.analysis.quarters import in_force
from territory.analysis.report.hiding import tellable
from territory.analysis.report.rounding import SENTENCE
from territory.commands.answer import Answer
from territory.endings import DONE
from territory.io.atomic import write_bytes
from territory.io.publications import add_published_report
from territory.io.table_writer import csv_bytes
from territory.outputs.report_content import chapters, numbers
from territory.outputs.report_document import Edition, pictures_of, report_content, report_pdf
from territory.outputs.report_grids import whole_grids
from territory.outputs.report_lines import lines_behind
from territory.outputs.report_map import quarter_map
from territory.outputs.report_odt import report_odt
from territory.outputs.report_shown import UNKNOWN, Shown, shown_value
from territory.outputs.report_tables import report_rows, report_xlsx
from territory.outputs.report_word import report_docx
from territory.pipeline.report import report_step
from territory.pipeline.report_outside import FOLDER, for_outside
from territory.pipeline.sources import read_sources
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from territory.analysis.report.findings import Findings
    from territory.model.published import PublishedReport
    from territory.outputs.report_content import Chapter
    from territory.outputs.report_drawings import Drawing
    from territory.pipeline.report_outside import Outside
    from territory.pipeline.workspace import Built

FICTIONAL = "Territoire fictif : aucun lieu, aucune personne n’existe."


def report(folder: Path, span: str, profile: str, team: bool) -> Answer:  # noqa: FBT001 - an option
    """
    Write the report of `span` (a year, « 2026-S1 », « lancement ») in outputs/bilan.

    Small counts are hidden unless `team`. Raises WrongUsage for a span, BadSettings for a profile,
    that does not exist; RefusedExport, UnreadableFile as `for_outside`; OSError when a file cannot
    be written. What is for outside is recorded, and compared with what already is.
    """
    territory = open_territory(folder)
    built = read_sources(territory)
    found = report_step(built, span, profile)
    outside = None if team else for_outside(built, found, profile)
    said: list[str] = []
    if outside is None:
        now = Shown(found.figures, frozenset(), found.rounded)
        made = _made(built, found, now, Shown(found.before, frozenset()), outside=False)
    else:
        found = replace(found, profile=outside.profile)
        now = Shown(outside.now, outside.hidden[0], found.rounded)
        made = _made(built, found, now, Shown(outside.before, outside.hidden[1]), outside=True)
        # Recorded before it is written: a record too many hides more, one too few would reveal.
        said = _recorded(folder, outside, made, territory.today)
    paths = [write_bytes(path, content) for path, content in made.items()]
    lines = [*_told(found, now), *(f"  {path.relative_to(folder)}" for path in paths), *said]
    return Answer(_value(found, now, paths, folder), lines, DONE, built.reports)


def _made(
    built: Built, found: Findings, now: Shown, before: Shown, *, outside: bool
) -> dict[Path, bytes]:
    """Return every document of one table of numbers by its path; nothing is written."""
    left = found.figures.table.index.difference(now.figures.table.index)
    settings, guards = built.territory.settings, tellable(found.guards, now.hidden | {*left})
    notes = (
        FICTIONAL if settings.ground.fictional else "",
        found.ramp_up,
        SENTENCE if found.rounded else "",
    )
    said = chapters(found.profile, now, before)
    edition = Edition(outside=outside, notes=notes, maps=_maps(built, said))
    content = report_content(settings, found, said, guards, now, edition)
    labels = {counting.code: counting.label for counting in found.profile.countings}
    table, pictures = numbers(now, labels), pictures_of(content)
    with ThreadPoolExecutor(1) as beside:  # typst compiles while Python writes the others
        pdf = beside.submit(report_pdf, content)
        made = {
            "docx": report_docx(content, pictures),
            "odt": report_odt(content, pictures),
            "xlsx": report_xlsx(
                table,
                content,
                tables=whole_grids(found.profile, now),
                guards=guards,
                sources=found.sources,
                digest=found.digest,
                lines=None if outside else lines_behind(found),
            ),
            "csv": csv_bytes(report_rows(table)),
        }
    made = {"pdf": pdf.result(), **made}
    whose = "" if outside else "_equipe"
    stem = f"{found.profile.code}_{found.span.first:%Y%m%d}_{found.span.last:%Y%m%d}{whose}"
    place = built.territory.folder / FOLDER
    return {place / f"{stem}.{end}": content for end, content in made.items()}


def _recorded(folder: Path, outside: Outside, made: Mapping[Path, bytes], today: date) -> list[str]:
    """Record a report that is about to be given; return what to say of it."""
    (table,) = (hashlib.sha256(made[path]).hexdigest() for path in made if path.suffix == ".csv")
    add_published_report(folder, replace(outside.record, table=table), on=today)
    lines = ["Ce bilan est retenu dans publications.jsonl (à garder, jamais à diffuser)."]
    if outside.more:
        names = ", ".join(dict.fromkeys(map(_named, outside.beside)))
        lines.append(
            f"Masqués en plus : {outside.more} chiffres. Rapprochés des bilans déjà publiés "
            f"({names}), ils donneraient par différence un effectif de moins de {K_PUBLIC} "
            "personnes ; pour les imprimer, gardez le programme et la période déjà publiés, ou "
            "attendez que les corrections du suivi soient plus grandes."
        )
    return lines + [
        f"Non vérifié : le suivi a changé depuis le bilan {_named(one)}, dont le tableau n’est "
        f"plus dans {FOLDER} ; ce qui a été corrigé depuis peut se lire par différence."
        for one in outside.unsure
    ]


def _named(one: PublishedReport) -> str:
    return f"{one.profile} du {one.first:%d/%m/%Y} au {one.last:%d/%m/%Y}"


def _maps(built: Built, said: Sequence[Chapter]) -> dict[str, Drawing]:
    """Return the maps of the figures by quarter that ask for one, by code."""
    quarters = in_force(built.table("zones"))
    asked = (block for chapter in said for block in chapter.blocks if block.drawn == "carte")
    drawn = {block.code: quarter_map(block, built.table("communes"), quarters) for block in asked}
    return {code: drawing for code, drawing in drawn.items() if drawing is not None}


def _told(found: Findings, now: Shown) -> list[str]:
    """Return the key figures and what the guards found, as a terminal shows them."""
    lines = [f"{found.profile.name} – {found.span.name}"]
    for counting in found.profile.countings:
        if counting.key:
            value = shown_value(now.rows[counting.code], hidden=counting.code in now.hidden)
            lines.append(f"  {counting.label} : {value}")
    if found.ramp_up:
        lines.append(found.ramp_up)
    lines.append(f"À savoir ({len(found.guards)}) :" if found.guards else "Aucune incohérence.")
    lines += [f"  [{guard.code}] {guard.problem}" for guard in found.guards]
    lines.append(f"Bilan (empreinte {found.digest[:12]}) :")
    return lines


def _value(found: Findings, now: Shown, paths: list[Path], folder: Path) -> dict[str, Any]:
    return {
        "profil": found.profile.code,
        "du": found.span.first.isoformat(),
        "au": found.span.last.isoformat(),
        "empreinte": found.digest,
        "chiffres": {
            name: shown_value(row, hidden=name in now.hidden) or UNKNOWN
            for name, row in now.rows.items()
        },
        "gardes": [
            {"code": g.code, "constat": g.problem, "phrase": g.sentence, "chiffres": [*g.figures]}
            for g in found.guards
        ],
        "fichiers": [path.relative_to(folder).as_posix() for path in paths],
    }  # fmt: skip

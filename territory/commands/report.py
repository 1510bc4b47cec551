"""`territory report`: the yearly report, its documents, and what its guards found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from territory.analysis.disclosure import K_PUBLIC
from territory.analysis.quarters import in_force
from territory.analysis.report.hiding import hidden_figures, tellable
from territory.analysis.report.outside import figures_of, outside_profile
from territory.analysis.report.rounding import SENTENCE
from territory.commands.answer import Answer
from territory.endings import DONE
from territory.io.atomic import write_bytes
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
from territory.pipeline.sources import read_sources
from territory.pipeline.workspace import open_territory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from territory.analysis.report.findings import Findings
    from territory.outputs.report_content import Chapter
    from territory.outputs.report_drawings import Drawing
    from territory.pipeline.workspace import Built

FICTIONAL = "Territoire fictif : aucun lieu, aucune personne n’existe."


def report(folder: Path, span: str, profile: str, team: bool) -> Answer:  # noqa: FBT001 - an option
    """
    Write the report of `span` (a year, « 2026-S1 », « lancement ») in outputs/bilan.

    Small counts are hidden unless `team`. Raises WrongUsage for a span, BadSettings for a profile,
    that does not exist; OSError when a file cannot be written.
    """
    territory = open_territory(folder)
    built = read_sources(territory)
    whole = report_step(built, span, profile)
    found = whole if team else replace(whole, profile=outside_profile(whole.profile))
    now, before = shown(found, outside=not team)
    paths = _written(built, found, now, before, outside=not team)
    lines = [*_told(found, now), *(f"  {path.relative_to(folder)}" for path in paths)]
    return Answer(_value(found, now, paths, folder), lines, DONE, built.reports)


def shown(found: Findings, *, outside: bool) -> tuple[Shown, Shown]:
    """
    Return the figures of a report and of the year before, with those that stay hidden.

    Outside, those that the profile does not name (`outside_profile`) are not there at all.
    """
    if not outside:
        return Shown(found.figures, frozenset(), found.rounded), Shown(found.before, frozenset())
    now, before = (figures_of(found.profile, them) for them in (found.figures, found.before))
    return (
        Shown(now, hidden_figures(found.profile, now, k=K_PUBLIC), found.rounded),
        Shown(before, hidden_figures(found.profile, before, k=K_PUBLIC)),
    )


def _written(
    built: Built, found: Findings, now: Shown, before: Shown, *, outside: bool
) -> list[Path]:
    """Write every document of one table of numbers; return their paths."""
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
    made = {
        "pdf": report_pdf(content),
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
    whose = "" if outside else "_equipe"
    stem = f"{found.profile.code}_{found.span.first:%Y%m%d}_{found.span.last:%Y%m%d}{whose}"
    place = built.territory.folder / "outputs" / "bilan"
    return [write_bytes(place / f"{stem}.{end}", content) for end, content in made.items()]


def _maps(built: Built, said: Sequence[Chapter]) -> dict[str, Drawing]:
    """Return the maps of the figures by quarter that ask for one, by code."""
    quarters = in_force(built.table("zones"))
    asked = (block for chapter in said for block in chapter.blocks if block.drawn == "carte")
    drawn = {block.code: quarter_map(block, built.table("communes"), quarters) for block in asked}
    return {code: drawing for code, drawing in drawn.items() if drawing is not None}


def _told(found: Findings, now: Shown) -> list[str]:
    """Return the key figures and what the guards found, as a terminal shows them."""
    table = now.figures.table
    lines = [f"{found.profile.name} – {found.span.name}"]
    for counting in found.profile.countings:
        if counting.key:
            row = table.loc[counting.code]
            value = shown_value(row, hidden=counting.code in now.hidden)
            lines.append(f"  {counting.label} : {value}")
    if found.ramp_up:
        lines.append(found.ramp_up)
    lines.append(f"À savoir ({len(found.guards)}) :" if found.guards else "Aucune incohérence.")
    lines += [f"  [{guard.code}] {guard.problem}" for guard in found.guards]
    lines.append(f"Bilan (empreinte {found.digest[:12]}) :")
    return lines


def _value(found: Findings, now: Shown, paths: list[Path], folder: Path) -> dict[str, Any]:
    table = now.figures.table
    return {
        "profil": found.profile.code,
        "du": found.span.first.isoformat(),
        "au": found.span.last.isoformat(),
        "empreinte": found.digest,
        "chiffres": {
            str(name): shown_value(row, hidden=name in now.hidden) or UNKNOWN
            for name, row in table.iterrows()
        },
        "gardes": [
            {"code": g.code, "constat": g.problem, "phrase": g.sentence, "chiffres": [*g.figures]}
            for g in found.guards
        ],
        "fichiers": [path.relative_to(folder).as_posix() for path in paths],
    }  # fmt: skip

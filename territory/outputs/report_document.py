"""A report as one content, and that content as a PDF: the same words for every document."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from territory.outputs.french import THIN
from territory.outputs.french_words import capital
from territory.outputs.paper import printed, running
from territory.outputs.pictures import pngs
from territory.outputs.report_annex import definitions, method, source_rows
from territory.outputs.report_drawings import block_drawings, steps_drawing
from territory.outputs.report_shown import HIDDEN, UNKNOWN
from territory.outputs.typography import typeset

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from territory.analysis.report.findings import Findings
    from territory.model.report import Guard
    from territory.outputs.report_content import Block, Chapter, Line
    from territory.outputs.report_drawings import Drawing
    from territory.outputs.report_grids import Cell, Grid
    from territory.outputs.report_shown import Shown
    from territory.settings import Settings

_HASH = 12
_THOUSANDS = re.compile(r"(?<=\b\d) (?=000\b)")
PIXELS = 1300  # of a drawing across the page: 200 an inch
NO_UNIT = {"part", "indice", UNKNOWN, HIDDEN}
KEYS = "Chiffres clés"
NO_STRUCTURE = 'non renseignée (territory.toml, [bilan], structure = "…")'
OUTSIDE = (
    "Les effectifs de 1 à 10 personnes ne sont pas donnés, ni ceux qui les feraient retrouver : "
    f"à leur place, on lit « {HIDDEN} »."
)


@dataclass(frozen=True, slots=True)
class Edition:
    """
    For whom a report is written: `outside` the team or not, what is said first, maps by figure.

    `notes` are sentences (ramp-up, fictional town), "" left out.
    """

    outside: bool
    notes: tuple[str, ...] = ()
    maps: Mapping[str, Drawing] = field(default_factory=dict)


def report_content(
    settings: Settings,
    found: Findings,
    chapters: Sequence[Chapter],
    guards: Iterable[Guard],
    now: Shown,
    edition: Edition,
) -> dict[str, Any]:
    """
    Return what every document says of the report `found`, French signs typeset.

    `chapters` are its figures (those of `now`) and `guards` its warnings as they may be shown.
    """
    span, digest = found.span, found.digest
    notice = "" if edition.outside else "Document de l’équipe – ne pas diffuser."
    content = {
        "title": f"Bilan – {span.name}",
        "running": running(settings, what="bilan", when=span.name, notice=notice, digest=digest),
        "facts": _facts(settings, found, outside=edition.outside),
        "notes": [n for n in (*edition.notes, OUTSIDE if edition.outside else "") if n],
        "now": span.name, "before": "un an plus tôt",
        "period": f"du {span.first:%d/%m/%Y} au {span.last:%d/%m/%Y}",
        "keys": [_key(b, span.name) for c in chapters for b in c.blocks if b.key or among(b, c)],
        "chapters": [_chapter(chapter, span.name, edition.maps) for chapter in chapters],
        "quotes": list(settings.report.quotes),
        "guards": told_once([guard.sentence for guard in guards]),
        "method": method(found, now, outside=edition.outside),
        "definitions": definitions(found, now),
        "sources": source_rows(found.sources),
    }  # fmt: skip
    typeset_content: dict[str, Any] = _typeset(content)
    return typeset_content


def told_once(sentences: Sequence[str]) -> list[str]:
    """Return sentences, those that say the same of several figures in one: « E1 ; E3 : … »."""
    figures: dict[str, list[str]] = {}
    for sentence in sentences:
        head, colon, tail = sentence.partition(" : ")
        figures.setdefault(tail if colon else "", []).append(head if colon else sentence)
    alone = figures.pop("", [])
    return [*(f"{' ; '.join(dict.fromkeys(heads))} : {tail}" for tail, heads in figures.items()),
            *alone]  # fmt: skip


def _facts(settings: Settings, found: Findings, *, outside: bool) -> list[list[str]]:
    """Return what the report is about; who made it, when told, and a gap the team can fill."""
    span = found.span
    structure = settings.report.structure or ("" if outside else NO_STRUCTURE)
    return [
        *([["Structure", structure]] if structure else []),
        ["Territoire", settings.ground.name],
        ["Période", f"du {span.first:%d/%m/%Y} au {span.last:%d/%m/%Y}"],
        ["Comparée à", found.earlier.name],
        ["Profil", found.profile.name],
        ["Empreinte des nombres", found.digest[:_HASH]],
    ]


def drawings_of(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the SVG texts of a content by file name."""
    found: dict[str, str] = {}
    for chapter in content["chapters"]:
        for said in (*chapter["blocks"], *chapter["grids"]):
            found |= {drawing["file"]: drawing["svg"] for drawing in said["drawings"]}
    return found


def pictures_of(content: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the drawings of a content as PNG by file name, but those for the tables of a PDF."""
    svgs = {name: svg for name, svg in drawings_of(content).items() if "-table" not in name}
    return dict(zip(svgs, pngs(list(svgs.values()), PIXELS), strict=True))


def report_pdf(content: Mapping[str, Any]) -> bytes:
    """Return the PDF/UA-1 of a report; raises ModuleNotFoundError as `paper.printed`."""
    return printed("report.typ", content, drawings_of(content))


def _chapter(chapter: Chapter, now: str, maps: Mapping[str, Drawing]) -> dict[str, Any]:
    blocks = [_block(block, now, maps.get(block.code)) for block in chapter.blocks]
    drawn: set[tuple[str, ...]] = set()
    grids = []
    for grid in chapter.grids:
        whole = tuple(cell.value for cell in grid.rows[-1].cells)  # one drawing of the same steps
        drawing = steps_drawing(grid) if grid.steps and whole not in drawn else None
        drawn.add(whole)
        grids.append(_grid(grid, drawing))
    return {
        "title": chapter.title,
        "cautions": list(chapter.cautions),
        "singles": [b for b in blocks if not b["parts"] and chapter.title != KEYS],
        "blocks": [b for b in blocks if b["parts"]],
        "grids": grids,
    }


def among(block: Block, chapter: Chapter) -> bool:
    """Whether a figure without parts stands with the key figures, whose chapter it is in."""
    return chapter.title == KEYS and not block.parts


def _key(block: Block, now: str) -> dict[str, Any]:
    """Return what the table of key figures says of one: a share goes under its name."""
    said = _block(block, now, None)
    return {**said, "mention": " ; ".join(filter(None, [said["share"], said["interval"],
                                                        said["mention"]]))}  # fmt: skip


def _block(block: Block, now: str, ground: Drawing | None) -> dict[str, Any]:
    drawings = block_drawings(block, now)
    return {
        **_said(block.whole), "code": block.code, "key": block.key,
        "unit": "" if {block.unit, block.whole.value} & NO_UNIT else block.said_unit,
        "counted": capital("nombre" if block.unit in {"", "part"} else block.unit),
        "mention": block.mention, "meaning": block.meaning,
        "parts": [_said(part) for part in block.parts],
        "kind": block.drawn if drawings else "aucun",
        "drawings": [_drawn(drawing) for drawing in (*drawings, *([ground] if ground else []))],
    }  # fmt: skip


def _grid(grid: Grid, drawing: Drawing | None) -> dict[str, Any]:
    return {
        "title": grid.title, "headers": list(grid.headers),
        "meaning": "" if all(row.whole for row in grid.rows) else grid.meaning, "more": grid.more,
        "steps": grid.steps, "drawings": [_drawn(drawing)] if drawing else [],
        "rows": [
            {"label": capital(row.label), "whole": row.whole,
             "cells": [{"value": c.value, "share": c.share, "limits": _limits(c),
                        "ratio": c.ratio} for c in row.cells]}
            for row in grid.rows
        ],
    }  # fmt: skip


def _limits(cell: Cell) -> str:
    """Return the limits of a share as a table holds them: « 31–50 % »."""
    return cell.interval.removeprefix("entre ").replace(" et ", "–")


def _drawn(drawing: Drawing) -> dict[str, Any]:
    return {
        "file": drawing.name, "alt": drawing.alt, "svg": drawing.svg,
        "width": drawing.width_mm, "height": drawing.height_mm,
    }  # fmt: skip


def _said(line: Line) -> dict[str, Any]:
    return {
        "label": capital(line.label), "value": line.value, "share": line.share,
        "interval": line.interval, "before": line.before, "aside": line.mention,
    }  # fmt: skip


def _typeset(value: Any) -> Any:  # noqa: ANN401 - what JSON holds
    """Return a content with the French spaces and signs of every text."""
    if isinstance(value, str):
        return typeset(_THOUSANDS.sub(THIN, value))
    if isinstance(value, list):
        return [_typeset(item) for item in value]
    return {k: _typeset(v) for k, v in value.items()} if isinstance(value, dict) else value

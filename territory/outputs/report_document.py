"""A report as one content, and that content as a PDF: the same words for every document."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from territory.outputs.paper import printed, running
from territory.outputs.typography import typeset

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from territory.analysis.report.findings import Findings
    from territory.model.report import Guard
    from territory.outputs.report_content import Block, Chapter, Line
    from territory.settings import Settings

_HASH = 12
OUTSIDE = (
    "Les effectifs de 1 à 10 personnes ne sont pas donnés, ni ceux qui les feraient retrouver."
)
METHOD = (
    "Chaque nombre vient des lignes du suivi, comptées une fois ; une case vide est inconnue, elle "
    "ne vaut jamais zéro. Les personnes informées ne sont pas identifiées : une même personne peut "
    "être comptée plusieurs fois. Les parts ne sont données qu’à partir de 20 personnes, avec leur "
    "numérateur, leur dénominateur et un intervalle à 95 % (Wilson).",
    "La zone d’une activité est celle de son point, selon les quartiers en vigueur ce jour-là ; "
    "sans point, elle est « non localisée », jamais « hors QPV ». Habitants : données carroyées, "
    "ménages fiscaux, hors foyers et sans-abri.",
)


def report_content(
    settings: Settings,
    found: Findings,
    chapters: Sequence[Chapter],
    guards: Iterable[Guard],
    *,
    notes: Sequence[str],
    outside: bool,
) -> dict[str, Any]:
    """
    Return what every document says of the report `found`, French signs typeset.

    `chapters` are its figures and `guards` its warnings as they may be shown; `notes` come first
    (ramp-up, fictional town).
    """
    now, before, digest = found.span, found.earlier, found.digest
    ground, said = settings.ground, settings.report
    days = f"du {now.first:%d/%m/%Y} au {now.last:%d/%m/%Y}"
    title = f"Bilan – {now.name}"
    notice = "" if outside else "Document de l’équipe – ne pas diffuser."
    content = {
        "title": title,
        "running": running(settings, what="bilan", when=now.name, notice=notice, digest=digest),
        "facts": [["Structure", said.structure or "non renseignée"], ["Territoire", ground.name],
                  ["Période", days], ["Comparée à", before.name],
                  ["Empreinte des nombres", digest[:_HASH]]],
        "notes": [note for note in (*notes, OUTSIDE if outside else "") if note],
        "now": now.name, "before": "un an plus tôt",
        "keys": [_said(b.whole) for c in chapters for b in c.blocks if b.key],
        "chapters": [{"title": c.title, "blocks": [_block(b) for b in c.blocks]} for c in chapters],
        "quotes": list(said.quotes),
        "guards": [guard.sentence for guard in guards],
        "method": list(METHOD),
        "sources": [[s.name, str(s.read), str(s.refused), s.sha256[:_HASH]] for s in found.sources],
    }  # fmt: skip
    typeset_content: dict[str, Any] = _typeset(content)
    return typeset_content


def report_pdf(content: dict[str, Any]) -> bytes:
    """Return the PDF/UA-1 of a report; raises ModuleNotFoundError as `paper.printed`."""
    return printed("report.typ", content)


def _block(block: Block) -> dict[str, Any]:
    return {
        **_said(block.whole), "unit": "" if block.unit == "part" else block.unit,
        "mention": block.mention, "meaning": block.meaning,
        "parts": [_said(part) for part in block.parts],
    }  # fmt: skip


def _said(line: Line) -> dict[str, Any]:
    return {
        "label": line.label, "value": line.value, "share": line.share, "interval": line.interval,
        "before": line.before, "size": None if math.isnan(line.size) else round(line.size, 4),
    }  # fmt: skip


def _typeset(value: Any) -> Any:  # noqa: ANN401 - what JSON holds
    """Return a content with the French spaces and signs of every text."""
    if isinstance(value, str):
        return typeset(value)
    if isinstance(value, list):
        return [_typeset(item) for item in value]
    return {k: _typeset(v) for k, v in value.items()} if isinstance(value, dict) else value

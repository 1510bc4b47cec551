"""
What a structure completes for its data protection officer: register entry and impact assessment.

The texts lie beside this file, in French, and are the pages of docs/confidentialite too.
"""

from __future__ import annotations

from pathlib import Path

from territory.model.marked import marked

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLES = {
    "registre": marked("Fiche de registre à compléter"),
    "aipd": marked("Analyse d’impact (AIPD) à compléter"),
}


def document(name: str) -> bytes:
    """Return a document of TITLES as a Word document; KeyError for any other."""
    from territory.outputs.text_document import document_bytes  # noqa: PLC0415 - slow to load

    text = (Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8")
    return document_bytes(text, TITLES[name])

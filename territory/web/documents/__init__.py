"""
What a structure completes for its data protection officer: register entry and impact assessment.

The texts lie beside this file, in French, and are the pages of docs/confidentialite too.
"""

from __future__ import annotations

from pathlib import Path

from territory.model.marked import marked
from territory.outputs.text_document import document_bytes

TITLES = {
    "registre": marked("Fiche de registre à compléter"),
    "aipd": marked("Analyse d’impact (AIPD) à compléter"),
}


def document(name: str) -> bytes:
    """Return a document of TITLES as a Word document; KeyError for any other."""
    text = (Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8")
    return document_bytes(text, TITLES[name])

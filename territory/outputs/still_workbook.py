"""A workbook as bytes that do not tell when or by whom it was written."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING

from territory.outputs.still_archive import STILL, still_archive

if TYPE_CHECKING:
    from openpyxl import Workbook


def still_bytes(book: Workbook) -> bytes:
    """Return the bytes of the workbook without the moment it was written."""
    book.properties.creator = "territory"
    book.properties.created = book.properties.modified = datetime(*STILL)  # noqa: DTZ001
    raw = io.BytesIO()
    book.save(raw)
    return still_archive(raw.getvalue())

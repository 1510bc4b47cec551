"""A workbook as bytes that do not tell when or by whom it was written."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

_STILL = (2000, 1, 1, 0, 0, 0)


def still_bytes(book: Workbook) -> bytes:
    """Return the bytes of the workbook without the moment it was written."""
    book.properties.creator = "territory"
    book.properties.created = book.properties.modified = datetime(*_STILL)  # noqa: DTZ001
    raw, still = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(still, "w") as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "docProps/core.xml":
                moment = rb"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z"
                content = re.sub(moment, b"2000-01-01T00:00:00Z", content)
            target.writestr(zipfile.ZipInfo(name, _STILL), content, zipfile.ZIP_DEFLATED)
    return still.getvalue()

"""A zipped document as bytes that do not tell when it was written."""

from __future__ import annotations

import io
import re
import zipfile

STILL = (2000, 1, 1, 0, 0, 0)
_TOLD = "docProps/core.xml"
_KIND = "mimetype"
_MOMENT = re.compile(rb"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


def still_archive(archive: bytes) -> bytes:
    """
    Return an archive of the Office formats, its parts in order of names, all of one moment.

    OpenDocument wants its kind first, in clear.
    """
    still = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(still, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != _KIND, name)):
            content = source.read(name)
            if name == _TOLD:
                content = _MOMENT.sub(b"2000-01-01T00:00:00Z", content)
            how = zipfile.ZIP_STORED if name == _KIND else zipfile.ZIP_DEFLATED
            target.writestr(zipfile.ZipInfo(name, STILL), content, how)
    return still.getvalue()

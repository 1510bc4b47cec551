"""Maps already written in outputs/: whole files, shown in a frame that reaches nothing of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import FileResponse

from territory.web.headers import MAP_POLICY
from territory.web.office import office_of
from territory.web.rights import Right
from territory.web.visitor import Forbidden, Visitor, needs

if TYPE_CHECKING:
    from pathlib import Path

router = APIRouter()
_PART = re.compile(r"[\w][\w.\-]*")
_TELLS_HOURS = {"semaine.pdf", "semaine.xlsx", "semaine.json"}  # of each mediator
_SENT = {".pdf", ".xlsx", ".csv", ".ics", ".gpx", ".gpkg", ".json", ".html"}


@router.get("/cartes/{path:path}")
def shown_map(
    request: Request, path: str, _: Annotated[Visitor, Depends(needs(Right.READ))]
) -> FileResponse:
    """Return a map of outputs/ for a frame; raises HTTPException (404) for what is not one."""
    file = output_file(office_of(request).config.folder, path)
    if file.suffix != ".html":
        raise HTTPException(404)
    headers = {"content-security-policy": MAP_POLICY, "x-frame-options": "SAMEORIGIN"}
    return FileResponse(file, media_type="text/html; charset=utf-8", headers=headers)


@router.get("/fichiers/{path:path}")
def download(
    request: Request, path: str, visitor: Annotated[Visitor, Depends(needs(Right.READ))]
) -> FileResponse:
    """
    Send a file of outputs/ to keep.

    Raises HTTPException (404) for anything else, Forbidden for one that tells the hours of each
    mediator to who may not see them.
    """
    file = output_file(office_of(request).config.folder, path)
    if file.name in _TELLS_HOURS and not visitor.may(Right.HOURS):
        raise Forbidden
    return FileResponse(file, filename=file.name)


def output_file(folder: Path, path: str) -> Path:
    """
    Return the file of outputs/ that `path` names; raises HTTPException (404) for any other.

    Each part is a plain name, and links that lead out are not followed.
    """
    root = (folder / "outputs").resolve()
    parts = path.split("/")
    file = root.joinpath(*parts).resolve() if all(map(_PART.fullmatch, parts)) else root
    if root not in file.parents or not file.is_file() or file.suffix not in _SENT:
        raise HTTPException(404)
    return file

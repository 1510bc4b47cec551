"""Maps already written in outputs/: whole files, shown in a frame that reaches nothing of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from starlette.responses import FileResponse, HTMLResponse, Response

from territory.web.files import PART, SENT, all_files, right_for
from territory.web.headers import MAP_POLICY
from territory.web.map_words import map_in
from territory.web.office import office_of
from territory.web.rights import Right
from territory.web.speaking import tongue_of
from territory.web.translations import FRENCH
from territory.web.views.downloads import download_groups
from territory.web.visitor import Forbidden, Visitor, needs

if TYPE_CHECKING:
    from pathlib import Path

router = APIRouter()
Reader = Annotated[Visitor, Depends(needs(Right.READ))]


@router.get("/cartes/{path:path}")
def shown_map(request: Request, path: str, _: Reader) -> Response:
    """
    Return a map of outputs/ for a frame, in the language of the pages around.

    Raises HTTPException (404) for what is not one.
    """
    file = output_file(office_of(request).config.folder, path)
    if file.suffix != ".html":
        raise HTTPException(404)
    headers = {"content-security-policy": MAP_POLICY, "x-frame-options": "SAMEORIGIN"}
    language = tongue_of(request).language
    if language != FRENCH.language:
        return HTMLResponse(map_in(file, language), headers=headers)
    return FileResponse(file, media_type="text/html; charset=utf-8", headers=headers)


@router.get("/fichiers")
def downloads(request: Request, visitor: Reader) -> HTMLResponse:
    """Return the page of every file of outputs/ that the visitor may have."""
    office = office_of(request)
    offered = [p for p in all_files(office.config.folder) if visitor.may(_right(p))]
    return office.pages.page(
        request, "downloads.html", groups=download_groups(offered, tongue_of(request))
    )


@router.get("/fichiers/{path:path}")
def download(request: Request, path: str, visitor: Reader) -> FileResponse:
    """
    Send a file of outputs/ to keep.

    Raises HTTPException (404) for anything else, Forbidden for one that the visitor may not have:
    it tells the hours of each mediator, or is for who imports files.
    """
    file = output_file(office_of(request).config.folder, path)
    if not visitor.may(_right(path)):
        raise Forbidden
    return FileResponse(file, filename=file.name)


def output_file(folder: Path, path: str) -> Path:
    """
    Return the file of outputs/ that `path` names; raises HTTPException (404) for any other.

    Each part is a plain name, and links that lead out are not followed.
    """
    root = (folder / "outputs").resolve()
    parts = path.split("/")
    file = root.joinpath(*parts).resolve() if all(map(PART.fullmatch, parts)) else root
    if root not in file.parents or not file.is_file() or file.suffix not in SENT:
        raise HTTPException(404)
    return file


def _right(path: str) -> Right:
    return right_for(path.rsplit("/", 1)[-1])

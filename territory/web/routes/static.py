"""The files that pages load, kept a year by browsers: their names change with their content."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from territory.web.assets import served

router = APIRouter()


@router.get("/static/{name}")
def static(name: str) -> Response:
    """Return one file; raises HTTPException 404 for any other name."""
    found = next((file for file in served().values() if file.name == name), None)
    if found is None:
        raise HTTPException(404)
    kept = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(found.content, media_type=found.media_type, headers=kept)

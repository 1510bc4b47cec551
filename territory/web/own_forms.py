"""That what changes something was asked by a page of ours, in the same browser (CSRF)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from fastapi import Request  # noqa: TC002 - FastAPI reads the annotations
from starlette.exceptions import HTTPException

from territory.web.tokens import same

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
TOKEN_HEADER, TOKEN_FIELD = "x-csrf-token", "csrf"
_OURS = frozenset({"same-origin", "none"})  # none: the visitor typed it


class ForeignForm(Exception):
    """An action asked from another site."""


class OldForm(Exception):
    """A form without the token of this browser: old, or not one of ours."""


async def own_form(request: Request) -> AsyncIterator[None]:
    """
    Refuse an action that no page of ours asked for: a dependency of every route.

    Raises ForeignForm, OldForm, or HTTPException 413 when the body is too large. The form is read
    once: the route finds it already read, its files on disk when they are large.
    """
    if request.method in SAFE:
        yield
        return
    if getattr(request.state, "too_large", False):
        raise HTTPException(413)
    if not _from_here(request):
        raise ForeignForm
    given = request.headers.get(TOKEN_HEADER) or (await request.form()).get(TOKEN_FIELD)
    if not same(str(given or ""), getattr(request.state, "form_token", "")):
        raise OldForm
    try:
        yield
    finally:
        await request.close()


def _from_here(request: Request) -> bool:
    """Return whether what the browser tells of the asking page is not another site."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in _OURS
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")

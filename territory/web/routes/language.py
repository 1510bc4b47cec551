"""Langue: the language of the pages, chosen by whoever reads them, signed in or not."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from starlette.responses import RedirectResponse, Response

from territory.web.office import office_of
from territory.web.routes.sign_in import inside
from territory.web.speaking import language_cookie
from territory.web.translations import LANGUAGES

router = APIRouter()


@router.post("/langue")
def choose(
    request: Request,
    language: Annotated[str, Form(alias="langue")] = "",
    goal: Annotated[str, Form(alias="vers")] = "/",
) -> Response:
    """
    Keep a language in the browser and go back to the page; it is no action of the journal.

    Raises HTTPException (400) for a language that pages do not speak.
    """
    if language not in LANGUAGES:
        raise HTTPException(400)
    answer = RedirectResponse(inside(goal), status_code=303)
    answer.headers.append("set-cookie", language_cookie(office_of(request).config, language))
    return answer

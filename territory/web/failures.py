"""What a page says when something goes wrong: a French sentence, never a trace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException as StarletteHTTPException

from territory.errors import TerritoryError
from territory.model.marked import marked
from territory.web.office import office_of
from territory.web.visitor import Forbidden

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from starlette.responses import Response

SAID = {
    400: marked("Cette demande n’est pas comprise."),
    403: marked("Votre rôle ne permet pas cette action."),
    404: marked("Cette page n’existe pas."),
    405: marked("Cette action n’existe pas ici."),
    409: marked("Quelqu’un a changé la même chose entre-temps."),
    413: marked("Ce fichier est trop gros."),
    422: marked("Cette demande n’est pas comprise."),
    429: marked("Trop de demandes : attendez une minute."),
    503: marked(
        "La base de données n’a pas répondu. Attendez une minute, puis revenez à cette page : elle "
        "montre ce qui a été gardé."
    ),
    500: marked("Une erreur imprévue s’est produite. Vos fichiers n’ont pas changé."),
}


def install(app: FastAPI) -> None:
    """Give `app` its answers to errors."""

    def said(request: Request, status: int, sentence: str = "") -> Response:
        told = sentence or SAID.get(status, SAID[400])
        return office_of(request).pages.page(
            request, "failure.html", status=status, sentence=told, status_code=status
        )

    @app.exception_handler(StarletteHTTPException)
    async def http(request: Request, error: StarletteHTTPException) -> Response:
        return said(request, error.status_code)

    @app.exception_handler(RequestValidationError)
    async def unread(request: Request, _: RequestValidationError) -> Response:
        return said(request, 422)

    @app.exception_handler(Forbidden)
    async def forbidden(request: Request, _: Forbidden) -> Response:
        return said(request, 403)

    @app.exception_handler(TerritoryError)
    async def refused(request: Request, error: TerritoryError) -> Response:
        return said(request, 422, str(error))

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, error: Exception) -> Response:
        return said(request, 503 if isinstance(error, SQLAlchemyError) else 500)

"""The application of one folder: its routes, its door, and what it answers when things go wrong."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from territory.settings import read_settings
from territory.web import failures, identity
from territory.web.headers import Guarded
from territory.web.jobs import Jobs
from territory.web.office import Office
from territory.web.pages import Pages
from territory.web.routes import home, jobs, maps, report, sectors, sites, static, zones
from territory.web.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from territory.web.config import WebConfig

ROUTES = (static, home, maps, jobs, zones, sites, sectors, report)


def make_app(config: WebConfig) -> FastAPI:
    """
    Return the application that serves the folder of `config`; nothing runs before its lifespan.

    Raises BadSettings or UnreadableFile (French) when the settings of the folder cannot be read,
    MissingSource when a file that pages load is not installed.
    """
    name = read_settings(config.folder).ground.name
    office = Office(
        config, Shelf(config.folder), Pages(name, team=config.team),
        Jobs(config.folder, workers=config.workers),
    )  # fmt: skip
    app = FastAPI(
        title="territory", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan
    )
    app.state.office = office
    for module in ROUTES:
        app.include_router(module.router)
    failures.install(app)
    identity.install(app, config)
    app.add_middleware(Guarded, hosts=config.hosts, secure=config.secure)
    return app


@asynccontextmanager
async def _lifespan(app: Any) -> AsyncIterator[None]:  # noqa: ANN401
    yield
    app.state.office.jobs.close()

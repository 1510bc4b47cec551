"""The application of one folder: its routes, its door, and what it answers when things go wrong."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from territory.web import failures, identity
from territory.web.database import create_all, database_url, make_engine
from territory.web.headers import Guarded
from territory.web.job_store import JobStore
from territory.web.jobs import Jobs
from territory.web.office import Office
from territory.web.pages import Pages
from territory.web.routes import (
    debriefs,
    files,
    first_run,
    home,
    jobs,
    maps,
    settings,
    static,
    week,
)
from territory.web.shelf import NotFounded, Shelf

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from territory.web.config import WebConfig

ROUTES = (static, home, files, maps, jobs, week, debriefs, first_run, settings)


def make_app(config: WebConfig) -> FastAPI:
    """
    Return the application that serves the folder of `config`; nothing runs before its lifespan.

    A folder without settings is led by the hand. Raises BadSettings (French) when they are there
    and cannot be read, MissingSource when a file that pages load is not installed.
    """
    shelf = Shelf(config.folder)
    shelf.name()
    engine = make_engine(database_url(config))
    create_all(engine)
    scope = str(config.folder.resolve()) if config.database_url else ""
    office = Office(
        config, shelf, Pages(shelf.last_name, team=config.team),
        Jobs(config.folder, JobStore(engine, scope), workers=config.workers),
    )  # fmt: skip
    app = FastAPI(
        title="territory", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan
    )
    app.state.office, app.state.engine = office, engine
    for module in ROUTES:
        app.include_router(module.router)
    failures.install(app)
    app.add_exception_handler(NotFounded, first_run.lead)
    identity.install(app, config)
    app.add_middleware(Guarded, hosts=config.hosts, secure=config.secure)
    return app


@asynccontextmanager
async def _lifespan(app: Any) -> AsyncIterator[None]:  # noqa: ANN401
    app.state.office.jobs.open()
    yield
    app.state.office.jobs.close()
    app.state.engine.dispose()

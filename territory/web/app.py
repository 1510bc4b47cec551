"""The application of one folder: its routes, its door, and what it answers when things go wrong."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import Depends, FastAPI

from territory.web import failures, refusals
from territory.web.body_limit import Limited
from territory.web.database import SERVER
from territory.web.headers import Guarded
from territory.web.identity import Known
from territory.web.job_store import JobStore
from territory.web.jobs import Jobs
from territory.web.noting import Noted
from territory.web.office import Office
from territory.web.own_forms import own_form
from territory.web.pages import Pages
from territory.web.routes import (
    account,
    accounts,
    debriefs,
    files,
    first_run,
    home,
    jobs,
    journal,
    language,
    legal,
    maps,
    report,
    report_lines,
    sectors,
    settings,
    sign_in,
    sites,
    static,
    week,
    zones,
)
from territory.web.shelf import NotFounded, Shelf
from territory.web.store import open_store
from territory.web.turns import Turn

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from territory.web.config import WebConfig

ROUTES = (
    static, home, files, maps, jobs, first_run, settings, journal, week, debriefs, zones, sites,
    sectors, report, report_lines, legal, language,
)  # fmt: skip
TEAM_ROUTES = (sign_in, account, accounts)


class Served(FastAPI):
    """The application behind its door: even what it says when it breaks passes through it."""

    def build_middleware_stack(self) -> ASGIApp:
        """Return everything a request goes through, the door first."""
        config: WebConfig = self.state.office.config
        inside = super().build_middleware_stack()
        return Guarded(inside, hosts=config.hosts, secure=config.secure)


def make_app(config: WebConfig) -> Served:
    """
    Return the application that serves the folder of `config`; nothing runs before its lifespan.

    A folder without settings is led by the hand. Raises BadSettings (French) when they are there
    and cannot be read, MissingSource when a file that pages load is not installed, WrongUsage when
    the base of `config` does not answer.
    """
    shelf = Shelf(config.folder)
    shelf.name()
    store = open_store(config)
    scope = shelf.last_name() if shelf.founded else ""
    shared = store.engine.dialect.name == SERVER
    turn = Turn(store.engine, scope) if shared else None
    office = Office(
        config, shelf, Pages(shelf.last_name, team=config.team),
        Jobs(config.folder, JobStore(store.engine, scope, turn), workers=config.workers), store,
    )  # fmt: skip
    app = Served(
        title="territory", docs_url=None, redoc_url=None, openapi_url=None, lifespan=_lifespan,
        dependencies=[Depends(own_form)],
    )  # fmt: skip
    app.state.office = office
    for module in (*ROUTES, *(TEAM_ROUTES if config.team else ())):
        app.include_router(module.router)
    failures.install(app)
    refusals.install(app)
    app.add_exception_handler(NotFounded, first_run.lead)
    app.add_middleware(Noted, actions=store.actions)  # from the inside to the outside
    app.add_middleware(Limited, config=config)
    app.add_middleware(Known, config=config, sessions=store.sessions)
    return app


@asynccontextmanager
async def _lifespan(app: Any) -> AsyncIterator[None]:  # noqa: ANN401
    office: Office = app.state.office
    office.jobs.open()
    office.store.actions.sweep()
    yield
    office.jobs.close()
    office.store.engine.dispose()

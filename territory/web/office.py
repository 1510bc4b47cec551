"""What every request can reach: the settings of the server, the products, the work under way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from fastapi import HTTPException

if TYPE_CHECKING:
    from fastapi import Request

    from territory.pipeline.workspace import Built
    from territory.web.config import WebConfig
    from territory.web.jobs import Jobs
    from territory.web.pages import Pages
    from territory.web.shelf import Holdings, Shelf
    from territory.web.store import Store


@dataclass(frozen=True, slots=True)
class Office:
    """The parts of one server, made by `make_app` and given to each route."""

    config: WebConfig
    shelf: Shelf
    pages: Pages
    jobs: Jobs
    store: Store


def built_of(held: Holdings) -> Built:
    """Return what a build made; raises HTTPException 404 before the first one."""
    if held.built is None:
        raise HTTPException(404)
    return held.built


def office_of(request: Request) -> Office:
    """Return the office of the application that answers `request`."""
    return cast("Office", request.app.state.office)

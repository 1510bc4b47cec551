"""A team at work on a bare territory: its server, and browsers that sign in."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from territory.web.app import Served, make_app
from territory.web.rights import Role
from tests.web.as_typed import AsTyped
from tests.web.folders import HandClock, bare_folder, team_config

if TYPE_CHECKING:
    from pathlib import Path

    from httpx import Response
    from starlette.testclient import TestClient

    from territory.web.office import Office

BASE = "http://127.0.0.1"
PASS = "quatre chevaux bleus"  # noqa: S105 - of the tests
CODES = {Role.READER: "L1", Role.MEDIATOR: "M1", Role.COORDINATOR: "C1", Role.MANAGER: "D1"}
_TOKEN = re.compile(r'(?:name="csrf" value=|"x-csrf-token":)"([^"]+)"')


def token_of(page: str) -> str:
    found = _TOKEN.search(page)
    return found.group(1) if found else ""


@dataclass
class Team:
    """One server with an account of each role."""

    app: Served
    clock: HandClock
    stack: ExitStack = field(default_factory=ExitStack)

    @property
    def office(self) -> Office:
        office: Office = self.app.state.office
        return office

    def browser(self, **more: object) -> TestClient:
        return AsTyped(self.app, base_url=BASE, follow_redirects=False, **more)  # type: ignore[arg-type]

    def signed(self, role: Role) -> TestClient:
        """Return a browser signed in, that gives back its token by a header."""
        browser = self.browser()
        assert sign_in(browser, CODES[role]).status_code == 303
        browser.headers["x-csrf-token"] = token_of(browser.get("/compte").text)
        return browser


def open_team(folder: Path, **more: object) -> Team:
    clock = HandClock()
    app = make_app(team_config(bare_folder(folder), clock, **more))  # type: ignore[arg-type]
    team = Team(app, clock)
    for role, code in CODES.items():
        team.office.store.accounts.create(code, role, PASS)
    return team


def close_team(team: Team) -> None:
    team.office.jobs.close()
    team.office.store.engine.dispose()


def sign_in(browser: TestClient, code: str, password: str = PASS, goal: str = "/") -> Response:
    token = token_of(browser.get("/connexion").text)
    asked = {"csrf": token, "code": code, "mot_de_passe": password, "vers": goal}
    return browser.post("/connexion", data=asked)

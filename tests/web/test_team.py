"""A team signs in, changes passwords, keeps accounts and reads the journal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from territory.web.rights import Role
from tests.web.team import PASS, Team, close_team, open_team, sign_in, token_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OTHER = "six tortues lentes"


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    opened = open_team(tmp_path)
    yield opened
    close_team(opened)


def test_who_is_not_signed_in_is_asked_and_comes_back_to_the_page(team: Team) -> None:
    browser = team.browser()
    sent = browser.get("/journal?page=2")
    assert (sent.status_code, sent.headers["location"]) == (
        303,
        "/connexion?vers=/journal%3Fpage%3D2",
    )
    page = browser.get(sent.headers["location"]).text
    assert 'name="vers" value="/journal?page=2"' in page
    assert sign_in(browser, "d1", goal="/journal?page=2").headers["location"] == "/journal?page=2"
    assert browser.get("/journal").status_code == 200
    assert browser.get("/connexion").headers["location"] == "/"


def test_a_fragment_asked_without_a_session_sends_the_whole_page_away(team: Team) -> None:
    answer = team.browser().get("/travaux/x", headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (401, "/connexion?vers=/")


def test_signing_out_ends_the_session(team: Team) -> None:
    browser = team.signed(Role.MEDIATOR)
    kept = browser.cookies["territory"]
    assert browser.post("/deconnexion").headers["location"] == "/connexion"
    again = team.browser(cookies={"territory": kept})
    assert again.get("/").status_code == 303


def test_another_password_ends_the_other_sessions(team: Team) -> None:
    one, two = team.signed(Role.MEDIATOR), team.signed(Role.MEDIATOR)
    asked = {"actuel": PASS, "nouveau": OTHER, "encore": OTHER}
    assert one.post("/compte", data=asked).headers["location"] == "/compte?fait=1"
    assert "Le mot de passe est changé" in one.get("/compte?fait=1").text
    assert two.get("/compte").status_code == 303
    assert sign_in(team.browser(), "M1").status_code == 401
    assert sign_in(team.browser(), "M1", OTHER).status_code == 303


@pytest.mark.parametrize(
    ("former", "chosen", "again", "told"),
    [
        ("faux", OTHER, OTHER, "actuel n’est pas le bon"),
        (PASS, OTHER, OTHER + "s", "ne sont pas les mêmes"),
        (PASS, PASS, PASS, "doit être différent"),
        (PASS, "court", "court", "au moins 12 caractères"),
    ],
)
def test_a_password_that_cannot_be_changes_nothing(
    team: Team, former: str, chosen: str, again: str, told: str
) -> None:
    browser = team.signed(Role.MEDIATOR)
    answer = browser.post("/compte", data={"actuel": former, "nouveau": chosen, "encore": again})
    assert answer.status_code == 422
    assert told in answer.text
    assert chosen not in answer.text
    assert browser.get("/compte").status_code == 200
    assert sign_in(team.browser(), "M1").status_code == 303


def test_an_account_goes_from_its_making_to_its_closing(team: Team) -> None:
    keeper, newcomer = team.signed(Role.MANAGER), team.browser()
    made = keeper.post("/comptes", data={"code": "m7", "role": "lecture"})
    drawn = re.search(r"<code>([a-z0-9-]{19})</code>", made.text)
    assert drawn
    assert drawn[1] not in keeper.get("/comptes").text
    assert sign_in(newcomer, "M7", drawn[1]).headers["location"] == "/compte"
    assert newcomer.get("/").headers["location"] == "/compte"
    chosen = {"actuel": drawn[1], "nouveau": OTHER, "encore": OTHER}
    newcomer.headers["x-csrf-token"] = token_of(newcomer.get("/compte").text)
    assert newcomer.post("/compte", data=chosen).status_code == 303
    assert newcomer.get("/").status_code == 200
    assert newcomer.get("/journal").status_code == 403
    assert keeper.post("/comptes/M7/role", data={"role": "direction"}).status_code == 303
    assert newcomer.get("/journal").status_code == 200
    assert keeper.post("/comptes/M7/fermer").status_code == 303
    assert newcomer.get("/").status_code == 303
    assert sign_in(team.browser(), "M7", OTHER).status_code == 401
    assert keeper.post("/comptes/M7/rouvrir").status_code == 303
    assert "montré cette seule fois" in keeper.post("/comptes/M7/mot-de-passe").text
    assert sign_in(team.browser(), "M7", OTHER).status_code == 401


@pytest.mark.parametrize(
    ("path", "form", "told"),
    [
        ("/comptes", {"code": "Nathalie", "role": "lecture"}, "pas un nom"),
        ("/comptes", {"code": "M1", "role": "lecture"}, "a déjà un compte"),
        ("/comptes/D1/fermer", {}, "au moins un compte de direction"),
        ("/comptes/D1/role", {"role": "lecture"}, "au moins un compte de direction"),
        ("/comptes/X9/mot-de-passe", {}, "Aucun compte ne porte"),
    ],
)
def test_what_cannot_be_done_to_accounts_is_said_on_their_page(
    team: Team, path: str, form: dict[str, str], told: str
) -> None:
    answer = team.signed(Role.MANAGER).post(path, data=form)
    assert answer.status_code == 422
    assert told in answer.text
    assert "Ajouter un compte" in answer.text


def test_the_journal_tells_who_did_what_without_any_value(team: Team) -> None:
    keeper = team.signed(Role.MANAGER)
    keeper.post("/comptes/M1/role", data={"role": "lecture"})
    keeper.post("/comptes", data={"code": "M7", "role": "lecture"})
    sign_in(team.browser(), "M1", "mot de passe oublié")
    page = keeper.get("/journal").text
    for told in (
        "Rôle changé",
        "login=M1",
        "code=M7",
        "D1",
        "fait",
        "refusé : mot de passe",
        "Connexion",
    ):
        assert told in page
    written = repr(team.office.store.actions.latest())
    assert "oublié" not in written
    assert PASS not in written


def test_whoever_sits_at_a_machine_without_accounts_needs_none(tmp_path: Path) -> None:
    opened = open_team(tmp_path, team=False)
    browser = opened.browser()
    assert browser.get("/").status_code == 200
    assert browser.get("/journal").status_code == 200
    assert browser.get("/connexion").status_code == 404
    assert browser.get("/comptes").status_code == 404
    close_team(opened)

"""Attacks on the pages: each is tried as somebody would, and changes or tells nothing."""

from __future__ import annotations

import asyncio
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import unquote_plus

import geopandas as gpd
import pandas as pd
import pytest
from fastapi import Form, Request, UploadFile
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.testclient import TestClient

from territory.errors import WrongUsage
from territory.io.deposit import FOLDER
from territory.web.app import ROUTES, TEAM_ROUTES, make_app
from territory.web.body_limit import Limited
from territory.web.config import WebConfig, check_address, hosts_for
from territory.web.headers import ALWAYS
from territory.web.own_forms import own_form
from territory.web.rights import RIGHTS, Right, Role
from territory.web.routes.sign_in import inside
from territory.web.tokens import form_token, is_secret, new_secret
from territory.web.visitor import visitor_of
from tests.web.folders import bare_folder
from tests.web.team import BASE, Team, close_team, open_team, sign_in, token_of

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from pathlib import Path

    from starlette.types import Message, Receive, Scope, Send

PUBLIC = {
    ("GET", "/static/{name}"), ("GET", "/connexion"), ("POST", "/connexion"), ("POST", "/langue"),
}  # fmt: skip
OWN = {("POST", "/deconnexion"), ("GET", "/compte"), ("POST", "/compte")}
SMALL = 200_000  # bytes a file may weigh here


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    opened = open_team(
        tmp_path_factory.mktemp("equipe"), upload_bytes=SMALL, form_bytes=10_000, tries_address=9999
    )
    _add_trial_routes(opened)
    yield opened
    close_team(opened)


def _add_trial_routes(team: Team) -> None:
    """Add what pages do: take a file, break."""

    @team.app.post("/essai/fichier")
    async def take(request: Request, file: UploadFile, note: Annotated[str, Form()] = "") -> dict:  # type: ignore[type-arg]
        again = (await request.form())["note"]
        return {"bytes": len(await file.read()), "note": note, "again": again}

    @team.app.get("/essai/panne")
    def broken() -> None:
        raise ZeroDivisionError("secret")


# --- who may do what -------------------------------------------------------------------------


def routes() -> list[tuple[str, APIRoute]]:
    found = [r for module in (*ROUTES, *TEAM_ROUTES) for r in module.router.routes]
    assert all(isinstance(r, APIRoute) for r in found), "a route without the check of forms"
    return [(m, r) for r in found if isinstance(r, APIRoute) for m in sorted(r.methods or ())]


def right_of(route: APIRoute) -> Right | None:
    rights = [getattr(d.call, "right", None) for d in route.dependant.dependencies]
    declared = [right for right in rights if right is not None]
    assert len(declared) <= 1
    return declared[0] if declared else None


def asked(route: APIRoute) -> str:
    return re.sub(r"\{[^}]+\}", "x1", route.path)


IDS = [f"{method} {route.path}" for method, route in routes()]


@pytest.mark.parametrize(("method", "route"), routes(), ids=IDS)
def test_every_route_declares_a_right_and_keeps_it(
    team: Team, signed: dict[Role, TestClient], method: str, route: APIRoute
) -> None:
    if (method, route.path) in PUBLIC:
        return
    sent = team.browser(headers=_own_token()).request(method, asked(route))
    assert (sent.status_code, sent.headers["location"][:10]) == (303, "/connexion")
    right = right_of(route)
    if (method, route.path) in OWN:
        assert visitor_of in [d.call for d in route.dependant.dependencies]
        return
    assert right is not None, "a route without a declared right"
    for role, browser in signed.items():
        if right not in RIGHTS[role]:
            answer = browser.request(method, asked(route))
            assert answer.status_code == 403, role
            assert "Votre rôle ne permet pas cette action." in answer.text
        elif method == "GET":
            answer = browser.get(asked(route))
            assert answer.status_code in {200, 303, 404, 422}, role
            assert "/connexion" not in answer.headers.get("location", "")


@pytest.fixture(scope="module")
def signed(team: Team) -> dict[Role, TestClient]:
    return {role: team.signed(role) for role in Role}


def _own_token() -> dict[str, str]:
    """Return the cookie and the token of a browser that is not signed in."""
    secret = new_secret()
    return {"cookie": f"territory={secret}", "x-csrf-token": form_token(secret)}


def test_every_route_checks_its_forms(team: Team) -> None:
    assert own_form in [d.dependency for d in team.app.router.dependencies]


def test_without_accounts_only_this_machine_is_answered(tmp_path: Path) -> None:
    alone, team = WebConfig(tmp_path), WebConfig(tmp_path, team=True)
    for address in ("127.0.0.1", "localhost", "::1"):
        assert check_address(alone, address) == ""
    for address in ("0.0.0.0", "::", "192.0.2.7"):  # noqa: S104
        with pytest.raises(WrongUsage, match="--equipe"):
            check_address(alone, address)
        assert "sans HTTPS" in check_address(team, address)
        assert check_address(WebConfig(tmp_path, team=True, secure=True), address) == ""


# --- forms of others (CSRF) ------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "faux", "é", "autre"])
def test_an_action_without_the_token_of_this_session_is_refused(
    team: Team, signed: dict[Role, TestClient], token: str
) -> None:
    browser = signed[Role.MANAGER]
    given = signed[Role.COORDINATOR].headers["x-csrf-token"] if token == "autre" else token  # noqa: S105
    own = browser.headers["x-csrf-token"]
    for sent in (
        {"headers": {"x-csrf-token": given.encode()}},
        {"headers": {"x-csrf-token": ""}, "data": {"csrf": given, "role": "lecture"}},
    ):
        answer = browser.post("/comptes/M1/role", **sent)  # type: ignore[arg-type]
        assert answer.status_code == 403
        assert "Ce formulaire est périmé" in answer.text
    assert browser.headers["x-csrf-token"] == own
    assert team.office.store.accounts.listed()[3].role == Role.MEDIATOR


@pytest.mark.parametrize(
    "told",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://attaque.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "http://127.0.0.1", "sec-fetch-site": "cross-site"},
    ],
)
def test_an_action_asked_from_elsewhere_is_refused_even_with_the_token(
    signed: dict[Role, TestClient], told: dict[str, str]
) -> None:
    answer = signed[Role.MANAGER].post("/comptes/M1/role", data={"role": "lecture"}, headers=told)
    assert answer.status_code == 403
    assert "vient d’un autre site" in answer.text


@pytest.mark.parametrize(
    "told",
    [{"origin": BASE}, {"sec-fetch-site": "same-origin", "origin": "null"}, {}],
)
def test_an_action_asked_from_our_pages_is_done(
    signed: dict[Role, TestClient], told: dict[str, str]
) -> None:
    answer = signed[Role.MANAGER].post("/comptes/M1/role", data={"role": "mediation"}, headers=told)
    assert answer.status_code == 303


def test_a_form_signs_nobody_in_from_elsewhere(team: Team) -> None:
    browser = team.browser()
    asked_for = {"code": "M1", "mot_de_passe": "quatre chevaux bleus"}
    assert browser.post("/connexion", data=asked_for).status_code == 403
    assert browser.get("/").status_code == 303


def test_each_browser_has_its_own_token_without_accounts(tmp_path: Path) -> None:
    app = make_app(WebConfig(bare_folder(tmp_path)))
    one, two = (TestClient(app, base_url=BASE) for _ in range(2))
    first, second = (token_of(browser.get("/").text) for browser in (one, two))
    assert first != second
    assert token_of(one.get("/").text) == first
    assert two.post("/calcul", data={"csrf": first}).status_code == 403
    assert TestClient(app, base_url=BASE).post("/calcul", data={"csrf": first}).status_code == 403
    app.state.office.jobs.close()
    app.state.office.store.engine.dispose()


def test_a_link_from_elsewhere_does_not_replace_the_cookie(team: Team) -> None:
    told = {"sec-fetch-site": "cross-site", "sec-fetch-dest": "document"}
    answer = team.browser().get("/", headers=told)
    assert 'http-equiv="refresh"' in answer.text
    assert "set-cookie" not in answer.headers


# --- sessions --------------------------------------------------------------------------------


def test_a_cookie_planted_before_the_sign_in_is_worth_nothing_after(team: Team) -> None:
    planted = new_secret()
    victim = team.browser(headers={"cookie": f"territory={planted}"})
    answer = sign_in(victim, "M1")
    given = answer.cookies["territory"]
    assert given != planted
    assert is_secret(given)
    assert team.browser(cookies={"territory": planted}).get("/").status_code == 303
    assert team.browser(cookies={"territory": given}).get("/").status_code == 200


def test_a_session_planted_by_its_owner_ends_at_the_sign_in(team: Team) -> None:
    attacker = team.signed(Role.READER)
    planted = attacker.cookies["territory"]
    token = attacker.headers["x-csrf-token"]
    victim = team.browser(cookies={"territory": planted}, headers={"x-csrf-token": token})
    given = victim.post("/connexion", data={"code": "M1", "mot_de_passe": "quatre chevaux bleus"})
    assert given.status_code == 303
    assert attacker.get("/").status_code == 303


def test_a_session_over_asks_again(tmp_path: Path) -> None:
    own = open_team(tmp_path)
    browser = own.signed(Role.MANAGER)
    own.clock.now += 61 * 60
    assert browser.get("/comptes").status_code == 303
    assert browser.post("/comptes/M1/fermer").status_code == 303
    assert [a.active for a in own.office.store.accounts.listed()] == [True] * 4
    close_team(own)


@pytest.mark.parametrize("secure", [False, True])
def test_cookies_are_read_by_no_script_and_sent_by_no_other_site(
    tmp_path: Path, *, secure: bool
) -> None:
    own = open_team(tmp_path, secure=secure)
    browser = TestClient(own.app, base_url="https://127.0.0.1", follow_redirects=False)
    for answer in (browser.get("/connexion"), sign_in(browser, "M1")):
        (given,) = answer.headers.get_list("set-cookie")
        wanted = {"HttpOnly", "SameSite=Strict", "Path=/"} | ({"Secure"} if secure else set())
        name, *flags = given.split("; ")
        assert set(flags) == wanted
        assert name.startswith("__Host-territory=" if secure else "territory=")
        assert ("strict-transport-security" in answer.headers) == secure
    close_team(own)


def test_a_flood_of_sign_ins_waits_and_learns_nothing(tmp_path: Path) -> None:
    own = open_team(tmp_path)
    tried = {
        code: [sign_in(own.browser(), code, "au hasard") for _ in range(12)]
        for code in ("M1", "Z9")
    }
    for answers in tried.values():
        assert [a.status_code for a in answers] == [401] * 10 + [429] * 2
        assert "Attendez 15 minutes" in answers[-1].text
    known, unknown = (
        [re.sub(f'{token_of(a.text)}|value="{code}"', "", a.text) for a in answers]
        for code, answers in tried.items()
    )  # the code typed comes back in its field, whoever it is
    assert known == unknown
    assert sign_in(own.browser(), "M1").status_code == 429, "the right password waits too"
    assert sign_in(own.browser(), "C1").status_code == 303
    own.clock.now += 15 * 60
    assert sign_in(own.browser(), "M1").status_code == 303
    close_team(own)


def test_an_unknown_code_costs_the_work_of_a_known_one(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords = team.office.store.accounts._passwords
    worked: list[str] = []
    verify = passwords._hasher.verify

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            worked.append(kept.rsplit("$", 2)[0])
            return verify(kept, password)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    for code in ("M1", "Z9"):
        assert team.office.store.accounts.check(code, "au hasard") is None
    assert len(worked) == 2
    assert worked[0] == worked[1], "the same cost"


@pytest.mark.parametrize(
    "goal",
    ["//attaque.example", "https://attaque.example", "/\\attaque.example", "/a\\b", "javascript:0",
     "", "/\n/attaque.example", "/ /x"],
)  # fmt: skip
def test_a_sign_in_sends_to_no_other_site(goal: str) -> None:
    assert inside(goal) == "/"
    assert inside("/semaine/2026-W48?x=1&y=é") == "/semaine/2026-W48?x=1&y=é"


# --- the door --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["attaque.example", "127.0.0.1.attaque.example", "", "[::2]", "x:y:80"]
)
def test_another_name_of_the_server_is_refused(team: Team, host: str) -> None:
    answer = team.browser().get("/connexion", headers={"host": host})
    assert answer.status_code == 421
    assert "set-cookie" not in answer.headers


def test_the_names_answered_are_those_given() -> None:
    assert hosts_for("127.0.0.1") == ("127.0.0.1", "localhost", "[::1]")
    assert hosts_for("0.0.0.0", "Maraude.exemple.fr, b ")[3:] == ("maraude.exemple.fr", "b")  # noqa: S104
    assert hosts_for("192.0.2.7")[3:] == ("192.0.2.7",)
    assert hosts_for("2001:db8::7")[3:] == ("[2001:db8::7]",)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/compte", 200),
        ("GET", "/nulle-part", 404),
        ("PATCH", "/compte", 405),
        ("GET", "/comptes", 403),
        ("POST", "/comptes/M1/role", 403),
        ("GET", "/static/rien", 404),
        ("GET", "/essai/panne", 500),
        ("POST", "/essai/fichier", 422),
    ],
)
def test_every_answer_carries_the_headers_even_when_it_breaks(
    team: Team, signed: dict[Role, TestClient], method: str, path: str, status: int
) -> None:
    browser = team.browser(
        raise_server_exceptions=False, cookies=dict(signed[Role.MEDIATOR].cookies)
    )
    token = signed[Role.MEDIATOR].headers["x-csrf-token"]
    answer = browser.request(method, path, headers={"x-csrf-token": token})
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in ALWAYS} == ALWAYS
    assert "secret" not in answer.text


# --- files -----------------------------------------------------------------------------------


def test_a_large_file_comes_whole_and_its_form_is_read_twice(
    signed: dict[Role, TestClient],
) -> None:
    browser = signed[Role.COORDINATOR]
    sent = {"file": ("a.csv", b"x" * (SMALL - 2000))}
    form = {"csrf": browser.headers["x-csrf-token"], "note": "dit"}
    answer = browser.post("/essai/fichier", files=sent, data=form, headers={"x-csrf-token": ""})
    assert answer.json() == {"bytes": SMALL - 2000, "note": "dit", "again": "dit"}


def test_too_large_a_file_is_refused_before_it_is_read(signed: dict[Role, TestClient]) -> None:
    answer = signed[Role.COORDINATOR].post("/essai/fichier", files={"file": ("a", b"x" * SMALL)})
    assert answer.status_code == 413
    assert "Ce fichier est trop gros." in answer.text


def apart(make: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a coroutine in a thread of its own: a browser of other tests keeps a loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(make())).result()


@pytest.mark.parametrize(
    ("kind", "most"), [("multipart/form-data; boundary=b", SMALL), ("text/plain", 1000)]
)
def test_what_hides_its_size_is_stopped_while_it_comes(
    tmp_path: Path, kind: str, most: int
) -> None:
    come = 0

    async def endless() -> Message:
        nonlocal come
        come += 1
        return {"type": "http.request", "body": b"x" * 500, "more_body": True}

    async def reads(_scope: Scope, receive: Receive, _send: Send) -> None:
        while (await receive())["more_body"]:
            pass

    config = WebConfig(tmp_path, upload_bytes=SMALL, form_bytes=1000)
    scope = {"type": "http", "headers": [(b"content-type", kind.encode())]}
    scope["state"] = {"visitor": "quelqu’un"}
    with pytest.raises(HTTPException, match="413"):
        apart(lambda: Limited(reads, config=config)(scope, endless, None))  # type: ignore[arg-type]
    assert come == most // 500 + 1


def test_what_hides_its_size_is_answered(signed: dict[Role, TestClient]) -> None:
    def much() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(3):
            yield b"x" * (SMALL // 2)

    kind = {"content-type": "multipart/form-data; boundary=b"}
    answer = signed[Role.COORDINATOR].post("/essai/fichier", content=much(), headers=kind)
    assert answer.status_code == 413
    assert "Ce fichier est trop gros." in answer.text


def test_who_is_not_known_sends_no_file(team: Team) -> None:
    answer = team.browser(headers=_own_token()).post(
        "/connexion", files={"file": ("a", b"x" * 20_000)}
    )
    assert answer.status_code == 413


def test_an_action_with_too_large_a_body_is_not_done(
    team: Team, signed: dict[Role, TestClient]
) -> None:
    answer = signed[Role.MANAGER].post("/comptes/M1/fermer", content=b"x" * 20_000)
    assert answer.status_code == 413
    assert all(a.active for a in team.office.store.accounts.listed())


@pytest.mark.parametrize(
    "path",
    ["../territory.toml", "%2e%2e/territory.toml", "..%2fterritory.toml", "%2e%2e%2fterritory.toml",
     "..%5cterritory.toml", "/etc/passwd", "%2fetc%2fpasswd", "a/../../territory.toml",
     "lien.html", "dossier/territory.html", "vrai.html%00.pdf", "%00", ".cache/x.html",
     "..;/x.html", "%252e%252e/territory.toml", "//etc/passwd", "dossier"],
)  # fmt: skip
@pytest.mark.parametrize("door", ["cartes", "fichiers"])
def test_no_file_leaves_but_those_of_the_outputs(
    team: Team, signed: dict[Role, TestClient], door: str, path: str
) -> None:
    outside = team.office.config.folder
    outputs = outside / "outputs"
    (outputs / ".cache").mkdir(parents=True, exist_ok=True)
    (outside / "territory.html").write_text("secret", encoding="utf-8")
    for link, target in (("lien.html", outside / "territory.html"), ("dossier", outside)):
        if not (outputs / link).is_symlink():
            (outputs / link).symlink_to(target)
    for name in ("vrai.html", ".cache/x.html"):
        (outputs / name).write_text("carte", encoding="utf-8")
    answer = signed[Role.READER].get(f"/{door}/{path}")
    assert answer.status_code == 404
    assert "secret" not in answer.text
    assert signed[Role.READER].get(f"/{door}/vrai.html").text == "carte"


@pytest.mark.parametrize(
    "name",
    ["../../intrus.csv", "..\\..\\intrus.csv", "/intrus.csv", "C:\\intrus.csv",
     "a/../../../intrus.csv", "%2e%2e%2fintrus.csv", "intrus.csv\0.png", "....//intrus.csv",
     "~/intrus.csv", "x" * 300 + ".csv", "..", ".territory/web.db", "CON.csv",
     "<script>alert(1)</script>.csv"],
)  # fmt: skip
def test_the_name_of_a_file_sent_leads_nowhere(tmp_path: Path, name: str) -> None:
    own = open_team(tmp_path / "a" / "b" / "ville")
    before = _outside(tmp_path)
    sent = {"fichiers": (name, b"colonne;autre\n1;2\n")}
    browser = own.signed(Role.COORDINATOR)
    answer = browser.post("/fichiers-recus", files=sent)
    assert answer.status_code in {303, 400, 422}
    if answer.status_code == 303:
        page = browser.get(answer.headers["location"])
        assert page.status_code in {200, 404}
        assert Running(page.text).found == []
    assert _outside(tmp_path) == before
    close_team(own)


def _outside(top: Path) -> set[str]:
    """Return every file but those set apart until somebody keeps them."""
    base = {"web.db-wal", "web.db-shm", "journal.jsonl"}
    apart = top / "a" / "b" / "ville" / FOLDER
    files = (f for f in top.rglob("*") if f.is_file() and f.name not in base)
    return {f.relative_to(top).as_posix() for f in files if apart not in f.parents}


# --- names that would run --------------------------------------------------------------------

EVIL = (
    '<script>alert("zzz")</script>',
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "zzz{{7*7}}zzz",
    "zzz${7*7}zzz{% if 1 %}zzz49zzz{% endif %}",
    "</textarea></title></style><script>alert(1)</script>",
)


class Running(HTMLParser):
    """What of a page would run, or reach another site."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.found.append(tag)
        self.found += [n for n in given if n.startswith(("on", "hx-on")) or n == "style"]
        links = [given[n] for n in ("href", "src", "action", "formaction") if n in given]
        self.found += [link for link in links if not link.startswith(("/", "#", "?"))]


def test_what_would_run_is_seen() -> None:
    assert Running('<a href="javascript:0" onclick=x><script>1</script>').found == [
        "onclick", "javascript:0", "script",
    ]  # fmt: skip


@pytest.mark.parametrize("evil", EVIL)
def test_what_was_typed_comes_back_as_text(signed: dict[Role, TestClient], evil: str) -> None:
    browser = signed[Role.MANAGER]
    pages = [
        browser.post("/comptes", data={"code": evil, "role": "lecture"}),
        browser.post("/comptes/" + evil.replace("/", "-") + "/fermer"),
        browser.get("/journal"),
        browser.get("/nulle-part/" + evil),
        browser.get("/", params={"x": evil}),
    ]
    for page in pages:
        assert Running(page.text).found == []
        assert "zzz49zzz" not in unquote_plus(page.text).replace("zzz49zzz{% endif", "")


def test_names_of_the_territory_and_of_its_partners_never_run(
    demo_folder: Path, tmp_path: Path
) -> None:
    folder = poisoned(demo_folder, tmp_path / "ville")
    app = make_app(WebConfig(folder))
    seen = set()
    with TestClient(app, base_url=BASE) as browser:
        for path in {r.path for m, r in routes() if m == "GET" and r not in _team_only()}:
            page = browser.get(_filled(path))
            if page.headers["content-type"].startswith("text/html") and "/cartes/" not in path:
                assert Running(page.text).found == [], path
                assert "zzz49zzz" not in unquote_plus(page.text).replace("zzz49zzz{% endif", ""), (
                    path
                )
                seen.add(path)
    assert "/" in seen


def _team_only() -> list[APIRoute]:
    return [r for module in TEAM_ROUTES for r in module.router.routes if isinstance(r, APIRoute)]


def _filled(path: str) -> str:
    """Return an address with a week that is there in place of what names one."""
    return re.sub(r"\{[^}]+\}", "2026-W45", path)


def poisoned(source: Path, target: Path) -> Path:
    """Return a copy of a built territory whose names would run, were they not escaped."""
    shutil.copytree(source, target)
    spoilt = 0
    for file in sorted((target / "data" / "processed").rglob("*.parquet")):
        try:
            table = gpd.read_parquet(file)
        except ValueError:
            table = pd.read_parquet(file)
        names = [c for c in table.columns if c in {"name", "place_name", "zone_name", "label"}]
        for column in names:
            table[column] = [EVIL[n % len(EVIL)] for n in range(len(table))]
        if names:
            table.to_parquet(file)
            spoilt += 1
    assert spoilt > 2
    return target

"""Pages as they are read: each piece of text or told attribute, in the language it says it is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from fastapi.routing import APIRoute

from territory.web.app import ROUTES, TEAM_ROUTES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.testclient import TestClient

TOLD = ("title", "aria-label", "alt", "placeholder", "data-erreur", "data-vide")
_UNREAD = {"script", "style", "code", "pre", "textarea"}
_EMPTY = {"br", "hr", "img", "input", "link", "meta", "rect", "circle", "line", "polyline"}


@dataclass(frozen=True)
class Piece:
    """What is read at once: its text, its language, and whether it is an attribute."""

    text: str
    language: str
    attribute: bool = False


class Reader(HTMLParser):
    """The pieces of a page and its links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.pieces: list[Piece] = []
        self.links: list[str] = []
        self._open: list[tuple[str, str]] = []
        self.feed(page)

    @property
    def _language(self) -> str:
        return self._open[-1][1] if self._open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        language = given.get("lang", self._language)
        self.pieces += [Piece(given[n], language, attribute=True) for n in TOLD if given.get(n)]
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"].partition("#")[0])
        if tag not in _EMPTY:
            self._open.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        read = self._open and not {name for name, _ in self._open} & _UNREAD
        if read and data.strip():
            self.pieces.append(Piece(data, self._language))


@dataclass
class Walk:
    """The pages found by following links: the text of each by address, and the routes seen."""

    pages: dict[str, str] = field(default_factory=dict)
    routes: set[str] = field(default_factory=set)


def walked(browser: TestClient, starts: Iterable[str], *, each: int = 3) -> Walk:
    """Follow the links from `starts`, at most `each` addresses of one route and kind of query."""
    walk, waiting, seen = Walk(), list(starts), set()
    kinds: Counter[tuple[str, tuple[str, ...]]] = Counter()
    while waiting:
        address = waiting.pop(0)
        route = route_of(address)
        query = tuple(re.findall(r"[?&](\w+)=", address))
        kind = (route, query)
        if address in seen or kinds[kind] >= each:
            continue
        seen.add(address)
        kinds[kind] += 1
        answer = browser.get(address)
        walk.routes.add(route)
        if answer.headers.get("content-type", "").startswith("text/html"):
            walk.pages[address] = answer.text
            own = not route.startswith(("/cartes", "/static"))
            waiting += Reader(answer.text).links if own else []
    return walk


def read_routes() -> list[APIRoute]:
    """Return every GET route of the pages, in the order in which they are tried."""
    found = (r for module in (*ROUTES, *TEAM_ROUTES) for r in module.router.routes)
    return [r for r in found if isinstance(r, APIRoute) and "GET" in (r.methods or ())]


def route_of(address: str) -> str:
    """Return the pattern of the route that answers a GET of `address`, "" for none."""
    path = address.partition("?")[0]
    return next((r.path for r in read_routes() if r.path_regex.match(path)), "")


def words_found(text: str, words: Iterable[str]) -> list[str]:
    """Return which `words` are in a text, alone: not a part of another, hyphens included."""
    told = {word.casefold() for word in re.findall(r"[\w’'\-·]+", text)}
    return sorted(told & set(words))

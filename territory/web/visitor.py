"""Who is asking: a name, a role, and the token that forms must give back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fastapi import Request

from territory.web.rights import RIGHTS, Right, Role

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Visitor:
    """
    Somebody whom the server answers.

    `login` is a code or initials, "" on a machine without accounts; `token` goes into every form
    (CSRF) and differs for each session. `must_change`: the password was made by somebody else, so
    nothing but the page that changes it is answered.
    """

    login: str
    role: Role
    token: str
    alone: bool = False  # no accounts: every right, whoever sits here
    must_change: bool = False

    def may(self, right: Right) -> bool:
        """Return whether this visitor has a right."""
        return self.alone or (not self.must_change and right in RIGHTS[self.role])


class Forbidden(Exception):
    """The visitor has no right to what was asked."""


class SignedOut(Exception):
    """Nobody is signed in, where somebody must be."""


class MustChange(Exception):
    """The visitor must choose a password first."""


def visitor_of(request: Request) -> Visitor:
    """Return who is asking, as the session of the request says; raises SignedOut."""
    found: Visitor | None = getattr(request.state, "visitor", None)
    if found is None:
        raise SignedOut
    return found


def needs(right: Right) -> Callable[[Request], Visitor]:
    """
    Return the dependency of a route that asks for `right`.

    It gives the visitor, and raises Forbidden, MustChange or SignedOut, answered in French. A route
    for whoever is signed in, without any right, depends on `visitor_of`.
    """

    def allowed(request: Request) -> Visitor:
        visitor = visitor_of(request)
        if visitor.must_change:
            raise MustChange
        if not visitor.may(right):
            raise Forbidden
        return visitor

    allowed.right = right  # type: ignore[attr-defined] # read by the table of rights
    return allowed

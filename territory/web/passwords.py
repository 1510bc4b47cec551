"""Passwords: what is asked of them, how they are kept (argon2id), how one is drawn."""

from __future__ import annotations

import secrets
import unicodedata
from threading import BoundedSemaphore
from typing import TYPE_CHECKING

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from territory.model.marked import marked

if TYPE_CHECKING:
    from territory.web.config import HashCost

LEAST, MOST = 12, 200  # characters
_LEAST_DIFFERENT = 5
_DRAWN = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_GROUPS, _GROUP = 4, 4
_AT_ONCE = 2  # hashes at the same time: a flood of sign-ins takes no more memory than that


class Passwords:
    """Hashes and checks passwords at one cost."""

    def __init__(self, cost: HashCost) -> None:
        self._hasher = PasswordHasher(cost.passes, cost.memory_kib, cost.lanes)
        self._turn = BoundedSemaphore(_AT_ONCE)
        self._nobody = self._hasher.hash(secrets.token_urlsafe())

    def hashed(self, password: str) -> str:
        """Return what is kept of a password: argon2id with its own salt."""
        with self._turn:
            return self._hasher.hash(_written(password))

    def matches(self, kept: str | None, password: str) -> bool:
        """Return whether `password` is the one kept; None (no account) takes as long to refuse."""
        plain = _written(password)
        with self._turn:
            try:
                self._hasher.verify(kept or self._nobody, plain[:MOST])
            except (VerificationError, InvalidHashError):
                return False
        return kept is not None and len(plain) <= MOST

    def is_cheap(self, kept: str) -> bool:
        """Return whether a hash was made at another cost, and should be made again."""
        return self._hasher.check_needs_rehash(kept)


def drawn_password() -> str:
    """Return a password drawn at random (79 bits), easy to read over the telephone."""
    groups = ("".join(secrets.choice(_DRAWN) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def weakness(password: str, login: str) -> str:
    """Return why a password cannot be taken, in French, "" when it can."""
    plain = _written(password)
    if len(plain) < LEAST:
        return marked("Le mot de passe doit avoir au moins %(least)s caractères.", least=LEAST)
    if len(plain) > MOST:
        return marked("Le mot de passe doit avoir au plus %(most)s caractères.", most=MOST)
    if len(set(plain)) < _LEAST_DIFFERENT:
        return marked("Ce mot de passe répète trop peu de caractères différents.")
    if len(login) > 1 and plain.casefold().replace(login.casefold(), "").strip() == "":
        return marked("Le mot de passe ne peut pas être le code répété.")
    return ""


def _written(password: str) -> str:
    """Return the same text for the same keys on every system (accents in one piece)."""
    return unicodedata.normalize("NFKC", password)

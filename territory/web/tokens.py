"""Secrets of browsers: what a cookie holds, what forms give back, what the base keeps of them."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from territory.web.config import WebConfig

_BYTES = 32
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


def new_secret() -> str:
    """Return a secret that nobody guesses: 256 bits, as a cookie writes them."""
    return secrets.token_urlsafe(_BYTES)


def is_secret(text: str) -> bool:
    """Return whether `text` has the form of a secret; it says nothing of who made it."""
    return _SECRET.fullmatch(text) is not None


def fingerprint(secret: str) -> str:
    """Return what the base keeps of a secret: it cannot be turned back into a cookie."""
    return hashlib.sha256(secret.encode()).hexdigest()


def form_token(secret: str) -> str:
    """
    Return the token of the forms of the browser that holds `secret`.

    It follows from the secret, which no script and no other site can read: nothing more is kept,
    and forms stay good when the server starts again.
    """
    return hmac.new(secret.encode(), b"formulaires", hashlib.sha256).hexdigest()


def same(given: str, wanted: str) -> bool:
    """Return whether two tokens are the same, in a time that says nothing of where they differ."""
    return bool(wanted) and secrets.compare_digest(given.encode(), wanted.encode())


def cookie_name(config: WebConfig) -> str:
    """Return the name of the cookie; by HTTPS, one that no neighbouring site can set."""
    return "__Host-territory" if config.secure else "territory"


def cookie(config: WebConfig, secret: str) -> str:
    """Return the Set-Cookie header that gives `secret` to a browser until it is closed."""
    flags = "Path=/; HttpOnly; SameSite=Strict" + ("; Secure" if config.secure else "")
    return f"{cookie_name(config)}={secret}; {flags}"

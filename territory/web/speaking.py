"""The language that a browser chose, kept in a cookie that says nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from territory.web.translations import LANGUAGES, Tongue, tongue_in

if TYPE_CHECKING:
    from fastapi import Request

    from territory.web.config import WebConfig

COOKIE = "langue"
_YEAR_S = 365 * 86_400


def language_of(request: Request, config: WebConfig) -> str:
    """Return the language chosen, the one of the server when none was or it is not known."""
    chosen = request.cookies.get(COOKIE, "")
    return chosen if chosen in LANGUAGES else config.language


def tongue_of(request: Request) -> Tongue:
    """Return the tongue in which `request` is answered."""
    return tongue_in(getattr(request.state, "language", "fr"))


def language_cookie(config: WebConfig, language: str) -> str:
    """Return the Set-Cookie header that keeps a language for a year."""
    flags = f"Path=/; Max-Age={_YEAR_S}; HttpOnly; SameSite=Lax"
    return f"{COOKIE}={language}; {flags}" + ("; Secure" if config.secure else "")

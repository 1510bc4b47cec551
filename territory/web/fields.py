"""The fields of a form, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.requests import Request

_LONGEST = 2000  # characters of one field


async def form_fields(request: Request) -> dict[str, str]:
    """Return the fields of the form of `request` by name, files left out, each cut to a length."""
    form = await request.form()
    return {name: text[:_LONGEST] for name, text in form.items() if isinstance(text, str)}


def whole_number(text: str) -> int:
    """Return a whole number typed or sent by a form, 0 for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - a count

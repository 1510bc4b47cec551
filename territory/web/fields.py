"""The fields of a form, as text."""

from __future__ import annotations

from fastapi import Request  # noqa: TC002 - read at run time by the router

_LONGEST = 2000  # characters of one field


async def form_fields(request: Request) -> dict[str, str]:
    """Return the fields of the form of `request` by name, files left out, each cut to a length."""
    form = await request.form()
    return {name: text[:_LONGEST] for name, text in form.items() if isinstance(text, str)}


def whole_number(text: str) -> int:
    """Return a whole number typed or sent by a form, 0 for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - a count

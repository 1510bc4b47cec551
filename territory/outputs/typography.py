"""French typography, put in just before a text is shown: no-break spaces, curved apostrophes."""

from __future__ import annotations

import re

from territory.outputs.french import HARD, THIN

_NARROW = re.compile(r"(?<=\S) (?=[;?!%])")
_FULL = re.compile(r"(?<=\S) (?=[:»])|(?<=«) ")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])(?:'|&#39;)(?=[^\W\d_])")
_PARTS = re.compile(r"(<[^>]*>)")
_AS_TYPED = ("textarea", "script", "style", "pre", "code")
_OPENED = re.compile(rf"<({'|'.join(_AS_TYPED)})\b")


def typeset(text: str) -> str:
    """
    Return a French text whose marks never begin a line: « Vraiment ? », « à 9 h : la mairie ».

    A narrow space before « ; ? ! % », a full one before « : » and inside the quotes, as the
    Imprimerie nationale has it. Other spaces stay. The apostrophe between two letters is curved.
    """
    return _APOSTROPHE.sub("’", _FULL.sub(HARD, _NARROW.sub(THIN, text)))


def typeset_page(html: str) -> str:
    """
    Return a page, or a piece of one, with `typeset` in the texts that are read.

    Tags and their attributes stay as they are, and so does what people type or copy: textarea,
    pre, code, script and style.
    """
    parts, closing = _PARTS.split(html), ""
    for at, part in enumerate(parts):
        if at % 2:
            closing = _after(part, closing)
        elif not closing and part.strip():
            parts[at] = typeset(f".{part}")[1:] if at else typeset(part)  # a word came before
    return "".join(parts)


def _after(tag: str, closing: str) -> str:
    """Return the tag that ends the text left as typed, "" outside of one."""
    if closing:
        return "" if tag.startswith(closing) else closing
    opened = _OPENED.match(tag)
    return f"</{opened.group(1)}" if opened else ""

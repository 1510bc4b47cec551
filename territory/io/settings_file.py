"""Some values of territory.toml written in place: the rest of the file, comments too, stays."""

from __future__ import annotations

import json
import re
import tomllib
from copy import deepcopy
from typing import TYPE_CHECKING

from territory.errors import BadSettings
from territory.io.atomic import write_text
from territory.io.hashing import value_sha256
from territory.settings import FILE_NAME, settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Value = bool | int | float | str | list[str] | dict[str, str]
_HEADER = re.compile(r"\s*\[\s*([\w-]+)\s*\]\s*(#.*)?$")
_ANY_HEADER = re.compile(r"\s*\[")


def settings_text(folder: Path) -> str:
    """Return territory.toml as it is; raises BadSettings (French) when it is not readable."""
    try:
        return (folder / FILE_NAME).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"« {FILE_NAME} » n'est pas lisible.") from error


def state_of(text: str) -> str:
    """Return a mark that changes with the text: who saw it can tell whether it is still so."""
    return value_sha256(text)[:16]


def write_values(folder: Path, changes: Mapping[tuple[str, str], Value], *, seen: str) -> None:
    """
    Write values by (section, key) in territory.toml, atomically.

    `seen` is the `state_of` the text the changes rest on. Raises BadSettings (French), and nothing
    is written, when the file changed meanwhile, when a value cannot be, or when the file is written
    in a way that only a hand can change.
    """
    text = settings_text(folder)
    if state_of(text) != seen:
        raise BadSettings(
            "Les réglages ont changé entre-temps. Rechargez la page, puis recommencez."
        )
    new = with_values(text, changes)
    settings_of(new)
    write_text(folder / FILE_NAME, new)


def with_values(text: str, changes: Mapping[tuple[str, str], Value]) -> str:
    """
    Return the text of a TOML file with other values; what is not named keeps every sign.

    A key not there is added at the end of its section, a section at the end of the file. Raises
    BadSettings (French) when the text cannot be changed line by line.
    """
    wanted = deepcopy(tomllib.loads(text))
    lines = text.splitlines()
    for (section, key), value in changes.items():
        wanted.setdefault(section, {})[key] = value
        lines = _with_one(lines, section, key, _written(value))
    new = "\n".join(lines) + "\n"
    try:
        same = tomllib.loads(new) == wanted
    except tomllib.TOMLDecodeError:
        same = False
    if not same:
        raise BadSettings(
            f"« {FILE_NAME} » est écrit d'une façon que cette page ne sait pas changer sans rien "
            "perdre. Changez-le à la main, avec un éditeur de texte."
        )
    return new


def _with_one(lines: list[str], section: str, key: str, written: str) -> list[str]:
    headers = [_HEADER.fullmatch(line) for line in lines]
    start = next((n for n, h in enumerate(headers) if h and h.group(1) == section), None)
    if start is None:
        return [*lines, "", f"[{section}]", f"{key} = {written}"]
    ends = [n for n in range(start + 1, len(lines)) if _ANY_HEADER.match(lines[n])]
    end = ends[0] if ends else len(lines)
    key_line = re.compile(rf"\s*{re.escape(key)}\s*=")
    for n in range(start + 1, end):
        if key_line.match(lines[n]):
            comment = _comment(lines[n])
            changed = f"{key} = {written}" + (f"   {comment}" if comment else "")
            return [*lines[:n], changed, *lines[n + 1 :]]
    # A comment above the next header speaks of that one: the new line goes before it.
    last = max(n for n in range(start, end) if lines[n].strip()[:1] not in {"", "#"})
    return [*lines[: last + 1], f"{key} = {written}", *lines[last + 1 :]]


def _comment(line: str) -> str:
    """Return what stands after a # out of quotes, with it."""
    quote = ""
    for at, sign in enumerate(line):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign == "#":
            return line[at:]
    return ""


def _written(value: Value) -> str:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        pairs = (f"{_written(key)} = {_written(held)}" for key, held in sorted(value.items()))
        return f"{{ {', '.join(pairs)} }}" if value else "{}"
    return json.dumps(value, ensure_ascii=False)  # the same signs as TOML for these types

"""Every command leaves one line in the audit log of its folder: this is the one place for it."""

from __future__ import annotations

import inspect
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from territory.commands.answer import Answer
from territory.endings import DONE, NO_ANSWER, REFUSED
from territory.errors import TerritoryError, UnreadableFile
from territory.io.audit_log import Entry, LoggedFile, Parameter, append_entry, read_entries
from territory.io.decoding import text_rows
from territory.io.hashing import file_sha256
from territory.io.raw_folder import raw_folder
from territory.settings import FILE_NAME as SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from territory.model.issues import ReadReport

Seen = dict[Path, tuple[int, int]]
NOT_WRITTEN = "Le journal n'a pas pu être écrit (disque plein ou protégé ?) ; le résultat est là."
# Texts typed by hand may hold anything: only these, which are codes, go to the log.
_CODES = ("communes", "epci", "which", "keys", "zoning", "period", "extra")
_TEXTS = frozenset({".csv", ".tsv", ".txt"})
_SHOWN = 20
_LARGE_BYTES = 50_000_000  # a national list takes too long to count for a line of the log


def audited(
    command: str,
    action: Callable[..., Answer],
    arguments: Sequence[Any],
    *,
    named: Mapping[str, Any] | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now().astimezone(),
) -> tuple[Answer, str]:
    """
    Run `action` and log it; return its answer and a French sentence when the log failed.

    Its arguments are in order, or `named`.

    A command that is refused, stopped or broken is logged too, with its code and without any text
    that was typed: it may be anything, and was not found to be a code. What it raised goes on.
    """
    bound = inspect.signature(action).bind(*arguments, **(named or {}))
    given, folder = bound.arguments, bound.arguments.get("folder")
    if not isinstance(folder, Path):
        return action(*bound.args, **bound.kwargs), ""
    before, at = _seen(folder), clock().isoformat(timespec="seconds")
    try:
        answer = action(*bound.args, **bound.kwargs)
    except TerritoryError as error:
        _log(folder, Entry(at, command, error.exit_code, _flags(given)))
        raise
    except KeyboardInterrupt:
        _log(folder, Entry(at, command, NO_ANSWER, _flags(given)))
        raise
    except Exception:
        _log(folder, Entry(at, command, REFUSED, _flags(given)))
        raise
    return answer, _log(folder, _entry(folder, command, at, given, answer, before))


def unfinished(folder: Path, command: str, at: datetime, given: Mapping[str, Any]) -> str:
    """Log a command whose process was ended from outside; French when the log failed."""
    entry = Entry(at.isoformat(timespec="seconds"), command, NO_ANSWER, _parameters(given))
    return _log(folder, entry)


def journal(folder: Path) -> Answer:
    """Show the last commands of the folder, in French, without any value."""
    entries, torn = read_entries(folder)
    lines = [_told(entry) for entry in entries[-_SHOWN:]]
    lines += [] if lines else ["Le journal est vide."]
    lines += [f"Lignes du journal illisibles : {torn}."] if torn else []
    value = {"commandes": len(entries), "illisibles": torn, "dernieres": lines[-_SHOWN:]}
    return Answer(value, lines, DONE)


def _log(folder: Path, entry: Entry) -> str:
    if not (folder / SETTINGS).is_file():
        return ""  # no territory: nothing was done there
    try:
        append_entry(folder, entry)
    except OSError:
        return NOT_WRITTEN
    return ""


def _entry(
    folder: Path, command: str, at: str, given: Mapping[str, Any], answer: Answer, before: Seen
) -> Entry:
    after = _seen(folder)
    changed = sorted(path for path, state in after.items() if before.get(path) != state)
    refusals = [i.code for report in answer.reports for i in report.issues if i.refused]
    return Entry(
        at,
        command,
        answer.code,
        _parameters(given),
        _inputs(folder, given, answer.reports),
        tuple(LoggedFile(_inside(folder, path), file_sha256(path)) for path in changed),
        dict(sorted(Counter(refusals).items())),
    )


def _inputs(
    folder: Path, given: Mapping[str, Any], reports: Sequence[ReadReport]
) -> tuple[LoggedFile, ...]:
    """Return the files given to the command, else the received files that it read."""
    counted: Counter[str] = Counter()
    for report in reports:
        counted[report.file] += report.read
    if "files" in given:
        paths = [path for path in given["files"] if path.is_file()]
    else:
        paths = [raw_folder(folder) / name for name in sorted(counted)]
    return tuple(
        LoggedFile(
            path.name,
            file_sha256(path),
            counted[path.name] if path.name in counted else _lines_of(path),
        )
        for path in paths
        if path.is_file()
    )


def _lines_of(path: Path) -> int | None:
    """Return the lines of a text table that no reading counted; None for any other file."""
    if path.stat().st_size > _LARGE_BYTES:
        return None
    try:
        return len(text_rows(path)) if path.suffix.lower() in _TEXTS else None
    except UnreadableFile:
        return None


def _parameters(given: Mapping[str, Any]) -> dict[str, Parameter]:
    codes = {name: given[name] for name in _CODES if given.get(name)}
    told = {n: v if isinstance(v, str) else list(map(str, v)) for n, v in codes.items()}
    return {**_flags(given), **told}


def _flags(given: Mapping[str, Any]) -> dict[str, Parameter]:
    return {n: value for n, value in given.items() if isinstance(value, bool | int | float)}


def _seen(folder: Path) -> Seen:
    """Return every file delivered or received, with what changes when it is replaced."""
    places = (folder / "outputs", raw_folder(folder))
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    states = [(path, path.stat()) for path in files]
    return {path: (state.st_ino, state.st_mtime_ns) for path, state in states}


def _inside(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _told(entry: Entry) -> str:
    day = entry.at[:16].replace("T", " ")
    refused = sum(entry.refused.values())
    many = f", {refused} lignes refusées" if refused else ""
    ending = "" if entry.code == DONE else f", fin {entry.code}"
    files = f"{len(entry.inputs)} fichiers lus, {len(entry.outputs)} écrits"
    return f"{day}  {entry.command} : {files}{many}{ending}"

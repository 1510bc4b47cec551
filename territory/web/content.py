"""All that a base holds, as plain rows: read at one moment, compared by hash, filled elsewhere."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, insert, inspect, select, text
from sqlalchemy.exc import DataError, IntegrityError

from territory.errors import DataProblem, WrongUsage
from territory.web.database import SERVER, insisting, snapshot, writing
from territory.web.schema import CONTENT, carry, kept_version, make_tables, refused_version, version

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection, Engine

Row = tuple[Any, ...]  # texts, numbers, booleans, None
_FRENCH = {"accounts": "comptes", "sessions": "sessions ouvertes", "attempts": "essais comptés",
           "actions": "lignes du journal", "jobs": "travaux"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table, by their key; `columns` are those that its version had."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def sha256(self) -> str:
        """Hash of every value of every row, the same whatever the kind of base."""
        found = hashlib.sha256(_line([self.name, *self.columns]))
        for row in self.rows:
            found.update(_line([_alike(value) for value in row]))
        return found.hexdigest()


@dataclass(frozen=True, slots=True)
class Content:
    """All that a base holds, and the version of its tables."""

    schema: int
    tables: tuple[Rows, ...]

    @property
    def counts(self) -> Mapping[str, int]:
        """Rows by table, as they are called in French."""
        return {_FRENCH[table.name]: len(table.rows) for table in self.tables}


@insisting
def read_content(engine: Engine) -> Content:
    """
    Return what a base holds at one moment, whoever writes meanwhile; nothing is changed.

    Raises WrongUsage (French) when it holds nothing of ours, or is of a newer version.
    """
    with snapshot(engine) as base:
        there = kept_version(base)
        if not there:
            raise WrongUsage("Cette base est vide : rien n'y a encore été gardé par les pages.")
        if there > version():
            raise refused_version(there)
        look = inspect(base)
        ours = {table.name for table in CONTENT} & set(look.get_table_names())
        held = {t: {c["name"] for c in look.get_columns(t)} for t in ours}
        return Content(there, tuple(_read(base, t, held.get(t.name, ())) for t in CONTENT))


@insisting
def fill(engine: Engine, content: Content, *, replace: bool = False) -> None:
    """
    Put `content` into a base, in one transaction: all of it and nothing else, or no change at all.

    Numbers given to new rows go on after the last one. Raises WrongUsage (French) when the base
    already holds something and not `replace`, or `content` is newer than this program;
    DataProblem (French) when the base cannot hold a value, or holds it otherwise.
    """
    if content.schema > version():
        raise refused_version(content.schema)
    with writing(engine) as base:
        make_tables(base)
        _hold_others(base)
        if not replace:
            _refuse_full(base)
        for table in reversed(CONTENT):
            base.execute(delete(table))
        for rows in content.tables:
            _insert(base, rows)
            _check_same(base, rows)
        carry(base, content.schema)
        for table in CONTENT:
            _go_on_after_last(base, table)


def _read(base: Connection, table: Table, held: Collection[str]) -> Rows:
    """Return the rows of a table, the columns `held`, by key whatever the order of its letters."""
    names = tuple(column.name for column in table.columns if column.name in held)
    if not names:
        return Rows(table.name, (), ())
    found = [tuple(row) for row in base.execute(select(*(table.c[name] for name in names)))]
    keys = [names.index(column.name) for column in table.primary_key]
    return Rows(table.name, names, tuple(sorted(found, key=lambda row: [row[k] for k in keys])))


def _hold_others(base: Connection) -> None:
    """Let nobody write these tables until the end; who reads sees them as they were."""
    if base.dialect.name == SERVER:
        quoted = base.dialect.identifier_preparer.format_table
        base.execute(text(f"LOCK TABLE {', '.join(map(quoted, CONTENT))} IN EXCLUSIVE MODE"))


def _refuse_full(base: Connection) -> None:
    for table in CONTENT:
        many = base.scalar(select(func.count()).select_from(table)) or 0
        if many:
            raise WrongUsage(
                f"La base où écrire n'est pas vide ({_FRENCH[table.name]} : {many}). Rien n'a été "
                "changé. Sauvegardez-la, puis ajoutez --remplacer si tout ce qu'elle contient doit "
                "disparaître."
            )


def _insert(base: Connection, rows: Rows) -> None:
    table = next(one for one in CONTENT if one.name == rows.name)
    if not rows.rows:
        return
    named = [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]
    try:
        base.execute(insert(table), named)
    except (DataError, IntegrityError) as error:
        raise DataProblem(
            f"La base où écrire n'accepte pas une valeur ({_FRENCH[rows.name]}). Rien n'a été "
            "changé."
        ) from error


def _check_same(base: Connection, rows: Rows) -> None:
    table = next(one for one in CONTENT if one.name == rows.name)
    there = _read(base, table, rows.columns)
    if len(there.rows) != len(rows.rows) or there.sha256 != rows.sha256:
        raise DataProblem(
            f"Relu, ce qui a été écrit n'est pas ce qui devait l'être ({_FRENCH[rows.name]}). Rien "
            "n'a été changé."
        )


def _go_on_after_last(base: Connection, table: Table) -> None:
    """Let the next number of a PostgreSQL table follow the last row; SQLite does it by itself."""
    column = table.autoincrement_column
    if column is None or base.dialect.name != SERVER:
        return
    last = base.scalar(select(func.max(column)))
    name = func.pg_get_serial_sequence(table.name, column.name)
    base.execute(select(func.setval(name, last or 1, last is not None)))


def _alike(value: Any) -> Any:  # noqa: ANN401 - of any column
    return value + 0.0 if isinstance(value, float) else value  # SQLite has no negative zero


def _line(values: list[Any]) -> bytes:
    return json.dumps(values, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"

"""
The tables of the base with their version, made or brought up to date when it is opened.

A change of the tables is one more Step: `alter` brings the tables of the version before to it,
`carry` their rows; a backup made before is filled into the tables of now, then carried. A column
added later is nullable, or has a server default. Tables added are made by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Column, Integer, Table, delete, insert, inspect, select, update
from sqlalchemy.exc import SQLAlchemyError

from territory.errors import WrongUsage
from territory.web import account_tables, actions, attempts, job_store, turns
from territory.web.database import alone, insisting, metadata, reading, writing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Executable
    from sqlalchemy.engine import Connection, Engine

SCHEMA = Table("schema_version", metadata, Column("version", Integer, primary_key=True))
CONTENT = (  # what is copied and saved, in an order that foreign keys allow
    account_tables.ACCOUNTS,
    account_tables.SESSIONS,
    attempts.ATTEMPTS,
    actions.ACTIONS,
    job_store.jobs,
)
OWN = (*CONTENT, turns.TURNS, SCHEMA)
AWAY = "La base de données ne répond pas : vérifiez son adresse, et qu'elle est en marche."


@dataclass(frozen=True, slots=True)
class Step:
    """How a base of the version before becomes one of this version."""

    alter: tuple[Executable, ...] = ()
    carry: tuple[Executable, ...] = ()


# 2: jobs are known by the name of their territory, no longer by the path of a folder; servers of
# several machines take turns (table « turns »).
STEPS: Mapping[int, Step] = {2: Step(carry=(update(job_store.jobs).values(scope=""),))}


def version() -> int:
    """Return the version of the tables that this program works with."""
    return max(STEPS)


def create_all(engine: Engine) -> None:
    """
    Make the tables that are not there yet, or bring those of an older version up to date.

    Raises WrongUsage (French) for a base of a newer version, or changed by hand; SQLAlchemyError
    when the base is away.
    """
    if not _looked_at(engine):
        _made(engine)


def opened(engine: Engine) -> Engine:
    """Return `engine` with its tables ready; raises WrongUsage (French) when that cannot be."""
    try:
        create_all(engine)
    except SQLAlchemyError as error:
        raise WrongUsage(AWAY) from error
    return engine


def kept_version(base: Connection) -> int:
    """Return the version of the tables of a base, 0 when it holds none of ours."""
    there = set(inspect(base).get_table_names())
    if SCHEMA.name in there:
        return base.scalar(select(SCHEMA.c.version)) or 0
    return 1 if there & {table.name for table in CONTENT} else 0


def make_tables(base: Connection) -> None:
    """Do `create_all` in a transaction already begun; raises WrongUsage (French) as it does."""
    alone(base, "schema")
    former = kept_version(base)
    _refuse_newer(former)
    if not former:  # left by hand, or by a program that was stopped
        former = version()
    metadata.create_all(base, tables=OWN)
    for number in range(former + 1, version() + 1):
        for change in (*STEPS[number].alter, *STEPS[number].carry):
            base.execute(change)
    base.execute(delete(SCHEMA))
    base.execute(insert(SCHEMA).values(version=version()))
    _refuse_missing_columns(base)


def carry(base: Connection, former: int) -> None:
    """Bring rows of the version `former`, filled into the tables of now, up to date."""
    for number in range(former + 1, version() + 1):
        for change in STEPS[number].carry:
            base.execute(change)


def refused_version(former: int) -> WrongUsage:
    """Return what is said of a base or of a backup that is newer than this program."""
    return WrongUsage(
        f"Cette base a été faite par une version plus récente de territory (tables {former}, "
        f"ici {version()}). Rien n'a été changé. Mettez territory à jour sur cette machine, "
        "ou remettez une sauvegarde d'avant : territory store restore."
    )


@insisting
def _looked_at(engine: Engine) -> bool:
    with reading(engine) as base:
        return _is_ready(base)


@insisting
def _made(engine: Engine) -> None:
    with writing(engine) as base:
        make_tables(base)


def _is_ready(base: Connection) -> bool:
    there = set(inspect(base).get_table_names())
    if not {table.name for table in OWN} <= there:
        return False
    former = kept_version(base)
    _refuse_newer(former)
    return former == version()


def _refuse_newer(former: int) -> None:
    if former > version():
        raise refused_version(former)


def _refuse_missing_columns(base: Connection) -> None:
    look = inspect(base)
    for table in OWN:
        there = {column["name"] for column in look.get_columns(table.name)}
        missing = [column.name for column in table.columns if column.name not in there]
        if missing:
            raise WrongUsage(
                f"La table « {table.name} » de la base n'a pas la colonne « {missing[0]} » : une "
                "autre base est à cette adresse, ou elle a été changée à la main. Rien n'a été "
                "changé. Remettez une sauvegarde dans une base vide : territory store restore."
            )

"""The base of a team on the command line: copied, saved, restored, told."""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from territory.commands.answer import Answer
from territory.errors import UnreadableFile, WrongUsage
from territory.settings import read_settings
from territory.web.config import WebConfig
from territory.web.content import Content, fill, read_content
from territory.web.database import database_url, make_engine
from territory.web.saved import read_saved, write_saved
from territory.web.schema import AWAY, version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Engine

OWN_FILE, VARIABLE = "dossier", "TERRITORY_BASE"
_NOTHING_SAID = "Aucune base n'est nommée"


def copy(folder: Path, source: str, target: str, replace: bool) -> Answer:  # noqa: FBT001
    """
    Copy all that the base `source` holds into `target`, verified by counts and hashes.

    Each is an address, « dossier » (the file of the folder) or « base » (that of TERRITORY_BASE).
    Raises WrongUsage (French) for the same base twice, a target that is not empty, a base away or
    empty; DataProblem (French) when the target cannot hold a value.
    """
    read_settings(folder)
    here, there = address(folder, source), address(folder, target)
    if here == there:
        raise WrongUsage("La base à copier et celle où écrire sont la même.")
    with opened_base(here, there=True) as engine:
        content = read_content(engine)
    with opened_base(there) as engine:
        fill(engine, content, replace=replace)
    lines = [f"Base copiée : {_told(content)}.", "Relue et comparée : tout y est, à l'identique."]
    return Answer({"copie": dict(content.counts), "empreintes": _hashes(content)}, lines)


def backup(folder: Path, file: Path, base: str = "") -> Answer:
    """
    Save all that the base of `folder`, or `base`, holds at one moment into one file.

    Raises WrongUsage (French) when it is away or empty, UnreadableFile when it cannot be written.
    """
    read_settings(folder)
    with opened_base(address(folder, base or OWN_FILE), there=True) as engine:
        content = read_content(engine)
    try:
        write_saved(file, content, datetime.now(UTC))
    except OSError as error:
        raise UnreadableFile(
            f"« {file.name} » n'a pas pu être écrit (disque plein ou protégé ?). Une sauvegarde "
            "de ce nom, s'il y en avait une, n'a pas changé."
        ) from error
    lines = [
        f"Base sauvegardée dans « {file.name} » : {_told(content)}.",
        "Elle contient les mots de passe hachés : gardez-la chiffrée, comme le dossier.",
    ]
    return Answer({"sauvegarde": dict(content.counts), "empreintes": _hashes(content)}, lines)


def restore(folder: Path, file: Path, base: str, replace: bool) -> Answer:  # noqa: FBT001
    """
    Put back what a backup holds into the base of `folder`, or into `base`: all of it or nothing.

    Raises UnreadableFile (French) for a file that is missing, damaged or no backup; WrongUsage as
    `copy`.
    """
    read_settings(folder)
    try:
        content, made = read_saved(file)
    except OSError as error:
        raise UnreadableFile(f"« {file.name} » ne se lit pas : est-il bien là ?") from error
    with opened_base(address(folder, base or OWN_FILE)) as engine:
        fill(engine, content, replace=replace)
    lines = [
        f"Sauvegarde du {made[:16].replace('T', ' ')} (UTC) remise : {_told(content)}.",
        "Relisez les comptes : ceux qui ont été fermés depuis sont de nouveau ouverts.",
    ]
    return Answer({"restaure": dict(content.counts), "du": made}, lines)


def state(folder: Path, base: str = "") -> Answer:
    """Tell what the base of `folder`, or `base`, holds; raises WrongUsage (French) as `copy`."""
    read_settings(folder)
    with opened_base(address(folder, base or OWN_FILE), there=True) as engine:
        content, kind = read_content(engine), engine.dialect.name
    named = {"sqlite": "SQLite, dans le dossier", "postgresql": "PostgreSQL"}.get(kind, kind)
    lines = [f"Base {named}, tables en version {content.schema} sur {version()}."]
    lines += [f"{name} : {many}" for name, many in content.counts.items()]
    return Answer({"base": kind, "version": content.schema, "lignes": dict(content.counts)}, lines)


def address(folder: Path, named: str) -> str:
    """Return the address of a base that was named; raises WrongUsage (French) as `copy`."""
    if named == OWN_FILE:
        return database_url(WebConfig(folder))
    if named != "base":
        return named
    found = os.environ.get(VARIABLE, "")
    if not found:
        raise WrongUsage(
            f"{_NOTHING_SAID} : mettez l'adresse dans la variable {VARIABLE}, par exemple "
            "postgresql://utilisateur:motdepasse@serveur/base"
        )
    return found


@contextmanager
def opened_base(url: str, *, there: bool = False) -> Iterator[Engine]:
    """
    Yield the engine of a base, which must be `there` already.

    What the base raises becomes WrongUsage or UnreadableFile, in French.
    """
    file = url.removeprefix("sqlite:///")
    if there and file != url and not Path(file).exists():
        raise WrongUsage("Il n'y a pas encore de base dans ce dossier : rien à copier.")
    engine = make_engine(url)
    try:
        yield engine
    except SQLAlchemyError as error:
        told = str(getattr(error, "orig", error)).lower()
        if "disk" in told or "no space" in told:
            raise UnreadableFile(
                "Le disque de la base est plein, ou refuse d'écrire. Rien n'a été changé."
            ) from error
        if "not a database" in told or "malformed" in told:
            raise UnreadableFile("Le fichier de la base est abîmé. Rien n'a été changé.") from error
        raise WrongUsage(AWAY) from error
    finally:
        engine.dispose()


def _told(content: Content) -> str:
    return ", ".join(f"{name} {many}" for name, many in content.counts.items())


def _hashes(content: Content) -> dict[str, str]:
    return {table.name: table.sha256 for table in content.tables}

"""The commands of the base of a team: told, copied to a server and back, saved, restored."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from territory.cli_parts import AsJson, Base, Folder, do

store = typer.Typer(help="La base d'une équipe : copie, sauvegarde, couches pour QGIS.")
WEB = "web"
Saved = Annotated[Path, typer.Argument(metavar="FICHIER", help="la sauvegarde, un seul fichier")]
Replace = Annotated[
    bool, typer.Option("--remplacer", help="efface d'abord ce que la base d'arrivée contient")
]
_WHERE = "adresse postgresql://, « dossier » ou « base » (variable TERRITORY_BASE)"
do_web = partial(do, package=WEB)


@store.command()
def state(folder: Folder, base: Base = "", as_json: AsJson = False) -> int:
    """Dit ce que contient la base : comptes, sessions, journal, travaux ; version des tables."""
    return do_web("store_line.state", folder, base, as_json=as_json)


@store.command()
def copy(
    folder: Folder,
    source: Annotated[str, typer.Option("--de", metavar="BASE", help=_WHERE)] = "dossier",
    target: Annotated[str, typer.Option("--vers", metavar="BASE", help=_WHERE)] = "base",
    replace: Replace = False,
    as_json: AsJson = False,
) -> int:
    """Copie toute la base vers une autre, du dossier au serveur ou retour, et vérifie."""
    return do_web("store_line.copy", folder, source, target, replace, as_json=as_json)


@store.command()
def backup(folder: Folder, file: Saved, base: Base = "", as_json: AsJson = False) -> int:
    """Sauvegarde la base dans un seul fichier, même pendant que l'équipe écrit."""
    return do_web("store_line.backup", folder, file, base, as_json=as_json)


@store.command()
def restore(
    folder: Folder,
    file: Saved,
    base: Base = "",
    replace: Replace = False,
    as_json: AsJson = False,
) -> int:
    """Remet une sauvegarde dans une base : tout, ou rien si quelque chose ne va pas."""
    return do_web("store_line.restore", folder, file, base, replace, as_json=as_json)


@store.command()
def publish(  # noqa: PLR0913, PLR0917 - one argument for each option
    folder: Folder,
    target: Annotated[str, typer.Option("--vers", metavar="BASE", help=_WHERE)] = "base",
    schema: Annotated[
        str, typer.Option("--schema", metavar="NOM", help="où écrire les couches")
    ] = "couches",
    streets: Annotated[bool, typer.Option("--rues", help="avec les rues et leur passage")] = False,
    uncounted: Annotated[
        bool, typer.Option("--sans-effectifs", help="sans les personnes informées par carreau")
    ] = False,
    k: Annotated[int, typer.Option("--seuil", help="plus petit effectif publié")] = 11,
    as_json: AsJson = False,
) -> int:
    """Publie les couches du territoire dans une base PostGIS, pour QGIS ; effectifs masqués."""
    given = (target, schema, streets, uncounted, k)
    return do_web("publish_line.publish", folder, *given, as_json=as_json)

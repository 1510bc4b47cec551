"""The command line of the exchange with case-management software."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - read at run time by typer
from typing import Annotated

import typer

from territory.cli_parts import AsJson, Folder, do

exchanging = typer.Typer()


@exchanging.command()
def exchange(  # noqa: PLR0913, PLR0917 - one argument for each option
    folder: Folder,
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="[FICHIER...]", help="exports à lire ; sans fichier, écrit"),
    ] = None,
    mapping: Annotated[
        Path | None,
        typer.Option("--correspondance", help="TOML : colonnes et mots de l'autre logiciel"),
    ] = None,
    add: Annotated[
        bool, typer.Option("--ajouter", help="ajoute aussi ce que le suivi compte déjà")
    ] = False,
    zoning: Annotated[str, typer.Option("--par", help="commune, structure ou issue")] = "commune",
    period: Annotated[str, typer.Option("--periode", help="2026, 2026-S1 ou lancement")] = "",
    team: Annotated[
        bool, typer.Option("--equipe", help="sans masquer les petits effectifs")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Échange orientations, entrées et sorties avec un logiciel de suivi : des comptages seuls."""
    if files:
        return do("exchange.exchange_in", folder, files, mapping, add, as_json=as_json)
    return do("exchange.exchange_out", folder, zoning, period, team, as_json=as_json)

"""The commands of the week once it is planned: what was done of the printed sheets."""

from __future__ import annotations

from typing import Annotated

import typer

from territory.cli_parts import AsJson, Folder, do

weekly = typer.Typer()


@weekly.command()
def debrief(
    folder: Folder,
    line: Annotated[
        str, typer.Argument(metavar="[LIGNE]", help="« 7KQ7 I12 A3 F7 H5 A=4 ferme:C pluie »")
    ] = "",
    listing: Annotated[
        bool, typer.Option("--list", help="montre ce qui est saisi et ce qui manque")
    ] = False,
    as_json: AsJson = False,
) -> int:
    """Note en une ligne ce qui a été fait d'une fiche de tournée, d'après son code."""
    return do("debrief.debrief", folder, line, listing, as_json=as_json)

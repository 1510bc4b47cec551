"""The commands of the week once it is planned: what was done of the printed sheets."""

from __future__ import annotations

from typing import Annotated

import typer

from territory.cli_parts import AsJson, Folder, Seed, do

weekly = typer.Typer()
Texts = list[str] | None


@weekly.command()
def change(  # noqa: PLR0913, PLR0917 - one argument for each option
    folder: Folder,
    week: Annotated[str, typer.Argument(metavar="SEMAINE", help="semaine ISO, « 2026-W48 »")],
    lock: Annotated[
        Texts, typer.Option("--verrou", metavar="SORTIE", help="sortie à garder, par son code")
    ] = None,
    exclude: Annotated[
        Texts,
        typer.Option("--exclure", metavar="LIEU[:MOMENT]", help="lieu ou zone à laisser"),
    ] = None,
    place: Annotated[
        Texts,
        typer.Option("--placer", metavar="LIEU[:MOMENT[:AGENT]]", help="lieu ou zone à visiter"),
    ] = None,
    appointment: Annotated[
        Texts,
        typer.Option("--rendez-vous", metavar="AGENT:MOMENT[:LIEU]", help="« M1:jeudi 14h-15h »"),
    ] = None,
    absent: Annotated[
        Texts, typer.Option("--absent", metavar="AGENT:MOMENT", help="« M2:mardi 8h15 »")
    ] = None,
    undo: Annotated[
        int, typer.Option("--annuler", metavar="LIGNE", min=0, help="changement à reprendre")
    ] = 0,
    sign: Annotated[
        bool, typer.Option("--signer", help="ce plan devient celui que l'équipe tient")
    ] = False,
    as_json: AsJson = False,
    seed: Seed = None,
) -> int:
    """Change une semaine : le plan est refait avec le moins de changements possible."""
    asked = {"verrou": lock, "exclure": exclude, "placer": place, "rendez_vous": appointment,
             "absent": absent}  # fmt: skip
    texts = {kind: tuple(told or ()) for kind, told in asked.items()}
    tell = None if as_json else typer.echo  # someone waits: the plan first, then its files
    return do("change.change", folder, week, texts, undo, sign, seed, tell, as_json=as_json)


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

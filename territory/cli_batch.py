"""The command line of many territories at once."""

from __future__ import annotations

from typing import Annotated

import typer

from territory.cli_parts import AsJson, Seed, do

many = typer.Typer()


@many.command()
def batch(  # noqa: PLR0913, PLR0917 - one argument for each option
    listing: Annotated[
        str, typer.Argument(metavar="LISTE", help="CSV « territoire;dossier;departement;reseau »")
    ],
    store: Annotated[
        str, typer.Option("--store", metavar="ADRESSE", help="dossier ou s3://… des résultats")
    ],
    scheduler: Annotated[
        str,
        typer.Option("--scheduler", metavar="ADRESSE", help="local, ou tcp://machine:8786"),
    ] = "local",
    workers: Annotated[
        int | None,
        typer.Option("--workers", metavar="N", min=1, help="travailleurs (un par cœur)"),
    ] = None,
    memory: Annotated[
        float | None,
        typer.Option("--memory", metavar="GIO", min=0.5, help="mémoire de chacun, en Gio"),
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option("--minutes", metavar="N", min=0, help="temps donné à un territoire"),
    ] = None,
    offline: Annotated[
        bool, typer.Option("--offline", help="ne télécharge rien, même demandé par la liste")
    ] = False,
    as_json: AsJson = False,
    seed: Seed = None,
) -> int:
    """Calcule tous les territoires d'une liste ; ce qui est à jour n'est pas refait."""
    means = (scheduler, workers, memory, minutes, offline)
    return do("many.batch", listing, store, means, seed, as_json=as_json)

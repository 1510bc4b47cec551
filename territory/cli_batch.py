"""The command line of many territories at once."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - read by typer when the command is made
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
    whole: Annotated[
        bool, typer.Option("--tout", help="aussi le passage, les secteurs et les tours de rue")
    ] = False,
    as_json: AsJson = False,
    seed: Seed = None,
) -> int:
    """Calcule tous les territoires d'une liste ; ce qui est à jour n'est pas refait."""
    means = (scheduler, workers, memory, minutes, offline, whole)
    return do("many.batch", listing, store, means, seed, as_json=as_json)


@many.command()
def across(  # noqa: PLR0913, PLR0917 - one argument for each option
    store: Annotated[
        str, typer.Argument(metavar="MAGASIN", help="dossier ou s3://… d'un « territory batch »")
    ],
    about: Annotated[
        str, typer.Argument(metavar="QUESTION", help="rank, compare, extension ou indicators")
    ],
    department: Annotated[
        str, typer.Option("--departement", metavar="CODE", help="un seul département")
    ] = "",
    network: Annotated[
        str, typer.Option("--reseau", metavar="NOM", help="un seul réseau d'équipes")
    ] = "",
    what: Annotated[
        str, typer.Option("--objet", metavar="OBJET", help="rank : quartiers ou zones")
    ] = "quartiers",
    by: Annotated[
        str, typer.Option("--par", metavar="MESURE", help="rank : manque, besoin, acces, effort")
    ] = "manque",
    level: Annotated[
        str,
        typer.Option(
            "--niveau", metavar="NIVEAU", help="indicators : departement, reseau, ensemble"
        ),
    ] = "departement",
    year: Annotated[
        str, typer.Option("--annee", metavar="ANNÉE", help="compare, indicators (la dernière)")
    ] = "",
    minutes: Annotated[
        float, typer.Option("--minutes", metavar="N", min=1, help="compare : marche la plus longue")
    ] = 15.0,
    count: Annotated[
        int, typer.Option("--nombre", metavar="N", min=1, help="quartiers choisis, lignes montrées")
    ] = 20,
    quotas: Annotated[
        list[str] | None,
        typer.Option(
            "--quota", metavar="CODE=N", help="extension : 93=5 (au plus), 93=2- (au moins), 93=2-5"
        ),
    ] = None,
    network_quotas: Annotated[
        list[str] | None,
        typer.Option("--quota-reseau", metavar="NOM=N", help="extension : de même, par réseau"),
    ] = None,
    neighbours_m: Annotated[
        float,
        typer.Option(
            "--voisins", metavar="MÈTRES", min=0, help="extension : un quartier sert ses voisins"
        ),
    ] = 0.0,
    k: Annotated[
        int, typer.Option("--seuil", metavar="K", help="effectifs plus petits cachés")
    ] = 11,
    memory: Annotated[
        float, typer.Option("--memory", metavar="GIO", min=0.05, help="mémoire de DuckDB, en Gio")
    ] = 1.0,
    target: Annotated[
        Path | None,
        typer.Option("--sortie", metavar="FICHIER", help="écrire aussi en .csv, .json ou .parquet"),
    ] = None,
    as_json: AsJson = False,
) -> int:
    """Répond sur tous les territoires d'un lot : classer, comparer, étendre, additionner."""
    asked = (about, department, network, what, by, level, year, minutes, count,
             tuple(quotas or ()), tuple(network_quotas or ()), neighbours_m, k, memory)  # fmt: skip
    return do("many.across", store, asked, target, as_json=as_json)

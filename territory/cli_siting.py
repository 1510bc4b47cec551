"""The commands of the dialogue on permanences: propose, decide, compare, extend."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - read at run time by typer
from typing import Annotated

import typer

from territory.cli_parts import PLACED, AsJson, Folder, Seed, do

siting = typer.Typer()


@siting.command()
def sites(  # noqa: PLR0913, PLR0917 - one argument for each option
    folder: Folder,
    number: Annotated[
        int, typer.Option("--add", min=0, help="nombre de permanences à proposer")
    ] = 0,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar=PLACED, help="permanence à garder, répétable"),
    ] = None,
    forbid: Annotated[
        list[str] | None,
        typer.Option("--forbid", metavar=PLACED, help="lieu ou demi-journée exclus, répétable"),
    ] = None,
    require: Annotated[
        list[str] | None,
        typer.Option("--require", metavar=PLACED, help="lieu ou demi-journée imposés, répétable"),
    ] = None,
    movable: Annotated[
        list[str] | None,
        typer.Option("--movable", metavar=PLACED, help="permanence qui peut changer, répétable"),
    ] = None,
    closable: Annotated[
        list[str] | None,
        typer.Option("--closable", metavar=PLACED, help="permanence qui peut fermer, répétable"),
    ] = None,
    guarantee: Annotated[
        float | None,
        typer.Option("--guarantee", min=1, help="aucun QPV à plus de N minutes à pied"),
    ] = None,
    curve: Annotated[
        int, typer.Option("--curve", metavar="K", min=0, help="ce qu'apportent 1 à K demi-journées")
    ] = 0,
    alternatives: Annotated[
        bool, typer.Option("--alternatives", help="tous les choix à moins de 2 % du meilleur")
    ] = False,
    robust: Annotated[
        int, typer.Option("--robust", metavar="N", min=0, help="le choix dans N scénarios tirés")
    ] = 0,
    equity: Annotated[
        bool, typer.Option("--equity", help="du meilleur trajet moyen au moins mauvais trajet")
    ] = False,
    slider: Annotated[
        float | None,
        typer.Option("--slider", metavar="0..1", help="curseur : 0 la moyenne, 1 les plus loin"),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="toutes ces rubriques, dans la note aussi")
    ] = False,
    as_json: AsJson = False,
    seed: Seed = None,
) -> int:
    """Propose où ouvrir une permanence, et quelle demi-journée ; ce que coûte chaque demande."""
    lists = {"kept": keep, "forbidden": forbid, "required": require}
    lists |= {"movable": movable, "closable": closable}
    wanted = (curve, alternatives, robust, equity, slider)
    asked = (lists, guarantee)
    return do("sites.sites", folder, number, *asked, wanted, everything, seed, as_json=as_json)


@siting.command()
def decide(  # noqa: PLR0913, PLR0917 - one argument for each option
    folder: Folder,
    require: Annotated[str, typer.Option("--require", metavar=PLACED, help="à retenir")] = "",
    forbid: Annotated[str, typer.Option("--forbid", metavar=PLACED, help="à écarter")] = "",
    keep: Annotated[str, typer.Option("--keep", metavar=PLACED, help="à garder")] = "",
    close: Annotated[str, typer.Option("--close", metavar=PLACED, help="à fermer")] = "",
    who: Annotated[
        str, typer.Option("--by", metavar="ORGANISME", help="qui le demande (jamais une personne)")
    ] = "",
    why: Annotated[str, typer.Option("--why", metavar="MOTIF", help="pour quelle raison")] = "",
    undo: Annotated[
        int, typer.Option("--undo", metavar="N", min=0, help="annule la décision n° N")
    ] = 0,
    listing: Annotated[bool, typer.Option("--list", help="montre toutes les décisions")] = False,
    as_json: AsJson = False,
    seed: Seed = None,
) -> int:
    """Note qui demande quoi sur les permanences, et pourquoi ; rien ne s'efface."""
    asked = {"require": require, "forbid": forbid, "keep": keep, "close": close}
    return do("decide.decide", folder, asked, who, why, undo, listing, seed, as_json=as_json)


@siting.command()
def scenario(  # noqa: PLR0913, PLR0917 - one argument for each option
    folder: Folder,
    name: Annotated[str, typer.Argument(metavar="[NOM]", help="sans nom : la liste")] = "",
    source: Annotated[
        str, typer.Option("--from", metavar="SCÉNARIO", help="part d'une copie de celui-là")
    ] = "",
    number: Annotated[int, typer.Option("--add", min=0, help="demi-journées nouvelles")] = 0,
    keep: Annotated[
        list[str] | None, typer.Option("--keep", metavar=PLACED, help="à garder, répétable")
    ] = None,
    forbid: Annotated[
        list[str] | None, typer.Option("--forbid", metavar=PLACED, help="à écarter, répétable")
    ] = None,
    require: Annotated[
        list[str] | None, typer.Option("--require", metavar=PLACED, help="à retenir, répétable")
    ] = None,
    guarantee: Annotated[
        float | None,
        typer.Option("--guarantee", min=1, help="aucun QPV à plus de N minutes à pied"),
    ] = None,
    as_json: AsJson = False,
    seed: Seed = None,
) -> int:
    """Enregistre un scénario de permanences, que l'on peut copier et comparer."""
    asked = (number, keep or [], forbid or [], require or [], guarantee)
    return do("scenarios.scenario", folder, name, source, *asked, seed, as_json=as_json)


@siting.command()
def compare(
    folder: Folder,
    first: Annotated[str, typer.Argument(metavar="A", help="un scénario, ou « aujourd'hui »")],
    second: Annotated[str, typer.Argument(metavar="B", help="un scénario, ou « propose »")],
    as_json: AsJson = False,
    seed: Seed = None,
) -> int:
    """Dit et dessine ce qui change d'un scénario de permanences à l'autre."""
    return do("scenarios.compare", folder, first, second, seed, as_json=as_json)


@siting.command()
def extension(
    folder: Folder,
    number: Annotated[int, typer.Option("--choose", min=1, help="groupes à retenir")] = 1,
    groups: Annotated[
        Path | None, typer.Option("--groups", metavar="FICHIER", help="CSV : groupe;quartier")
    ] = None,
    walk: Annotated[
        float, typer.Option("--walk", min=0, help="sans fichier : voisins à N minutes à pied")
    ] = 0.0,
    as_json: AsJson = False,
    seed: Seed = None,
) -> int:
    """Choisit les groupes de QPV où aller ensuite, avec ce que demandent les décisions."""
    return do("extension.extension", folder, number, groups, walk, seed, as_json=as_json)

"""The commands of the pages: opening them, for one person or a team, and its first account."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from territory.cli_parts import Base, Folder  # noqa: TC001 - typer reads the annotations

pages = typer.Typer()
HERE = "127.0.0.1"


@pages.command()
def serve(  # noqa: PLR0913, PLR0917 - one argument for each option
    folder: Annotated[
        Path, typer.Argument(metavar="[DOSSIER]", help="celui-ci par défaut")
    ] = Path(),
    team: Annotated[
        bool, typer.Option("--equipe", help="avec des comptes, pour plusieurs personnes")
    ] = False,
    host: Annotated[str, typer.Option("--adresse", help="cette machine seule par défaut")] = HERE,
    port: Annotated[int, typer.Option("--port", min=0, max=65535)] = 8017,
    base: Base = "",
    names: Annotated[
        str, typer.Option("--hotes", metavar="NOMS", help="noms du serveur, séparés par ,")
    ] = "",
    https: Annotated[
        bool, typer.Option("--https", help="derrière un serveur mandataire en HTTPS")
    ] = False,
    browse: Annotated[
        bool, typer.Option("--no-open/--open", help="n'ouvre pas le navigateur")
    ] = False,
) -> None:
    """Ouvre les pages du territoire dans le navigateur, sur cette machine ou pour une équipe."""
    settings = import_module("territory.web.config")
    config = settings.WebConfig(
        folder, team=team, database_url=base, secure=https, hosts=settings.hosts_for(host, names)
    )
    warning = settings.check_address(config, host)
    if warning:
        typer.echo(warning, err=True)
    import_module("territory.web.account_line").check_somebody_keeps_accounts(config)
    answer = import_module("territory.web.serve").serve
    answer(config, host=host, port=port, browse=not browse, tell=typer.echo)


@pages.command()
def account(
    folder: Folder,
    code: Annotated[str, typer.Argument(metavar="CODE", help="code ou initiales, jamais un nom")],
    role: Annotated[
        str, typer.Option("--role", help="lecture, mediation, coordination ou direction")
    ] = "direction",
    typed: Annotated[
        bool, typer.Option("--saisir", help="demande le mot de passe au lieu de le tirer")
    ] = False,
    anew: Annotated[
        bool, typer.Option("--renouveler", help="tire un autre mot de passe pour ce compte")
    ] = False,
    base: Base = "",
) -> int:
    """Crée un compte pour les pages d'une équipe ; son mot de passe est montré une seule fois."""
    password = _asked() if typed else ""
    act = import_module("territory.web.account_line").account
    audited = import_module("territory.commands.audit").audited
    answer, unlogged = audited(
        "account", partial(act, anew=anew), (folder, code, role, password, base)
    )
    typer.echo("\n".join(answer.lines))
    if unlogged:
        typer.echo(unlogged, err=True)
    return int(answer.code)


def _asked() -> str:
    return str(typer.prompt("Mot de passe", hide_input=True, confirmation_prompt="Encore une fois"))
